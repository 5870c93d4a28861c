"""The result of a scan and the roadmap without a scan, each with what a voucher would pay."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Sector
from accounts.pages import page, paged
from core.i18n import localised
from core.reasons import Refused
from providers.models import Category
from roadmap import services
from roadmap.enums import Progress
from roadmap.forms import RoadmapForm
from roadmap.models import Level, Question, Scan
from roadmap.views import first_open, progress_in, scan_or_404, secret_page
from vouchers.services.support import cautions, support_now, with_vouchers


@secret_page
@require_safe
def scan_result(request: HttpRequest, token: str) -> HttpResponse:
    """Where the business stands and what to do next. An unfinished scan goes on where it stopped.

    Once a business saved the scan, the link only shows it: its members change it from their account.
    """
    scan = scan_or_404(token)
    number = first_open(scan)
    if number:
        return redirect("roadmap:scan_question", token=token, number=number)
    if not scan.is_finished:
        return redirect("roadmap:scan_have", token=token)
    context = {
        **_result(scan),
        "layout": "layouts/public.html",
        "token": token,
        "link": request.build_absolute_uri(reverse("marketplace:scan_result", args=[token])),
    }
    if scan.organisation_id is None:
        context["have_url"] = reverse("roadmap:scan_have", args=[token])
        context["progress_url"] = reverse("roadmap:scan_progress", args=[token])
    return render(request, "marketplace/scan_result.html", context)


def _result(scan: Scan) -> dict[str, Any]:
    """Everything the result page shows, in a fixed number of queries."""
    found = services.result_of(scan)
    roadmap = services.own_roadmap(scan)
    support = support_now()
    categories = Category.objects.in_bulk(
        {*scan.have, *roadmap.done, *(code for question in found.weakest for code in question.category_codes)}
    )
    return {
        "scan": scan,
        "result": found.result,
        "level": found.level,
        "weakest": [_weakest(question, categories, {*scan.have, *roadmap.done}) for question in found.weakest],
        "benchmark": services.benchmark_of(scan),
        "why": services.cell_why(scan.sector_id, scan.level),
        "steps": with_vouchers(roadmap.steps, support),
        "aside": with_vouchers(roadmap.aside, support),
        "done": [_named(categories[code]) for code in roadmap.done],
        "have": [categories[code] for code in scan.have if code in categories],
        "preview": roadmap.preview,
        "support": support,
        "cautions": cautions(
            sector=scan.sector_id,
            sbi=scan.sbi,
            province=scan.municipality.province_id if scan.municipality else None,
            support=support,
        ),
        "progress_choices": Progress.choices,
    }


def _weakest(question: Question, categories: dict[str, Category], have: set[str]) -> dict[str, Any]:
    """A question with a low score: what helps and is not there yet, and `owned`, what helps and is there already."""
    helps = [categories[code] for code in question.category_codes]
    return {
        "question": question,
        "categories": [row for row in helps if row.pk not in have],
        "owned": (owned := [row for row in helps if row.pk in have]),
        "owned_names": ", ".join(localised(row, "name") for row in owned),
    }


def _named(category: Category) -> dict[str, Any]:
    return {"category": category.pk, "name": localised(category, "name"), "progress": Progress.DONE.value}


@require_safe
def roadmap(request: HttpRequest) -> HttpResponse:
    """The roadmap of a sector at a level, without a scan. Everything stands in the address, so it can be shared."""
    asked = bool(request.GET)
    levels = list(Level.objects.filter(questionnaire=services.CURRENT_QUESTIONNAIRE))
    form = RoadmapForm(_listed(request.GET) if asked else None, levels=levels, categories=Category.objects.all())
    context: dict[str, Any] = {"form": form, "asked": asked}
    status = HTTPStatus.OK
    if asked and form.is_valid():
        wanted = form.cleaned_data
        answer = services.roadmap_answer(**wanted)
        support = support_now()
        context |= {
            "sector": Sector.objects.get(pk=wanted["sector"]),
            "level": next(row for row in levels if row.level == wanted["level"]),
            "why": services.cell_why(wanted["sector"], wanted["level"]),
            "steps": with_vouchers(answer["steps"], support),
            "preview": answer["preview"],
            "have": _have_links(request, wanted["have"]),
            "support": support,
            "cautions": cautions(sector=wanted["sector"], sbi=wanted["sbi"], province=None, support=support),
        }
        for step in context["steps"]:
            step["have_url"] = _with_have(request, [*wanted["have"], step["category"]])
    elif asked:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "marketplace/roadmap.html", context, status=status)


def _listed(query: Any) -> Any:
    """`have=A,B` and `have=A&have=B` mean the same."""
    data = query.copy()
    data.setlist("have", [code for value in query.getlist("have") for code in value.split(",") if code])
    return data


def _with_have(request: HttpRequest, have: list[str]) -> str:
    data = request.GET.copy()
    data.setlist("have", have)
    return f"?{data.urlencode()}#roadmap"


def _have_links(request: HttpRequest, have: list[str]) -> list[dict[str, Any]]:
    """What the visitor said to have, each with the address of the roadmap without it."""
    found = Category.objects.in_bulk(have)
    return [
        {"category": found[code], "url": _with_have(request, [other for other in have if other != code])}
        for code in have
    ]


# --- Saved scans, behind a login -----------------------------------------------------------------------------------------


def _own_scan_or_404(request: HttpRequest, pk: int) -> Scan:
    """A scan of one's own business; another's does not exist here."""
    mine = Scan.objects.visible_to(request.user).select_related("sector", "municipality", "organisation")
    return get_object_or_404(mine, pk=pk) if pk < 2**63 else _gone()


def _gone() -> Scan:
    raise Http404("no such scan")


@page("GET")
def my_scans(request: HttpRequest) -> HttpResponse:
    """The scans that one's businesses saved, newest first."""
    scans = Scan.objects.visible_to(request.user).finished().select_related("sector", "organisation")
    context = {"page": paged(request, scans.order_by("-finished_at", "-pk"))}
    return render(request, "marketplace/my_scans.html", context)


@page("GET")
def my_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The result of a saved scan."""
    scan = _own_scan_or_404(request, pk)
    if not scan.is_finished:
        raise Http404("not finished")
    context = {**_result(scan), "layout": "layouts/account.html"}
    context["progress_url"] = reverse("marketplace:my_scan_progress", args=[scan.pk])
    return render(request, "marketplace/scan_result.html", context)


@page("POST")
def my_scan_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the business is with its steps."""
    scan = _own_scan_or_404(request, pk)
    if not scan.is_finished:
        raise Http404("no progress yet")
    try:
        services.keep_progress(by=request.user, scan=scan, progress=progress_in(request))
    except (Refused, Scan.DoesNotExist) as refused:
        raise Http404("no such step") from refused
    messages.success(request, _("Kept: how far you are with each step."))
    return redirect(reverse("marketplace:my_scan", args=[scan.pk]) + "#roadmap")


@page("GET", "POST")
def my_scan_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets a saved scan for good, after asking."""
    scan = _own_scan_or_404(request, pk)
    if request.method == "POST":
        with suppress(Scan.DoesNotExist):  # a double click: it is gone
            services.delete_scan(by=request.user, scan=scan)
        return redirect("marketplace:my_scans")
    return render(request, "marketplace/my_scan_delete.html", {"scan": scan})
