"""Solutions and their evidence as JSON. No figure below three end users leaves the house (DESIGN 4.16)."""

from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import clock
from core.i18n import localised
from core.money import euro
from providers.models import Package, Solution


@extend_schema_field(OpenApiTypes.STR)
class EuroAmountField(serializers.Field):
    """Euros as text with two decimals, or null."""

    def to_representation(self, value: Decimal) -> str:
        return str(euro(value))


class SolutionSerializer(serializers.ModelSerializer):
    """A solution as a list shows it."""

    category_name = serializers.SerializerMethodField()
    provider = serializers.IntegerField(source="provider_id", read_only=True)
    provider_name = serializers.CharField(source="provider.organisation")
    state = serializers.CharField()
    preferred = serializers.BooleanField(source="is_preferred")
    sectors = serializers.SerializerMethodField(help_text="Empty: for every sector.")
    price = EuroAmountField(source="first_year_price", help_text="First year, excl. VAT, of the cheapest package.")

    class Meta:
        model = Solution
        fields = [
            "slug",
            "name",
            "summary",
            "category",
            "category_name",
            "provider",
            "provider_name",
            "state",
            "preferred",
            "on_trial",
            "evidence_ageing",
            "sectors",
            "min_level",
            "max_level",
            "price",
        ]

    def get_category_name(self, solution: Solution) -> str:
        return localised(solution.category, "name")

    def get_sectors(self, solution: Solution) -> list[str]:
        return [sector.pk for sector in solution.sectors.all()]


class PackageSerializer(serializers.ModelSerializer):
    """A package with its approved price of today."""

    one_off = EuroAmountField(source="current.one_off")
    monthly = EuroAmountField(source="current.monthly")
    hardware_part = EuroAmountField(
        source="current.hardware", help_text="Part of `one_off`; not eligible for a voucher."
    )
    first_year = EuroAmountField(source="current.first_year")
    three_years = EuroAmountField(source="current.three_years")

    class Meta:
        model = Package
        fields = [
            "id",
            "name",
            "included",
            "unit",
            "max_quantity",
            "term_months",
            "one_off",
            "monthly",
            "hardware_part",
            "first_year",
            "three_years",
        ]


class SolutionDetailSerializer(SolutionSerializer):
    """A solution with its packages, where it is delivered, and every condition of the preferred rule with its outcome."""

    provinces = serializers.SerializerMethodField(help_text="Empty: everywhere.")
    packages = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField(help_text="The last run of the preferred rule; null before the first.")

    class Meta(SolutionSerializer.Meta):
        fields = [*SolutionSerializer.Meta.fields, "description", "provinces", "valid_until", "packages", "evidence"]

    def get_provinces(self, solution: Solution) -> list[str]:
        return [province.pk for province in solution.provinces.all()]

    @extend_schema_field(PackageSerializer(many=True))
    def get_packages(self, solution: Solution) -> Any:
        return PackageSerializer(solution.packages_on(clock.today()), many=True).data

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": {}})
    def get_evidence(self, solution: Solution) -> Any:
        run = solution.standing
        if run is None:
            return None
        rule = {"code": run.rule_code, "version": run.rule_version}
        return {"on": run.on.isoformat(), "rule": rule, "passes": run.passes, **run.figures_shown()}
