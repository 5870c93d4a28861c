"""The programme manager's pages: what a programme pays, how it goes, and its ceiling."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, page, try_to
from core import clock
from core.reasons import Reason
from core.wording import euro
from vouchers import figures
from vouchers.forms.programme import CeilingForm
from vouchers.models import Budget, Programme, RuleSet
from vouchers.models.application import READERS
from vouchers.services.budget import set_ceiling
from vouchers.views.cases import show


@page("GET")
@for_roles(*READERS)
def programmes(request: HttpRequest) -> HttpResponse:
    """Every programme with its money and what is late in it."""
    today, late = clock.today(), figures.overdue()
    rows = [
        {
            "programme": programme,
            "budget": next((one for one in programme.budgets.all() if one.province_id is None), None),
            "late": late[programme.pk].total(),
            "open": programme.is_open(today),
        }
        for programme in Programme.objects.prefetch_related("budgets")
    ]
    return show(request, "vouchers/programme/list.html", {"rows": rows})


@page("GET", "POST")
@for_roles(*READERS)
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """One programme: its numbers, how it goes, and for the manager the form that changes a ceiling."""
    found = get_object_or_404(Programme, code=code)
    if request.method != "POST":
        return _page(request, found)
    if not request.user.holds(Role.MANAGER):
        raise PermissionDenied
    budget = get_object_or_404(found.budgets, province=request.POST.get("province", "")[:4] or None)
    form = _form(budget, request.POST)
    if not form.is_valid():
        return _page(request, found, form, budget)
    ceiling = form.cleaned_data["ceiling"]
    changed, reasons = try_to(
        lambda: set_ceiling(by=request.user, programme=found, ceiling=ceiling, province=budget.province_id)
    )
    if changed is None:
        return _page(request, found, form, budget, reasons)
    messages.success(request, _("The ceiling is %(amount)s now.") % {"amount": euro(changed.ceiling)})
    return redirect("vouchers:programme", code)


def _form(budget: Budget, *data: Any) -> CeilingForm:
    return CeilingForm(*data, auto_id=f"id_{budget.province_id or 'all'}_%s")


def _page(
    request: HttpRequest,
    found: Programme,
    form: CeilingForm | None = None,
    budget: Budget | None = None,
    reasons: list[Reason] | None = None,
) -> HttpResponse:
    budgets = list(found.budgets.select_related("province").order_by("province__name", "pk"))
    for one in budgets:
        one.form = form if budget and one.pk == budget.pk else _form(one)
        one.refused = bool(budget and one.pk == budget.pk)
    late = figures.overdue()[found.pk]
    context = {
        "programme": found,
        "rules": _rules(found),
        "budgets": budgets,
        "applications": figures.applications_by_state(found),
        "claims": figures.claims_by_state(found),
        "times": figures.lead_times(found),
        "late": late,
        "late_in_all": sum(late.values()),
        "may_set": request.user.holds(Role.MANAGER),
        "wrong": form,
        "is_open": found.is_open(clock.today()),
    }
    return show(request, "vouchers/programme/detail.html", context, reasons or [], invalid=bool(form and form.errors))


def _rules(found: Programme) -> RuleSet | None:
    """The version in force; before the opening the first one."""
    try:
        return found.rules_on(clock.today())
    except RuleSet.DoesNotExist:
        return found.rule_sets.order_by("version").first()
