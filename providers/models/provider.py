"""The published checklist, and providers as the programme knows them.

Sources: DESIGN 3 (machine of Provider), 4.4 (vetting), 4.8 (hands).
"""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation
from core.actors import SystemActor
from core.enums import HandRole
from core.state import StateField, StatefulModel, transition
from providers.enums import ChecklistScope, ChecklistStage, EvidenceKind, Measure, Need, ProviderState

OFFICIALS = (Role.ASSESSOR, Role.DECIDER, Role.MANAGER, Role.AUDITOR)
"""Who at the authority may read a file that was handed in."""

LONG_TEXT = 4000
"""Characters of an explanation; about a page and a half."""


class ChecklistItem(models.Model):
    """One thing a provider or a solution is checked on (reference data, published)."""

    code = models.CharField(max_length=8, unique=True)
    scope = models.CharField(max_length=8, choices=ChecklistScope)
    stage = models.CharField(max_length=9, choices=ChecklistStage)
    title_nl = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    evidence_kind = models.CharField(max_length=32, choices=EvidenceKind)
    mandatory = models.CharField(max_length=11, choices=Need)
    validity_months = models.PositiveSmallIntegerField(
        help_text=_("Months the evidence counts; 0 = it does not expire.")
    )
    auto_check = models.TextField(blank=True)
    rationale_nl = models.TextField(blank=True)
    rationale_en = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    active = models.BooleanField(default=True, help_text=_("Asked in new dossiers."))

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class IntentFields(models.Model):
    """A notice of intent, kept thin: what is meant, why, until when the other side may react, and its reaction (Awb 4:8)."""

    intent_measure = models.CharField(max_length=8, choices=Measure, blank=True)
    intent_text = models.TextField(max_length=LONG_TEXT, blank=True)
    intent_sent_at = models.DateTimeField(null=True, blank=True)
    intent_due_on = models.DateField(null=True, blank=True)
    intent_answer = models.TextField(max_length=LONG_TEXT, blank=True)
    intent_answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def clear_intent(self) -> None:
        """Forgets the notice once it has led to a decision or was dropped; the trail keeps it."""
        self.intent_measure = self.intent_text = self.intent_answer = ""
        self.intent_sent_at = self.intent_due_on = self.intent_answered_at = None


INTENT = [field.name for field in IntentFields._meta.fields]


def intent_constraint(name: str) -> models.CheckConstraint:
    """That a notice of intent is there whole, with its measure, day of sending and last day to react, or not at all."""
    sent = Q(intent_sent_at__isnull=False, intent_due_on__isnull=False) & ~Q(intent_measure="")
    none = Q(
        intent_sent_at__isnull=True, intent_due_on__isnull=True, intent_answered_at__isnull=True, intent_measure=""
    )
    return models.CheckConstraint(condition=sent | none, name=name)


class MeasureFields(IntentFields):
    """What a measure can be taken against: each measure, with its notice, is a file of its own, with hands of its own."""

    measure_round = models.PositiveSmallIntegerField(
        default=1, help_text=_("Which measure this is: every measure is a file of its own.")
    )

    class Meta:
        abstract = True

    def file(self) -> str:
        """Hands are counted per measure: suspending, lifting it and removing later are files of their own."""
        return f"{self.reference()}:measure-{self.measure_round}"

    @property
    def taken_at_once(self) -> bool:
        """Whether the notice is about a suspension that could not wait: it was taken, and the reaction comes after (Awb 4:11)."""
        return self.intent_measure == Measure.SUSPEND and self.state == "suspended"

    def close_measure(self) -> None:
        """The measure was taken, let go or overtaken: its notice can carry no later one."""
        self.measure_round += 1
        self.clear_intent()


class ProviderQuerySet(models.QuerySet):
    """Providers as different people may see them."""

    def visible(self, on: Any) -> Self:
        """Admitted and in date on this day: what the public may see. A suspension or an expiry hides (DESIGN 3)."""
        return self.filter(state=ProviderState.ADMITTED, valid_until__gte=on)

    def visible_to(self, user: Any) -> Self:
        """Every provider for officials, otherwise the person's own."""
        if user.holds(*OFFICIALS):
            return self
        return self.filter(organisation__in=user.organisations(OrganisationKind.PROVIDER))


