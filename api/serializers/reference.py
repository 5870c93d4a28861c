"""Sectors, categories, provinces, municipalities and questions as JSON, and what can be asked about them."""

from rest_framework import serializers

from accounts.models import Municipality, Province, Sector
from api.serializers.base import Answer
from api.serializers.fields import CodeField, TextField
from api.serializers.paging import PagingSerializer
from core.i18n import localised
from providers.models import Category
from roadmap.enums import ScanReason
from roadmap.models import Question

SBI_VERSION = "2025"
LONGEST_SEARCH = 100


class SectorSerializer(Answer, serializers.ModelSerializer):
    """A sector a roadmap exists for."""

    name = serializers.SerializerMethodField(help_text="In the language asked for.")
    sbi = serializers.SerializerMethodField(help_text="SBI 2025 prefixes; the longest prefix wins.")

    class Meta:
        model = Sector
        fields = ["code", "name", "name_nl", "name_en", "sbi"]

    def get_name(self, sector: Sector) -> str:
        return localised(sector, "name")

    def get_sbi(self, sector: Sector) -> list[str]:
        return sorted(row.prefix for row in sector.sbi_prefixes.all() if row.version == SBI_VERSION)


class CategorySerializer(Answer, serializers.ModelSerializer):
    """A kind of solution."""

    name = serializers.SerializerMethodField(help_text="In the language asked for.")
    why = serializers.SerializerMethodField(help_text="What it is good for, in the language asked for.")
    prerequisites = serializers.CharField(help_text="What has to be there first: `A;B` all of them, `A|B` any of them.")
    hardware_component = serializers.BooleanField(
        source="hardware", help_text="Whether it usually comes with a device."
    )

    class Meta:
        model = Category
        fields = [
            "code",
            "group",
            "name",
            "name_nl",
            "name_en",
            "why",
            "prerequisites",
            "min_level",
            "hardware_component",
            "benefit",
        ]

    def get_name(self, category: Category) -> str:
        return localised(category, "name")

    def get_why(self, category: Category) -> str:
        return localised(category, "why")


class ProvinceSerializer(Answer, serializers.ModelSerializer):
    """A province by its CBS code."""

    in_programme = serializers.BooleanField(
        source="is_north", help_text="Whether it is one of the three northern ones."
    )

    class Meta:
        model = Province
        fields = ["code", "name", "in_programme"]


class MunicipalityQuerySerializer(PagingSerializer):
    """Which municipalities."""

    q = TextField(
        required=False, allow_blank=True, max_length=LONGEST_SEARCH, help_text="A part of the name, such as `groning`."
    )
    province = CodeField(
        model=Province, reason=ScanReason.PROVINCE_UNKNOWN, required=False, help_text="A province code, such as `PV20`."
    )


class MunicipalitySerializer(Answer, serializers.ModelSerializer):
    """A municipality by its CBS code, with its province."""

    province = serializers.CharField(source="province_id")
    province_name = serializers.CharField(source="province.name")

    class Meta:
        model = Municipality
        fields = ["code", "name", "province", "province_name", "latitude", "longitude"]


class QuestionSerializer(Answer, serializers.ModelSerializer):
    """One question of the scan, in the language asked for."""

    stem = serializers.SerializerMethodField(help_text="The beginning that the questions of a block share.")
    text = serializers.SerializerMethodField()
    anchor_low = serializers.SerializerMethodField(help_text="What the lowest answer means.")
    anchor_high = serializers.SerializerMethodField(help_text="What the highest answer means.")
    help = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = [
            "code",
            "questionnaire",
            "block",
            "position",
            "stem",
            "text",
            "lowest",
            "highest",
            "anchor_low",
            "anchor_high",
            "help",
        ]

    def get_stem(self, question: Question) -> str:
        return localised(question, "stem")

    def get_text(self, question: Question) -> str:
        return localised(question, "text")

    def get_anchor_low(self, question: Question) -> str:
        return localised(question, "anchor_low")

    def get_anchor_high(self, question: Question) -> str:
        return localised(question, "anchor_high")

    def get_help(self, question: Question) -> str:
        return localised(question, "help")
