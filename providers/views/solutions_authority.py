"""The authority's side of a solution: evidence, concerns, suspending and reinstating, running the rule."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.pages import for_roles, opened, page, paged, status_of, try_to
from core.exports import csv_response
from core.reasons import Reason
from core.workflow import NotAuthorised
from providers.forms.catalogue import SolutionListForm
from providers.models import Solution
from providers.models.feedback import reports_of
from providers.models.provider import OFFICIALS
from providers.views.evidence import evidence_of
from providers.views.solutions_acts import ACTS, may
from providers.wording import grounds_of

RUNS_SHOWN = 12
ORDERINGS = {
    "name": "name",
    "provider": "provider__slug",
    "state": "state",
    "counted": "standing__on",
    "concerns": "open_concerns",
}
"""By what the list can be sorted: the name in the address and the column."""


@page("GET")
@for_roles(*OFFICIALS)
def solution_list(request: HttpRequest) -> HttpResponse:
    """Every solution with its status, open concerns and latest run."""
    form, found = _found(request)
    csv_url = f"{reverse('providers:vetting_solutions_csv')}?{request.GET.urlencode()}"
    context = {"form": form, "page": paged(request, found), "csv_url": csv_url}
    return render(request, "providers/solutions/authority_list.html", context, status=status_of(form))


@page("GET")
@for_roles(*OFFICIALS)
def solution_list_csv(request: HttpRequest) -> HttpResponse:
    """The same list, all of it, as CSV."""
    form, found = _found(request)
    head = [_("Solution"), _("Provider"), _("Category"), _("Status"), _("Last counted"), _("Open concerns")]
    rows = [
        [
            row.name,
            str(row.provider),
            row.category_id,
            row.get_state_display(),
            row.standing.on if row.standing else None,
            row.open_concerns,
        ]
        for row in found
    ]
    response = csv_response("oplossingen", head, rows)
    response.status_code = status_of(form)
    return response


@page("GET")
@for_roles(*OFFICIALS)
def solution(request: HttpRequest, pk: int) -> HttpResponse:
    """One solution: where it stands and why, what stands open against it, and what can be done."""
    return _page(request, opened(request, _solutions(), pk=pk))


@page("GET", "POST")
@for_roles(*OFFICIALS)
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act on a solution, on a page of its own: what happens, the reasons, one button."""
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    row = opened(request, _solutions(), pk=pk)
    if not may(chosen, request.user, row):
        raise PermissionDenied
    form = chosen.form(request.POST if request.method == "POST" else None, row)
    reasons: list[Reason] = []
    if form.is_bound and form.is_valid():
        try:
            _done, reasons = try_to(lambda: chosen.do(request.user, row, form.cleaned_data))
        except NotAuthorised as refused:
            raise PermissionDenied from refused
        if not reasons:
            messages.success(request, _("Done: %(what)s.") % {"what": chosen.title})
            return redirect("providers:vetting_solution", pk=pk)
    context = {"solution": row, "form": form, "act": chosen, "reasons": reasons}
    status = status_of(form, reasons=reasons)
    return render(request, "providers/solutions/authority_act.html", context, status=status)


def _found(request: HttpRequest) -> tuple[SolutionListForm, QuerySet]:
    """The form as asked and what it finds, in the order of `ordering`."""
    form = SolutionListForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = Solution.objects.select_related("category", "provider__organisation", "standing").defer("standing__inputs")
    found = found.annotate(open_concerns=Count("concerns", filter=Q(concerns__resolved_at__isnull=True)))
    if asked.get("q"):
        q = asked["q"]
        found = found.filter(
            Q(name__icontains=q)
            | Q(provider__organisation__trade_name__icontains=q)
            | Q(provider__organisation__legal_name__icontains=q)
        )
    if asked.get("state"):
        found = found.filter(state=asked["state"])
    if asked.get("concern"):
        found = found.filter(open_concerns__gt=0)
    asked_order = request.GET.get("ordering", "")
    order = ORDERINGS.get(asked_order.removeprefix("-"), ORDERINGS["name"])
    arrow = F(order).desc(nulls_last=True) if asked_order.startswith("-") else F(order).asc(nulls_last=True)
    return form, found.order_by(arrow, "pk")


def _solutions() -> QuerySet[Solution]:
    return Solution.objects.select_related("category", "provider__organisation", "standing")


def _page(request: HttpRequest, solution: Solution) -> HttpResponse:
    acts = [
        {"name": name, "title": one.title, "danger": one.danger}
        for name, one in ACTS.items()
        if may(one, request.user, solution) and one.possible(solution)
    ]
    context = {
        "solution": solution,
        "evidence": evidence_of(solution),
        "grounds": grounds_of(solution.notice_grounds),
        "runs": list(solution.standing_runs.defer("inputs", "rule", "outcome")[:RUNS_SHOWN]),
        "concerns": list(solution.concerns.select_related("raised_by", "resolved_by", "lifted_by")),
        "withheld": list(reports_of(solution).filter(withheld_at__isnull=False)),
        "dossiers": list(solution.dossiers.order_by("-pk")),
        "acts": acts,
    }
    return render(request, "providers/solutions/authority.html", context)
