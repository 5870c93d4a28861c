"""Programmes and estimates as JSON."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.solutions import EuroAmountField
from core import clock
from core.i18n import localised
from core.money import parse_euro
from core.reasons import Reason, Refused
from vouchers.models import Programme, RuleSet


class ProgrammeSerializer(serializers.ModelSerializer):
    """A programme with the numbers of today and what is left of its ceiling."""

    name = serializers.SerializerMethodField()
    open = serializers.SerializerMethodField()
    rules = serializers.SerializerMethodField()
    budget = serializers.SerializerMethodField()

    class Meta:
        model = Programme
        fields = [
            "code",
            "name",
            "name_nl",
            "name_en",
            "opens_on",
            "closes_on",
            "open",
            "distribution",
            "rules",
            "budget",
        ]

    def get_name(self, programme: Programme) -> str:
        return localised(programme, "name")

    def get_open(self, programme: Programme) -> bool:
        return programme.is_open(clock.today())

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_rules(self, programme: Programme) -> dict[str, Any] | None:
        try:
            rules = programme.rules_on(clock.today())
        except RuleSet.DoesNotExist:
            return None
        return {
            "version": rules.version,
            "rate": str(rules.rate),
            "cap": str(rules.cap),
            "minimum": str(rules.minimum),
            "window_months": rules.window_months,
            "provinces": rules.provinces,
        }

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_budget(self, programme: Programme) -> dict[str, str] | None:
        whole = next((budget for budget in programme.budgets.all() if budget.province_id is None), None)
        if whole is None:
            return None
        parts = ("ceiling", "reserved", "committed", "paid", "available")
        return {part: str(getattr(whole, part)) for part in parts}


@extend_schema_field(OpenApiTypes.STR)
class AskedAmountField(serializers.Field):
    """An amount as text, such as `"22500.00"`; numbers are refused, because JSON numbers lose cents."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Write the amount as text: “22500.00”."), code="type")
        try:
            return parse_euro(data)
        except Refused as refused:
            raise serializers.ValidationError(
                [str(reason) for reason in refused.reasons], code=refused.reasons[0].code.value
            ) from refused


class EstimateRequestSerializer(serializers.Serializer):
    eligible_cost = AskedAmountField(help_text="Eligible cost in euros, excl. the VAT that is deducted.")


class ArithmeticSerializer(serializers.Serializer):
    label = serializers.SerializerMethodField()
    amount = EuroAmountField()

    def get_label(self, row: Any) -> str:
        return str(row.label)


class ReasonSerializer(serializers.Serializer):
    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()
    ground = serializers.CharField(allow_blank=True)

    def get_code(self, reason: Reason) -> str:
        return reason.code.value

    def get_detail(self, reason: Reason) -> str:
        return str(reason)


class EstimateSerializer(serializers.Serializer):
    """What a voucher would pay, and the sum behind it."""

    award = EuroAmountField()
    own_contribution = EuroAmountField()
    arithmetic = ArithmeticSerializer(many=True)
    reasons = ReasonSerializer(many=True)
