"""A bearer token for an e-mail address and password: only in the demo, where everybody knows both."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.services import make_api_key


class CredentialsSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="Send it as `Authorization: Bearer <token>`.")


class TokenView(APIView):
    """Makes a token. Outside the demo there is no such address: keys are made at the account page, behind the login."""

    authentication_classes: list = []
    permission_classes = [AllowAny]

    @extend_schema(request=CredentialsSerializer, responses={200: TokenSerializer}, operation_id="auth_token")
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
        return Response({"token": make_api_key(by=person)}, status=status.HTTP_200_OK)
