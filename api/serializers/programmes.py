"""Programmes and estimates as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.base import Answer, StrictSerializer
from api.serializers.fields import AskedAmountField, EuroAmountField
from core import clock
from core.i18n import localised
from core.reasons import Reason
from vouchers.models import Budget, Programme, RuleSet
from vouchers.rules.amount import ArithmeticRow


class RulesSerializer(Answer, serializers.ModelSerializer):
    """The numbers of a programme in one version."""

    rate = serializers.DecimalField(max_digits=5, decimal_places=2, help_text="Percentage of the cost that is paid.")
    cap = EuroAmountField(help_text="At most this per business within the window.")
    minimum = EuroAmountField(help_text="Below this nothing is awarded.")
    window_months = serializers.IntegerField()
    provinces = serializers.ListField(child=serializers.CharField(), help_text="Codes of the provinces it is for.")

    class Meta:
        model = RuleSet
        fields = ["version", "rate", "cap", "minimum", "window_months", "provinces"]


class BudgetSerializer(Answer, serializers.ModelSerializer):
    """The ceiling of a programme and what became of it, in euros."""

    ceiling = EuroAmountField()
    reserved = EuroAmountField(help_text="For complete applications that are not decided.")
    committed = EuroAmountField(help_text="Awarded and not yet paid.")
    paid = EuroAmountField()
    available = EuroAmountField(help_text="What nobody has a claim on yet.")

    class Meta:
        model = Budget
        fields = ["ceiling", "reserved", "committed", "paid", "available"]


class ProgrammeSerializer(Answer, serializers.ModelSerializer):
    """A programme with the numbers of today and what is left of its ceiling."""

    name = serializers.SerializerMethodField(help_text="In the language asked for.")
    opens_on = serializers.DateField()
    closes_on = serializers.DateField(allow_null=True, help_text="The last day; null: not set yet.")
    open = serializers.SerializerMethodField(help_text="Whether one can apply today.")
    rules = serializers.SerializerMethodField(help_text="Null before the first version counts.")
    budget = serializers.SerializerMethodField(help_text="Null while no ceiling is set.")

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

    @extend_schema_field(RulesSerializer(allow_null=True))
    def get_rules(self, programme: Programme) -> Any:
        try:
            return RulesSerializer(programme.rules_on(clock.today())).data
        except RuleSet.DoesNotExist:
            return None

    @extend_schema_field(BudgetSerializer(allow_null=True))
    def get_budget(self, programme: Programme) -> Any:
        whole = next((budget for budget in programme.budgets.all() if budget.province_id is None), None)
        return BudgetSerializer(whole).data if whole else None


class EstimateRequestSerializer(StrictSerializer):
    """What a solution costs."""

    eligible_cost = AskedAmountField(help_text="Eligible cost in euros, excl. the VAT that is deducted.")


class ArithmeticSerializer(Answer, serializers.Serializer):
    """One line of the arithmetic."""

    code = serializers.SerializerMethodField(help_text="What the line is, for programs.")
    label = serializers.SerializerMethodField(help_text="What the line is, for people.")
    amount = EuroAmountField()

    def get_code(self, row: ArithmeticRow) -> str:
        return row.label.code.value

    def get_label(self, row: ArithmeticRow) -> str:
        return str(row.label)


class ReasonSerializer(Answer, serializers.Serializer):
    """Why the award is less than it could be."""

    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()
    ground = serializers.CharField(allow_blank=True, help_text="The legal ground, where there is one.")

    def get_code(self, reason: Reason) -> str:
        return reason.code.value

    def get_detail(self, reason: Reason) -> str:
        return str(reason)


class EstimateSerializer(Answer, serializers.Serializer):
    """What a voucher would pay, and the sum behind it."""

    award = EuroAmountField()
    own_contribution = EuroAmountField()
    arithmetic = ArithmeticSerializer(many=True)
    reasons = ReasonSerializer(many=True)
