"""Saving a scan with one's own business. The only scan page behind a login."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from accounts.pages import page, try_to
from core.reasons import Reason
from roadmap import services
from roadmap.views.secret import scan_or_404


@page("GET", "POST")
def scan_claim(request: HttpRequest, token: str) -> HttpResponse:
    """Choose one of one's businesses and save the scan with it. Another's organisation does not exist here."""
    scan = scan_or_404(token)
    mine = request.user.organisations(OrganisationKind.SME).order_by("legal_name")
    reasons: list[Reason] = []
    if request.method == "POST":
        key = request.POST.get("organisation", "")
        organisation = get_object_or_404(mine, pk=int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0)
        saved, reasons = try_to(lambda: services.claim_scan(by=request.user, token=token, organisation=organisation))
        if not reasons:
            messages.success(
                request,
                _("The scan is saved with %(business)s. From now on you find it in My Trede.")
                % {"business": organisation},
            )
            return redirect("marketplace:my_scan", pk=saved.pk)
    context = {"scan": scan, "organisations": mine, "reasons": reasons, "token": token}
    return render(request, "roadmap/scan_claim.html", context, status=HTTPStatus.CONFLICT if reasons else HTTPStatus.OK)
