"""What a voucher pays, on pages of the catalogue. The catalogue knows no vouchers, so the two meet in the template."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.wording import DASH, euro
from providers.enums import Benefit
from providers.models import Package, Solution
from vouchers.services.support import Share, Support, share_of, support_now

register = template.Library()


@register.simple_tag
def open_support() -> Support | None:
    """The programme one can apply to now: `{% open_support as support %}`."""
    return support_now()


@register.simple_tag
def voucher_share(support: Support | None, solution: Solution, package: Package | None) -> Share | None:
    """What a voucher would pay of a package: `{% voucher_share support solution package as share %}`."""
    if not package:  # a template says "" for the first of none
        return None
    price = package.current
    eligible = price.first_year - price.hardware
    return share_of(solution, price=price.first_year, eligible=eligible, support=support)


@register.simple_tag
def with_voucher_rows(
    support: Support | None,
    rows: list[dict[str, Any]],
    solutions: list[Solution],
    packages: list[Package | None],
) -> list[dict[str, Any]]:
    """The rows of a comparison with what a voucher pays, what is left, and the way to apply.

    `packages` holds the package of each solution that is compared, or None. The amounts follow the row "first_year".
    """
    pairs = list(zip(solutions, packages, strict=True))
    shares = [voucher_share(support, solution, package) for solution, package in pairs]
    if not any(shares):
        return rows
    at = next(place for place, row in enumerate(rows, 1) if row["key"] == "first_year")
    told = [
        euro(share.voucher) if share else _without(solution, package, support)
        for (solution, package), share in zip(pairs, shares, strict=True)
    ]
    amounts = [
        {"label": _("A voucher pays up to"), "cells": told},
        {"label": _("You pay yourself, first year"), "cells": [euro(share.own) if share else DASH for share in shares]},
    ]
    cells = [
        _apply(solution, package) if share else DASH for (solution, package), share in zip(pairs, shares, strict=True)
    ]
    return [*rows[:at], *amounts, *rows[at:], {"label": _("Apply for a voucher"), "cells": cells}]


def _without(solution: Solution, package: Package | None, support: Support | None) -> str:
    """Why there is no voucher for this solution; a dash where there is nothing to say about it."""
    if support is None or package is None:
        return DASH
    assurance = solution.category.benefit == Benefit.ASSURANCE
    if solution.is_preferred or support.rules.pays_for_listed(assurance=assurance):
        return _("no voucher: the amount is too small")
    return _("no voucher: not on the preferred list")


def _apply(solution: Solution, package: Package) -> str:
    return format_html(
        '<a class="utrecht-button utrecht-button-link utrecht-button--primary-action" href="{}?pakket={}"'
        ' rel="nofollow">{}<span class="trede-visually-hidden">: {}</span></a>',
        reverse("vouchers:start"),
        package.pk,
        _("Apply"),
        solution.name,
    )
