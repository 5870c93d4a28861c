"""Pages behind a secret link: nobody logs in, nothing is stored on the way, nothing leaks the link."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.pages import View
from roadmap.models import Scan


def secret_page(view: View) -> View:
    """A page whose link is the key: no cache keeps it, no search engine lists it, no other site learns the address.

    There is no session to ride on, so there is no CSRF token either: whoever knows the link may post to it.
    """

    @csrf_exempt
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Scan.DoesNotExist as gone:  # forgotten between looking it up and locking it
            raise Http404("no scan with this link") from gone
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


def scan_or_404(token: str) -> Scan:
    """The scan of a secret link; a wrong or forgotten link is a page that does not exist."""
    scan = Scan.objects.by_token(token)
    if scan is None:
        raise Http404("no scan with this link")
    return scan
