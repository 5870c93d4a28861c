"""Packages of a solution and their prices through time.

Sources: DESIGN 4.4 (published prices), 4.7 (package price on a date); checklist PRC-01..03.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import MoneyField
from providers.models.catalogue import Solution

FIRST_YEAR_MONTHS = 12
THREE_YEARS_MONTHS = 36


class Package(models.Model):
    """What a business buys: what is in it, how many of it may be bought, and its prices through time."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="packages")
    name = models.CharField(_("name"), max_length=80)
    included = models.TextField(_("what is included"), max_length=2000)
    unit = models.CharField(
        _("priced per"), max_length=40, blank=True, help_text=_("For example user, location or vehicle.")
    )
    max_quantity = models.PositiveSmallIntegerField(
        _("at most how many of it in one order"), default=1, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    hardware = models.CharField(_("equipment that comes with it"), max_length=200, blank=True)
    term_months = models.PositiveSmallIntegerField(
        _("shortest contract in months"), default=12, validators=[MaxValueValidator(60)]
    )
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["solution", "name"], name="package_name_once_per_solution"),
            models.CheckConstraint(condition=Q(max_quantity__gte=1), name="package_quantity_at_least_one"),
        ]

    def __str__(self) -> str:
        return self.name

    def price_on(self, on: dt.date) -> "PackagePrice | None":
        """The approved price in force on a day, or None. An application is judged by the price on its quote's date."""
        in_force = [price for price in self.prices.all() if price.approved_at and price.valid_from <= on]
        return max(in_force, key=lambda price: price.valid_from, default=None)

    @property
    def proposed(self) -> "PackagePrice | None":
        """The price that waits for approval, if any."""
        waiting = [price for price in self.prices.all() if not price.approved_at]
        return max(waiting, key=lambda price: price.valid_from, default=None)


class PackagePrice(models.Model):
    """A price from a date on, excl. VAT in euros. Approved by a dossier, then never changed: a new price is a new row."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="prices")
    valid_from = models.DateField(_("price from"))
    one_off = MoneyField(_("one-off price excl. VAT"))
    monthly = MoneyField(_("price per month excl. VAT"))
    hardware = MoneyField(_("of the one-off price: equipment"))
    first_year = MoneyField(db_index=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "providers.Dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="approved_prices"
    )

    class Meta:
        verbose_name = _("price of a package")
        verbose_name_plural = _("prices of packages")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["package", "valid_from"], name="one_price_per_package_and_day"),
            models.UniqueConstraint(
                fields=["package"], condition=Q(approved_at__isnull=True), name="one_proposed_price_per_package"
            ),
            models.CheckConstraint(
                condition=Q(one_off__gte=0, monthly__gte=0, hardware__gte=0, hardware__lte=F("one_off")),
                name="price_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(first_year=F("one_off") + FIRST_YEAR_MONTHS * F("monthly"), first_year__gt=0),
                name="price_first_year_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False), name="price_approved_with_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.valid_from:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.first_year = first_year(self.one_off, self.monthly)
        super().save(*args, **kwargs)

    @property
    def three_years(self) -> Decimal:
        """What it costs in three years excl. VAT: the cost that stays when the voucher is spent (checklist PRC-03)."""
        return self.one_off + THREE_YEARS_MONTHS * self.monthly


def first_year(one_off: Decimal, monthly: Decimal) -> Decimal:
    """What a package costs in its first year excl. VAT."""
    return one_off + FIRST_YEAR_MONTHS * monthly
