"""Public pages of the catalogue. Nobody is looked at: no session, no cookie; `marketplace.middleware` lets them be kept (DESIGN 8)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.pages import paged, status_of
from core import clock
from core.exports import csv_response
from core.i18n import localised
from core.reasons import Reason
from core.tones import tone_of
from core.wording import euro
from providers.enums import Benefit, ChecklistStage, SolutionState
from providers.filters import SolutionFilter
from providers.guidance import GROUPS, in_order
from providers.models import ChecklistItem, Package, Provider, Solution
from providers.rules.catalogue import CatalogueReason
from providers.rules.rulesets import rule_set
from providers.services.standing import PROFILE
from providers.views.evidence import evidence_of, short_evidence

PER_PAGE = 12
MOST_COMPARED = 4


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue: search, filters in the address, order, pages. Wrong filters are named, not guessed at."""
    filtered, found, fine = _found(request)
    page = paged(request, found, PER_PAGE)
    chosen = _chosen(request)
    context = {
        "filter": filtered,
        "page": page,
        "cards": [card(solution, chosen) for solution in page],
        "chosen": Solution.objects.visible(clock.today()).filter(slug__in=_plain(chosen)).only("name", "slug", "state"),
        "kept": [("s", slug) for slug in chosen],
        "on_page": [solution.slug for solution in page],
        "count": page.paginator.count,
        "csv_url": f"{reverse('providers:catalogue_csv')}?{urlencode(_asked(request))}",
    }
    status = HTTPStatus.OK if fine else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "providers/catalogue/catalogue.html", context, status=status)


@require_safe
def catalogue_csv(request: HttpRequest) -> HttpResponse:
    """The same list, all of it, as CSV; with wrong filters only the head."""
    _filtered, found, fine = _found(request)
    head = [_("Solution"), _("Provider"), _("Category"), _("Status"), _("First year, excl. VAT"), _("What users say")]
    rows = [
        [
            row.name,
            str(row.provider),
            localised(row.category, "name"),
            standing_label(row),
            row.first_year_price,
            short_evidence(evidence_of(row)),
        ]
        for row in found
    ]
    response = csv_response("oplossingen", head, rows)
    response.status_code = HTTPStatus.OK if fine else HTTPStatus.UNPROCESSABLE_ENTITY
    return response


@require_safe
def solution(request: HttpRequest, slug: str) -> HttpResponse:
    """One solution: what it is, what it costs, for whom, and what its users say. Hidden ones are a 404.

    What somebody is comparing stands in the address (`?s=`), so that this one is put beside it.
    """
    today = clock.today()
    shown = get_object_or_404(_whole(Solution.objects.visible(today)), slug=slug)
    packages, comparing = shown.packages_on(today), [other for other in _chosen(request) if other != slug]
    context = {
        "solution": shown,
        # Many descriptions begin with the sentence that stands above them already.
        "description": shown.description.removeprefix(shown.summary).strip() or shown.description,
        "packages": packages,
        "eligible": packages[0].current.first_year - packages[0].current.hardware if packages else None,
        "comparing": comparing,
        "compare_url": _compare_url([*comparing[: MOST_COMPARED - 1], slug]),
        "with_voucher": shown.is_preferred or shown.category.benefit == Benefit.ASSURANCE,
        "evidence": evidence_of(shown),
        "standing": standing_label(shown),
        "facts": _facts(shown),
    }
    return render(request, "providers/catalogue/solution.html", context)


