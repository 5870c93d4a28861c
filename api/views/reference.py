"""What everybody may read: sectors, categories, provinces, municipalities and the questions of the scan."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from accounts.models import Municipality, Province, Sector
from api.examples import CATEGORY, MUNICIPALITY, PROVINCE, QUESTION, SECTOR, answered
from api.serializers.base import QuerySerializer
from api.serializers.paging import PagingSerializer
from api.serializers.reference import (
    CategorySerializer,
    MunicipalityQuerySerializer,
    MunicipalitySerializer,
    ProvinceSerializer,
    QuestionSerializer,
    SectorSerializer,
)
from api.views.base import PublicList
from providers.models import Category
from roadmap.models import Question
from roadmap.services import CURRENT_QUESTIONNAIRE


def listed(row: Any, query: type[QuerySerializer] = PagingSerializer) -> Callable[[Any], Any]:
    """The description of a list: what may be asked, and what a row looks like."""
    return extend_schema(parameters=[query], examples=[answered(row)])


@extend_schema_view(get=listed(SECTOR))
class SectorList(PublicList):
    """The sectors a roadmap exists for, with the SBI 2025 prefixes that lead to each."""

    queryset = Sector.objects.in_order().prefetch_related("sbi_prefixes")
    serializer_class = SectorSerializer


@extend_schema_view(get=listed(CATEGORY))
class CategoryList(PublicList):
    """The kinds of solution, in the order of the catalogue."""

    queryset = Category.objects.order_by("position", "code")
    serializer_class = CategorySerializer


@extend_schema_view(get=listed(PROVINCE))
class ProvinceList(PublicList):
    """All provinces by CBS code."""

    queryset = Province.objects.order_by("name", "code")
    serializer_class = ProvinceSerializer


@extend_schema_view(get=listed(MUNICIPALITY, MunicipalityQuerySerializer))
class MunicipalityList(PublicList):
    """All municipalities by CBS code, with their province."""

    query = MunicipalityQuerySerializer
    queryset = Municipality.objects.select_related("province").order_by("name", "code")
    serializer_class = MunicipalitySerializer

    def filter_queryset(self, queryset: QuerySet[Municipality]) -> QuerySet[Municipality]:
        asked = self.asked.validated_data
        if asked.get("q"):
            queryset = queryset.filter(name__icontains=asked["q"])
        if asked.get("province"):
            queryset = queryset.filter(province=asked["province"])
        return queryset


@extend_schema_view(get=listed(QUESTION))
class QuestionList(PublicList):
    """The questions of the scan, in the order they are asked: the version that `POST /api/v1/scans/` takes."""

    queryset = Question.objects.filter(questionnaire=CURRENT_QUESTIONNAIRE).order_by("position")
    serializer_class = QuestionSerializer
