"""What the pages of every room share: who may open them, lists in pages, what a form is bound to, and refusals.

It stands here because accounts is the lowest room that knows roles. Public pages and pages behind a secret link do not use
`page`: nobody logs in there, and each says for itself what may be kept.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from core import audit
from core.reasons import CoreReason, Reason, Refused
from core.state import StatefulModel
from core.workflow import EVERY_CASE, as_seen

View = Callable[..., HttpResponse]
S = TypeVar("S", bound=StatefulModel)

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
            with _on_what_was_seen(request):
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


# --- what somebody judged by --------------------------------------------------------------------------------------------


def opened(request: HttpRequest, rows: QuerySet[S], **key: Any) -> S:
    """One case of `rows` for a page on which an official judges it, or 404.

    Leaves in `request.seen` what the forms of the page send along (components/seen.html): the case and how far its trail was
    before the row was read. `page` then sees to it that nothing is decided on a case that moved on. A page that only asks
    what the page before it showed gets that page's number in its address.
    """
    case = get_object_or_404(rows, **key).case()
    now = f"{case}@{audit.version(case)}"
    shown = request.GET.get("seen", "") if request.method != "POST" else ""
    request.seen = shown if shown.startswith(f"{case}@") else now  # type: ignore[attr-defined]
    return get_object_or_404(rows, **key)


def _on_what_was_seen(request: HttpRequest) -> AbstractContextManager[None]:
    sent = request.POST.get("seen") if request.method == "POST" else None
    if sent is None:
        return nullcontext()
    case, _at, version = sent.rpartition("@")
    known = version.isascii() and version.isdigit() and len(version) < 10
    return as_seen(case, int(version)) if case and known else as_seen(EVERY_CASE, 0)


# --- refusals ----------------------------------------------------------------------------------------------------------


def try_to(act: Callable[[], Any]) -> tuple[Any, list[Reason]]:
    """Does something and gives (answer, []), or (None, the reasons it was refused for)."""
    try:
        return act(), []
    except Refused as refused:
        return None, refused.reasons


def status_of(*forms: BaseForm | None, reasons: Iterable[Reason] | None = None) -> HTTPStatus:
    """The status of a page that shows these: 409 when the state does not fit, 422 for anything else that is wrong."""
    reasons = list(reasons or [])
    if any(reason.code in STALE for reason in reasons):
        return HTTPStatus.CONFLICT
    if reasons or any(form is not None and form.errors for form in forms):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.OK
