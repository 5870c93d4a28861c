"""Scans and roadmaps as JSON. The words are in the language asked for."""

from typing import Any

from rest_framework import serializers

from api.serializers.solutions import EuroAmountField

MOST_CODES = 100


class StrictIntegerField(serializers.IntegerField):
    """A JSON number that is whole; text, booleans and fractions are errors."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class StepSerializer(serializers.Serializer):
    """One step of a roadmap and why it is there."""

    category = serializers.CharField()
    name = serializers.CharField()
    level = serializers.IntegerField()
    priority = serializers.IntegerField()
    reason = serializers.CharField()
    required_by = serializers.ListField(child=serializers.CharField())
    only_sbi = serializers.ListField(child=serializers.CharField())
    listed = serializers.IntegerField()
    preferred = serializers.IntegerField()
    price_from = EuroAmountField(allow_null=True, help_text="First year, excl. VAT, of the cheapest package.")
    price_to = EuroAmountField(allow_null=True, help_text="The same of the dearest solution.")
    voucher = EuroAmountField(
        allow_null=True,
        help_text="What a voucher of the programme that is open would pay at most; null when it would pay nothing.",
    )


class RoadmapSerializer(serializers.Serializer):
    """A roadmap: the steps in order and a look at the next level."""

    sector = serializers.CharField()
    level = serializers.IntegerField()
    steps = StepSerializer(many=True)
    preview = StepSerializer(many=True)


class CodesField(serializers.CharField):
    """Codes with commas between: `A,B`. Spaces and empty places do not count."""

    def to_internal_value(self, data: Any) -> list[str]:
        return [code.strip() for code in super().to_internal_value(data).split(",") if code.strip()]


class RoadmapRequestSerializer(serializers.Serializer):
    """Whose roadmap is asked for."""

    sector = serializers.CharField(max_length=40, help_text="A sector code.")
    level = serializers.IntegerField(min_value=1, max_value=4)
    have = CodesField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default=list,
        help_text="Category codes the business has already: `A,B`.",
    )
    sbi = serializers.CharField(
        max_length=20, required=False, allow_blank=True, default="", help_text="Such as `55.10`."
    )


class ScanRequestSerializer(serializers.Serializer):
    """The twelve answers and what is known of the business."""

    sector = serializers.CharField(max_length=40)
    answers = serializers.DictField(child=StrictIntegerField(), help_text='`{"A1": 1, … "B6": 5}`, all twelve.')
    municipality = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    headcount = StrictIntegerField(required=False, allow_null=True, default=None)
    have = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MOST_CODES, required=False, default=list
    )
    sbi = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class ScanResultSerializer(serializers.Serializer):
    """Where the business stands and what comes next."""

    token = serializers.CharField(help_text="The secret to read this scan back with; it is told once.")
    sector = serializers.CharField()
    sum = serializers.IntegerField()
    score = serializers.CharField(help_text="Two decimals, from 2.00 to 10.00.")
    level = serializers.IntegerField()
    weakest = serializers.ListField(child=serializers.CharField())
    steps = StepSerializer(many=True)
    preview = StepSerializer(many=True)
