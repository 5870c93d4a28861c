"""Applications: who asks for which solution at what price, and where that stands."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import BankAccount, Organisation, Province
from core.actors import SystemActor
from core.canonical import content_hash
from core.enums import HandRole
from core.fields import MoneyField
from core.money import ZERO
from core.state import StateField, StatefulModel, transition
from vouchers.enums import (
    LIVE_APPLICATION_STATES,
    Advice,
    VatPosition,
)
from vouchers.enums import ApplicationState as State
from vouchers.models.programme import Programme, RuleSet

if TYPE_CHECKING:
    from vouchers.models.assessment import InformationRequest

READERS = (Role.ASSESSOR, Role.DECIDER, Role.MANAGER, Role.TREASURER, Role.APPROVER, Role.AUDITOR)
"""Roles at the authority that may read every application once it was sent in."""

ASSESSOR_VERBS = {"take_up", "ask_more", "verdict", "correct_line", "advise"}
DECIDER_VERBS = {"award", "refuse", "dismiss", "return_to_assessor", "queue", "reopen", "send_intent"}

HOLDING_STATES = (State.SUBMITTED, State.IN_REVIEW, State.MORE_INFORMATION, State.ADVISED, State.WAITING_LIST)
"""States in which money may be set aside for an application."""


class ApplicationQuerySet(models.QuerySet):
    def live(self) -> Self:
        """Not decided and not withdrawn: a business has at most one per programme."""
        return self.filter(state__in=LIVE_APPLICATION_STATES)

    def visible_to(self, user: Any) -> Self:
        """What this person may read: the applications of their own businesses, and at the authority all that were sent in."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        own = Q(organisation__in=user.organisations("sme"))
        return self.filter(own | Q(received_at__isnull=False)) if user.holds(*READERS) else self.filter(own)

    def in_arrival_order(self) -> Self:
        return self.order_by("complete_at", "arrival")


