"""A bearer token for an e-mail address and password: only in the demo, where everybody knows both."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.services import make_api_key
from api.examples import CREDENTIALS, TOKEN, answered, asked
from api.serializers.base import Answer, StrictSerializer
from api.serializers.fields import EmailField, TextField
from api.views.base import PublicEndpoint


class CredentialsSerializer(StrictSerializer):
    """Who asks for a token."""

    email = EmailField(max_length=254)
    password = TextField(max_length=256)


class TokenSerializer(Answer, serializers.Serializer):
    """A token; it is told once."""

    token = serializers.CharField(help_text="Send it as `Authorization: Bearer <token>`.")


class TokenView(PublicEndpoint):
    """Makes a token. Outside the demo there is no such address: keys are made at the account page, behind the login."""

    secret = True

    @extend_schema(
        request=CredentialsSerializer,
        responses={200: TokenSerializer},
        operation_id="auth_token",
        examples=[asked(CREDENTIALS), answered({"token": TOKEN})],
    )
    def post(self, request: Request) -> Response:
        if settings.PRODUCTION:
            raise Http404
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        email, password = credentials.validated_data["email"], credentials.validated_data["password"]
        person = authenticate(request._request, email=email, password=password)
        if person is None:
            raise serializers.ValidationError(
                {"password": [_("This e-mail address and password do not belong together.")]}
            )
        return Response({"token": make_api_key(by=person)})
