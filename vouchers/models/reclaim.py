"""Money asked back after it was paid (DESIGN 3, Awb 4:57)."""

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from core.enums import HandRole
from core.fields import MoneyField
from core.state import StateField, StatefulModel, transition
from vouchers.enums import ReclaimGround, ReclaimState
from vouchers.models.claim import Claim
from vouchers.models.voucher import READERS


class ReclaimQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Reclaims of one's own business once told of them, and all for the authority."""
        if user.holds(*READERS):
            return self
        mine = self.filter(claim__voucher__sme__in=user.organisations().values("pk"))
        return mine.exclude(state=ReclaimState.DECIDED)


class Reclaim(StatefulModel):
    """A decision to ask back `amount` euros of what a claim was paid. A file of its own for hands."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reclaims")
    state = StateField(_("status"), max_length=12, choices=ReclaimState, default=ReclaimState.DECIDED)
    amount = MoneyField(_("amount"))
    ground = models.CharField(_("ground"), max_length=40, choices=ReclaimGround)
    explanation = models.TextField(_("explanation"))
    decision = models.ForeignKey("vouchers.Decision", on_delete=models.PROTECT, null=True, related_name="reclaims")
    decided_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = ReclaimQuerySet.as_manager()

    HANDS: ClassVar = {"annul": HandRole.DECIDER, "write_off": HandRole.DECIDER}

    class Meta:
        verbose_name = _("reclaim")
        verbose_name_plural = _("reclaims")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReclaimState.values), name="reclaim_state_known"),
            models.CheckConstraint(condition=Q(ground__in=ReclaimGround.values), name="reclaim_ground_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reclaim_amount_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=[ReclaimState.DUE, ReclaimState.RECEIVED, ReclaimState.WRITTEN_OFF])
                | Q(notified_at__isnull=False, due_on__isnull=False),
                name="reclaim_due_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(state=ReclaimState.RECEIVED, received_on__isnull=False)
                | ~Q(state=ReclaimState.RECEIVED) & Q(received_on__isnull=True),
                name="reclaim_received_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} -{self.amount}"

    def case(self) -> str:
        return self.claim.case()

    def is_linked(self, by: Any) -> bool:
        return self.claim.is_linked(by)

    def may(self, verb: str, by: Any) -> bool:
        match verb:
            case "decide" | "annul" | "write_off":
                return by.holds(Role.DECIDER)
            case "notify" | "receive":
                return by.holds(Role.TREASURER)
        return False

    @transition(field=state, source=ReclaimState.DECIDED, target=ReclaimState.DUE)
    def notify(self, *, at: datetime.datetime, due_on: datetime.date) -> None:
        """The business is told; six weeks to pay (Awb 4:87)."""
        self.notified_at, self.due_on = at, due_on

    @transition(field=state, source=ReclaimState.DUE, target=ReclaimState.RECEIVED)
    def receive(self, *, received_on: datetime.date, at: datetime.datetime) -> None:
        """The bank has booked it."""
        self.received_on, self.ended_at = received_on, at

    @transition(field=state, source=ReclaimState.DUE, target=ReclaimState.WRITTEN_OFF)
    def write_off(self, *, at: datetime.datetime) -> None:
        """It will not come any more: after five years, or because there is nothing to get (Awb 4:57)."""
        self.ended_at = at

    @transition(field=state, source=[ReclaimState.DECIDED, ReclaimState.DUE], target=ReclaimState.ANNULLED)
    def annul(self, *, at: datetime.datetime) -> None:
        """The decision was wrong."""
        self.ended_at = at
