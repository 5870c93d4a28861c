"""The scan and the roadmap: public, without a session; a scan is read back by its secret."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api.examples import ROADMAP, SCAN, SCAN_ASKED, answered, asked
from api.idempotency import PARAMETERS, REPLAYED, answered_once
from api.serializers.roadmap import (
    RoadmapQuerySerializer,
    RoadmapSerializer,
    ScanRequestSerializer,
    ScanResultSerializer,
    scan_result,
    vouchers_too,
)
from api.views.base import PublicEndpoint
from core import limits
from core.tokens import hash_token
from roadmap import services
from roadmap.limits import scans
from roadmap.models import Scan


class ScanList(PublicEndpoint):
    """Makes a scan. An address that makes very many in an hour is asked to wait (429, with Retry-After)."""

    problems = (422, 429)
    secret = True

    @extend_schema(
        request=ScanRequestSerializer,
        responses={201: ScanResultSerializer},
        parameters=[
            *PARAMETERS,
            OpenApiParameter("Location", OpenApiTypes.URI, "header", response=[201], description="Of the scan."),
        ],
        operation_id="scans_create",
        examples=[asked(SCAN_ASKED), answered(SCAN, 201)],
    )
    def post(self, request: Request) -> Response:
        sent = ScanRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)

        def act() -> dict[str, Any]:
            if waits := limits.count(request._request, scans()):  # only what is new and not refused is counted
                raise Throttled(waits)
            scan, token = services.scan_at_once(by=services.VISITOR, **sent.validated_data)
            return ScanResultSerializer(scan_result(scan, token), context={"request": request}).data

        answer = answered_once(request, scope="scan", asked=sent.validated_data, act=act)
        headers = {"Location": request.build_absolute_uri(reverse("api:scan", args=[answer.body["token"]]))}
        if answer.replayed:
            headers[REPLAYED] = "true"
        return Response(answer.body, status=status.HTTP_201_CREATED, headers=headers)


class ScanDetail(PublicEndpoint):
    """Reads a finished scan back."""

    secret = True

    @extend_schema(
        responses={200: ScanResultSerializer},
        parameters=[OpenApiParameter("token", str, "path", description="The secret of the scan.")],
        operation_id="scans_retrieve",
        examples=[answered(SCAN)],
    )
    def get(self, request: Request, token: str) -> Response:
        scan = Scan.objects.filter(token_hash=hash_token(token), finished_at__isnull=False).first()
        if scan is None:
            raise NotFound
        answer = ScanResultSerializer(scan_result(scan, token), context={"request": request})
        return Response(answer.data)


class RoadmapView(PublicEndpoint):
    """The roadmap of a sector at a level."""

    query = RoadmapQuerySerializer

    @extend_schema(
        parameters=[RoadmapQuerySerializer],
        responses={200: RoadmapSerializer},
        operation_id="roadmap_retrieve",
        examples=[answered(ROADMAP)],
    )
    def get(self, request: Request) -> Response:
        return Response(RoadmapSerializer(vouchers_too(services.roadmap_answer(**self.asked.validated_data))).data)
