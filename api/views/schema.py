"""The description of the API, for programs and their makers."""

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response


class SchemaView(SpectacularAPIView):
    """OpenAPI 3. There is one version, and the language is asked as everywhere else: by Accept-Language."""

    authentication_classes: list = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        return self._get_schema_response(request)

    def _get_version_parameter(self, _request: Request) -> None:
        return None  # what stood in the address would end up in a header
