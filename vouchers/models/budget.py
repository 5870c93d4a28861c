"""The money of a programme and the ledger behind it (DESIGN 4.10, RELIABILITY c1)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Province
from core import clock
from core.fields import MoneyField
from core.money import ZERO
from vouchers.enums import LedgerAccount, LedgerKind
from vouchers.models.programme import Programme


class Budget(models.Model):
    """A ceiling and what became of it. reserved + committed + paid never exceeds it: the database itself says so.

    A programme has one budget without a province and may have one per province; an award counts on both.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="budgets")
    province = models.ForeignKey(Province, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ceiling = MoneyField(_("ceiling"), default=ZERO)
    reserved = MoneyField(_("reserved"), default=ZERO)
    committed = MoneyField(_("awarded"), default=ZERO)
    paid = MoneyField(_("paid"), default=ZERO)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(province__isnull=True), name="one_budget_per_programme"
            ),
            models.UniqueConstraint(fields=["programme", "province"], name="one_budget_per_province"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, committed__gte=0, paid__gte=0), name="budget_parts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(ceiling__gte=F("reserved") + F("committed") + F("paid")), name="budget_never_overspent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code} {self.province_id or ''}".strip()

    @property
    def used(self) -> Decimal:
        """Euros reserved, awarded and paid."""
        return self.reserved + self.committed + self.paid

    @property
    def available(self) -> Decimal:
        """Euros that nobody has a claim on yet."""
        return self.ceiling - self.used


class LedgerTransaction(models.Model):
    """One business event that moved money. UNIQUE(kind, ref): the same event is booked once, ever. Append-only."""

    kind = models.CharField(max_length=10, choices=LedgerKind)
    ref = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("ledger transaction")
        verbose_name_plural = _("ledger transactions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "ref"], name="ledger_event_booked_once"),
            models.CheckConstraint(condition=Q(kind__in=LedgerKind.values), name="ledger_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class LedgerEntry(models.Model):
    """One side of a ledger transaction, in euros; the entries of a transaction sum to zero per budget. Append-only."""

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(max_length=10, choices=LedgerAccount)
    amount = MoneyField()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["transaction", "budget", "account"], name="one_entry_per_account"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_moves_something"),
            models.CheckConstraint(condition=Q(account__in=LedgerAccount.values), name="ledger_account_known"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
