"""The authority's lists: the vetting queue and every provider, with search, filters, order, pages and CSV."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.pages import for_roles, page, paged, status_of
from core import clock
from core.exports import csv_response
from providers.forms.vetting import ProviderFilterForm, QueueFilterForm
from providers.models import Dossier, Provider
from providers.models.provider import OFFICIALS
from providers.models.vetting import LIVE


@page("GET")
@for_roles(*OFFICIALS)
def queue(request: HttpRequest) -> HttpResponse:
    """Dossiers that were handed in, oldest first, with their age against the four weeks of the first answer."""
    form, found = _filtered_queue(request)
    shown, today = paged(request, found), clock.today()
    context = {"form": form, "page": shown, "rows": [_queue_row(one, today) for one in shown]}
    return render(request, "providers/vetting/queue.html", context, status=status_of(form))


@page("GET")
@for_roles(*OFFICIALS)
def queue_csv(request: HttpRequest) -> HttpResponse:
    """The same list, all of it, as CSV."""
    _form, found = _filtered_queue(request)
    today = clock.today()
    rows = []
    for one in found.iterator(chunk_size=500):
        seen = _queue_row(one, today)
        rows.append(
            [
                one.number,
                one.provider.name,
                str(one.solution or ""),
                one.get_kind_display(),
                one.get_state_display(),
                clock.day_of(one.submitted_at).isoformat(),
                seen["age"],
                one.first_answer_due.isoformat(),
                "" if seen["late"] is False else _("late"),
            ]
        )
    head = [
        _("Number"),
        _("Provider"),
        _("Solution"),
        _("Kind"),
        _("Status"),
        _("Handed in"),
        _("Days"),
        _("First answer due"),
        _("Late"),
    ]
    return csv_response("toetsing", head, rows)


@page("GET")
@for_roles(*OFFICIALS)
def provider_list(request: HttpRequest) -> HttpResponse:
    """Every provider, with where it stands."""
    form, found = _filtered_providers(request)
    context = {"form": form, "page": paged(request, found)}
    return render(request, "providers/vetting/providers.html", context, status=status_of(form))


@page("GET")
@for_roles(*OFFICIALS)
def provider_list_csv(request: HttpRequest) -> HttpResponse:
    """The same list as CSV."""
    _form, found = _filtered_providers(request)
    rows = [
        [one.name, one.organisation.kvk, one.get_state_display(), one.valid_until or "", one.solution_count]
        for one in found.iterator(chunk_size=500)
    ]
    head = [_("Provider"), _("KvK number"), _("Status"), _("Admission ends"), _("Solutions")]
    return csv_response("aanbieders", head, rows)


def _filtered_queue(request: HttpRequest) -> tuple[QueueFilterForm, QuerySet[Dossier]]:
    form = QueueFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = Dossier.objects.filter(submitted_at__isnull=False).select_related(
        "provider__organisation", "solution", "assessor"
    )
    state = chosen.get("state") or ""
    if not state:
        found = found.filter(state__in=LIVE)
    elif state != "all":
        found = found.filter(state=state)
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    if chosen.get("q"):
        found = found.filter(_matches(chosen["q"]))
    order = chosen.get("ordering") or "submitted_at"
    column = {"provider": "provider__organisation__legal_name"}.get(order.removeprefix("-"), order.removeprefix("-"))
    return form, found.order_by(f"-{column}" if order.startswith("-") else column, "pk")


def _matches(text: str) -> Q:
    text = text.replace("\x00", "")
    wanted = (
        Q(provider__organisation__legal_name__icontains=text)
        | Q(provider__organisation__trade_name__icontains=text)
        | Q(solution__name__icontains=text)
    )
    digits = text.upper().removeprefix("T-")
    if digits.isascii() and digits.isdigit():
        wanted |= Q(provider__organisation__kvk=digits)
        if len(digits) < 15:
            wanted |= Q(pk=int(digits))
    return wanted


def _filtered_providers(request: HttpRequest) -> tuple[ProviderFilterForm, QuerySet[Provider]]:
    form = ProviderFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = Provider.objects.select_related("organisation").annotate(solution_count=Count("solutions"))
    if chosen.get("state"):
        found = found.filter(state=chosen["state"])
    if chosen.get("q"):
        text = chosen["q"].replace("\x00", "")
        found = found.filter(
            Q(organisation__legal_name__icontains=text)
            | Q(organisation__trade_name__icontains=text)
            | Q(organisation__kvk=text)
        )
    order = chosen.get("ordering") or "name"
    column = {"name": "organisation__legal_name"}.get(order.removeprefix("-"), order.removeprefix("-"))
    return form, found.order_by(f"-{column}" if order.startswith("-") else column, "pk")


def _queue_row(dossier: Dossier, today: Any) -> dict[str, Any]:
    waiting = dossier.first_answered_at is None and dossier.state in LIVE
    return {
        "dossier": dossier,
        "age": (today - clock.day_of(dossier.submitted_at)).days,
        "due": dossier.first_answer_due if waiting else None,
        "late": waiting and dossier.first_answer_due < today,
    }
