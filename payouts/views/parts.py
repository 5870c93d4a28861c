"""What the pages of this room share: who may see them, lists, and telling what happened."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from payouts.actors import may_read

PAGE = 25

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """Only for who handles money, the manager and the auditor. A page that is not for you says so (403)."""

    @login_required
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


def paged(request: HttpRequest, rows: Any, size: int = PAGE) -> Page:
    """The page asked for; the first or the last when there is no such page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def ordering(request: HttpRequest, allowed: dict[str, str], default: str) -> list[str]:
    """The order asked for in the address (`?ordering=-amount`), as fields to sort by; unknown names give the default."""
    asked = request.GET.get("ordering", "")
    name = asked.removeprefix("-")
    field = allowed.get(name) or allowed[default.removeprefix("-")]
    descending = asked.startswith("-") if name in allowed else default.startswith("-")
    return [f"-{field}", "-pk"] if descending else [field, "pk"]


def side_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this room."""
    pages = [
        ("payouts:overview", _("What waits")),
        ("payouts:payable", _("To pay")),
        ("payouts:batches", _("Batches")),
        ("payouts:payouts", _("Payments")),
        ("payouts:work", _("Work list")),
    ]
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]
