"""My Trede: what waits for this person, in whatever roles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.pages import page
from marketplace.homes import sections_for


@page("GET")
def my_trede(request: HttpRequest) -> HttpResponse:
    """The home behind the login."""
    return render(request, "marketplace/my_trede.html", {"sections": sections_for(request.user)})
