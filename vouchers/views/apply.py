"""Applying, one thing per page: register, choose, fill in, send, answer, follow, take back."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from accounts.pages import page, posted, status_of, try_to
from accounts.services import register_organisation
from core import clock
from core.idempotency import once
from core.reasons import Reason
from providers.models import Package
from vouchers import services
from vouchers.enums import OPEN_APPLICATION_STATES, ApplicationState, RuleOutcome
from vouchers.forms.application import (
    AidForm,
    AnswerIntentForm,
    BusinessFactsForm,
    MotivationForm,
    QuoteForm,
    RegisterBusinessForm,
    StartForm,
    StatementsForm,
    SubmitForm,
    VatForm,
)
from vouchers.models import Application, ApplicationLine, Programme
from vouchers.reasons import ApplicationReason
from vouchers.rules.eligibility import overall
from vouchers.services.facts import lines_of
from vouchers.services.intent import waiting
from vouchers.views.common import case_context, own_application
from vouchers.views.filling import in_the_way, told_in_scan

# --- starting --------------------------------------------------------------------------------------------------------


@page("GET")
def applications(request: HttpRequest) -> HttpResponse:
    """My applications, of all my businesses, the newest first."""
    mine = Application.objects.filter(organisation__in=request.user.organisations(OrganisationKind.SME))
    found = mine.select_related("organisation", "programme").order_by("-created_at", "-pk")
    context = {"applications": found, "businesses": request.user.organisations(OrganisationKind.SME).count()}
    return render(request, "vouchers/application/list.html", context)


@page("GET", "POST")
def register(request: HttpRequest) -> HttpResponse:
    """Registers the business one applies for. Afterwards one goes on where one came from."""
    form = RegisterBusinessForm(*posted(request), initial=told_in_scan(_asked_next(request)))
    package = _asked_package(request)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():

        def act() -> dict[str, Any]:
            made = register_organisation(by=request.user, kind=OrganisationKind.SME, **form.facts())
            return {"organisation": made.pk}

        owner, asked = f"user:{request.user.pk}", ["register", form.facts()]
        try:
            _answer, reasons = try_to(lambda: once(owner=owner, key=form.once_key(), request=asked, act=act))
        except ValidationError as wrong:
            _add_errors(form, wrong)
        else:
            if not reasons:
                start = reverse("vouchers:start")
                return redirect(_asked_next(request) or (f"{start}?pakket={package.pk}" if package else start))
    context = {"form": form, "package": package, "reasons": reasons}
    return _show(request, "register", context, status=_status(form, reasons))


@page("GET", "POST")
def start(request: HttpRequest) -> HttpResponse:
    """Starts an application for a package of a solution, or goes on with the one that was not sent yet."""
    businesses = request.user.organisations(OrganisationKind.SME).order_by("legal_name")
    package = _asked_package(request)
    if not businesses:
        target = reverse("vouchers:register")
        return redirect(f"{target}?pakket={package.pk}" if package else target)
    programme = Programme.objects.open(clock.today()).first()
    if programme is None:
        return _show(request, "closed", {})
    form = StartForm(*posted(request), businesses=businesses, package=package)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        business, quantity = form.cleaned_data["business"], form.cleaned_data["quantity"]

        def act() -> dict[str, Any]:
            made = services.start_application(
                by=request.user, organisation=business, programme=programme, package=package, quantity=quantity
            )
            return {"application": made.pk}

        owner = f"user:{request.user.pk}"
        asked = ["start", business.pk, programme.pk, package.pk if package else None, quantity]
        answer, reasons = try_to(lambda: once(owner=owner, key=form.once_key(), request=asked, act=act))
        if not reasons:
            return redirect("vouchers:application", answer["application"])
    running = Application.objects.live().filter(programme=programme, organisation__in=businesses).first()
    context = {"form": form, "package": package, "programme": programme, "reasons": reasons, "running": running}
    if package:
        context["estimate"] = _estimate(programme, package)
    return _show(request, "start", context, status=_status(form, reasons))


def _asked_next(request: HttpRequest) -> str:
    """The page of this site that sent somebody here (`?next=`), or nothing."""
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None, require_https=request.is_secure())
    return asked if safe else ""


def _asked_package(request: HttpRequest) -> Package | None:
    """The package in the address (`?pakket=12`), when the public can choose it today; 404 otherwise."""
    asked = request.GET.get("pakket", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404
    today = clock.today()
    package = get_object_or_404(
        Package.objects.select_related("solution__provider", "solution__category"), pk=int(asked)
    )
    if not package.solution.is_visible(today) or package not in package.solution.packages_on(today):
        raise Http404
    return package


def _estimate(programme: Programme, package: Package) -> Any:
    price = package.price_on(clock.today())
    return services.estimate(programme, price.first_year - price.hardware) if price else None


# --- the case page ---------------------------------------------------------------------------------------------------


@page("GET")
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The case as its applicant sees it: a task list until it is sent, then where it stands."""
    case = own_application(request, pk)
    context = case_context(request, case)
    if case.state in OPEN_APPLICATION_STATES:
        context |= {"tasks": _tasks(case, context["lines"]), "missing": services.missing(case)}
        if case.business_confirmed_at:
            outcomes = services.pre_check(case)
            context["in_the_way"] = [
                why for outcome in outcomes if outcome.outcome == RuleOutcome.FAIL for why in outcome.reasons
            ]
        return render(request, "vouchers/application/fill_in.html", context)
    context["may_withdraw"] = case.decided_at is None and case.state != "withdrawn"
    return render(request, "vouchers/application/case.html", context)


