"""Programmes, and what a voucher of one would pay."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers.programmes import EstimateRequestSerializer, EstimateSerializer, ProgrammeSerializer
from api.views.reference import ReferenceList
from api.views.roadmap import PublicView
from core import clock
from core.reasons import Reason, Refused
from vouchers.models import Programme
from vouchers.reasons import ApplicationReason
from vouchers.services import estimate


class ProgrammeList(ReferenceList):
    """Every programme, open or not, with its numbers of today and its budget."""

    queryset = Programme.objects.prefetch_related("rule_sets", "budgets").order_by("opens_on", "code")
    serializer_class = ProgrammeSerializer


class EstimateView(PublicView):
    """What a voucher would pay for a cost: below the minimum the award is 0.00, with the reason."""

    @extend_schema(
        request=EstimateRequestSerializer, responses={200: EstimateSerializer}, operation_id="programmes_estimate"
    )
    def post(self, request: Request, code: str) -> Response:
        programme = get_object_or_404(Programme, code=code)
        asked = EstimateRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if not programme.is_open(clock.today()):
            raise Refused(Reason(ApplicationReason.NOT_OPEN))
        return Response(EstimateSerializer(estimate(programme, asked.validated_data["eligible_cost"])).data)
