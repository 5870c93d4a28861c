"""The evidence behind a solution as JSON. No figure below three end users leaves the house (DESIGN 4.16)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rest_framework import serializers

from api.serializers.base import Answer
from api.serializers.fields import OneDecimalField
from providers.enums import Benefit, ConditionOutcome
from providers.models import StandingRun
from providers.rules.preferred import Condition, percent
from providers.wording import grounds_of

UNITS = {Condition.ENOUGH: "businesses", Condition.TESTS: "users", Condition.SATISFACTION: "mark"}
"""What a number of a condition counts; the others are percentages."""


def evidence_answer(run: StandingRun) -> dict[str, Any]:
    """What may be shown of a run of the preferred rule, every gain and bound in percent."""
    shown = run.figures_shown()
    return {
        **shown,
        "on": run.on,
        "rule": {"code": run.rule_code, "version": run.rule_version},
        "gains": [_percent(gain) for gain in shown["gains"]],
        "mean": _percent(shown["mean"]),
        "satisfaction": _mark(shown["satisfaction"]),
        "interval": _bounds(shown["interval"]),
        "between": _bounds(shown["between"]),
        "findings": [_finding(finding) for finding in shown["findings"]],
    }


def _percent(share: str | None) -> str | None:
    return str(percent(Fraction(share))) if share is not None else None


def _mark(mean: str | None) -> str | None:
    return str(percent(Fraction(mean) / 100)) if mean is not None else None


def _bounds(interval: Mapping[str, str] | None) -> dict[str, str | None] | None:
    return {side: _percent(interval[side]) for side in ("low", "high")} if interval else None


def _finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    condition = Condition(finding["condition"])
    numbers = {name: _number(finding.get(name)) for name in ("value", "needed")}
    unit = UNITS.get(condition, "percent")
    return {**finding, **numbers, "of": finding.get("of"), "unit": unit, "label": str(condition.label)}


def _number(value: Any) -> str | None:
    return None if value is None else str(value)


class RuleSerializer(Answer, serializers.Serializer):
    """Which published rule, in which version."""

    code = serializers.CharField()
    version = serializers.IntegerField()


class BoundsSerializer(Answer, serializers.Serializer):
    """Two bounds, in percent."""

    low = OneDecimalField()
    high = OneDecimalField()


class FindingSerializer(Answer, serializers.Serializer):
    """One condition of the rule with its outcome. A number that could tell about one person is null."""

    condition = serializers.ChoiceField(choices=[(one.value, one.value) for one in Condition])
    label = serializers.CharField(help_text="The condition in words, in the language asked for.")
    outcome = serializers.ChoiceField(choices=[(one.value, one.value) for one in ConditionOutcome])
    value = serializers.CharField(allow_null=True, help_text="What was found, in `unit`.")
    needed = serializers.CharField(allow_null=True, help_text="What the rule asks at least, in `unit`.")
    of = serializers.IntegerField(allow_null=True, help_text="Of how many people or businesses `value` is a share.")
    unit = serializers.ChoiceField(
        choices=[("percent", "percent"), *((unit, unit) for unit in UNITS.values())],
        help_text="Percentages and marks have one decimal, the others are whole numbers.",
    )


class GroundSerializer(Answer, serializers.Serializer):
    """A ground on which a place on the preferred list is lost."""

    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    def get_code(self, stored: Mapping[str, Any]) -> str:
        return stored["code"]

    def get_detail(self, stored: Mapping[str, Any]) -> str:
        return str(grounds_of([stored])[0])


class EvidenceSerializer(Answer, serializers.Serializer):
    """What a run of the preferred rule found, shown anew once a month at most. Gains and bounds are percentages with one decimal."""

    on = serializers.DateField(help_text="The day of the run.")
    rule = RuleSerializer()
    benefit = serializers.ChoiceField(
        choices=[(one.value, one.value) for one in Benefit],
        help_text="What is measured: time, output, or assurance, which is no productivity measurement.",
    )
    passes = serializers.BooleanField(help_text="Whether every condition of the rule is met.")
    enough = serializers.BooleanField(help_text="Whether enough businesses reported; false is not the same as bad.")
    smes = serializers.IntegerField(help_text="How many businesses reported.")
    users = serializers.IntegerField(
        help_text="How many end users reported. Below three people or three businesses no figure is shown."
    )
    invited = serializers.IntegerField()
    answered = serializers.IntegerField()
    withheld = serializers.IntegerField(help_text="Reports that are not counted.")
    references_count = serializers.BooleanField(help_text="Whether reference customers still count.")
    gains = serializers.ListField(
        child=OneDecimalField(),
        help_text="The gain of each business, rounded down to a step of five percent; none below five businesses.",
    )
    mean = OneDecimalField(allow_null=True, help_text="The mean gain, rounded down to a whole percent.")
    satisfaction = OneDecimalField(allow_null=True, help_text="The mean mark out of 5, rounded down to a half.")
    interval = BoundsSerializer(
        allow_null=True, help_text="Two bounds the mean passes, each with the rule's certainty."
    )
    between = BoundsSerializer(allow_null=True, help_text="Between which the mean lies with the rule's certainty.")
    findings = FindingSerializer(many=True)
    grounds = GroundSerializer(many=True)
