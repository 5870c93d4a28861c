"""What hangs under a claim: its payments, and the people at the business who work with the solution."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import MoneyField
from vouchers.models.claim import Claim


class ClaimPayment(models.Model):
    """One payment of a claim, by one payout: how much, when, and whether it came back later.

    A row is written when the money has left and gets its `returned_at` once; nothing else of it ever changes, so that a
    payment can be found again however often the claim was determined and paid since (RELIABILITY invariant 19).
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payments")
    payout_ref = models.CharField(max_length=64, unique=True)
    amount = MoneyField(_("amount"))
    paid_on = models.DateField(_("paid"))
    returned_at = models.DateTimeField(_("came back"), null=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="claim_payment_positive")]

    def __str__(self) -> str:
        return f"{self.claim} {self.payout_ref}"


class EndUser(models.Model):
    """A person at the business who works with the solution and is asked what it brought (DESIGN 4.5)."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="end_users")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=254)

    class Meta:
        verbose_name = _("end user")
        verbose_name_plural = _("end users")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("claim", Lower("email"), name="end_user_named_once")]

    def __str__(self) -> str:
        return self.name
