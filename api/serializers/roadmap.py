"""Scans and roadmaps as JSON. The words are in the language asked for."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Municipality, Sector
from api.serializers.base import Answer, QuerySerializer, StrictSerializer
from api.serializers.fields import (
    ANSWERS,
    AnswersField,
    CategoriesField,
    CodeField,
    EuroAmountField,
    SbiField,
    WholeNumberField,
    WrittenCategoriesField,
    WrittenNumberField,
)
from roadmap.enums import ScanReason, StepKind
from roadmap.models import Scan
from roadmap.services.scan import MOST_PEOPLE, scan_answer
from vouchers.services.support import support_now, with_vouchers


class StepSerializer(Answer, serializers.Serializer):
    """One step of a roadmap and why it is there."""

    category = serializers.CharField(help_text="A category code.")
    name = serializers.CharField()
    level = serializers.IntegerField(help_text="The level at which the sector takes this step.")
    priority = serializers.IntegerField(help_text="Its place within the level; 1 comes first.")
    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.value) for kind in StepKind],
        help_text="Recommended at this level, or needed first for another step.",
    )
    reason = serializers.CharField(help_text="Why it is there, in a sentence.")
    required_by = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the steps of this roadmap that need it first."
    )
    only_sbi = serializers.ListField(
        child=serializers.CharField(),
        help_text="SBI prefixes of the businesses it suits; only told when the SBI code of this one is not known.",
    )
    limit_why = serializers.CharField(help_text="Why it suits only those; empty without such a limit.")
    listed = serializers.IntegerField(help_text="How many solutions the catalogue has for this sector.")
    preferred = serializers.IntegerField(help_text="How many of those are on the preferred list.")
    price_from = EuroAmountField(
        allow_null=True, help_text="First year, excl. VAT, of the cheapest package of the cheapest solution."
    )
    price_to = EuroAmountField(
        allow_null=True, help_text="First year, excl. VAT, of the cheapest package of the dearest solution."
    )
    voucher = EuroAmountField(
        allow_null=True,
        help_text="What a voucher of the programme that is open would pay at most; null when it would pay nothing.",
    )


class RoadmapSerializer(Answer, serializers.Serializer):
    """A roadmap: the steps in order and a look at the next level."""

    sector = serializers.CharField()
    level = serializers.IntegerField()
    steps = StepSerializer(many=True)
    preview = StepSerializer(many=True)


def sector_field(**kwargs: Any) -> CodeField:
    return CodeField(model=Sector, reason=ScanReason.SECTOR_UNKNOWN, help_text="A sector code.", **kwargs)


SBI = "An SBI code, such as `55.10`: leaves out steps that do not suit it. Empty: not known."


class RoadmapQuerySerializer(QuerySerializer):
    """Whose roadmap is asked for."""

    several: ClassVar[frozenset[str]] = frozenset({"have"})

    sector = sector_field()
    level = WrittenNumberField(min_value=1, max_value=4, help_text="The level on the ladder.")
    have = WrittenCategoriesField(
        required=False,
        default=list,
        help_text="Category codes the business has already: `A,B`, or given several times.",
    )
    sbi = SbiField(max_length=20, required=False, allow_blank=True, default="", help_text=SBI)


class ScanRequestSerializer(StrictSerializer):
    """The twelve answers and what is known of the business."""

    sector = sector_field()
    answers = AnswersField(help_text="The answers to all questions, each from 1 to 5 (`/api/v1/questions/`).")
    municipality = CodeField(
        model=Municipality,
        reason=ScanReason.MUNICIPALITY_UNKNOWN,
        required=False,
        allow_blank=True,
        default="",
        help_text="A municipality by its CBS code, such as `GM0114`. Empty: not told.",
    )
    headcount = WholeNumberField(
        min_value=1,
        max_value=MOST_PEOPLE,
        required=False,
        allow_null=True,
        default=None,
        help_text="How many people work in the business.",
    )
    have = CategoriesField(required=False, default=list, help_text="Category codes the business has already.")
    sbi = SbiField(max_length=20, required=False, allow_blank=True, default="", help_text=SBI)


@extend_schema_field(ANSWERS)
class GivenAnswersField(serializers.DictField):
    """The answers as they were given."""


class ScanResultSerializer(Answer, serializers.Serializer):
    """Where the business stands and what comes next, with what it told."""

    token = serializers.CharField(
        help_text="The secret of this scan: who has it reads the scan. Keep it; there is no other way back to the scan."
    )
    page = serializers.SerializerMethodField(help_text="The same result as a page for people; it holds the secret too.")
    created_at = serializers.DateTimeField()
    questionnaire = serializers.IntegerField(help_text="The version of the questions.")
    sector = serializers.CharField()
    answers = GivenAnswersField()
    municipality = serializers.CharField(allow_blank=True)
    headcount = serializers.IntegerField(allow_null=True)
    have = serializers.ListField(child=serializers.CharField())
    sbi = serializers.CharField(allow_blank=True)
    sum = serializers.IntegerField(help_text="The sum of the answers.")
    score = serializers.CharField(help_text="Two decimals, from 2.00 to 10.00.")
    level = serializers.IntegerField(help_text="The level on the ladder, 1 to 4.")
    weakest = serializers.ListField(child=serializers.CharField(), help_text="The two questions answered lowest.")
    steps = StepSerializer(many=True)
    preview = StepSerializer(many=True)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_page(self, answer: dict[str, Any]) -> str:
        return self.context["request"].build_absolute_uri(reverse("marketplace:scan_result", args=[answer["token"]]))


def scan_result(scan: Scan, token: str) -> dict[str, Any]:
    """A finished scan as the API answers it: what the business told and what it says."""
    return {
        "token": token,
        "created_at": scan.started_at,
        "questionnaire": scan.questionnaire,
        "answers": scan.answers,
        "municipality": scan.municipality_id or "",
        "headcount": scan.headcount,
        "have": scan.have,
        "sbi": scan.sbi,
        **vouchers_too(scan_answer(scan)),
    }


def vouchers_too(answer: dict[str, Any]) -> dict[str, Any]:
    """A roadmap with what a voucher of the programme that is open would pay for each step."""
    support = support_now()
    return {**answer, **{part: with_vouchers(answer[part], support) for part in ("steps", "preview")}}
