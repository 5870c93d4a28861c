"""The description of the API, for programs and their makers."""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.negotiation import Negotiation

LANGUAGE = "en"
"""Of the words in the description: they are for programmers of any country, and are not written twice."""


class FormAskedFor(Negotiation):
    """Of this address alone the form can be asked in the query as well: `?format=json`, for who opens it in a browser."""

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return super().select_renderer(request, renderers, request.query_params.get("format"))


@cache
def described() -> dict[str, Any]:
    """The description. It follows from the code alone, so it is made once."""
    with translation.override(LANGUAGE):
        return SchemaGenerator().get_schema(request=None, public=True)


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, in YAML or JSON. There is one version, in English."""

    authentication_classes: ClassVar[list] = []
    content_negotiation_class = FormAskedFor

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        name = f"trede.{request.accepted_renderer.format}"
        headers = {"Content-Language": LANGUAGE, "Content-Disposition": f'inline; filename="{name}"'}
        return Response(described(), headers=headers)
