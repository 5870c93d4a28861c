"""Who is on the preferred list: the published rule, recomputable from frozen inputs (DESIGN 4.6).

Exact fractions decide, rounding is for showing. `providers.rules.standing` says what a judgement leads to.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.canonical import plain
from core.reasons import Reason, ReasonCode
from providers.enums import Benefit, ConditionOutcome
from providers.rules.bounds import Interval, shrunk_interval, wilson_lower
from providers.rules.evidence import Evidence, Inputs, gather, per_sme
from providers.rules.gain import mean
from providers.rules.rulesets import RuleSet


class Condition(TextChoices):
    """The conditions of the rule, in the order in which they are shown."""

    ENOUGH = "enough", _("Enough businesses reported")
    RESPONSE = "response", _("Enough of the people we asked answered")
    MEAN = "mean", _("The average gain is high enough")
    SHARE = "share", _("Enough businesses reach that gain")
    WITHOUT_BEST = "without_best", _("It does not lean on the best business alone")
    SATISFACTION = "satisfaction", _("Users are satisfied enough")
    TESTS = "tests", _("The test worked for everybody")
    LOWER_BOUND = "lower_bound", _("We are sure enough of the average gain")
    SHARE_BOUND = "share_bound", _("We are sure enough that enough businesses reach it")
    CLEAN = "clean", _("No open doubts about integrity, no unsolved complaint, vetting in date")


class StandingReason(ReasonCode):
    """Grounds on which a place on the preferred list is lost."""

    MEAN_LOW = (
        "providers.standing_mean_low",
        _("The average gain is %(value)s %%. It has to stay at %(needed)s %% or more."),
    )
    RESPONSE_LOW = (
        "providers.standing_response_low",
        _("%(answered)s of the %(invited)s people we asked answered. At least %(needed)s %% of them have to."),
    )
    SHARE_LOW = (
        "providers.standing_share_low",
        _("%(value)s of the %(n)s businesses gain %(threshold)s %% or more. At least %(needed)s %% of them have to."),
    )
    LEANS_ON_ONE = (
        "providers.standing_leans_on_one",
        _("Without the best business the average gain is too low. It has to stay at %(needed)s %% or more."),
    )
    BOUND_LOW = (
        "providers.standing_bound_low",
        _("We are sure enough of a gain of %(value)s %% only. It has to stay at %(needed)s %% or more."),
    )
    SATISFACTION_LOW = (
        "providers.standing_satisfaction_low",
        _("Users give %(value)s out of 5 on average. It has to be at least %(needed)s."),
    )
    TEST_FAILED = "providers.standing_test_failed", _("The test did not work for %(value)s of the users.")
    FLAG_OPEN = "providers.standing_flag_open", _("A doubt about integrity is being looked into.")
    COMPLAINT_OPEN = "providers.standing_complaint_open", _("A complaint has not been solved yet.")
    VETTING_EXPIRED = (
        "providers.standing_vetting_expired",
        _("The vetting of this solution or of its provider is out of date."),
    )
    INTEGRITY_DECISION = "providers.standing_integrity_decision", _("It was decided that integrity fell short.")


EVIDENCE_GROUNDS = frozenset(
    {
        StandingReason.MEAN_LOW,
        StandingReason.RESPONSE_LOW,
        StandingReason.SHARE_LOW,
        StandingReason.LEANS_ON_ONE,
        StandingReason.BOUND_LOW,
        StandingReason.SATISFACTION_LOW,
        StandingReason.TEST_FAILED,
    }
)
"""Grounds that rest on reports, and so can neither arise nor pass away while there are too few of them."""


@dataclass(frozen=True)
class Finding:
    """One condition, whether it holds, and the number it was judged on (percent or count, rounded for showing)."""

    condition: Condition
    outcome: ConditionOutcome
    value: Decimal | int | None = None
    needed: Decimal | int | None = None
    of: int | None = None


@dataclass(frozen=True)
class Judgement:
    """What the rule found. `grounds` are the reasons for losing a place; `enough` tells too few reports from bad ones, in
    businesses and in people: `users` are persons, however many answers each gave (DESIGN 4.16).

    `interval` holds the two bounds that the true mean passes with the rule's certainty each; `between` is the interval it
    lies in with that certainty, for showing.
    """

    benefit: Benefit
    enough: bool
    passes: bool
    findings: tuple[Finding, ...]
    grounds: tuple[Reason, ...]
    smes: int
    users: int
    invited: int
    answered: int
    withheld: int
    references_count: bool
    gains: tuple[Fraction, ...] = field(default=())
    mean: Fraction | None = None
    satisfaction: Fraction | None = None
    interval: Interval | None = None
    between: Interval | None = None

    def as_json(self) -> dict[str, Any]:
        """The judgement as a run stores it and as pages show it."""
        nested = {"findings", "interval", "between"}
        stored = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in nested}
        stored["findings"] = [asdict(finding) for finding in self.findings]
        stored["interval"] = asdict(self.interval) if self.interval else None
        stored["between"] = asdict(self.between) if self.between else None
        return plain(stored)


def judge(inputs: Inputs, rules: RuleSet) -> Judgement:
    """Weighs the evidence of one solution on one day."""
    evidence = gather(inputs, rules)
    users = len({report.person for report in evidence.reports})
    enough = len(evidence.by_sme) >= rules.min_smes and users >= rules.shown_from_users
    gains = per_sme(evidence, lambda report: report.gain, rules)
    satisfactions = per_sme(evidence, lambda report: report.satisfaction, None)
    if inputs.benefit == Benefit.ASSURANCE:
        gains = ()
    interval = _interval(gains, rules, rules.certainty) if gains else None
    between = _interval(gains, rules, (1 + rules.certainty) / 2) if gains else None
    judged = [_enough(evidence, rules), _response(evidence, rules)]
    if inputs.benefit == Benefit.ASSURANCE:
        judged += [_satisfaction(satisfactions, rules), _tests(evidence)]
    else:
        judged += [_mean(gains, rules), _share(gains, rules), _without_best(gains, rules)]
        if rules.with_bounds:
            judged += [_lower_bound(interval, rules), _share_bound(gains, rules)]
    judged.append(_clean(inputs))
    findings = tuple(finding for finding, _grounds in judged)
    grounds = [ground for _finding, grounds in judged for ground in grounds]
    return Judgement(
        benefit=inputs.benefit,
        enough=enough,
        passes=all(finding.outcome == ConditionOutcome.MET for finding in findings),
        findings=findings,
        grounds=tuple(ground for ground in grounds if enough or ground.code not in EVIDENCE_GROUNDS),
        smes=len(evidence.by_sme),
        users=users,
        invited=evidence.invited,
        answered=evidence.answered,
        withheld=evidence.withheld,
        references_count=evidence.references_count,
        gains=tuple(sorted(gains)),
        mean=mean(gains) if gains else None,
        satisfaction=mean(satisfactions) if satisfactions else None,
        interval=interval,
        between=between,
    )


def percent(share: Fraction | Decimal) -> Decimal:
    """A share as percent with one decimal, half up: for showing only."""
    exact = Fraction(share) * 100
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


HALF = Fraction(1, 2)


def down_to(value: Fraction, step: Fraction) -> Fraction:
    """A value rounded down to a multiple of `step`: for showing only."""
    return value // step * step


def whole_percent(share: Fraction) -> Decimal:
    """A share as percent without decimals, rounded down, so that it never reads as more than the rule found."""
    return Decimal(int(down_to(share * 100, Fraction(1))))


def one_decimal(value: Fraction) -> Decimal:
    """A mean with one decimal, half up: for showing only."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _interval(gains: Sequence[Fraction], rules: RuleSet, certainty: Fraction) -> Interval:
    return shrunk_interval(
        gains,
        prior_mean=rules.prior_mean,
        prior_weight=rules.prior_weight,
        prior_spread=rules.prior_spread,
        prior_freedom=rules.prior_freedom,
        certainty=certainty,
    )


