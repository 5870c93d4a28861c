"""The voucher: what an award is worth, by when it has to be used, and what both sides say happened (DESIGN 3, 4.11)."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from core.actors import SystemActor
from core.enums import HandRole
from core.fields import MoneyField
from core.money import ZERO
from core.state import StateField, StatefulModel, transition
from vouchers.enums import ReminderKind, VoucherState
from vouchers.rules.voucher import VoucherDates

READERS = (Role.ASSESSOR, Role.DECIDER, Role.TREASURER, Role.APPROVER, Role.MANAGER, Role.AUDITOR)
"""Roles at the authority that may read every voucher and claim."""


class VoucherQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Vouchers of one's own business, of one's own solutions, or all for the authority. Anybody else sees none."""
        if user.holds(*READERS):
            return self
        mine = user.organisations().values("pk")
        return self.filter(Q(sme__in=mine) | Q(provider__organisation__in=mine)).distinct()

    def of_sme(self, user: Any) -> Self:
        """Vouchers of the businesses this person belongs to."""
        return self.filter(sme__in=user.organisations().values("pk"))

    def of_provider(self, user: Any) -> Self:
        """Vouchers for solutions of the providers this person belongs to."""
        return self.filter(provider__organisation__in=user.organisations().values("pk"))

    def with_case(self) -> Self:
        """With what a page shows of a voucher, in one query."""
        return self.select_related(
            "application__programme", "sme", "solution", "solution__category", "package", "provider__organisation"
        )


