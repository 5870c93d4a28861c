"""Where everybody comes in: from a problem of one's own, or from the scan."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import clock
from core.i18n import localised
from providers.models import NO_OFFER, Category, Solution, facts_by_category
from roadmap.models import Level, Problem
from roadmap.services import CURRENT_QUESTIONNAIRE
from vouchers.services.support import support_now, with_vouchers


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The owner's problem first, then the scan, the four steps and the voucher in plain words."""
    context = {
        "problems": Problem.objects.all(),
        "levels": Level.objects.filter(questionnaire=CURRENT_QUESTIONNAIRE),
        "support": support_now(),
    }
    return render(request, "marketplace/home.html", context)


@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """One problem: what to do this week for nothing, which solutions help, what to watch when choosing."""
    found = get_object_or_404(Problem, slug=slug)
    categories = Category.objects.in_bulk(found.category_codes)
    today = clock.today()
    facts = facts_by_category(Solution.objects.visible(today), today)
    helps: list[dict[str, Any]] = [
        {"row": categories[code], "benefit": categories[code].benefit, **(facts.get(code) or NO_OFFER)}
        for code in found.category_codes
        if code in categories
    ]
    support = support_now()
    context = {
        "problem": found,
        "tips": localised(found, "tips").splitlines(),
        "watch": localised(found, "watch").splitlines(),
        "helps": with_vouchers(helps, support),
        "support": support,
    }
    return render(request, "marketplace/problem.html", context)


@require_safe
def first_aid(request: HttpRequest) -> HttpResponse:
    """Hacked: what to do first, in the order in which it helps."""
    categories = Category.objects.in_bulk(["WEERBAAR", "BACKUP", "TOEGANG"])
    return render(request, "marketplace/first_aid.html", {"categories": categories.values()})
