"""Who the bearer of a token is."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.examples import ME, answered
from api.serializers.base import Answer
from api.views.base import Endpoint


class MembershipSerializer(Answer, serializers.Serializer):
    """An organisation the person may act for, and as what."""

    id = serializers.IntegerField(source="organisation_id")
    name = serializers.CharField(source="organisation.legal_name")
    kind = serializers.CharField(source="organisation.kind")
    role = serializers.CharField()


class MeSerializer(Answer, serializers.Serializer):
    """The person behind the token."""

    email = serializers.EmailField()
    name = serializers.CharField()
    organisations = MembershipSerializer(many=True)


class MeView(Endpoint):
    """The person behind the token, and the organisations it may act for."""

    secret = True

    @extend_schema(responses={200: MeSerializer}, operation_id="me_retrieve", examples=[answered(ME)])
    def get(self, request: Request) -> Response:
        memberships = request.user.memberships.filter(ended_at__isnull=True).select_related("organisation")
        me = {"email": request.user.email, "name": request.user.name, "organisations": memberships.order_by("pk")}
        return Response(MeSerializer(me).data)