@require_safe
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """A provider as the public sees it: who it is, since when it is checked, what it offers."""
    today = clock.today()
    shown = get_object_or_404(Provider.objects.visible(today).select_related("organisation"), slug=slug)
    offered = Solution.objects.visible(today).filter(provider=shown).with_shelf().defer("shown_run__inputs")
    rows = list(offered.order_by("name"))
    context = {
        "provider": shown,
        "cards": [card(row) for row in rows],
        "on_list": any(row.is_preferred for row in rows),
    }
    return render(request, "providers/catalogue/provider.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four solutions side by side: `?s=slug&s=slug`."""
    today = clock.today()
    reasons = []
    if len(set(filter(None, request.GET.getlist("s")))) > MOST_COMPARED:
        reasons.append(Reason(CatalogueReason.TOO_MANY_COMPARED, {"most": MOST_COMPARED}))
    chosen = _chosen(request)
    found = {row.slug: row for row in _whole(Solution.objects.visible(today).filter(slug__in=_plain(chosen)))}
    reasons += [
        Reason(CatalogueReason.NOT_FOUND_COMPARED, {"slug": slug[:100]}) for slug in chosen if slug not in found
    ]
    rows = [found[slug] for slug in chosen if slug in found]
    cheapest = [next(iter(row.packages_on(today)), None) for row in rows]
    slugs = [row.slug for row in rows]
    context = {
        "solutions": rows,
        "packages": cheapest,
        "heads": [_head(row) for row in rows],
        "rows": _compared(rows, cheapest) if rows else [],
        "without": [
            {"label": row.name, "url": _compare_url(slug for slug in slugs if slug != row.slug)} for row in rows
        ],
        "more": _others(rows, today) if len(rows) < MOST_COMPARED else [],
        "search_url": f"{reverse('providers:catalogue')}?{urlencode([('s', slug) for slug in slugs])}",
        "reasons": reasons,
    }
    return render(request, "providers/catalogue/compare.html", context, status=status_of(reasons=reasons))


@require_safe
def preferred_explained(request: HttpRequest) -> HttpResponse:
    """How the preferred list comes about: the rule in plain words with its numbers."""
    rules = rule_set(PROFILE, clock.today())
    later = get_text_list([str(wave) for wave in rules.waves[1:]], _("and"))
    return render(request, "providers/catalogue/preferred.html", {"rules": rules, "later": later})


@require_safe
def for_providers(request: HttpRequest) -> HttpResponse:
    """What is asked of who wants to offer solutions here, what it brings and how long it takes."""
    asked = ChecklistItem.objects.filter(active=True).order_by("code")
    admission = [item for item in asked if item.stage == ChecklistStage.ADMISSION]
    chapters: dict[str, list[str]] = {}
    for item in sorted(admission, key=lambda item: in_order([one.code for one in admission]).index(item.code)):
        chapters.setdefault(str(GROUPS.get(item.code[:3], item.code)), []).append(localised(item, "title"))
    context = {"chapters": chapters.items(), "parts": len(admission), "rules": rule_set(PROFILE, clock.today())}
    return render(request, "providers/catalogue/for_providers.html", context)


def card(solution: Solution, comparing: Sequence[str] = ()) -> dict[str, Any]:
    """What a card of a solution shows; see components/solution_card.html. `comparing` are the slugs chosen before."""
    evidence = evidence_of(solution)
    shown = evidence if evidence and evidence.figures else None
    return {
        "name": solution.name,
        "url": _with_chosen(reverse("providers:solution", args=[solution.slug]), comparing),
        "slug": solution.slug,
        "chosen": solution.slug in comparing,
        "provider": str(solution.provider),
        "category": localised(solution.category, "name"),
        "summary": solution.summary,
        "state": solution.state,
        "state_label": standing_label(solution),
        "price": solution.first_year_price,
        "gain": shown.mean if shown else None,
        "mark": shown.satisfaction if shown and shown.benefit == Benefit.ASSURANCE else None,
        "reports": shown.smes if shown else None,
        "compare_url": _compare_url([solution.slug]),
    }


def standing_label(solution: Solution) -> str:
    """Where a solution stands, in the words of a customer."""
    match solution.state:
        case SolutionState.PREFERRED:
            return _("On the preferred list")
        case SolutionState.ON_NOTICE:
            return _("On the preferred list, on notice")
    return _("Checked, on trial") if solution.on_trial else _("Checked")


def _found(request: HttpRequest) -> tuple[SolutionFilter, QuerySet, bool]:
    """The filter as asked, what it finds, and whether it could be read."""
    visible = Solution.objects.visible(clock.today()).with_shelf().defer("shown_run__inputs", "description")
    filtered = SolutionFilter(request.GET or None, queryset=visible)
    if not filtered.is_bound:
        return filtered, SolutionFilter({}, queryset=visible).qs, True
    fine = filtered.form.is_valid()
    return filtered, filtered.qs if fine else visible.none(), fine


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The filters in the address that are filled in."""
    return [(name, value) for name, value in request.GET.items() if name in SolutionFilter.base_filters and value]


def _whole(queryset: QuerySet) -> QuerySet:
    packages = Prefetch("packages", Package.objects.prefetch_related("prices"))
    return queryset.with_shelf().defer("shown_run__inputs").prefetch_related(packages, "provinces")


def _plain(slugs: list[str]) -> list[str]:
    return [slug for slug in slugs if len(slug) <= 100 and "\x00" not in slug]


def _chosen(request: HttpRequest) -> list[str]:
    """The slugs that somebody is comparing, as the address says: each once, no more than can be compared."""
    return list(dict.fromkeys(filter(None, request.GET.getlist("s"))))[:MOST_COMPARED]


def _compare_url(slugs: Iterable[str]) -> str:
    return _with_chosen(reverse("providers:compare"), slugs)


def _with_chosen(address: str, slugs: Iterable[str]) -> str:
    chosen = urlencode([("s", slug) for slug in slugs])
    return f"{address}?{chosen}" if chosen else address


def _others(rows: list[Solution], today: dt.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every solution that can be put beside those chosen, by category: the category of the first one first, then by name."""
    found = Solution.objects.visible(today).exclude(pk__in=[row.pk for row in rows]).select_related("category")
    by_category: dict[str, list[tuple[str, str]]] = {}
    for other in found.order_by("name"):
        by_category.setdefault(localised(other.category, "name"), []).append((other.slug, other.name))
    first = localised(rows[0].category, "name") if rows else ""
    return sorted(by_category.items(), key=lambda group: (group[0] != first, group[0]))


def _head(solution: Solution) -> dict[str, str]:
    return {
        "label": solution.name,
        "url": reverse("providers:solution", args=[solution.slug]),
        "badge": standing_label(solution),
        "tone": tone_of(solution.state),
    }


def _facts(solution: Solution) -> list[tuple[str, Any]]:
    """For whom and where, as pairs."""
    return [
        (_("For"), _sectors(solution)),
        (_("Delivered in"), _provinces(solution)),
        (_("Level on the ladder"), _levels(solution)),
        (_("Checked until"), solution.valid_until),
    ]


def _sectors(solution: Solution) -> str:
    return ", ".join(localised(sector, "name") for sector in solution.sectors.all()) or _("every sector")


def _provinces(solution: Solution) -> str:
    return ", ".join(province.name for province in solution.provinces.all()) or _("the whole country")


def _levels(solution: Solution) -> str:
    if solution.min_level == solution.max_level:
        return str(solution.min_level)
    return _("%(low)s to %(high)s") % {"low": solution.min_level, "high": solution.max_level}


def _compared(rows: list[Solution], cheapest: list[Package | None]) -> list[dict[str, Any]]:
    """The rows of a comparison, each with a key, its words, and one cell per solution."""

    def money(name: str) -> list[str]:
        return [euro(getattr(package.current, name)) if package else "–" for package in cheapest]

    def text(name: str) -> list[str]:
        return [(getattr(package, name) or "–") if package else "–" for package in cheapest]

    compared = {
        "provider": (_("Provider"), [str(row.provider) for row in rows]),
        "category": (_("Category"), [localised(row.category, "name") for row in rows]),
        "evidence": (_("What users say"), [short_evidence(evidence_of(row)) for row in rows]),
        "package": (_("Cheapest package"), [package.name if package else "–" for package in cheapest]),
        "first_year": (_("First year, excl. VAT"), money("first_year")),
        "three_years": (_("Three years, excl. VAT"), money("three_years")),
        "one_off": (_("One-off"), money("one_off")),
        "monthly": (_("Per month"), money("monthly")),
        "included": (_("What is included"), text("included")),
        "hardware": (_("Equipment"), text("hardware")),
        "sectors": (_("For"), [_sectors(row) for row in rows]),
        "provinces": (_("Delivered in"), [_provinces(row) for row in rows]),
        "levels": (_("Level on the ladder"), [_levels(row) for row in rows]),
    }
    return [{"key": key, "label": label, "cells": cells} for key, (label, cells) in compared.items()]
