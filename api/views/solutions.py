"""The catalogue: what the public sees, with the same filters as the page."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from api.pagination import CataloguePagination
from api.serializers.solutions import SolutionDetailSerializer, SolutionSerializer
from core import clock
from providers.filters import SolutionFilter
from providers.models import Solution

PAGING = frozenset({"page", "page_size", "format"})


class KnownParametersOnly(DjangoFilterBackend):
    """A parameter that no filter knows is an error: a misspelt filter must not look like an answer."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: "SolutionList") -> QuerySet:
        query: QueryDict = request.query_params
        unknown = set(query) - set(SolutionFilter.base_filters) - PAGING
        if unknown:
            raise ValidationError({name: [_("This parameter is unknown.")] for name in sorted(unknown)})
        return super().filter_queryset(request, queryset, view)


class SolutionList(generics.ListAPIView):
    """Solutions of the catalogue. By relevance: preferred list first, then best match, then another fair order every day."""

    authentication_classes: list = []
    permission_classes = [AllowAny]
    pagination_class = CataloguePagination
    filter_backends = [KnownParametersOnly]
    filterset_class = SolutionFilter
    serializer_class = SolutionSerializer

    def get_queryset(self) -> QuerySet[Solution]:
        return Solution.objects.visible(clock.today()).with_shelf().defer("standing__inputs", "description")


class SolutionDetail(generics.RetrieveAPIView):
    """One solution with packages, prices and evidence."""

    authentication_classes: list = []
    permission_classes = [AllowAny]
    lookup_field = "slug"
    serializer_class = SolutionDetailSerializer

    def get_queryset(self) -> QuerySet[Solution]:
        shelf = Solution.objects.visible(clock.today()).with_shelf()
        return shelf.prefetch_related("provinces", "packages__prices")
