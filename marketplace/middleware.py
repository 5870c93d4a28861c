"""What holds for every answer of the site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivatePagesStayPrivate:
    """A page that looked at who is visiting is never kept by a browser or a cache (DESIGN 8).

    Public pages do not look, so they have no session, no cookie and may be cached.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response