_Judged = tuple[Finding, list[Reason]]


def _outcome(holds: bool) -> ConditionOutcome:
    return ConditionOutcome.MET if holds else ConditionOutcome.NOT_MET


def _unknown(condition: Condition, needed: Decimal | int | None = None) -> _Judged:
    return Finding(condition, ConditionOutcome.UNKNOWN, needed=needed), []


def _enough(evidence: Evidence, rules: RuleSet) -> _Judged:
    n = len(evidence.by_sme)
    return Finding(Condition.ENOUGH, _outcome(n >= rules.min_smes), value=n, needed=rules.min_smes), []


def _response(evidence: Evidence, rules: RuleSet) -> _Judged:
    if not evidence.invited:
        return _unknown(Condition.RESPONSE, percent(rules.min_response))
    share = Fraction(evidence.answered, evidence.invited)
    holds = share >= rules.min_response
    finding = Finding(
        Condition.RESPONSE, _outcome(holds), percent(share), percent(rules.min_response), of=evidence.invited
    )
    params = {"answered": evidence.answered, "invited": evidence.invited, "needed": percent(rules.min_response)}
    return finding, [] if holds else [Reason(StandingReason.RESPONSE_LOW, params)]


def _mean(gains: Sequence[Fraction], rules: RuleSet) -> _Judged:
    if not gains:
        return _unknown(Condition.MEAN, percent(rules.threshold))
    average = mean(gains)
    params = {"value": whole_percent(average), "needed": percent(rules.keep)}
    finding = Finding(Condition.MEAN, _outcome(average >= rules.threshold), percent(average), percent(rules.threshold))
    return finding, [] if average >= rules.keep else [Reason(StandingReason.MEAN_LOW, params)]


