"""What the endpoints have in common."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.pagination import CataloguePagination
from api.serializers.base import QuerySerializer
from api.serializers.paging import PagingSerializer


class Endpoint(APIView):
    """An endpoint that reads its query before anything else; `query` says what may stand there, `asked` what stood there."""

    query: ClassVar[type[QuerySerializer]] = QuerySerializer
    problems: ClassVar[tuple[int, ...]] = ()
    """Refusals that only some endpoints know, for the description."""
    secret: ClassVar[bool] = False
    """Whether its answers are for one person alone, so that nobody on the way may keep them."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and hasattr(self, request.method.lower()):
            self.asked = self.query.of(request.query_params)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.secret:
            response.headers["Cache-Control"] = "private, no-store"
        return response


class PublicEndpoint(Endpoint):
    """An endpoint that knows nobody: no session, no token."""

    authentication_classes: ClassVar[list] = []
    permission_classes: ClassVar[list] = [AllowAny]


class PublicList(PublicEndpoint, generics.ListAPIView):
    """A public list in pages."""

    query = PagingSerializer
    pagination_class = CataloguePagination
    filter_backends: ClassVar[list] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The rows that were asked for."""
        return queryset


class PublicRow(PublicEndpoint, generics.RetrieveAPIView):
    """One public row."""
