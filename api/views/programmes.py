"""Programmes, and what a voucher of one would pay."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from api.examples import ESTIMATE, ESTIMATE_ASKED, PROGRAMME, answered, asked
from api.serializers.programmes import EstimateRequestSerializer, EstimateSerializer, ProgrammeSerializer
from api.views.base import PublicEndpoint, PublicList, PublicRow
from api.views.reference import listed
from core import clock
from core.reasons import Reason, Refused
from vouchers.models import Programme
from vouchers.reasons import ApplicationReason
from vouchers.services import estimate

CODE = OpenApiParameter("code", str, "path", description="The code of the programme, such as `digitale-trede`.")
PROGRAMMES = Programme.objects.prefetch_related("rule_sets", "budgets").order_by("opens_on", "code")


@extend_schema_view(get=listed(PROGRAMME))
class ProgrammeList(PublicList):
    """Every programme, open or not, with its numbers of today and its budget."""

    queryset = PROGRAMMES
    serializer_class = ProgrammeSerializer

    def filter_queryset(self, queryset: QuerySet[Programme]) -> list[Programme]:  # type: ignore[override]
        return list(queryset)  # a handful: read at once, they need not be counted first


@extend_schema_view(get=extend_schema(parameters=[CODE], examples=[answered(PROGRAMME)]))
class ProgrammeDetail(PublicRow):
    """One programme, with its numbers of today and its budget."""

    queryset = PROGRAMMES
    serializer_class = ProgrammeSerializer
    lookup_field = "code"


class EstimateView(PublicEndpoint):
    """What a voucher would pay for a cost: below the minimum the award is 0.00, with the reason."""

    problems = (422,)

    @extend_schema(
        request=EstimateRequestSerializer,
        responses={200: EstimateSerializer},
        parameters=[CODE],
        operation_id="programmes_estimate",
        examples=[asked(ESTIMATE_ASKED), answered(ESTIMATE)],
    )
    def post(self, request: Request, code: str) -> Response:
        programme = get_object_or_404(Programme, code=code)
        sent = EstimateRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if not programme.is_open(clock.today()):
            raise Refused(Reason(ApplicationReason.NOT_OPEN))
        return Response(EstimateSerializer(estimate(programme, sent.validated_data["eligible_cost"])).data)
