"""How the evidence of a solution is shown: the same on its page, in a comparison and to its provider."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.wording import decimals
from providers.enums import Benefit, ConditionOutcome
from providers.models import Solution, StandingRun
from providers.rules.preferred import Condition, one_decimal, percent
from providers.rules.rulesets import RuleSet
from providers.wording import written

OUTCOME_TONES = {ConditionOutcome.MET: "good", ConditionOutcome.NOT_MET: "bad", ConditionOutcome.UNKNOWN: "neutral"}


@dataclass(frozen=True)
class ShownCondition:
    """One condition of the rule as a row: its words, its outcome and the numbers."""

    label: str
    outcome: str
    tone: str
    detail: str


@dataclass(frozen=True)
class Evidence:
    """What may be shown of a run of the rule; `figures` is False when too few answered for any number.

    `reach` is how many businesses gain what the rule asks (`rules.threshold`) or more.
    """

    run: StandingRun
    benefit: Benefit
    figures: bool
    enough: bool
    ageing: bool
    smes: int
    users: int
    invited: int
    answered: int
    withheld: int
    references_count: bool
    mean: Fraction | None
    reach: int | None
    satisfaction: Decimal | None
    low: Decimal | None
    between: tuple[Decimal, Decimal] | None
    dots: tuple[Fraction, ...]
    conditions: tuple[ShownCondition, ...]
    rules: RuleSet


def evidence_of(solution: Solution) -> Evidence | None:
    """The evidence as it is shown this month; None when the rule was never run."""
    run = solution.shown_run
    if run is None:
        return None
    shown = run.figures_shown()
    between, interval = shown.get("between"), shown.get("interval")
    return Evidence(
        run=run,
        benefit=Benefit(shown["benefit"]),
        figures=shown["mean"] is not None or shown["satisfaction"] is not None,
        enough=shown["enough"],
        ageing=solution.evidence_ageing,
        smes=shown["smes"],
        users=shown["users"],
        invited=shown["invited"],
        answered=shown["answered"],
        withheld=shown["withheld"],
        references_count=shown["references_count"],
        mean=Fraction(shown["mean"]) if shown["mean"] else None,
        reach=shown["reach"],
        satisfaction=_one_decimal(shown["satisfaction"]),
        low=Decimal(interval["low"]) if interval else None,
        between=(Decimal(between["low"]), Decimal(between["high"])) if between else None,
        dots=tuple(Fraction(gain) for gain in shown["gains"]),
        conditions=tuple(_condition(finding) for finding in shown["findings"]),
        rules=RuleSet.from_json(run.rule),
    )


def short_evidence(evidence: Evidence | None) -> str:
    """The evidence in one line, for a comparison."""
    if evidence is None or not evidence.figures:
        return _("Not enough evidence yet")
    businesses = ngettext("%(n)s business", "%(n)s businesses", evidence.smes) % {"n": evidence.smes}
    if evidence.mean is not None:
        return _("%(gain)s %% more productive (%(businesses)s)") % {
            "gain": decimals(percent(evidence.mean), 0),
            "businesses": businesses,
        }
    return _("%(mark)s out of 5 (%(businesses)s)") % {
        "mark": decimals(evidence.satisfaction, 1),
        "businesses": businesses,
    }


def _condition(finding: dict[str, Any]) -> ShownCondition:
    condition, outcome = Condition(finding["condition"]), ConditionOutcome(finding["outcome"])
    return ShownCondition(
        label=str(condition.label),
        outcome=str(outcome.label),
        # Too few reports yet are never bad (DESIGN 4.6).
        tone="neutral"
        if condition == Condition.ENOUGH and outcome == ConditionOutcome.NOT_MET
        else OUTCOME_TONES[outcome],
        detail=_detail(condition, finding),
    )


def _detail(condition: Condition, finding: dict[str, Any]) -> str:
    """The numbers of a condition as a sentence; nothing where they may not be shown."""
    value, needed, of = finding.get("value"), finding.get("needed"), finding.get("of")
    if value is None:
        return ""
    numbers = {"value": written(value), "needed": written(needed), "of": of}
    match condition:
        case Condition.ENOUGH:
            return _("%(value)s businesses; at least %(needed)s are needed") % numbers
        case Condition.RESPONSE:
            return _("%(value)s %% of %(of)s people; at least %(needed)s %% is needed") % numbers
        case Condition.SHARE:
            return _("%(value)s %% of %(of)s businesses; at least %(needed)s %% is needed") % numbers
        case Condition.SATISFACTION:
            return _("%(value)s out of 5; at least %(needed)s is needed") % numbers
        case Condition.TESTS:
            return _("%(value)s of %(needed)s users") % numbers
        case Condition.CLEAN:
            return ""
    return _("%(value)s %%; at least %(needed)s %% is needed") % numbers


def _one_decimal(value: str | None) -> Decimal | None:
    return one_decimal(Fraction(value)) if value else None
