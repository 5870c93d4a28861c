"""What of a judgement anybody may see, so coarse that it gives no person's answer away (DESIGN 4.16, ADR 0029)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from providers.enums import ConditionOutcome
from providers.rules.preferred import HALF, Condition, down_to, one_decimal, percent, whole_percent

GAIN_STEP = Fraction(5, 100)
"""The gain of a business is shown rounded down to a step of five points."""

ALWAYS_SHOWN = frozenset({Condition.ENOUGH, Condition.CLEAN})
"""Conditions whose numbers tell nothing about a person's answer."""

WITHOUT_NUMBER = frozenset({Condition.WITHOUT_BEST})
"""Conditions of which only the outcome is shown: next to the mean, the number would tell what the best business said."""


def has_figures(outcome: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Whether enough people at enough businesses answered for any figure to be shown."""
    return outcome["users"] >= rule["shown_from_users"] and outcome["smes"] >= rule["shown_from_smes"]


def published(outcome: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """A stored judgement as it is shown, with `reach`: how many businesses gain what the rule asks or more.

    No figure below the rule set's number of end users and of businesses. Means and bounds are whole percents, marks are
    halves, all rounded down and upper bounds up; gains are steps of `GAIN_STEP`, and only from the rule set's number of
    businesses for dots.
    """
    if not has_figures(outcome, rule):
        nothing = {"gains": [], "mean": None, "satisfaction": None, "interval": None, "between": None, "reach": None}
        return {**outcome, **nothing, "findings": [_hidden(finding) for finding in outcome["findings"]]}
    gains = [Fraction(gain) for gain in outcome["gains"]]
    steps = [str(down_to(gain, GAIN_STEP)) for gain in gains] if len(gains) >= rule["dots_from_smes"] else []
    return {
        **outcome,
        "gains": steps,
        "mean": _coarse(outcome["mean"], Fraction(1, 100)),
        "satisfaction": _coarse(outcome["satisfaction"], HALF),
        "interval": _outward(outcome["interval"]),
        "between": _outward(outcome["between"]),
        "reach": sum(gain >= Fraction(rule["threshold"]) for gain in gains) if gains else None,
        "findings": [{**finding, "value": _value(finding, outcome)} for finding in outcome["findings"]],
    }


def _coarse(value: str | None, step: Fraction) -> str | None:
    return None if value is None else str(down_to(Fraction(value), step))


def _outward(bounds: Mapping[str, str] | None) -> dict[str, str] | None:
    """Bounds in whole percents, the lower one down and the upper one up, so that they promise no more than they did."""
    if bounds is None:
        return None
    low, high = whole_percent(Fraction(bounds["low"])), -whole_percent(-Fraction(bounds["high"]))
    return {"low": str(low / 100), "high": str(high / 100)}


def _hidden(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A condition that rests on too few answers to say what came of it."""
    if finding["condition"] in ALWAYS_SHOWN:
        return dict(finding)
    return {**finding, "outcome": ConditionOutcome.UNKNOWN.value, "value": None, "of": None}


def _value(finding: Mapping[str, Any], outcome: Mapping[str, Any]) -> Any:
    """The number of a condition, from the exact figure and not from one that was rounded before."""
    condition = Condition(finding["condition"])
    if finding["value"] is None or condition in WITHOUT_NUMBER:
        return None
    match condition:
        case Condition.MEAN:
            return str(percent(down_to(Fraction(outcome["mean"]), Fraction(1, 100))))
        case Condition.LOWER_BOUND:
            return str(percent(down_to(Fraction(outcome["interval"]["low"]), Fraction(1, 100))))
        case Condition.SATISFACTION:
            return str(one_decimal(down_to(Fraction(outcome["satisfaction"]), HALF)))
    return finding["value"]
