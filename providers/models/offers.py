"""What the catalogue offers in each category: how much there is, and what it costs.

Sources: DESIGN 4.3 (the steps of a roadmap), 4.7 (equipment is not eligible).
"""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Subquery

from core.fields import MoneyField
from providers.models.catalogue import ON_THE_LIST, SolutionQuerySet
from providers.models.package import PackagePrice


class Offer(NamedTuple):
    """A solution as far as the facts of its category need it; `eligible` is None without a price of today."""

    state: str
    price: Decimal
    eligible: Decimal | None


def facts_by_category(solutions: SolutionQuerySet, on: dt.date) -> dict[str, dict[str, Any]]:
    """Per category code: how many solutions are `listed` and `preferred`, and their prices in euros; one query.

    `listed` counts every solution the public can choose, those on the preferred list included. A solution's price is the
    first year of its cheapest package: `price_from` and `price_to` as listed, `eligible_to` and `preferred_eligible_to` (None
    without any) the dearest without equipment, which no voucher pays (DESIGN 4.7). `cheapest` and `preferred_cheapest` are the
    solution with the lowest price, with its own figures.
    """
    rows = solutions.order_by().annotate(eligible=_cheapest_without_equipment(on))
    by_category: dict[str, list[Offer]] = {}
    # Summed up here, because in the database every sum would look for the package of every solution again.
    for category, *offer in rows.values_list("category", "state", "first_year_price", "eligible"):
        by_category.setdefault(category, []).append(Offer(*offer))
    return {category: _facts(offers) for category, offers in by_category.items()}


def _cheapest(offers: list[Offer]) -> Offer | None:
    return min((offer for offer in offers if offer.eligible is not None), key=lambda offer: offer.price, default=None)


def _dearest(offers: list[Offer]) -> Decimal | None:
    return max((offer.eligible for offer in offers if offer.eligible is not None), default=None)


def _facts(offers: list[Offer]) -> dict[str, Any]:
    preferred = [offer for offer in offers if offer.state in ON_THE_LIST]
    prices = [offer.price for offer in offers]
    return {
        "listed": len(offers),
        "preferred": len(preferred),
        "price_from": min(prices, default=None),
        "price_to": max(prices, default=None),
        "eligible_to": _dearest(offers),
        "preferred_eligible_to": _dearest(preferred),
        "cheapest": _cheapest(offers),
        "preferred_cheapest": _cheapest(preferred),
    }


NO_OFFER = _facts([])
"""What there is in a category without solutions."""


def _cheapest_without_equipment(on: dt.date) -> Subquery:
    """Of a solution: the first year of its cheapest package on offer, at the price in force on a day, without equipment."""
    approved = PackagePrice.objects.filter(approved_at__isnull=False, valid_from__lte=on)
    newer = approved.filter(package=OuterRef("package"), valid_from__gt=OuterRef("valid_from"))
    in_force = approved.filter(~Exists(newer), package__solution=OuterRef("pk")).exclude(package__retired_on__lte=on)
    cheapest_first = in_force.order_by("first_year", "package__position", "package")
    without = ExpressionWrapper(F("first_year") - F("hardware"), output_field=MoneyField())
    return Subquery(cheapest_first.annotate(without_equipment=without).values("without_equipment")[:1])
