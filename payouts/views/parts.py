"""What the pages of this room share: the order of a list and the way to the other pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


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
