"""A provider as the authority knows it, and measures against it."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, opened, page
from providers.models import Provider
from providers.models.provider import OFFICIALS
from providers.views.vetting_acts import PROVIDER_ACTS, take_step


@page("GET")
@for_roles(*OFFICIALS)
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """A provider as the authority knows it: standing, dossiers, solutions, decisions, announced measures."""
    chosen = opened(request, _providers(), slug=slug)
    acts = [
        {"slug": name, "act": act}
        for name, act in PROVIDER_ACTS.items()
        if chosen.state in act.states
        and request.user.holds(act.role)
        and (name != "afzien" or (chosen.intent_sent_at and not chosen.taken_at_once))
        and (name != "voornemen" or not chosen.intent_sent_at or chosen.taken_at_once)
    ]
    context = {
        "provider": chosen,
        "organisation": chosen.organisation,
        "dossiers": chosen.dossiers.filter(submitted_at__isnull=False).select_related("solution").order_by("-pk")[:50],
        "solutions": chosen.solutions.select_related("category").order_by("name")[:100],
        "decisions": chosen.decisions.select_related("dossier", "solution", "decided_by")[:50],
        "accounts": chosen.organisation.bank_accounts.filter(ended_at__isnull=True),
        "acts": acts,
        "linked": chosen.is_linked(request.user),
    }
    return render(request, "providers/vetting/authority_provider.html", context)


@page("GET", "POST")
@for_roles(Role.ASSESSOR, Role.DECIDER)
def provider_act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """One step against or for a provider, on a page of its own."""
    if act not in PROVIDER_ACTS:
        raise Http404
    chosen = opened(request, _providers(), slug=slug)
    done = take_step(request, PROVIDER_ACTS[act], {"provider": chosen})
    if done is None:
        messages.success(request, _("Done: %(what)s.") % {"what": PROVIDER_ACTS[act].title})
        return redirect("providers:vetting_provider", slug=chosen.slug)
    context, status = done
    context |= {
        "subject_name": chosen.name,
        "back_url": reverse("providers:vetting_provider", args=[chosen.slug]),
        "intent": chosen,
    }
    return render(request, "providers/vetting/act.html", context, status=status)


def _providers() -> QuerySet[Provider]:
    return Provider.objects.select_related("organisation")
