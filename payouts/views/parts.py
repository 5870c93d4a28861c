"""What the pages of this room share: the order of a list and the way to the other pages."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payouts.enums import PayoutState
from payouts.models import Payout


def ordering(request: HttpRequest, allowed: dict[str, str], default: str) -> list[str]:
    """The order asked for in the address (`?ordering=-amount`), as fields to sort by; unknown names give the default."""
    asked = request.GET.get("ordering", "")
    name = asked.removeprefix("-")
    field = allowed.get(name) or allowed[default.removeprefix("-")]
    descending = asked.startswith("-") if name in allowed else default.startswith("-")
    return [f"-{field}", "-pk"] if descending else [field, "pk"]


def tell_booked(request: HttpRequest, payouts: Sequence[Payout]) -> None:
    """Says how many payments are paid now, and of every other one why it is not and where it went."""
    n = sum(payout.state == PayoutState.PAID for payout in payouts)
    if n:
        messages.success(request, ngettext("%(n)s payment is paid.", "%(n)s payments are paid.", n) % {"n": n})
    for payout in payouts:
        if payout.state != PayoutState.PAID:
            told = _("The payment of claim %(claim)s is not marked as paid: %(why)s. It is on the work list.")
            messages.warning(request, told % {"claim": payout.claim.number, "why": payout.why})


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