class Application(StatefulModel):
    """A business asks a programme for a voucher. The file on which the hands of assessor and decider are counted.

    `held` is what is set aside for it in the budget now; `awarded` what it got. `kvk` and `province` are frozen copies: the
    partial UNIQUE index and the budgets work on them. `rule_set` is that of the day it was first sent, and until then follows
    the programme. Amounts are euros.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="applications")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    kvk = models.CharField(max_length=8)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = StateField(choices=State, default=State.DRAFT, max_length=16)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    # What the applicant says
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    business_confirmed_at = models.DateTimeField(null=True, blank=True)
    in_group = models.BooleanField(null=True)
    vat_position = models.CharField(max_length=10, choices=VatPosition, blank=True)
    vat_pro_rata = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    motivation = models.TextField(blank=True)
    declared_de_minimis = MoneyField(null=True, blank=True)
    nothing_ordered = models.BooleanField(default=False)
    own_contribution = models.BooleanField(default=False)
    not_insolvent = models.BooleanField(default=False)
    truthful = models.BooleanField(default=False)

    # Receipt, rank and terms
    number = models.CharField(max_length=24, unique=True, null=True, blank=True)
    arrival = models.PositiveIntegerField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    complete_at = models.DateTimeField(null=True, blank=True)
    term_from = models.DateField(null=True, blank=True)  # receipt, or the day an upheld objection opened it again
    suspended_days = models.PositiveIntegerField(default=0)
    decide_by = models.DateField(null=True, blank=True)

    # Money
    requested = MoneyField(null=True, blank=True)
    held = MoneyField(default=ZERO)
    bookings = models.PositiveIntegerField(default=0)
    awarded = MoneyField(null=True, blank=True)

    # Assessment and decision
    advice = models.CharField(max_length=8, choices=Advice, blank=True)
    advice_text = models.TextField(blank=True)
    advised_at = models.DateTimeField(null=True, blank=True)
    advised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    advice_hash = models.CharField(max_length=64, blank=True)
    returned_why = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    MEMBER_VERBS: ClassVar = {"start", "write", "submit", "withdraw", "answer_intent"}
    OWN_WORDS: ClassVar = {State.MORE_INFORMATION: _("waiting for your answer")}
    HANDS: ClassVar = {
        "take_up": HandRole.ASSESSOR,
        "ask_more": HandRole.ASSESSOR,
        "advise": HandRole.ASSESSOR,
        "return_to_assessor": HandRole.DECIDER,
        "queue": HandRole.DECIDER,
        "reopen": HandRole.DECIDER,
        "award": HandRole.DECIDER,
        "refuse": HandRole.DECIDER,
        "dismiss": HandRole.DECIDER,
    }

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kvk"],
                condition=Q(state__in=LIVE_APPLICATION_STATES),
                name="one_live_application_per_kvk",
            ),
            models.UniqueConstraint(fields=["programme", "arrival"], name="one_application_per_place"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(condition=~Q(kvk=""), name="application_has_kvk"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, received_at__isnull=True)
                | Q(state=State.WITHDRAWN)
                | (~Q(state__in=[State.DRAFT, State.WITHDRAWN]) & Q(received_at__isnull=False)),
                name="application_received_unless_draft",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, number__isnull=True, arrival__isnull=True)
                | Q(received_at__isnull=False, number__isnull=False, arrival__isnull=False),
                name="application_numbered_when_received",
            ),
            models.CheckConstraint(
                condition=Q(held=0) | Q(held__gt=0, state__in=HOLDING_STATES), name="application_holds_while_undecided"
            ),
            models.CheckConstraint(
                condition=Q(state=State.AWARDED, awarded__isnull=False, awarded__gt=0)
                | (~Q(state=State.AWARDED) & Q(awarded__isnull=True)),
                name="application_award_when_awarded",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=False, state__in=[State.AWARDED, State.REFUSED, State.DISMISSED])
                | (Q(decided_at__isnull=True) & ~Q(state__in=[State.AWARDED, State.REFUSED, State.DISMISSED])),
                name="application_decided_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ADVISED)
                | (~Q(advice="") & Q(advised_at__isnull=False, advised_by__isnull=False)),
                name="application_advised_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "decide_by"]),
            models.Index(fields=["programme", "state", "complete_at", "arrival"]),
            models.Index(fields=["kvk", "decided_at"]),
        ]

    def __str__(self) -> str:
        return self.number or str(_("application that was not sent yet"))

    # --- who ---------------------------------------------------------------------------------------------------------

    def may(self, verb: str, by: Any) -> bool:
        """Applicants write their own application, the authority handles it, the machine only queues and reserves."""
        if isinstance(by, SystemActor):
            return (verb, by.name) in {("queue", "ceiling"), ("reserve", "waiting-list")}
        if verb in self.MEMBER_VERBS:
            return by.is_member_of(self.organisation_id)
        if verb in ASSESSOR_VERBS:
            return by.holds(Role.ASSESSOR)
        if verb in DECIDER_VERBS:
            return by.holds(Role.DECIDER)
        return False

    def is_linked(self, by: Any) -> bool:
        """Members of the applicant or of a supplier may not touch the case (DESIGN 4.8)."""
        return by.is_tied_to(self._parties())

    def _parties(self) -> Iterator[tuple[int, str]]:
        """Applicant and suppliers, by key and KvK number."""
        yield self.organisation_id, self.organisation.kvk
        yield from self.lines.values_list("provider__organisation", "provider__organisation__kvk")

    # --- the machine (DESIGN 3) --------------------------------------------------------------------------------------

    @transition(field="state", source=[State.DRAFT, State.MORE_INFORMATION], target=State.SUBMITTED)
    def submit(
        self,
        *,
        at: datetime.datetime,
        number: str,
        arrival: int,
        requested: Decimal,
        term_from: datetime.date,
        suspended_days: int,
        decide_by: datetime.date,
    ) -> None:
        """Complete as far as the machine can see. The rank counts from the first time and is kept (DESIGN 4.11)."""
        self.received_at = self.received_at or at
        self.complete_at = self.complete_at or at
        self.number, self.arrival = number, arrival
        self.requested = requested
        self.term_from, self.suspended_days, self.decide_by = term_from, suspended_days, decide_by

    @transition(field="state", source=[State.SUBMITTED, State.WAITING_LIST], target=State.IN_REVIEW)
    def take_up(self) -> None:
        """Somebody at the authority starts on it."""

    @transition(field="state", source=[State.SUBMITTED, State.IN_REVIEW], target=State.MORE_INFORMATION)
    def ask_more(self) -> None:
        """The applicant is asked to complete it; the clock stands still meanwhile (Awb 4:15)."""

    @transition(field="state", source=[State.MORE_INFORMATION, State.IN_REVIEW], target=State.DISMISSED)
    def dismiss(self, *, at: datetime.datetime) -> None:
        """Not taken into consideration because it stayed incomplete (Awb 4:5)."""
        self.decided_at, self.held = at, ZERO

    @transition(field="state", source=State.IN_REVIEW, target=State.ADVISED)
    def advise(self, *, at: datetime.datetime, assessor: int, advice: str, content: str) -> None:
        """The assessor is done; `content` is the fingerprint of what was assessed."""
        self.advice, self.advised_at, self.advised_by_id, self.advice_hash = advice, at, assessor, content
        self.returned_why = ""

    @transition(field="state", source=State.ADVISED, target=State.AWARDED)
    def award(self, *, at: datetime.datetime, amount: Decimal) -> None:
        """Somebody else than the assessor says yes (Awb 4:29-31)."""
        self.decided_at, self.awarded, self.held = at, amount, ZERO

    @transition(field="state", source=[State.ADVISED, State.WAITING_LIST], target=State.REFUSED)
    def refuse(self, *, at: datetime.datetime) -> None:
        """Somebody else than the assessor says no, or the programme closes without room (Awb 4:25, 4:35)."""
        self.decided_at, self.held = at, ZERO

    @transition(field="state", source=State.ADVISED, target=State.IN_REVIEW)
    def return_to_assessor(self) -> None:
        """The decider wants another look; the advice no longer counts."""
        self._drop_advice()

    @transition(field="state", source=[State.SUBMITTED, State.ADVISED], target=State.WAITING_LIST)
    def queue(self) -> None:
        """The ceiling does not fit it now; it keeps its rank."""
        self.held = ZERO
        self._drop_advice()

    @transition(field="state", source=[State.REFUSED, State.DISMISSED], target=State.IN_REVIEW)
    def reopen(self, *, term_from: datetime.date, decide_by: datetime.date) -> None:
        """An objection was upheld: it is judged again, within a term of its own."""
        self.decided_at = None
        self.term_from, self.suspended_days, self.decide_by = term_from, 0, decide_by
        self._drop_advice()

    @transition(
        field="state",
        source=[
            State.DRAFT,
            State.SUBMITTED,
            State.IN_REVIEW,
            State.MORE_INFORMATION,
            State.ADVISED,
            State.WAITING_LIST,
        ],
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """The applicant takes it back, which is possible until the award."""
        self.held = ZERO
        self._drop_advice()

    def _drop_advice(self) -> None:
        self.advice = self.advice_text = self.advice_hash = ""
        self.advised_at = self.advised_by = None

    # --- what it comes to ----------------------------------------------------------------------------------------------

    def eligible_total(self) -> Decimal:
        """The cost that counts over all lines: as assessed where the assessor set it, else as asked."""
        return sum((line.eligible_now for line in self.lines.all()), ZERO)

    def content(self) -> str:
        """The fingerprint an advice binds itself to: what is asked, on which papers, for whom (invariant 26)."""
        return content_hash(
            {
                "organisation": self.organisation_id,
                "kvk": self.kvk,
                "province": self.province_id,
                "account": self.bank_account_id,
                "rules": self.rule_set_id,
                "group": [self.in_group, [each.content() for each in self.related.order_by("pk")]],
                "vat": [self.vat_position, self.vat_pro_rata],
                "de_minimis": self.declared_de_minimis,
                "statements": [self.nothing_ordered, self.own_contribution, self.not_insolvent, self.truthful],
                "lines": [line.content() for line in self.lines.select_related("quote_file").order_by("pk")],
            }
        )

    def open_question(self) -> "InformationRequest | None":
        """The question that waits for the applicant, if any."""
        return self.questions.filter(answered_at__isnull=True).order_by("-pk").first()