def _tasks(case: Application, lines: list[ApplicationLine]) -> list[dict[str, Any]]:
    """What is to be filled in, one line per page, with whether it is done."""

    def task(title: str, done: bool, name: str, *keys: int, meta: str = "") -> dict[str, Any]:
        url = reverse(f"vouchers:{name}", args=[case.pk, *keys])
        badge = _("done") if done else _("to do")
        tone = "good" if done else "neutral"
        return {"title": title, "url": url, "badge": badge, "tone": tone, "meta": meta, "done": done, "name": name}

    stated = case.nothing_ordered and case.own_contribution and case.not_insolvent and case.truthful
    return [
        task(
            _("Your business and bank account"), bool(case.business_confirmed_at and case.bank_account_id), "business"
        ),
        task(_("Group"), case.in_group is False or (bool(case.in_group) and case.related.exists()), "group"),
        *(
            task(
                _("The quote for %(solution)s") % {"solution": line.package.solution.name},
                line.net is not None and line.quote_file_id is not None,
                "quote",
                line.pk,
                meta=line.package.name,
            )
            for line in lines
        ),
        task(_("VAT"), bool(case.vat_position), "vat"),
        task(_("Earlier state aid"), case.declared_de_minimis is not None, "aid"),
        task(_("Why this solution"), bool(case.motivation), "motivation", meta=_("optional in most cases")),
        task(_("Statements"), bool(stated), "statements"),
    ]


# --- filling in ------------------------------------------------------------------------------------------------------


@page("GET", "POST")
def business(request: HttpRequest, pk: int) -> HttpResponse:
    """What we ask of the business, and the bank account."""
    case = _open_case(request, pk)
    form = BusinessFactsForm(*posted(request), application=case)
    return _fill_in(
        request,
        case,
        form,
        "business",
        lambda: services.confirm_business(
            by=request.user,
            application=case,
            iban=form.cleaned_data["iban"],
            holder=form.cleaned_data["holder"],
            facts=form.facts(),
        ),
    )


