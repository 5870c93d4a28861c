"""The numbers of the preferred rule: published, versioned, and kept with every run that used them (DESIGN 4.6)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any, Self

from core.canonical import plain
from providers.enums import FeedbackSource


def thaw(kind: Any, stored: Any) -> Any:
    """A value of a frozen row, read back by the type its field declares."""
    kinds: Iterable[Any] = getattr(kind, "__args__", (kind,))
    if stored is None:
        return None
    for reader, read in (
        (Fraction, Fraction),
        (dt.date, dt.date.fromisoformat),
        (FeedbackSource, FeedbackSource),
    ):
        if reader in kinds:
            return read(stored)
    return stored


@dataclass(frozen=True)
class RuleSet:
    """One version of the rule with all its numbers. Shares and gains are fractions: 3/20 is 15 %."""

    code: str
    version: int
    valid_from: dt.date
    min_smes: int = 5
    window_months: int = 24
    min_response: Fraction = Fraction(1, 2)
    threshold: Fraction = Fraction(15, 100)
    min_share: Fraction = Fraction(1, 2)
    min_satisfaction: Fraction = Fraction(4)
    losing_margin: Fraction = Fraction(2, 100)
    gain_floor: Fraction = Fraction(-50, 100)
    gain_cap: Fraction = Fraction(60, 100)
    voucher_min_days: int = 30
    reference_min_months: int = 6
    references_until_smes: int = 5
    losing_span_days: int = 28
    notice_days: int = 30
    shown_from_users: int = 3
    certainty: Fraction = Fraction(80, 100)
    prior_mean: Fraction = Fraction(10, 100)
    prior_weight: Fraction = Fraction(2)
    prior_spread: Fraction = Fraction(10, 100)
    prior_freedom: int = 4
    wilson_z: Fraction = Fraction(8416, 10000)
    with_bounds: bool = False

    def as_json(self) -> dict[str, Any]:
        return plain(asdict(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The rule set a run was judged by."""
        return cls(**{one.name: thaw(one.type, stored[one.name]) for one in fields(cls)})


STANDARD = RuleSet(code="standard", version=1, valid_from=dt.date(2026, 1, 1))
STRICT = RuleSet(code="strict", version=1, valid_from=dt.date(2026, 1, 1), with_bounds=True)
RULE_SETS: tuple[RuleSet, ...] = (STANDARD, STRICT)


def rule_set(code: str, on: dt.date) -> RuleSet:
    """The version of profile `code` in force on a day. Raises LookupError when there is none."""
    in_force = [one for one in RULE_SETS if one.code == code and one.valid_from <= on]
    if not in_force:
        raise LookupError(f"no rule set {code} on {on}")
    return max(in_force, key=lambda one: (one.valid_from, one.version))
