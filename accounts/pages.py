"""What the pages of every room share: who may open them, lists in pages, what a form is bound to, and refusals.

It stands here because accounts is the lowest room that knows roles. Public pages and pages behind a secret link do not use
`page`: nobody logs in there, and each says for itself what may be kept.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from core import audit
from core.reasons import CoreReason, Reason, Refused
from core.state import StatefulModel
from core.workflow import as_seen

View = Callable[..., HttpResponse]

ROWS_ON_A_PAGE = 25
STALE = {CoreReason.WRONG_STATE, CoreReason.CHANGED}
"""Reasons that are about the moment, not about what was asked: the page somebody looked at is not true any more."""


# --- who may open it ---------------------------------------------------------------------------------------------------


def page(*methods: str) -> Callable[[View], View]:
    """A page for somebody who is known, by these methods (405 for others), that nobody stores.

    Who asks for a page may ask for its head, so GET lets HEAD in: a view asks for POST and treats all else as looking.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def decorate(view: View) -> View:
        @wraps(view)
        def known(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.behind_login = True  # type: ignore[attr-defined]  # the trail of crumbs then starts at My Trede
            return view(request, *args, **kwargs)

        return never_cache(login_required(require_http_methods(allowed)(known)))

    return decorate


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Only for people with one of these roles; a page that is not for you says so (403). Stands under `page`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.holds(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


# --- what is shown and what was sent -----------------------------------------------------------------------------------


def paged(request: HttpRequest, rows: Any, size: int = ROWS_ON_A_PAGE) -> Page:
    """The page of a list that `?page=` asks for; the first or the last when there is no such page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def posted(request: HttpRequest, *, files: bool = False) -> tuple[Any, ...]:
    """What a form is bound to: what was posted, however little that is; nothing when somebody only looks."""
    if request.method != "POST":
        return ()
    return (request.POST, request.FILES) if files else (request.POST,)


# --- refusals ----------------------------------------------------------------------------------------------------------


def try_to(act: Callable[[], Any]) -> tuple[Any, list[Reason]]:
    """Does something and gives (answer, []), or (None, the reasons it was refused for)."""
    try:
        return act(), []
    except Refused as refused:
        return None, refused.reasons


def seen(subject: StatefulModel) -> str:
    """What a page about this case was made of, for the hidden field `seen` of its forms. Asked before the rest is read."""
    return str(audit.version(subject.case()))


def try_as_seen(request: HttpRequest, subject: StatefulModel, act: Callable[[], Any]) -> tuple[Any, list[Reason]]:
    """`try_to` for somebody who judges: refused when the case changed after they opened the page they post from."""
    version = request.POST.get("seen", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        return try_to(act)
    with as_seen(subject.case(), int(version)):
        return try_to(act)


def status_of(*forms: BaseForm | None, reasons: Iterable[Reason] | None = None) -> HTTPStatus:
    """The status of a page that shows these: 409 when the state does not fit, 422 for anything else that is wrong."""
    reasons = list(reasons or [])
    if any(reason.code in STALE for reason in reasons):
        return HTTPStatus.CONFLICT
    if reasons or any(form is not None and form.errors for form in forms):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.OK
