"""How large a business is with its group (2003/361/EC, annex art. 2-6). Amounts are euros; None means not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from core.reasons import Reason
from vouchers.reasons import EligibilityReason as Why

LINKED_ABOVE = Decimal(50)
"""Above this share in percent a business is linked and counts whole; at or below it is a partner and counts by its share."""

SMALLEST_SHARE = Decimal(25)
"""Below this share in percent a business does not count."""

WHOLE = Decimal(100)


@dataclass(frozen=True)
class RelatedFacts:
    """Another business of the group: `share` in percent, staff, and last year's figures."""

    name: str
    kvk: str
    share: Decimal
    headcount: int
    turnover: Decimal
    balance_total: Decimal

    @property
    def linked(self) -> bool:
        return self.share > LINKED_ABOVE

    @property
    def counts(self) -> Decimal:
        """The part of its staff and figures that counts, from 0.25 to 1."""
        return Decimal(1) if self.linked else self.share / WHOLE


@dataclass(frozen=True)
class Limits:
    """From how many staff a business is large, and up to which turnover or balance sheet total it is not."""

    headcount: int
    turnover: Decimal
    balance: Decimal


class _Size(Enum):
    WITHIN = "within"
    LARGE = "large"
    UNKNOWN = "unknown"


def size_reasons(
    headcount: int | None,
    turnover: Decimal | None,
    balance: Decimal | None,
    related: Sequence[RelatedFacts],
    limits: Limits,
) -> list[Reason]:
    """Why this is no small or medium-sized business, or what has to be known to say so.

    Fewer staff than the limit, and turnover or balance sheet total within its limit, the group added up. A business of its own
    gives its figures only when its turnover is above the limit, so without any they are within it; in a group they have to be
    known.
    """
    reasons = []
    staff = (
        None if headcount is None else headcount + sum((each.headcount * each.counts for each in related), Decimal())
    )
    if staff is None:
        reasons.append(Reason(Why.HEADCOUNT_UNKNOWN))
    elif staff >= limits.headcount:
        reasons.append(Reason(Why.HEADCOUNT, {"headcount": _shown(staff), "limit": limits.headcount}))
    sizes = (
        _size(turnover, [each.turnover * each.counts for each in related], limits.turnover),
        _size(balance, [each.balance_total * each.counts for each in related], limits.balance),
    )
    match sizes:
        case (_Size.LARGE, _Size.LARGE):
            reasons.append(Reason(Why.TURNOVER, {"turnover": limits.turnover, "balance": limits.balance}))
        case (_Size.LARGE, _Size.UNKNOWN):
            reasons.append(Reason(Why.BALANCE_UNKNOWN, {"turnover": limits.turnover}))
        case (_Size.UNKNOWN, _Size.LARGE):
            reasons.append(Reason(Why.TURNOVER_UNKNOWN, {"balance": limits.balance}))
        case (_Size.UNKNOWN, _Size.UNKNOWN) if related:
            reasons.append(Reason(Why.FIGURES_UNKNOWN))
    return reasons


def _size(own: Decimal | None, others: Sequence[Decimal], limit: Decimal) -> _Size:
    total = sum(others, Decimal()) + (own or 0)
    if total > limit:
        return _Size.LARGE
    return _Size.UNKNOWN if own is None else _Size.WITHIN


def _shown(staff: Decimal) -> int | Decimal:
    """Whole people as a whole number; a partner's share may leave a part of one."""
    return int(staff) if staff == staff.to_integral_value() else staff.quantize(Decimal("0.1"))
