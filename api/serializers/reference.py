"""Sectors, categories, municipalities and programmes as JSON."""

from rest_framework import serializers

from accounts.models import Municipality, Sector
from core.i18n import localised
from providers.models import Category


class SectorSerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField()
    sbi = serializers.SerializerMethodField(help_text="SBI 2025 prefixes; the longest prefix wins.")

    class Meta:
        model = Sector
        fields = ["code", "name", "name_nl", "name_en", "sbi"]

    def get_name(self, sector: Sector) -> str:
        return localised(sector, "name")

    def get_sbi(self, sector: Sector) -> list[str]:
        return sorted(row.prefix for row in sector.sbi_prefixes.all() if row.version == "2025")


class CategorySerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()
    hardware_component = serializers.BooleanField(source="hardware")

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


class MunicipalitySerializer(serializers.ModelSerializer):
    province = serializers.CharField(source="province_id")
    province_name = serializers.CharField(source="province.name")

    class Meta:
        model = Municipality
        fields = ["code", "name", "province", "province_name", "latitude", "longitude"]
