"""A provider's own solutions: describe them, add packages, name reference customers, have them vetted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from accounts.pages import page, paged, posted, status_of, try_to
from core import clock
from core.idempotency import once
from core.reasons import Reason
from core.tones import tone_of
from providers import services
from providers.enums import DossierKind, FeedbackSource, ProviderState, SolutionState
from providers.forms.catalogue import PackageForm, PriceForm, ProviderChoiceForm, ReasonsForm, SolutionForm
from providers.models import Package, Solution
from providers.rules.rulesets import vetting_rules
from providers.services.reminders import first_ending
from providers.views.access import own_providers
from providers.views.catalogue import standing_label
from providers.views.evidence import evidence_of
from providers.views.vetting import react_to
from providers.wording import grounds_of

PER_PAGE = 20
ORDERINGS = {
    "name": "name",
    "category": "category",
    "state": "state",
    "price": "first_year_price",
    "answers": "answered",
}
"""By what the list can be sorted: the name in the address and the column."""


@page("GET")
def my_solutions(request: HttpRequest) -> HttpResponse:
    """My solutions with where they stand; when there are none, what to do next."""
    found = (
        _own(request)
        .select_related("category", "provider__organisation")
        .annotate(
            package_count=Count("packages", distinct=True),
            answered=Count("invitations", filter=Q(invitations__answered_at__isnull=False), distinct=True),
        )
    )
    q = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    if q:
        found = found.filter(
            Q(name__icontains=q) | Q(category__name_nl__icontains=q) | Q(category__name_en__icontains=q)
        )
    order = request.GET.get("ordering", "")
    by = ORDERINGS.get(order.removeprefix("-"), "name")
    arrow = F(by).desc(nulls_last=True) if order.startswith("-") else F(by).asc(nulls_last=True)
    own = list(own_providers(request.user))
    context = {
        "page": paged(request, found.order_by(arrow, "pk"), PER_PAGE),
        "q": q,
        "providers": own,
        "admitted": any(provider.state == ProviderState.ADMITTED for provider in own),
        "today": clock.today(),
    }
    return render(request, "providers/solutions/list.html", context)


@page("GET", "POST")
def new(request: HttpRequest) -> HttpResponse:
    """A new solution, as a draft. A double click makes one."""
    providers = own_providers(request.user)
    mine = list(providers)
    if not mine:
        return redirect("providers:provider_home")
    form = SolutionForm(*posted(request))
    which = ProviderChoiceForm(*posted(request), providers=providers) if len(mine) > 1 else None
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid() and (which is None or which.is_valid()):
        provider = which.cleaned_data["provider"] if which else mine[0]

        def act() -> dict[str, Any]:
            made = services.create_solution(by=request.user, provider=provider, **form.fields_for_service())
            return {"solution": made.pk}

        answer, reasons = done_once(request, form, "solution", act)
        if answer:
            return redirect("providers:my_solution", pk=answer["solution"])
    context = {"form": form, "which": which, "reasons": reasons}
    return render(request, "providers/solutions/form.html", context, status=status_of(which, form, reasons=reasons))


@page("GET")
def my_solution(request: HttpRequest, pk: int) -> HttpResponse:
    """One solution as a list of what is done and what comes next."""
    return _page(request, own_solution(request, pk))


@page("GET", "POST")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a draft."""
    solution = own_solution(request, pk)
    form = SolutionForm(*posted(request), instance=_copy(solution))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _changed, reasons = try_to(
            lambda: services.update_solution(by=request.user, solution=solution, **form.fields_for_service())
        )
        if not reasons:
            messages.success(request, _("Saved."))
            return redirect("providers:my_solution", pk=pk)
    context = {"form": form, "solution": solution, "reasons": reasons}
    return render(request, "providers/solutions/form.html", context, status=status_of(form, reasons=reasons))


