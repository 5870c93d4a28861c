"""My Trede: what waits for this person, in whatever roles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.pages import page
from marketplace.homes import sections_for


@page("GET")
def my_trede(request: HttpRequest) -> HttpResponse:
    """The home behind the login."""
    sections = sections_for(request.user)
    # Only where people find their work can there be none: a lead, a budget or a first step is no work that waits.
    work = [part for part in sections if part.work and not (part.lead or part.budgets or part.empty_url)]
    context = {
        "sections": sections,
        "waits": any(part.work and (part.tasks or part.cards) for part in sections),
        "idle": bool(work) and len(work) == len(sections),
    }
    return render(request, "marketplace/my_trede.html", context)
