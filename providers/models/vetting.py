"""What vetting remembers of one round: the dossier with its items and evidence, and the decisions taken.

Sources: DESIGN 3 (machine of Dossier), 4.4 (vetting), 4.8 (hands).
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import OrganisationKind, Role
from core.enums import HandRole
from core.hands import free_for
from core.models import StoredFile
from core.state import StateField, StatefulModel, transition
from providers.enums import (
    Advice,
    DossierKind,
    DossierState,
    EvidenceKind,
    Need,
    Verdict,
    VettingDecisionKind,
)
from providers.models.provider import (
    LONG_TEXT,
    OFFICIALS,
    ChecklistItem,
    IntentFields,
    Provider,
    intent_constraint,
    linked,
)

LIVE = (
    DossierState.DRAFT,
    DossierState.SUBMITTED,
    DossierState.IN_REVIEW,
    DossierState.MORE_INFORMATION,
    DossierState.ADVISED,
)
"""States in which a dossier is still under way."""

EDITABLE = (DossierState.DRAFT, DossierState.MORE_INFORMATION)
"""States in which the provider may change its answers."""

DECIDED = (DossierState.APPROVED, DossierState.REJECTED, DossierState.DISMISSED)


class DossierQuerySet(models.QuerySet):
    """Dossiers as different people may see them."""

    def visible_to(self, user: Any) -> Self:
        """Officials see what was handed in, members of the provider their own dossiers, nobody else anything."""
        own = Q(provider__organisation__in=user.organisations(OrganisationKind.PROVIDER))
        handed_in = Q(submitted_at__isnull=False)
        return self.filter(own | handed_in if user.holds(*OFFICIALS) else own)

    def live(self) -> Self:
        """Still under way."""
        return self.filter(state__in=LIVE)

    def awaiting_assessor(self) -> Self:
        """Handed in or being checked, oldest first: the work of an assessor."""
        return self.filter(state__in=[DossierState.SUBMITTED, DossierState.IN_REVIEW]).order_by("submitted_at", "pk")

    def awaiting_decision(self) -> Self:
        """Advised on, oldest first: the work of a decider."""
        return self.filter(state=DossierState.ADVISED).order_by("submitted_at", "pk")

    def open_to(self, by: Any, role: HandRole) -> Self:
        """Those on which this person can take a step in this role: no other hand on it, no tie to the provider (DESIGN 4.8)."""
        return free_for(self, by, role).exclude(by.ties("provider__organisation"))


class Dossier(IntentFields, StatefulModel):
    """One vetting round of a provider or of one of its solutions.

    Machine (DESIGN 3): `draft|more_information -submit-> submitted -take_up-> in_review -ask_more-> more_information
    -dismiss-> dismissed; in_review -advise-> advised -approve-> approved | -reject-> rejected | -return_to_assessor->
    in_review; draft|submitted|in_review|more_information -withdraw-> withdrawn; rejected -reopen-> in_review`.
    """

    kind = models.CharField(max_length=9, choices=DossierKind)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="dossiers")
    solution = models.ForeignKey(
        "providers.Solution", on_delete=models.PROTECT, related_name="dossiers", null=True, blank=True
    )
    state = StateField(max_length=16, choices=DossierState, default=DossierState.DRAFT)
    rules_version = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1, help_text=_("1, and one more each time it is reopened."))
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was handed in the first time."))
    first_answer_due = models.DateField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    checks = models.JSONField(default=list, blank=True, help_text=_("What the machine checks saw at the last submit."))
    checked_at = models.DateTimeField(null=True, blank=True)
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    asked_in_round = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_text = models.TextField(max_length=LONG_TEXT, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    reply_text = models.TextField(max_length=LONG_TEXT, blank=True)
    advice = models.CharField(max_length=7, choices=Advice, blank=True)
    advice_text = models.TextField(max_length=LONG_TEXT, blank=True)
    advised_at = models.DateTimeField(null=True, blank=True)
    returned_text = models.TextField(
        max_length=LONG_TEXT, blank=True, help_text=_("Why the decider, or an objection, sent it back to the assessor.")
    )
    content_sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("Fingerprint of what the advice was about.")
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    OWN_WORDS = {DossierState.MORE_INFORMATION: pgettext_lazy("dossier", "waiting for your answer")}
    HANDS = {
        "take_up": HandRole.ASSESSOR,
        "ask_more": HandRole.ASSESSOR,
        "advise": HandRole.ASSESSOR,
        "approve": HandRole.DECIDER,
        "reject": HandRole.DECIDER,
        "dismiss": HandRole.DECIDER,
        "return_to_assessor": HandRole.DECIDER,
        "reopen": HandRole.ASSESSOR,
    }
    """Who reopens after an objection has said what has to be looked at again, and so does not decide it."""

    MEMBER_VERBS = frozenset({"start", "answer", "add_file", "remove_file", "submit", "withdraw", "react"})
    ASSESSOR_VERBS = frozenset({"take_up", "verdict", "ask_more", "advise", "announce"})
    DECIDER_VERBS = frozenset({"approve", "reject", "dismiss", "return_to_assessor", "reopen"})

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DossierState.values), name="dossier_state_known"),
            models.CheckConstraint(
                condition=Q(kind__in=[DossierKind.LISTING, DossierKind.REVISION], solution__isnull=False)
                | Q(kind=DossierKind.ADMISSION, solution__isnull=True)
                | Q(kind=DossierKind.RENEWAL),
                name="dossier_kind_fits_subject",
            ),
            models.CheckConstraint(
                condition=Q(state=DossierState.DRAFT, submitted_at__isnull=True)
                | Q(state=DossierState.WITHDRAWN)
                | (
                    ~Q(state__in=[DossierState.DRAFT, DossierState.WITHDRAWN])
                    & Q(submitted_at__isnull=False, first_answer_due__isnull=False, checked_at__isnull=False)
                ),
                name="dossier_submitted_when_past_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state=DossierState.MORE_INFORMATION)
                | Q(asked_at__isnull=False, answer_due_on__isnull=False, asked_in_round=F("round")),
                name="dossier_asked_once_per_round",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DossierState.ADVISED, DossierState.APPROVED, DossierState.REJECTED])
                | (Q(advised_at__isnull=False, advice__in=Advice.values) & ~Q(advice_text="") & ~Q(content_sha256="")),
                name="dossier_advised_before_decision",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True)),
                name="dossier_decided_at_iff_decided",
            ),
            models.UniqueConstraint(
                fields=["provider"],
                condition=Q(state__in=LIVE, solution__isnull=True),
                name="one_live_dossier_per_provider",
            ),
            models.UniqueConstraint(
                fields=["solution"],
                condition=Q(state__in=LIVE, solution__isnull=False),
                name="one_live_dossier_per_solution",
            ),
            intent_constraint("dossier_intent_whole"),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="dossier_queue"),
            models.Index(fields=["provider", "kind"], name="dossier_of_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"

    @property
    def number(self) -> str:
        """What people call it on the telephone and in a letter."""
        return f"T-{self.pk:05d}" if self.pk else "T-"

    @property
    def subject(self) -> Any:
        """What the round is about: the solution, else the provider."""
        return self.solution or self.provider

    @property
    def editable(self) -> bool:
        """Whether the provider may change its answers now."""
        return self.state in EDITABLE

    def may(self, verb: str, by: Any) -> bool:
        if verb in self.MEMBER_VERBS:
            return by.is_member_of(self.provider.organisation_id)
        if verb in self.ASSESSOR_VERBS:
            return by.holds(Role.ASSESSOR)
        return verb in self.DECIDER_VERBS and by.holds(Role.DECIDER)

    def is_linked(self, by: Any) -> bool:
        return linked(self.provider_id, by)

    @transition(field=state, source=[DossierState.DRAFT, DossierState.MORE_INFORMATION], target=DossierState.SUBMITTED)
    def submit(self, *, at: Any, first_answer_due: Any) -> None:
        """Hands the dossier in; only the first time starts the term of the first answer."""
        self.checked_at = at
        if self.submitted_at is None:
            self.submitted_at, self.first_answer_due = at, first_answer_due

    @transition(field=state, source=DossierState.SUBMITTED, target=DossierState.IN_REVIEW)
    def take_up(self) -> None:
        """An assessor starts checking."""

    @transition(field=state, source=DossierState.IN_REVIEW, target=DossierState.MORE_INFORMATION)
    def ask_more(self, *, at: Any, due_on: Any) -> None:
        """The assessor asks the provider to complete the dossier before `due_on` (Awb 4:5)."""
        self.asked_at, self.answer_due_on, self.asked_in_round = at, due_on, self.round
        self.first_answered_at = self.first_answered_at or at

    @transition(field=state, source=DossierState.MORE_INFORMATION, target=DossierState.DISMISSED)
    def dismiss(self, *, at: Any) -> None:
        """Sets an incomplete dossier aside after the term to complete it (Awb 4:5)."""
        self.decided_at = at

    @transition(field=state, source=DossierState.IN_REVIEW, target=DossierState.ADVISED)
    def advise(self, *, at: Any, advice: str, content_sha256: str) -> None:
        """The assessor advises; the fingerprint binds the decision to what was advised on."""
        self.advised_at, self.advice, self.content_sha256 = at, advice, content_sha256

    @transition(field=state, source=DossierState.ADVISED, target=DossierState.APPROVED)
    def approve(self, *, at: Any) -> None:
        """Another person than the assessor approves."""
        self.decided_at = at
        self.first_answered_at = self.first_answered_at or at

    @transition(field=state, source=DossierState.ADVISED, target=DossierState.REJECTED)
    def reject(self, *, at: Any) -> None:
        """Another person than the assessor rejects."""
        self.decided_at = at
        self.first_answered_at = self.first_answered_at or at

    @transition(field=state, source=DossierState.ADVISED, target=DossierState.IN_REVIEW)
    def return_to_assessor(self) -> None:
        """The decider wants the assessor to look again."""
        self.advised_at, self.advice, self.content_sha256 = None, "", ""

    @transition(
        field=state,
        source=[DossierState.DRAFT, DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.MORE_INFORMATION],
        target=DossierState.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """The provider takes the dossier back."""

    @transition(field=state, source=DossierState.REJECTED, target=DossierState.IN_REVIEW)
    def reopen(self) -> None:
        """An objection was upheld: the dossier is judged again, in a new round."""
        self.decided_at = None
        self.advised_at, self.advice, self.content_sha256 = None, "", ""
        self.round += 1


class DossierItem(models.Model):
    """One checklist item of one dossier: the provider's answer and the assessor's verdict.

    What was asked is copied at the start (`need`, `evidence_kind`, `validity_months`), so a later change of the checklist
    does not change a running dossier.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    checklist_item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    need = models.CharField(max_length=11, choices=Need)
    evidence_kind = models.CharField(max_length=32, choices=EvidenceKind)
    validity_months = models.PositiveSmallIntegerField()
    applies = models.BooleanField(null=True, blank=True)
    applies_reason = models.TextField(max_length=1000, blank=True)
    statement = models.TextField(max_length=LONG_TEXT, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=14, choices=Verdict, blank=True)
    verdict_note = models.TextField(max_length=LONG_TEXT, blank=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    verdict_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("item of a dossier")
        verbose_name_plural = _("items of dossiers")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "code"], name="item_once_per_dossier"),
            models.CheckConstraint(
                condition=(
                    Q(verdict="") & Q(verdict_by__isnull=True, verdict_on__isnull=True, valid_until__isnull=True)
                )
                | (Q(verdict__in=Verdict.values) & Q(verdict_by__isnull=False, verdict_on__isnull=False)),
                name="item_verdict_has_person_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.NOT_APPLICABLE) | ~Q(verdict_note=""),
                name="item_not_applicable_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.NOT_APPLICABLE) | ~Q(need=Need.YES),
                name="mandatory_item_not_skipped",
            ),
            models.CheckConstraint(
                condition=Q(applies__isnull=True) | Q(applies=True) | ~Q(applies_reason=""),
                name="item_applies_not_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["valid_until"], name="item_valid_until")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code}"

    def clear_verdict(self) -> None:
        """Takes the verdict back, because what it was about has changed."""
        self.verdict = self.verdict_note = ""
        self.verdict_by, self.verdict_on, self.valid_until = None, None, None


class Evidence(models.Model):
    """A file that goes with an answer. Taking it back hides it; the file stays in the case for as long as the case is kept."""

    item = models.ForeignKey(DossierItem, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name


class VettingDecision(models.Model):
    """A decision as it was taken: grounds, reasons in words, the rules and the inputs it was judged on (DESIGN 3).

    About a dossier, about a provider, or about a solution in the catalogue. Never changed afterwards: a reopened dossier gets
    another row.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="decisions")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="decisions", null=True, blank=True)
    solution = models.ForeignKey(
        "providers.Solution", on_delete=models.PROTECT, related_name="decisions", null=True, blank=True
    )
    kind = models.CharField(max_length=9, choices=VettingDecisionKind)
    grounds = models.JSONField(default=list, blank=True)
    reasons = models.JSONField(default=list, blank=True, help_text=_("Unmet requirements as codes with parameters."))
    text = models.TextField(max_length=LONG_TEXT, blank=True)
    urgent = models.TextField(max_length=LONG_TEXT, blank=True)
    rules_version = models.CharField(max_length=40)
    inputs = models.JSONField(default=dict, blank=True)
    inputs_sha256 = models.CharField(max_length=64)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField()
    objection_until = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    on_trial = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("vetting decision")
        verbose_name_plural = _("vetting decisions")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            # Off the preferred list goes by the published rule: its grounds are the reasons, and a machine may run it.
            models.CheckConstraint(condition=~Q(text="") | Q(kind="drop"), name="vetting_decision_has_reasons"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False) | Q(kind="drop"), name="vetting_decision_has_person"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["approve", "reject", "dismiss"], dossier__isnull=False, solution__isnull=True)
                | Q(kind__in=["suspend", "reinstate"], dossier__isnull=True)
                | Q(kind="remove", dossier__isnull=True, solution__isnull=True)
                | Q(kind__in=["drop", "lift"], dossier__isnull=True, solution__isnull=False),
                name="vetting_decision_fits_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decided_at:%Y-%m-%d}"
