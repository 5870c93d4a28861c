"""What there is, for who starts at the address of the API itself."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.examples import INDEX, answered
from api.serializers.base import Answer
from api.views.base import PublicEndpoint

LISTS = ["sectors", "categories", "provinces", "municipalities", "questions", "programmes", "solutions"]
MORE = ["scans", "roadmap", "me"]


class IndexSerializer(Answer, serializers.Serializer):
    """Where everything is."""

    version = serializers.CharField()
    description = serializers.URLField(help_text="This API in OpenAPI.")
    page = serializers.URLField(help_text="A page about this API, with examples.")
    endpoints = serializers.DictField(child=serializers.URLField())


class IndexView(PublicEndpoint):
    """The addresses of this API."""

    @extend_schema(
        responses={200: IndexSerializer}, operation_id="index_retrieve", tags=["index"], examples=[answered(INDEX)]
    )
    def get(self, request: Request) -> Response:
        index: dict[str, Any] = {
            "version": "1",
            "description": request.build_absolute_uri(reverse("api:schema")),
            "page": request.build_absolute_uri(reverse("marketplace:api")),
            "endpoints": {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in [*LISTS, *MORE]},
        }
        return Response(IndexSerializer(index).data)