@page("GET", "POST")
def quote(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """The quote of one line."""
    case = _open_case(request, pk)
    lines = case.lines.select_related("package__solution", "quote_file")
    chosen = get_object_or_404(lines, pk=line)
    if request.method == "POST" and "remove" in request.POST:
        _gone, reasons = try_to(lambda: services.remove_line(by=request.user, line=chosen))
        if reasons:
            context = {"form": QuoteForm(line=chosen), "application": case, "line": chosen, "reasons": reasons}
            return _show(request, "quote", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        messages.success(request, _("The solution is taken out of your application."))
        return redirect("vouchers:application", case.pk)
    form = QuoteForm(*posted(request, files=True), line=chosen)
    return _fill_in(
        request,
        case,
        form,
        "quote",
        lambda: services.add_quote(by=request.user, line=chosen, **form.cleaned_data),
        line=chosen,
        price=chosen.package.price_on(clock.today()),
    )


@page("GET", "POST")
def vat(request: HttpRequest, pk: int) -> HttpResponse:
    """How much VAT comes back."""
    case = _open_case(request, pk)
    initial = {"position": case.vat_position, "pro_rata": case.vat_pro_rata}
    form = VatForm(*posted(request), initial=initial)
    return _fill_in(
        request,
        case,
        form,
        "vat",
        lambda: services.set_vat_position(by=request.user, application=case, **form.cleaned_data),
    )


@page("GET", "POST")
def aid(request: HttpRequest, pk: int) -> HttpResponse:
    """De-minimis aid that the business had before."""
    case = _open_case(request, pk)
    form = AidForm(
        *posted(request),
        initial={"amount": case.declared_de_minimis},
        months=case.rule_set.de_minimis_months,
    )
    return _fill_in(
        request, case, form, "aid", lambda: services.declare_aid(by=request.user, application=case, **form.cleaned_data)
    )


@page("GET", "POST")
def motivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this solution."""
    case = _open_case(request, pk)
    form = MotivationForm(*posted(request), initial={"motivation": case.motivation})
    return _fill_in(
        request,
        case,
        form,
        "motivation",
        lambda: services.explain(by=request.user, application=case, **form.cleaned_data),
    )


@page("GET", "POST")
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """What the applicant signs for."""
    case = _open_case(request, pk)
    names = ("nothing_ordered", "own_contribution", "not_insolvent", "truthful")
    form = StatementsForm(*posted(request), initial={name: getattr(case, name) for name in names})
    return _fill_in(
        request,
        case,
        form,
        "statements",
        lambda: services.confirm_statements(by=request.user, application=case, **form.cleaned_data),
    )


@page("GET", "POST")
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Look it over once more, see what the rules say of it, and send it."""
    case = own_application(request, pk)
    if case.state not in OPEN_APPLICATION_STATES and request.method != "POST":
        return redirect("vouchers:application", case.pk)
    question = case.open_question()
    form = SubmitForm(*posted(request), question=question)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():

        def act() -> dict[str, Any]:
            sent = services.submit_application(
                by=request.user, application=case, answer=form.cleaned_data.get("answer", "")
            )
            return {"application": sent.pk}

        owner, asked = f"user:{request.user.pk}", ["submit", case.pk, form.cleaned_data.get("answer", "")]
        _sent, reasons = try_to(lambda: once(owner=owner, key=form.once_key(), request=asked, act=act))
        if not reasons:
            messages.success(request, _("Your application was sent. You get an e-mail with its number."))
            return redirect("vouchers:application", case.pk)
    context = case_context(request, case)
    outcomes = services.pre_check(case)
    context |= {
        "form": form,
        "reasons": reasons,
        "missing": _missing(case),
        "outcomes": [outcome for outcome in outcomes if outcome.reasons],
        "overall": overall(outcomes),
    }
    return render(request, "vouchers/application/send.html", context, status=_status(form, reasons))


@page("GET", "POST")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the application back, after asking once more."""
    case = own_application(request, pk)
    reasons: list[Reason] = []
    if request.method == "POST":
        _gone, reasons = try_to(lambda: services.withdraw(by=request.user, application=case))
        if not reasons:
            messages.success(request, _("Your application is withdrawn."))
            return redirect("vouchers:application", case.pk)
    return _show(
        request,
        "withdraw",
        {"application": case, "reasons": reasons},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if reasons else HTTPStatus.OK,
    )


@page("GET", "POST")
def answer_intent(request: HttpRequest, pk: int, intent: int) -> HttpResponse:
    """One's view on a notice of intent."""
    case = own_application(request, pk)
    notice = get_object_or_404(case.intents, pk=intent, subject=case.reference())
    form = AnswerIntentForm(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _said, reasons = try_to(lambda: services.answer_intent(by=request.user, intent=notice, **form.cleaned_data))
        if not reasons:
            messages.success(request, _("Thank you. We read your view before we decide."))
            return redirect("vouchers:application", case.pk)
    waits = notice in waiting(case)
    context = {"form": form, "application": case, "intent": notice, "reasons": reasons, "waits": waits}
    return _show(request, "intent", context, status=_status(form, reasons))


# --- helpers ---------------------------------------------------------------------------------------------------------


def _open_case(request: HttpRequest, pk: int) -> Application:
    """One's own application. What may be written now is judged by the service."""
    return own_application(request, pk)


def _fill_in(
    request: HttpRequest, case: Application, form: Any, name: str, save: Callable[[], Any], **context: Any
) -> HttpResponse:
    """One page of the application: show, or save and go on with the next page that is not done.

    What is plainly too much is kept and said at once; whether it is, is decided by a person later.
    """
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        before = in_the_way(case)
        try:
            _saved, reasons = try_to(save)
        except ValidationError as wrong:
            _add_errors(form, wrong)
        else:
            if not reasons:
                case = own_application(request, case.pk)
                for why in in_the_way(case) - before:
                    messages.warning(request, why)
                return redirect(next_page(request, case))
    elif request.method != "POST" and case.state not in OPEN_APPLICATION_STATES:
        return redirect("vouchers:application", case.pk)
    context = {"form": form, "application": case, "reasons": reasons, **context}
    return _show(request, name, context, status=_status(form, reasons))


def next_page(request: HttpRequest, case: Application) -> str:
    """The first page after this one that is not done; the list of tasks when there is none, or when a question is answered."""
    tasks = _tasks(case, lines_of(case))
    here = next((place for place, task in enumerate(tasks, 1) if task["url"] == request.path), len(tasks))
    ahead = [task["url"] for task in tasks[here:] if not task["done"]]
    on = case.state == ApplicationState.DRAFT and ahead
    return ahead[0] if on else reverse("vouchers:application", args=[case.pk])


def _missing(case: Application) -> list[tuple[Reason, str]]:
    """What is still missing, each with the page on which to fill it in."""
    pages = {task["name"]: task["url"] for task in reversed(_tasks(case, lines_of(case)))}
    quotes = {line.package.solution.name: reverse("vouchers:quote", args=[case.pk, line.pk]) for line in lines_of(case)}

    def page_for(reason: Reason) -> str:
        match reason.code:
            case ApplicationReason.NO_LINES:
                return reverse("providers:catalogue")
            case ApplicationReason.QUOTE_MISSING:
                return quotes[reason.params["solution"]]
        return pages[PAGE_OF.get(reason.code, "business")]

    return [(reason, page_for(reason)) for reason in services.missing(case)]


PAGE_OF = {
    ApplicationReason.GROUP_MISSING: "group",
    ApplicationReason.RELATED_MISSING: "group",
    ApplicationReason.VAT_MISSING: "vat",
    ApplicationReason.DE_MINIMIS_MISSING: "aid",
    ApplicationReason.STATEMENTS_MISSING: "statements",
}


def _add_errors(form: Any, wrong: ValidationError) -> None:
    """What the service found wrong, at the field it is about where the form has it."""
    for name, errors in wrong.message_dict.items() if hasattr(wrong, "error_dict") else [(None, wrong.messages)]:
        form.add_error(name if name in form.fields else None, errors)


def _status(form: Any, reasons: list[Reason]) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if reasons else status_of(form)


def _show(request: HttpRequest, name: str, context: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return render(request, f"vouchers/application/{name}.html", context, status=status)
