"""Solutions as JSON, and what can be asked about them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.serializers.base import Answer
from api.serializers.evidence import EvidenceSerializer, evidence_answer
from api.serializers.fields import AskedAmountField, EuroAmountField, TextField, WrittenNumberField, YesOrNoField
from api.serializers.paging import PagingSerializer
from core import clock
from core.i18n import localised
from providers.filters import MOST_LETTERS, ORDERINGS, SolutionFilter
from providers.models import Package, Solution
from providers.models.catalogue import ON_THE_LIST, SHOWN


class SolutionQuerySerializer(PagingSerializer):
    """The filters of the catalogue. Empty means not asked; codes that do not exist are faults."""

    q = TextField(
        required=False,
        allow_blank=True,
        max_length=MOST_LETTERS,
        help_text="Words to search for in names, categories, providers and descriptions; all of the first six must be there.",
    )
    category = TextField(required=False, allow_blank=True, help_text="A category code, such as `KASSA`.")
    sector = TextField(
        required=False, allow_blank=True, help_text="A sector code: what is made for it or for every sector."
    )
    level = WrittenNumberField(
        required=False, min_value=1, max_value=4, help_text="A level of the ladder the solution suits."
    )
    province = TextField(
        required=False, allow_blank=True, help_text="`PV20`, `PV21` or `PV22`: what is delivered there or everywhere."
    )
    preferred = YesOrNoField(
        required=False, help_text="`true`: only what is on the preferred list; `false`: only what is not."
    )
    price_max = AskedAmountField(
        required=False, help_text="At most this many euros in the first year, excl. VAT, with the cheapest package."
    )
    ordering = serializers.ChoiceField(
        choices=[(value, value) for value, _label in ORDERINGS],
        required=False,
        default="relevance",
        help_text="`relevance`: the preferred list first, then the best match, then an order that is another one every day.",
        error_messages={"invalid_choice": _("There is no such order.")},
    )

    def to_internal_value(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The form of each parameter is judged here, codes and amounts by the filter that the pages have too."""
        faults: dict[str, Any] = {}
        asked: dict[str, Any] = {}
        try:
            asked = super().to_internal_value(data)
        except ValidationError as error:
            faults = error.detail
        self.filter = SolutionFilter({**data}, queryset=Solution.objects.visible(clock.today()))
        for name, found in self.filter.form.errors.as_data().items():
            details = [ErrorDetail(message, code=one.code or "invalid") for one in found for message in one.messages]
            faults.setdefault(name, details)
        if faults:
            raise ValidationError(faults)
        return asked

    def found(self) -> QuerySet[Solution]:
        """What was asked for, in the order that was asked for."""
        found = self.filter.qs
        return found.exclude(state__in=ON_THE_LIST) if self.validated_data.get("preferred") is False else found


class SolutionSerializer(Answer, serializers.ModelSerializer):
    """A solution as a list shows it."""

    category = serializers.CharField(source="category_id")
    category_name = serializers.SerializerMethodField()
    provider = serializers.IntegerField(source="provider_id")
    provider_name = serializers.CharField(source="provider.organisation")
    state = serializers.ChoiceField(
        choices=[(state.value, state.value) for state in SHOWN],
        help_text="`on_notice` is still on the preferred list.",
    )
    preferred = serializers.BooleanField(source="is_preferred", help_text="Whether it is on the preferred list.")
    sectors = serializers.SerializerMethodField(help_text="Sector codes; empty: for every sector.")
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


class PackageSerializer(Answer, serializers.ModelSerializer):
    """A package with its approved price of today, in euros excl. VAT."""

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

    provinces = serializers.SerializerMethodField(help_text="Province codes; empty: everywhere.")
    packages = serializers.SerializerMethodField(help_text="Cheapest first.")
    evidence = serializers.SerializerMethodField(
        help_text="The run of the preferred rule that is shown this month; null before the first."
    )

    class Meta(SolutionSerializer.Meta):
        fields = [*SolutionSerializer.Meta.fields, "description", "provinces", "valid_until", "packages", "evidence"]

    def get_provinces(self, solution: Solution) -> list[str]:
        return [province.pk for province in solution.provinces.all()]

    @extend_schema_field(PackageSerializer(many=True))
    def get_packages(self, solution: Solution) -> Any:
        return PackageSerializer(solution.packages_on(clock.today()), many=True).data

    @extend_schema_field(EvidenceSerializer(allow_null=True))
    def get_evidence(self, solution: Solution) -> Any:
        return EvidenceSerializer(evidence_answer(solution.shown_run)).data if solution.shown_run else None
