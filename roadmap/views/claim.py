"""Saving a scan with one's own business. The only scan page behind a login."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import OrganisationKind
from core.reasons import Refused
from roadmap import services
from roadmap.views.secret import scan_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scan_claim(request: HttpRequest, token: str) -> HttpResponse:
    """Choose one of one's businesses and save the scan with it. Another's organisation does not exist here."""
    scan = scan_or_404(token)
    mine = request.user.organisations(OrganisationKind.SME).order_by("legal_name")
    reasons = []
    if request.method == "POST":
        key = request.POST.get("organisation", "")
        organisation = get_object_or_404(mine, pk=int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0)
        try:
            saved = services.claim_scan(by=request.user, token=token, organisation=organisation)
            return redirect("marketplace:my_scan", pk=saved.pk)
        except Refused as refused:
            reasons = refused.reasons
    context = {"scan": scan, "organisations": mine, "reasons": reasons, "token": token}
    return render(request, "roadmap/scan_claim.html", context, status=409 if reasons else 200)
