"""What holds for every request and every answer of the site."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers

from api.middleware import PREFIX as API
from marketplace.versions import KEPT, version_of

UTF_8 = {"utf-8", "utf8"}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}

FOR_A_MINUTE = "public, max-age=60"

Answer = Callable[[HttpRequest], HttpResponse]


class FormsInUtf8:
    """A form in another encoding is refused before anybody reads it. The API reads no forms, and says so itself.

    Django refuses it too, but while reading; its error page then reads the form once more, and nothing catches that.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        is_form = request.content_type in FORMS
        if is_form and charset not in UTF_8 and not request.path_info.startswith(API):
            return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)
        return self.get_response(request)


class PublicPagesHaveAVersion:
    """A public page may be kept for a minute; who then asks for it again with its tag hears 304 while it is the same.

    Stands in front of Django's LocaleMiddleware, which would have every Dutch page differ by Accept-Language. The language
    of a page stands in its address; only the API goes by that header, and says so itself.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_api = request.path_info.startswith(API)
        if not is_api:
            _without(response, "Accept-Language")
        version = getattr(request, "version_of_page", None)
        personal = request.session.accessed or response.cookies
        if version and response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED} and not personal:
            response["ETag"] = version
            response["Cache-Control"] = FOR_A_MINUTE
            patch_vary_headers(response, ["Accept-Encoding", *(["Accept"] if is_api else [])])
        elif version:  # what is wrong, or turned out to be for one person, is not kept
            response.headers.pop("Cache-Control", None)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """304 when the page was not changed; otherwise its version is remembered, as it was before the page is made."""
        if request.method not in {"GET", "HEAD"} or request.resolver_match.view_name not in KEPT:
            return None
        with suppress(DatabaseError):  # then the page itself will say so
            request.version_of_page = version_of(request)
            if request.headers.get("If-None-Match", "").strip() not in {"", "*"}:
                return get_conditional_response(request, etag=request.version_of_page)
        return None


class PublicPagesAreSmall(GZipMiddleware):
    """Public pages go out compressed. No other: where a secret or a token stands beside what a stranger may put into the
    page, the length of the compressed page would tell on it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return super().process_response(request, response) if hasattr(request, "version_of_page") else response


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


def _without(response: HttpResponse, name: str) -> None:
    """Takes a header off the list of those that the answer differs by."""
    kept = [one for one in response.get("Vary", "").split(", ") if one and one.lower() != name.lower()]
    if kept:
        response["Vary"] = ", ".join(kept)
    elif response.has_header("Vary"):
        del response["Vary"]
