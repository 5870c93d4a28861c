"""What a voucher would pay for the steps of a roadmap, for the pages and the API: the roadmap itself knows no vouchers."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core import clock
from providers.enums import Benefit
from providers.models import Solution
from vouchers.models import Programme, RuleSet
from vouchers.reasons import EligibilityReason
from vouchers.services.programme import estimate_under, foreseen


@dataclass(frozen=True)
class Support:
    """The programme one can apply to now and its numbers."""

    programme: Programme
    rules: RuleSet


@dataclass(frozen=True)
class Share:
    """What a price comes to with a voucher: what the voucher pays at most and what is left to pay, in euros without VAT."""

    price: Decimal
    voucher: Decimal
    own: Decimal


def support_now() -> Support | None:
    """The programme that is open today (the first opened, when there are several); None when nothing is open."""
    today = clock.today()
    programme = Programme.objects.open(today).order_by("opens_on", "code").first()
    return None if programme is None else Support(programme, programme.rules_on(today))


def with_vouchers(steps: list[dict[str, Any]], support: Support | None) -> list[dict[str, Any]]:
    """The steps with `voucher`: what a voucher would pay at most, in euros, for a solution it pays for; None when nothing.

    Equipment does not count, and where the programme asks for the preferred list, only what stands on it (DESIGN 4.7, 4.9).
    `share` is what the cheapest of those comes to, and `voucher_waits` says that there are solutions, but none yet that the programme pays for.
    """
    for step in steps:
        cost = _payable(step, support.rules) if support else None
        step["voucher"] = (estimate_under(support.rules, cost).award or None) if support and cost is not None else None
        step["share"] = _cheapest_share(step, support) if support else None
        step["voucher_waits"] = support is not None and step["listed"] > 0 and cost is None
    return steps


def _cheapest_share(step: dict[str, Any], support: Support) -> Share | None:
    listed = support.rules.pays_for_listed(assurance=step["benefit"] == Benefit.ASSURANCE)
    offer = step["cheapest" if listed else "preferred_cheapest"]
    return _share(offer.price, offer.eligible, support) if offer else None


def _share(price: Decimal, eligible: Decimal, support: Support) -> Share | None:
    award = estimate_under(support.rules, eligible).award
    return Share(price, award, price - award) if award else None


def _payable(step: dict[str, Any], rules: RuleSet) -> Decimal | None:
    listed = rules.pays_for_listed(assurance=step["benefit"] == Benefit.ASSURANCE)
    return step["eligible_to" if listed else "preferred_eligible_to"]


def share_of(solution: Solution, *, price: Decimal, eligible: Decimal | None, support: Support | None) -> Share | None:
    """What a voucher would pay of the first year of a solution, of which `eligible` counts (without equipment).

    None when the programme does not pay for this solution now, or when the voucher would be too small.
    """
    if support is None or eligible is None:
        return None
    assurance = solution.category.benefit == Benefit.ASSURANCE
    if not (solution.is_preferred or support.rules.pays_for_listed(assurance=assurance)):
        return None
    return _share(price, eligible, support)


FARMING = "AGROFOOD"
"""The sector in which a business without an SBI code may well be a farm."""


def cautions(*, sector: str, sbi: str, province: str | None, support: Support | None) -> list[str]:
    """What may stand between this business and a voucher, as codes for the page: `primary`, `maybe_primary`, `province`.

    Primary agriculture and fisheries have aid rules of their own: roadmap yes, voucher probably not (DESIGN 4.9).
    """
    if support is None:
        return []
    reasons = foreseen(support.rules, province=province, sbi=sbi)
    found = []
    if EligibilityReason.PRIMARY_SECTOR in reasons:
        found.append("primary")
    elif EligibilityReason.SBI_UNKNOWN in reasons and sector == FARMING:
        found.append("maybe_primary")
    if EligibilityReason.PROVINCE in reasons:
        found.append("province")
    return found
