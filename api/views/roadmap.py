"""The scan and the roadmap: public, without a session; a scan is read back by its secret."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.idempotency import PARAMETERS, REPLAYED, answered_once
from api.serializers.roadmap import (
    RoadmapRequestSerializer,
    RoadmapSerializer,
    ScanRequestSerializer,
    ScanResultSerializer,
)
from api.throttles import ScansPerAddress
from core.tokens import hash_token
from roadmap import services
from roadmap.models import Scan
from vouchers.services.support import support_now, with_vouchers


def _with_vouchers(answer: dict[str, Any]) -> dict[str, Any]:
    """A roadmap with what a voucher of the programme that is open would pay for each step."""
    support = support_now()
    return {**answer, **{part: with_vouchers(answer[part], support) for part in ("steps", "preview")}}


class PublicView(APIView):
    """An endpoint that knows nobody: no session, no token."""

    authentication_classes: list = []
    permission_classes = [AllowAny]


class ScanList(PublicView):
    """Makes a scan. An address that makes very many in an hour is asked to wait (429, with Retry-After)."""

    throttle_classes = [ScansPerAddress]

    @extend_schema(
        request=ScanRequestSerializer,
        responses={201: ScanResultSerializer},
        parameters=PARAMETERS,
        operation_id="scans_create",
    )
    def post(self, request: Request) -> Response:
        asked = ScanRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def act() -> dict[str, Any]:
            scan, token = services.scan_at_once(by=services.VISITOR, **asked.validated_data)
            return ScanResultSerializer({"token": token, **_with_vouchers(services.scan_answer(scan))}).data

        answer = answered_once(request, scope="scan", asked=asked.validated_data, act=act)
        headers = {REPLAYED: "true"} if answer.replayed else {}
        return Response(answer.body, status=status.HTTP_201_CREATED, headers=headers)


class ScanDetail(PublicView):
    """Reads a finished scan back."""

    @extend_schema(responses={200: ScanResultSerializer}, operation_id="scans_retrieve")
    def get(self, request: Request, token: str) -> Response:
        scan = Scan.objects.filter(token_hash=hash_token(token), finished_at__isnull=False).first()
        if scan is None:
            raise NotFound
        answer = ScanResultSerializer({"token": token, **_with_vouchers(services.scan_answer(scan))})
        return Response(answer.data, headers={"Cache-Control": "private, no-store"})


class RoadmapView(PublicView):
    """The roadmap of a sector at a level."""

    @extend_schema(
        parameters=[RoadmapRequestSerializer],
        responses={200: RoadmapSerializer},
        operation_id="roadmap_retrieve",
    )
    def get(self, request: Request) -> Response:
        asked = RoadmapRequestSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        answer = _with_vouchers(services.roadmap_answer(**asked.validated_data))
        return Response(RoadmapSerializer(answer).data)
