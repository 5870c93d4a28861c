"""The lines of an application: one solution from one supplier with its quote, and the cost of it that counts."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import MoneyField
from core.models import StoredFile
from core.money import ZERO
from vouchers.models.application import Application
from vouchers.rules.amount import Quote, deductible_percent, eligible_line


class ApplicationLine(models.Model):
    """One solution from one supplier with its quote; after the award one voucher. Amounts are euros.

    `net` is the quote after discounts, without VAT and without what never counts; `approved_price` the price of the package
    times the quantity when it was chosen. `eligible` is what the machine makes of that; `assessed` what the assessor did.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="lines")
    package = models.ForeignKey("providers.Package", on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("providers.Category", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    approved_price = MoneyField(null=True, blank=True)

    quote_number = models.CharField(_("number of the quote"), max_length=40, blank=True)
    quote_date = models.DateField(_("date of the quote"), null=True, blank=True)
    quote_valid_until = models.DateField(_("valid until"), null=True, blank=True)
    quote_unsigned = models.BooleanField(default=False)
    quote_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    net = MoneyField(null=True, blank=True)
    vat = MoneyField(default=ZERO)
    other_funding = MoneyField(default=ZERO)

    eligible = MoneyField(null=True, blank=True)
    assessed = MoneyField(null=True, blank=True)
    assessed_note = models.TextField(blank=True)
    awarded = MoneyField(null=True, blank=True)

    class Meta:
        verbose_name = _("line of an application")
        verbose_name_plural = _("lines of an application")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "category"], name="one_line_per_category"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(net__isnull=True) | Q(net__gt=0, vat__gte=0, other_funding__gte=0),
                name="line_amounts_positive",
            ),
            models.CheckConstraint(
                condition=Q(eligible__isnull=True) | Q(eligible__gte=0), name="line_eligible_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(assessed__isnull=True) | Q(assessed__gte=0, eligible__gte=F("assessed")),
                name="line_assessed_at_most_eligible",
            ),
            models.CheckConstraint(
                condition=Q(awarded__isnull=True) | Q(awarded__gte=0), name="line_awarded_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.category_id}"

    @property
    def eligible_now(self) -> Decimal:
        """The cost that counts as it stands: assessed when the assessor changed it, else as the machine reckoned it."""
        if self.assessed is not None:
            return self.assessed
        return ZERO if self.eligible is None else self.eligible

    def reckon(self) -> Decimal:
        """What the machine makes of the quote (DESIGN 4.7). Zero without a quote."""
        if self.net is None:
            return ZERO
        quote = Quote(
            net=self.net,
            vat=self.vat,
            vat_deductible=deductible_percent(self.application.vat_position, self.application.vat_pro_rata),
            approved_price=self.approved_price,
            other_funding=self.other_funding,
        )
        return eligible_line(quote)

    def content(self) -> list[Any]:
        """The part of the fingerprint that is about this line."""
        return [
            self.package_id,
            self.provider_id,
            self.quantity,
            self.quote_number,
            self.quote_date,
            self.quote_valid_until,
            self.quote_file.sha256 if self.quote_file else None,
            self.net,
            self.vat,
            self.other_funding,
            self.eligible,
            self.assessed,
        ]