@page("GET", "POST")
def new_package(request: HttpRequest, pk: int) -> HttpResponse:
    """A package with its price. A double click makes one."""
    solution = own_solution(request, pk)
    form = PackageForm(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():

        def act() -> dict[str, Any]:
            made = services.add_package(by=request.user, solution=solution, **form.fields_for_service())
            return {"package": made.pk}

        answer, reasons = done_once(request, form, f"package of {pk}", act)
        if answer:
            messages.success(request, _("Package added."))
            return redirect("providers:my_solution", pk=pk)
    context = {"form": form, "solution": solution, "reasons": reasons}
    return render(request, "providers/solutions/package.html", context, status=status_of(form, reasons=reasons))


@page("GET", "POST")
def edit_package(request: HttpRequest, pk: int, package: int) -> HttpResponse:
    """Changes a package of a draft."""
    solution = own_solution(request, pk)
    row = get_object_or_404(solution.packages, pk=package)
    price = row.proposed or row.price_on(clock.today())
    initial = {"one_off": price.one_off, "monthly": price.monthly, "hardware_price": price.hardware} if price else {}
    form = PackageForm(*posted(request), instance=Package.objects.get(pk=row.pk), initial=initial)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _changed, reasons = try_to(
            lambda: services.update_package(by=request.user, package=row, **form.fields_for_service())
        )
        if not reasons:
            messages.success(request, _("Saved."))
            return redirect("providers:my_solution", pk=pk)
    context = {"form": form, "solution": solution, "package": row, "reasons": reasons}
    return render(request, "providers/solutions/package.html", context, status=status_of(form, reasons=reasons))


@page("POST")
def drop_package(request: HttpRequest, pk: int, package: int) -> HttpResponse:
    """Takes a package out of a draft; gone already is fine."""
    solution = own_solution(request, pk)
    row = solution.packages.filter(pk=package).first()
    if row is None:
        return redirect("providers:my_solution", pk=pk)
    _gone, reasons = try_to(lambda: services.remove_package(by=request.user, package=row))
    if reasons:
        return _page(request, solution, reasons)
    messages.success(request, _("Package removed."))
    return redirect("providers:my_solution", pk=pk)


@page("GET", "POST")
def new_price(request: HttpRequest, pk: int, package: int) -> HttpResponse:
    """Proposes another price of a package in the catalogue."""
    solution = own_solution(request, pk)
    row = get_object_or_404(solution.packages, pk=package)
    current = row.price_on(clock.today())
    form = PriceForm(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _price, reasons = try_to(lambda: services.change_price(by=request.user, package=row, **form.cleaned_data))
        if not reasons:
            messages.success(request, _("The new price waits for approval. Ask for a check of the change now."))
            return redirect("providers:my_solution", pk=pk)
    context = {"form": form, "solution": solution, "package": row, "current": current, "reasons": reasons}
    return render(request, "providers/solutions/price.html", context, status=status_of(form, reasons=reasons))


@page("POST")
def start_vetting(request: HttpRequest, pk: int) -> HttpResponse:
    """Starts the dossier by which the solution is listed, renewed or its change approved; one that runs already is opened."""
    solution = own_solution(request, pk)
    running = solution.dossiers.live().first()
    if running:
        return redirect("providers:dossier", pk=running.pk)
    kind = DossierKind.REVISION
    if solution.editable:
        kind = DossierKind.LISTING
    elif _ends_soon(solution):
        kind = DossierKind.RENEWAL
    dossier, reasons = try_to(
        lambda: services.start_dossier(by=request.user, provider=solution.provider, kind=kind, solution=solution)
    )
    if reasons:
        return _page(request, solution, reasons)
    return redirect("providers:dossier", pk=dossier.pk)


@page("GET", "POST")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The say of a provider on a notice."""
    solution = own_solution(request, pk)
    form = ReasonsForm(*posted(request), label=_("Your reply"))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _done, reasons = try_to(
            lambda: services.reply_to_notice(by=request.user, solution=solution, text=form.cleaned_data["text"])
        )
        if not reasons:
            messages.success(request, _("Your reply has been kept with the notice."))
            return redirect("providers:my_solution", pk=pk)
    context = {"form": form, "solution": solution, "reasons": reasons}
    return render(request, "providers/solutions/reply.html", context, status=status_of(form, reasons=reasons))


@page("GET", "POST")
def react(request: HttpRequest, pk: int) -> HttpResponse:
    """Reacts to an announced or urgent suspension of a solution."""
    solution = own_solution(request, pk)
    return react_to(request, solution, "providers:my_solution", {"pk": solution.pk})


@page("GET", "POST")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops offering a solution, after asking whether that is meant."""
    solution = own_solution(request, pk)
    reasons: list[Reason] = []
    if request.method == "POST":
        _done, reasons = try_to(lambda: services.retire_solution(by=request.user, solution=solution))
        if not reasons:
            messages.success(request, _("The solution is not offered any more."))
            return redirect("providers:my_solutions")
    context = {"solution": solution, "reasons": reasons}
    return render(request, "providers/solutions/retire.html", context, status=status_of(reasons=reasons))


def _own(request: HttpRequest) -> Any:
    mine = request.user.organisations(OrganisationKind.PROVIDER)
    return Solution.objects.filter(provider__organisation__in=mine)


def own_solution(request: HttpRequest, pk: int) -> Solution:
    """A solution of a provider this person belongs to, with its packages and prices; 404 for any other."""
    packages = Prefetch("packages", Package.objects.prefetch_related("prices"))
    own = _own(request).select_related("category", "provider__organisation", "standing")
    return get_object_or_404(own.prefetch_related(packages), pk=pk)


def _copy(solution: Solution) -> Solution:
    """A second instance for the form to write on, so that the page keeps showing what is true."""
    return Solution.objects.get(pk=solution.pk)


def done_once(
    request: HttpRequest, form: Any, what: str, act: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any] | None, list[Reason]]:
    """Does it once for this shown page. A field the service refuses becomes an error of the form."""
    asked = [what, sorted((name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken")]
    try:
        return try_to(lambda: once(owner=f"user:{request.user.pk}", key=form.once_key(), request=asked, act=act))
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
        return None, []


def _page(request: HttpRequest, solution: Solution, reasons: list[Reason] = ()) -> HttpResponse:
    today = clock.today()
    running = solution.dossiers.live().first()
    answered = solution.invitations.live().filter(source=FeedbackSource.REFERENCE, answered_at__isnull=False).count()
    packages = [
        {"package": package, "price": package.price_on(today), "proposed": package.proposed}
        for package in solution.packages.all()
    ]
    proposed = any(row["proposed"] for row in packages)
    live, ends_soon = solution.state not in {SolutionState.DRAFT, SolutionState.RETIRED}, _ends_soon(solution)
    context = {
        "solution": solution,
        "reasons": reasons,
        "packages": packages,
        "running": running,
        "answered": answered,
        **needed_references(),
        "react_url": reverse("providers:my_solution_react", args=[solution.pk]),
        "standing": standing_label(solution),
        "evidence": evidence_of(solution),
        "grounds": grounds_of(solution.notice_grounds),
        "visible": solution.is_visible(today) if solution.valid_until else False,
        "may_start": running is None and (solution.editable or (live and (proposed or ends_soon))),
        "ends_soon": live and ends_soon,
        "tasks": _tasks(solution, packages, answered, running),
        "decisions": list(solution.dossiers.exclude(decided_at=None).order_by("-decided_at")[:10]),
    }
    return render(request, "providers/solutions/detail.html", context, status=status_of(reasons=reasons))


def needed_references() -> dict[str, int]:
    """How many reference customers a listing takes, in full and on trial."""
    rules = vetting_rules(clock.today())
    return {"needed": rules.references_full, "needed_on_trial": rules.references_trial}


def _ends_soon(solution: Solution) -> bool:
    """Whether the check of a solution, or evidence under it, ends so soon that it can be renewed without losing days."""
    ends, today = first_ending(solution), clock.today()
    return ends is not None and (ends - today).days <= vetting_rules(today).renewal_early_days


def _tasks(solution: Solution, packages: list[Any], answered: int, running: Any) -> list[dict[str, Any]]:
    """What a draft still needs, in order: words, a package, customers, the dossier. For components/task_list.html."""
    if not solution.editable:
        return []

    def task(title: str, url: str, done: bool, meta: str = "") -> dict[str, Any]:
        badge = {"badge": _("done"), "tone": "good"} if done else {"badge": _("to do"), "tone": "act"}
        return {"title": title, "url": url, "meta": meta, **badge}

    needed, months = needed_references()["needed"], vetting_rules(clock.today()).reference_use_months
    asked = _("%(answered)s answered, %(needed)s needed") % {"answered": answered, "needed": needed}
    tasks = [
        task(_("Describe your solution"), reverse("providers:my_solution_edit", args=[solution.pk]), True),
        task(
            _("Add at least one package with a price"),
            reverse("providers:my_package_new", args=[solution.pk]),
            bool(packages),
        ),
        task(
            _("Name %(needed)s customers who have used it for %(months)s months")
            % {"needed": needed, "months": months},
            reverse("providers:my_references", args=[solution.pk]),
            answered >= needed,
            asked,
        ),
    ]
    if running:
        dossier = task(_("Fill in the dossier and hand it in"), reverse("providers:dossier", args=[running.pk]), False)
        tasks.append(dossier | {"badge": running.state_words(own=True), "tone": tone_of(running.state)})
    return tasks
