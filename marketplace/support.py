"""What a voucher would pay for the steps of a roadmap: the roadmap knows no vouchers, so they meet here."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core import clock
from providers.enums import Benefit
from vouchers.enums import SolutionStanding
from vouchers.models import Programme, RuleSet
from vouchers.rules.amount import AwardTerms, award_for


@dataclass(frozen=True)
class Support:
    """The programme one can apply to now and its numbers."""

    programme: Programme
    rules: RuleSet
    terms: AwardTerms


def support_now() -> Support | None:
    """The programme that is open today (the first opened, when there are several); None when nothing is open."""
    today = clock.today()
    programme = Programme.objects.open(today).order_by("opens_on", "code").first()
    if programme is None:
        return None
    rules = programme.rules_on(today)
    return Support(programme, rules, rules.award_terms())


def with_vouchers(steps: list[dict[str, Any]], support: Support | None) -> list[dict[str, Any]]:
    """The steps with `voucher`: the most a voucher would pay for the dearest solution, in euros; None when nothing.

    `voucher_waits` says that there are solutions, but none yet that the programme pays for (DESIGN 4.9: preferred, or
    listed for what protects the business).
    """
    for step in steps:
        payable = support is not None and step["listed"] > 0
        if payable and support.rules.standing == SolutionStanding.PREFERRED and step["benefit"] != Benefit.ASSURANCE:
            payable = step["preferred"] > 0
        step["voucher"] = _award(step["price_to"], support) if payable and support else None
        step["voucher_waits"] = support is not None and step["listed"] > 0 and not payable
    return steps


def _award(price: Decimal | None, support: Support) -> Decimal | None:
    return (award_for(price, support.terms).award or None) if price else None


def cautions(*, sector: str, sbi: str, province: str | None, support: Support | None) -> list[str]:
    """What may stand between this business and a voucher, as codes for the page: `primary`, `maybe_primary`, `province`.

    Primary agriculture and fisheries (SBI 01 and 03) have aid rules of their own: roadmap yes, voucher probably not.
    """
    if support is None:
        return []
    found = []
    if sbi[:2] in {"01", "03"}:
        found.append("primary")
    elif sector == "AGROFOOD" and not sbi:
        found.append("maybe_primary")
    if province is not None and province not in support.rules.provinces:
        found.append("province")
    return found
