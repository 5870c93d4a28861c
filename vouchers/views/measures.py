"""A voucher as the authority sees it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.pages import for_roles, page
from vouchers.models import Decision, Voucher
from vouchers.models.voucher import READERS
from vouchers.views.cases import show, timeline


@page("GET")
@for_roles(*READERS)
def voucher(request: HttpRequest, number: str) -> HttpResponse:
    """One voucher: its terms, its claims and what was decided about it."""
    found = get_object_or_404(Voucher.objects.with_case(), number=number)
    claims = list(found.claims.exclude(submitted_at__isnull=True).order_by("seq"))
    context = {
        "voucher": found,
        "application": found.application,
        "claims": claims,
        "decisions": Decision.objects.filter(subject=found.reference()).select_related("decided_by"),
        "timeline": timeline(found, claims),
    }
    return show(request, "vouchers/measures/voucher.html", context)