class Provider(MeasureFields, StatefulModel):
    """A business that offers solutions, and where it stands with the programme.

    Machine (DESIGN 3): `applicant -admit-> admitted -suspend-> suspended -reinstate-> admitted; admitted|suspended
    -remove-> removed; applicant|admitted -leave-> left; removed|left -reapply-> applicant`.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="provider")
    slug = models.SlugField(max_length=80, unique=True)
    website = models.CharField(max_length=500, blank=True)
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField()
    contact_phone = models.CharField(max_length=40, blank=True)
    about_nl = models.TextField(max_length=2000, blank=True)
    about_en = models.TextField(max_length=2000, blank=True)
    state = StateField(max_length=9, choices=ProviderState, default=ProviderState.APPLICANT)
    registered_at = models.DateTimeField()
    admitted_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text=_("Last day on which the vetting counts."))
    suspended_on = models.DateField(null=True, blank=True)
    removed_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    left_under_notice = models.BooleanField(
        default=False, help_text=_("Left while its removal was announced: the cooling-off of a removal holds.")
    )

    objects = ProviderQuerySet.as_manager()

    HANDS = {"suspend": HandRole.DECIDER, "remove": HandRole.DECIDER, "reinstate": HandRole.DECIDER}
    MEMBER_VERBS = frozenset({"register", "update_profile", "start_dossier", "leave", "reapply", "react"})
    ASSESSOR_VERBS = frozenset({"announce"})
    DECIDER_VERBS = frozenset({"admit", "renew", "suspend", "reinstate", "remove", "drop_measure"})
    MACHINE_VERBS = frozenset({"remind"})

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProviderState.values), name="provider_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[ProviderState.ADMITTED, ProviderState.SUSPENDED])
                | Q(admitted_on__isnull=False, valid_until__isnull=False),
                name="provider_admitted_until_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state=ProviderState.SUSPENDED, suspended_on__isnull=False)
                | (~Q(state=ProviderState.SUSPENDED) & Q(suspended_on__isnull=True)),
                name="provider_suspended_on_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProviderState.REMOVED) | Q(removed_on__isnull=False),
                name="provider_removed_on_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state=ProviderState.LEFT, left_on__isnull=False)
                | (~Q(state=ProviderState.LEFT) & Q(left_on__isnull=True, left_under_notice=False)),
                name="provider_left_on_a_date",
            ),
            intent_constraint("provider_intent_whole"),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="provider_visible")]

    def __str__(self) -> str:
        return self.organisation.trade_name or self.organisation.legal_name

    @property
    def name(self) -> str:
        """The name customers know; the legal name where there is no other."""
        return str(self)

    def may(self, verb: str, by: Any) -> bool:
        if isinstance(by, SystemActor):
            return verb in self.MACHINE_VERBS
        if verb in self.MEMBER_VERBS:
            return by.is_member_of(self.organisation_id)
        if verb in self.ASSESSOR_VERBS:
            return by.holds(Role.ASSESSOR)
        return verb in self.DECIDER_VERBS and by.holds(Role.DECIDER)

    def is_linked(self, by: Any) -> bool:
        return linked(self.pk, by)

    @transition(field=state, source=ProviderState.APPLICANT, target=ProviderState.ADMITTED)
    def admit(self, *, on: Any, valid_until: Any) -> None:
        """Lets the provider in after an approved admission dossier."""
        self.admitted_on, self.valid_until, self.removed_on = on, valid_until, None

    @transition(field=state, source=ProviderState.ADMITTED, target=ProviderState.SUSPENDED)
    def suspend(self, *, on: Any) -> None:
        """Hides the provider and its solutions. It does not cascade: their own states stay."""
        self.suspended_on = on

    @transition(field=state, source=ProviderState.SUSPENDED, target=ProviderState.ADMITTED)
    def reinstate(self) -> None:
        """Shows the provider again."""
        self.suspended_on = None

    @transition(field=state, source=[ProviderState.ADMITTED, ProviderState.SUSPENDED], target=ProviderState.REMOVED)
    def remove(self, *, on: Any) -> None:
        """Takes the provider off the list; it can apply again after a year."""
        self.removed_on, self.suspended_on = on, None

    @transition(field=state, source=[ProviderState.APPLICANT, ProviderState.ADMITTED], target=ProviderState.LEFT)
    def leave(self, *, on: Any) -> None:
        """The provider leaves of its own will. A notice of intent ends with it; that it was one of removal is remembered."""
        self.left_on, self.left_under_notice = on, self.intent_measure == Measure.REMOVE
        self.close_measure()

    @transition(field=state, source=[ProviderState.REMOVED, ProviderState.LEFT], target=ProviderState.APPLICANT)
    def reapply(self) -> None:
        """The provider starts again, with a new admission dossier. The day of an earlier removal stays known."""
        self.left_on, self.left_under_notice = None, False
        self.admitted_on = self.valid_until = None


def linked(provider_id: int, by: Any) -> bool:
    """Whether a person belongs to the business of this provider, or to another one with the same KvK number (DESIGN 4.8)."""
    business = Provider.objects.filter(pk=provider_id).values_list("organisation_id", "organisation__kvk")
    return by.pk is not None and by.is_tied_to(business)
