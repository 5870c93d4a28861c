"""Which claims: those of a business, those that were sent, those that may be paid."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from vouchers.enums import DETERMINED_CLAIM, ClaimState
from vouchers.models.voucher import READERS

UNSENT = [ClaimState.DRAFT, ClaimState.WITHDRAWN]


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Claims of one's own business, and for the authority those that were sent. Providers see the voucher, not the claim."""
        mine = Q(voucher__sme__in=user.organisations().values("pk"))
        if user.holds(*READERS):
            return self.filter(mine | Q(submitted_at__isnull=False)).distinct()
        return self.filter(mine).distinct()

    def with_case(self) -> Self:
        """With what a page shows of a claim, in one query."""
        return self.select_related(
            "voucher__application__programme",
            "voucher__application__rule_set",
            "voucher__sme",
            "voucher__provider__organisation",
            "voucher__solution__category",
            "voucher__package",
            "bank_account",
            "invoice_file",
            "payment_proof",
            "use_proof",
        )

    def live(self) -> Self:
        """Claims that were sent and not withdrawn: their invoices count as used."""
        return self.exclude(state__in=UNSENT)

    def determined(self) -> Self:
        """Claims whose amount stands."""
        return self.filter(state__in=DETERMINED_CLAIM)

    def payable(self) -> Self:
        """Determined, not withheld, with something left to pay and an account to pay it to."""
        return self.filter(state=ClaimState.DETERMINED, determined_amount__gt=F("paid_amount")).exclude(iban="")
