"""The published numbers of vetting and of the preferred rule: versioned, dated, kept with whatever used them (ADR 0007)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self, get_origin

from core.canonical import plain
from providers.enums import FeedbackSource


def thaw(kind: Any, stored: Any) -> Any:
    """A value of a frozen row, read back by the type its field declares."""
    kinds: Iterable[Any] = getattr(kind, "__args__", (kind,))
    if stored is None:
        return None
    if get_origin(kind) is tuple:
        return tuple(stored)
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
    """One version of the preferred rule with all its numbers (DESIGN 4.5, 4.6). Shares and gains are fractions: 3/20 is
    15 %. `waves` are the months of use after which a user at a business with a voucher is asked.
    """

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
    waves: tuple[int, ...] = (1, 3, 6, 12)
    link_days: int = 30
    most_sent: int = 3
    most_references: int = 10
    voucher_min_days: int = 30
    reference_min_months: int = 6
    references_until_smes: int = 5
    losing_span_days: int = 28
    notice_days: int = 30
    shown_from_users: int = 3
    shown_from_smes: int = 3
    dots_from_smes: int = 5
    certainty: Fraction = Fraction(80, 100)
    prior_mean: Fraction = Fraction(10, 100)
    prior_weight: Fraction = Fraction(2)
    prior_spread: Fraction = Fraction(10, 100)
    prior_freedom: int = 4
    wilson_z: Fraction = Fraction(8416, 10000)
    with_bounds: bool = False

    @property
    def keep(self) -> Fraction:
        """The mean at which a place is kept; below it the place is lost (DESIGN 4.6: 15 - 2 points)."""
        return self.threshold - self.losing_margin

    def as_json(self) -> dict[str, Any]:
        """The rule set as a run stores it."""
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


@dataclass(frozen=True, kw_only=True)
class VettingRules:
    """One version of the published numbers of vetting (DESIGN 4.4). A dossier keeps the version it was started under.

    Amounts in euros. `renewal_early_days` is how long before its end a vetting can be renewed without losing the days that
    are left; `reminder_days` when we remind of that end. A satisfaction below `neutral` is dissatisfied (REF-04).
    """

    version: str
    valid_from: dt.date
    admission_months: int = 12
    listing_months: int = 12
    renewal_early_days: int = 60
    reminder_days: tuple[int, ...] = (60, 30, 7)
    trading_months: int = 12
    references_full: int = 5
    references_trial: int = 3
    generic_sectors: int = 3
    neutral: int = 3
    most_dissatisfied: Fraction = Fraction(1, 5)
    trial_vouchers: int = 10
    trial_months: int = 12
    tax_statement_months: int = 6
    register_check_days: int = 30
    reference_use_months: int = 6
    test_report_months: int = 12
    exit_notice_months: int = 2
    cancellation_months: int = 1
    support_working_days: int = 1
    insured_minimum: Decimal = Decimal("500000.00")
    code_of_conduct: str = "2026-1"
    files_per_item: int = 10
    first_answer_weeks: int = 4
    answer_weeks: int = 2
    intent_weeks: int = 2
    objection_weeks: int = 6
    cooling_off_months: int = 12


VETTING_RULES: tuple[VettingRules, ...] = (VettingRules(version="vetting-2024-1", valid_from=dt.date(2024, 1, 1)),)


def vetting_rules(on: dt.date) -> VettingRules:
    """The numbers of vetting in force on a day. Raises LookupError when there are none."""
    in_force = [one for one in VETTING_RULES if one.valid_from <= on]
    if not in_force:
        raise LookupError(f"no rules of vetting on {on}")
    return max(in_force, key=lambda one: one.valid_from)


def vetting_version(version: str) -> VettingRules:
    """The numbers of vetting of this version.

    Raises LookupError for a version this release does not have: nobody is judged by rules that were not published to them.
    """
    found = next((one for one in VETTING_RULES if one.version == version), None)
    if found is None:
        raise LookupError(f"no rules of vetting {version}")
    return found