class Voucher(StatefulModel):
    """One line of an award. `amount` is the most it pays, `eligible` the cost it was awarded for, both in euros.

    `held` is what the budget still keeps committed or has paid for this voucher: the amount, until a last claim comes to less.
    `rate` and `vat_deductible` are percentages. The code is a secret of 136 bits; it shows a provider that the voucher is
    real and opens nothing by itself.
    """

    application = models.ForeignKey("vouchers.Application", on_delete=models.PROTECT, related_name="vouchers")
    line = models.OneToOneField("vouchers.ApplicationLine", on_delete=models.PROTECT, related_name="voucher")
    decision = models.ForeignKey("vouchers.Decision", on_delete=models.PROTECT, related_name="vouchers")
    sme = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="vouchers")
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="vouchers")
    solution = models.ForeignKey("providers.Solution", on_delete=models.PROTECT, related_name="vouchers")
    package = models.ForeignKey("providers.Package", on_delete=models.PROTECT, related_name="vouchers")
    number = models.CharField(_("number"), max_length=40, unique=True)
    code = models.CharField(_("code"), max_length=40, unique=True)
    state = StateField(_("status"), max_length=12, choices=VoucherState, default=VoucherState.ISSUED)
    amount = MoneyField(_("amount"))
    held = MoneyField(_("kept in the budget"))
    eligible = MoneyField(_("cost it was awarded for"))
    quoted = MoneyField(_("quote without VAT"))
    other_funding = MoneyField(_("other public money for the same cost"), default=ZERO)
    rate = models.DecimalField(_("rate"), max_digits=5, decimal_places=2)
    vat_deductible = models.DecimalField(_("VAT that is deducted"), max_digits=5, decimal_places=2, default=100)
    issued_at = models.DateTimeField(_("issued"))
    applied_on = models.DateField(_("applied"))
    awarded_on = models.DateField(_("awarded"))
    order_by = models.DateField(_("order by"))
    deliver_by = models.DateField(_("have it delivered by"))
    claim_by = models.DateField(_("claim by"), null=True)
    extended_at = models.DateTimeField(null=True)
    ordered_on = models.DateField(_("ordered"), null=True)
    order_confirmed_at = models.DateTimeField(null=True)
    delivered_on = models.DateField(_("delivered"), null=True)
    delivery_confirmed_at = models.DateTimeField(null=True)
    last_call_at = models.DateTimeField(null=True)
    last_call_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.JSONField(null=True)
    objection_until = models.DateField(null=True)

    objects = VoucherQuerySet.as_manager()

    SME_VERBS: ClassVar = frozenset({"record_order", "record_delivery", "extend", "start_claim", "cancel", "respond"})
    PROVIDER_VERBS: ClassVar = frozenset({"confirm_order", "confirm_delivery"})
    MEMBER_VERBS: ClassVar = SME_VERBS | PROVIDER_VERBS
    HANDS: ClassVar = {"revoke": HandRole.DECIDER, "reinstate": HandRole.DECIDER}

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-issued_at", "-pk"]
        indexes = [
            models.Index(fields=["sme", "state"]),
            models.Index(fields=["provider", "state"]),
            models.Index(fields=["state", "order_by"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VoucherState.values), name="voucher_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_amount_positive"),
            models.CheckConstraint(condition=Q(amount__lte=F("eligible")), name="voucher_amount_within_cost"),
            models.CheckConstraint(condition=Q(held__gte=0, held__lte=F("amount")), name="voucher_held_within_amount"),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=100), name="voucher_rate_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(vat_deductible__gte=0, vat_deductible__lte=100), name="voucher_vat_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True) | Q(ordered_on__isnull=False, delivered_on__gte=F("ordered_on")),
                name="voucher_delivered_after_order",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True, claim_by__isnull=True)
                | Q(delivered_on__isnull=False, claim_by__isnull=False),
                name="voucher_claim_term_runs_from_delivery",
            ),
            models.CheckConstraint(
                condition=Q(order_confirmed_at__isnull=True) | Q(ordered_on__isnull=False),
                name="voucher_confirmed_order_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(delivery_confirmed_at__isnull=True) | Q(delivered_on__isnull=False),
                name="voucher_confirmed_delivery_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(last_call_at__isnull=True, last_call_until__isnull=True)
                | Q(last_call_at__isnull=False, last_call_until__isnull=False),
                name="voucher_last_call_has_a_term",
            ),
            models.CheckConstraint(
                condition=Q(state=VoucherState.ISSUED, ended_at__isnull=True)
                | (~Q(state=VoucherState.ISSUED) & Q(ended_at__isnull=False)),
                name="voucher_ended_unless_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VoucherState.LAPSED, VoucherState.CANCELLED, VoucherState.REVOKED]) | Q(held=0),
                name="voucher_that_ended_unused_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # --- whose it is -----------------------------------------------------------------------------------------------

    def case(self) -> str:
        return f"vouchers.application:{self.application_id}"

    def is_linked(self, by: Any) -> bool:
        """A member of the business or the provider, or of another organisation with the KvK number of either."""
        return linked_to(by, self.sme, self.provider.organisation)

    def may(self, verb: str, by: Any) -> bool:
        if verb in self.SME_VERBS:
            return by.is_member_of(self.sme_id)
        if verb in self.PROVIDER_VERBS:
            return by.is_member_of(self.provider.organisation_id)
        match verb:
            case "intend":
                return by.holds(Role.ASSESSOR, Role.DECIDER)
            case "replace_provider":
                return by.holds(Role.ASSESSOR)
            case "revoke" | "reinstate":
                return by.holds(Role.DECIDER)
            case "reopen":
                return isinstance(by, SystemActor) or by.holds(Role.DECIDER)
            case "issue":
                return by.holds(Role.DECIDER)
            case "settle" | "close" | "lapse" | "remind" | "hold":
                return isinstance(by, SystemActor)
        return False

    # --- the facts the rules ask ---------------------------------------------------------------------------------------

    @property
    def dates(self) -> VoucherDates:
        """The terms and facts of this voucher, for the rules."""
        return VoucherDates(
            applied_on=self.applied_on,
            order_by=self.order_by,
            deliver_by=self.deliver_by,
            claim_by=self.claim_by,
            ordered_on=self.ordered_on,
            order_confirmed=self.order_confirmed_at is not None,
            delivered_on=self.delivered_on,
            delivery_confirmed=self.delivery_confirmed_at is not None,
            extended=self.extended_at is not None,
            last_call_until=self.last_call_until,
        )

    @property
    def own_part(self) -> Decimal:
        """What the business pays itself of the cost it was awarded for."""
        return self.eligible - self.amount

    @property
    def is_confirmed(self) -> bool:
        """Whether the provider has confirmed both the order and the delivery."""
        return self.order_confirmed_at is not None and self.delivery_confirmed_at is not None

    # --- the machine ------------------------------------------------------------------------------------------------

    @transition(field=state, source=VoucherState.ISSUED, target=VoucherState.ISSUED)
    def extend(self, *, at: datetime.datetime, deliver_by: datetime.date) -> None:
        """The business takes the one extension of the term of delivery."""
        self.extended_at = at
        self.deliver_by = deliver_by
        self.last_call_at = self.last_call_until = None

    @transition(field=state, source=VoucherState.ISSUED, target=VoucherState.ISSUED)
    def replace_provider(self, *, provider: Any, solution: Any, package: Any) -> None:
        """Another provider does the work, for the same amount at most."""
        self.provider, self.solution, self.package = provider, solution, package

    @transition(field=state, source=VoucherState.ISSUED, target=VoucherState.SETTLED)
    def settle(self, *, at: datetime.datetime, objection_until: datetime.date | None = None) -> None:
        """Every claim is final. When a rest was taken back with it one can object, `objection_until` that day."""
        self.ended_at, self.objection_until = at, objection_until

    @transition(field=state, source=VoucherState.SETTLED, target=VoucherState.CLOSED)
    def close(self) -> None:
        """Nothing more is expected: the last questions to end users have been sent."""

    @transition(field=state, source=VoucherState.CLOSED, target=VoucherState.SETTLED)
    def reopen(self) -> None:
        """Something has to be looked at again, for example after an objection."""

    @transition(field=state, source=VoucherState.ISSUED, target=VoucherState.LAPSED)
    def lapse(self, *, at: datetime.datetime, objection_until: datetime.date) -> None:
        """Not used in time, after a reminder with a term: a determination at nil (Awb 4:47), open to objection."""
        self._end(at, objection_until)

    @transition(field=state, source=VoucherState.ISSUED, target=VoucherState.CANCELLED)
    def cancel(self, *, at: datetime.datetime) -> None:
        """The business does not want it any more."""
        self._end(at, None)

    @transition(field=state, source=VoucherState.ISSUED, target=VoucherState.REVOKED)
    def revoke(self, *, at: datetime.datetime, objection_until: datetime.date, ground: str) -> None:
        """The authority takes the award back (Awb 4:48)."""
        self._end(at, objection_until)
        self.end_reason = {"ground": ground}

    @transition(
        field=state,
        source=[VoucherState.LAPSED, VoucherState.REVOKED, VoucherState.SETTLED],
        target=VoucherState.ISSUED,
    )
    def reinstate(self, *, last_call_until: datetime.date, at: datetime.datetime) -> None:
        """An objection was right: the voucher is back, with a new term and its amount in the budget again."""
        self.ended_at = self.objection_until = self.end_reason = None
        self.held = self.amount
        self.last_call_at, self.last_call_until = at, last_call_until

    def _end(self, at: datetime.datetime, objection_until: datetime.date | None) -> None:
        self.ended_at = at
        self.objection_until = objection_until
        self.held = ZERO


class VoucherReminder(models.Model):
    """A reminder that was sent: once per voucher, kind and term, however often the sweep runs."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind)
    until = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "kind", "until"], name="one_reminder_per_kind_and_term"),
            models.CheckConstraint(condition=Q(kind__in=ReminderKind.values), name="reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.kind} {self.until}"


def linked_to(by: Any, *organisations: Any) -> bool:
    """Whether this person belongs to one of these organisations, or to one with the same KvK number (DESIGN 4.8)."""
    return by.is_tied_to((organisation.pk, organisation.kvk) for organisation in organisations)
