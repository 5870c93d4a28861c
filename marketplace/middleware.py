"""What holds for every request and every answer of the site."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

UTF_8 = {"utf-8", "utf8"}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}

Answer = Callable[[HttpRequest], HttpResponse]


class FormsInUtf8:
    """A form in another encoding is refused before anybody reads it.

    Django refuses it too, but while reading; its error page then reads the form once more, and nothing catches that.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type in FORMS and charset not in UTF_8:
            return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)
        return self.get_response(request)


class PrivatePagesStayPrivate:
    """A page that looked at who is visiting is never kept by a browser or a cache (DESIGN 8).

    Public pages do not look, so they have no session, no cookie and may be cached.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response
