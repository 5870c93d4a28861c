"""Which answers count, for which business: the evidence the preferred rule weighs (DESIGN 4.5, 4.6)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any, Self

from core.canonical import plain
from core.terms import add_months
from providers.enums import Benefit, FeedbackSource
from providers.rules.gain import capped, mean
from providers.rules.rulesets import RuleSet, thaw


@dataclass(frozen=True)
class Report:
    """One answer. `sme`, `person` and `case` are pseudonyms: equal for the same business, person and voucher."""

    sme: str
    person: str
    case: str
    source: FeedbackSource
    wave: int
    answered_on: dt.date
    in_use_since: dt.date
    gain: Fraction | None = None
    satisfaction: int | None = None
    test_passed: bool | None = None
    withheld: bool = False

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The answer as a run froze it."""
        return cls(**{one.name: thaw(one.type, stored[one.name]) for one in fields(cls)})


@dataclass(frozen=True)
class Invited:
    """One invitation that was sent, answered or not. One that was withdrawn is there too, as not answered."""

    sme: str
    person: str
    case: str
    source: FeedbackSource
    sent_on: dt.date
    answered: bool

    @property
    def who(self) -> tuple[str, ...]:
        """Whom it asked, once: a user per voucher; of a customer the provider named the business.

        So a mistyped address that is withdrawn and sent again is one customer, and a customer that is withdrawn and not
        asked again is one who did not answer (ADR 0009).
        """
        if self.source == FeedbackSource.REFERENCE:
            return self.source, self.sme
        return self.source, self.person, self.case

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The invitation as a run froze it."""
        return cls(**{one.name: thaw(one.type, stored[one.name]) for one in fields(cls)})


@dataclass(frozen=True)
class Inputs:
    """Everything the rule looks at for one solution on one day.

    `open_flags` and `open_complaints` are being looked into; `integrity_decisions` were decided against the solution and
    not lifted since.
    """

    on: dt.date
    benefit: Benefit
    reports: tuple[Report, ...] = ()
    invited: tuple[Invited, ...] = ()
    vetting_valid: bool = True
    open_flags: int = 0
    open_complaints: int = 0
    integrity_decisions: int = 0

    def as_json(self) -> dict[str, Any]:
        """The inputs as a run freezes them."""
        return plain(asdict(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The inputs a run froze."""
        return cls(
            on=dt.date.fromisoformat(stored["on"]),
            benefit=Benefit(stored["benefit"]),
            reports=tuple(map(Report.from_json, stored["reports"])),
            invited=tuple(map(Invited.from_json, stored["invited"])),
            vetting_valid=stored["vetting_valid"],
            open_flags=stored["open_flags"],
            open_complaints=stored["open_complaints"],
            integrity_decisions=stored["integrity_decisions"],
        )


@dataclass(frozen=True)
class Evidence:
    """The reports and invitations that count, taken together per business."""

    reports: tuple[Report, ...]
    by_sme: Mapping[str, tuple[Report, ...]]
    invited: int
    answered: int
    withheld: int
    references_count: bool


def gather(inputs: Inputs, rules: RuleSet) -> Evidence:
    """What counts of the inputs (DESIGN 4.5): answers of the last `window_months`, not withheld, after enough use, the latest
    of each person; customers the provider named only until enough businesses with a voucher have reported.
    """
    after = add_months(inputs.on, -rules.window_months)
    in_window = [report for report in inputs.reports if after < report.answered_on <= inputs.on]
    usable = [report for report in in_window if not report.withheld and _used_long_enough(report, rules)]
    voucher_smes = {report.sme for report in usable if report.source == FeedbackSource.VOUCHER}
    references_count = len(voucher_smes) < rules.references_until_smes
    sources = {FeedbackSource.VOUCHER, FeedbackSource.REFERENCE} if references_count else {FeedbackSource.VOUCHER}
    latest: dict[tuple[str, str, str], Report] = {}
    for report in sorted(usable, key=lambda report: (report.wave, report.answered_on)):
        if report.source in sources:
            latest[report.source, report.person, report.case] = report
    by_sme: dict[str, list[Report]] = defaultdict(list)
    for report in latest.values():
        by_sme[report.sme].append(report)
    asked: dict[tuple[str, ...], bool] = defaultdict(bool)
    for invitation in inputs.invited:
        if invitation.source in sources and after < invitation.sent_on <= inputs.on:
            asked[invitation.who] |= invitation.answered
    return Evidence(
        reports=tuple(latest.values()),
        by_sme={sme: tuple(reports) for sme, reports in sorted(by_sme.items())},
        invited=len(asked),
        answered=sum(asked.values()),
        withheld=sum(report.withheld and report.source in sources for report in in_window),
        references_count=references_count,
    )


def _used_long_enough(report: Report, rules: RuleSet) -> bool:
    if report.source == FeedbackSource.REFERENCE:
        return add_months(report.in_use_since, rules.reference_min_months) <= report.answered_on
    return (report.answered_on - report.in_use_since).days >= rules.voucher_min_days


def per_sme(evidence: Evidence, value: Any, rules: RuleSet | None) -> tuple[Fraction, ...]:
    """One number per business: the mean over its users and vouchers, each gain capped first."""
    means = []
    for reports in evidence.by_sme.values():
        values = [Fraction(value(report)) for report in reports if value(report) is not None]
        if rules:
            values = [capped(gain, floor=rules.gain_floor, cap=rules.gain_cap) for gain in values]
        if values:
            means.append(mean(values))
    return tuple(means)
