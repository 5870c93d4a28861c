"""The catalogue: what the public sees, with the same filters as the page."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from api.examples import SOLUTION, SOLUTION_WHOLE, answered
from api.serializers.solutions import SolutionDetailSerializer, SolutionQuerySerializer, SolutionSerializer
from api.views.base import PublicList, PublicRow
from api.views.reference import listed
from core import clock
from providers.models import Solution

SLUG = OpenApiParameter("slug", str, "path", description="The name of the solution in addresses.")


@extend_schema_view(get=listed(SOLUTION, SolutionQuerySerializer))
class SolutionList(PublicList):
    """Solutions of the catalogue. By relevance: preferred list first, then best match, then another fair order every day."""

    query = SolutionQuerySerializer
    serializer_class = SolutionSerializer

    def get_queryset(self) -> QuerySet[Solution]:
        return self.asked.found().with_shelf().defer("shown_run__inputs", "description")


@extend_schema_view(get=extend_schema(parameters=[SLUG], examples=[answered(SOLUTION_WHOLE)]))
class SolutionDetail(PublicRow):
    """One solution with packages, prices and evidence."""

    lookup_field = "slug"
    serializer_class = SolutionDetailSerializer

    def get_queryset(self) -> QuerySet[Solution]:
        shelf = Solution.objects.visible(clock.today()).with_shelf()
        return shelf.prefetch_related("provinces", "packages__prices")
