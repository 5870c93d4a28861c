"""My Trede: what waits for this person, in whatever roles."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.homes import sections_for


@login_required
@require_safe
def my_trede(request: HttpRequest) -> HttpResponse:
    """The home behind the login."""
    return render(request, "marketplace/my_trede.html", {"sections": sections_for(request.user)})