def _share(gains: Sequence[Fraction], rules: RuleSet) -> _Judged:
    if not gains:
        return _unknown(Condition.SHARE, percent(rules.min_share))
    enough = sum(gain >= rules.threshold for gain in gains)
    holds = Fraction(enough, len(gains)) >= rules.min_share
    finding = Finding(
        Condition.SHARE, _outcome(holds), percent(Fraction(enough, len(gains))), percent(rules.min_share), of=len(gains)
    )
    params = {
        "value": enough,
        "n": len(gains),
        "threshold": percent(rules.threshold),
        "needed": percent(rules.min_share),
    }
    return finding, [] if holds else [Reason(StandingReason.SHARE_LOW, params)]


def _without_best(gains: Sequence[Fraction], rules: RuleSet) -> _Judged:
    if len(gains) < 2:
        return _unknown(Condition.WITHOUT_BEST, percent(rules.threshold))
    average = mean(sorted(gains)[:-1])
    holds = average >= rules.threshold
    finding = Finding(Condition.WITHOUT_BEST, _outcome(holds), percent(average), percent(rules.threshold))
    params = {"needed": percent(rules.keep)}
    # Without the best one a mean is always lower, so without this margin the margin of the mean could save nobody (ADR 0008).
    return finding, [] if average >= rules.keep else [Reason(StandingReason.LEANS_ON_ONE, params)]


def _lower_bound(interval: Interval | None, rules: RuleSet) -> _Judged:
    if interval is None:
        return _unknown(Condition.LOWER_BOUND, percent(rules.threshold))
    low = Fraction(interval.low)
    finding = Finding(Condition.LOWER_BOUND, _outcome(low >= rules.threshold), percent(low), percent(rules.threshold))
    params = {"value": whole_percent(low), "needed": percent(rules.keep)}
    return finding, [] if low >= rules.keep else [Reason(StandingReason.BOUND_LOW, params)]


def _share_bound(gains: Sequence[Fraction], rules: RuleSet) -> _Judged:
    if not gains:
        return _unknown(Condition.SHARE_BOUND, percent(rules.min_share))
    enough = sum(gain >= rules.threshold for gain in gains)
    low = Fraction(wilson_lower(enough, len(gains), z=float(rules.wilson_z)))
    return Finding(Condition.SHARE_BOUND, _outcome(low >= rules.min_share), percent(low), percent(rules.min_share)), []


def _satisfaction(values: Sequence[Fraction], rules: RuleSet) -> _Judged:
    if not values:
        return _unknown(Condition.SATISFACTION, one_decimal(rules.min_satisfaction))
    average = mean(values)
    holds = average >= rules.min_satisfaction
    needed = one_decimal(rules.min_satisfaction)
    params = {"value": one_decimal(down_to(average, HALF)), "needed": needed}
    finding = Finding(Condition.SATISFACTION, _outcome(holds), one_decimal(average), needed)
    return finding, [] if holds else [Reason(StandingReason.SATISFACTION_LOW, params)]


def _tests(evidence: Evidence) -> _Judged:
    tested = [report.test_passed for report in evidence.reports if report.test_passed is not None]
    if not tested:
        return _unknown(Condition.TESTS)
    failed = len(tested) - sum(tested)
    holds = not failed and len(tested) == len(evidence.reports)
    finding = Finding(Condition.TESTS, _outcome(holds), value=sum(tested), needed=len(evidence.reports), of=len(tested))
    return finding, [Reason(StandingReason.TEST_FAILED, {"value": failed})] if failed else []


def _clean(inputs: Inputs) -> _Judged:
    grounds = []
    if inputs.integrity_decisions:
        grounds.append(Reason(StandingReason.INTEGRITY_DECISION))
    if inputs.open_flags:
        grounds.append(Reason(StandingReason.FLAG_OPEN))
    if inputs.open_complaints:
        grounds.append(Reason(StandingReason.COMPLAINT_OPEN))
    if not inputs.vetting_valid:
        grounds.append(Reason(StandingReason.VETTING_EXPIRED))
    return Finding(Condition.CLEAN, _outcome(not grounds)), grounds
