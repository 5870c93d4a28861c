"""The decider's pages: what waits for a decision, and the decision itself."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from vouchers import services
from vouchers.enums import ApplicationState as State
from vouchers.enums import DecisionKind
from vouchers.forms.application import AwardForm, DismissForm, IntentForm, RefuseForm
from vouchers.models import Application, Budget, Objection
from vouchers.models.application import READERS
from vouchers.models.objection import OPEN
from vouchers.services.budget import covering
from vouchers.views.common import case_context, for_roles, page, queue_context, queue_csv, sent_application

UNPROCESSABLE = 422
TO_DECIDE = (State.ADVISED, State.WAITING_LIST, State.AWARDED, State.REFUSED, State.DISMISSED)


@page("GET")
@for_roles(*READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """Applications with an advice; with the filter also what was decided and who waits for money."""
    wanted = TO_DECIDE if request.GET.get("state") else (State.ADVISED,)
    context = queue_context(request, Application.objects.filter(state__in=wanted), TO_DECIDE)
    if request.GET.get("format") == "csv":
        return queue_csv("besluiten", context["found"])
    budgets = Budget.objects.filter(province__isnull=True).select_related("programme").order_by("programme")
    objections = Objection.objects.filter(state__in=OPEN).select_related("decision__application").order_by("decide_by")
    return render(request, "vouchers/decide/queue.html", {**context, "budgets": budgets, "objections": objections})


@page("GET", "POST")
@for_roles(*READERS)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One application with its advice: award, refuse, send back, announce, or close as incomplete."""
    application = sent_application(request, pk)
    if request.method == "GET":
        return _page(request, application)
    verb = ACTIONS.get(request.POST.get("action", ""))
    if verb is None:
        return _page(request, application, status=400)
    return verb(request, application)


def _award(request: HttpRequest, application: Application) -> HttpResponse:
    form = AwardForm(request.POST)
    return _do(
        request,
        application,
        lambda: services.award(by=request.user, application=application, **form.cleaned_data),
        award_form=form,
        done=_("The voucher is awarded. The applicant gets the letter by e-mail."),
    )


def _refuse(request: HttpRequest, application: Application) -> HttpResponse:
    form = RefuseForm(request.POST)
    return _do(
        request,
        application,
        lambda: services.refuse(by=request.user, application=application, **form.cleaned_data),
        refuse_form=form,
        done=_("The application is refused. The applicant gets the letter by e-mail."),
    )


def _intent(request: HttpRequest, application: Application) -> HttpResponse:
    form = IntentForm(request.POST, auto_id="id_intent_%s")

    def act() -> None:
        data = form.cleaned_data
        services.send_intent(
            by=request.user, application=application, grounds=data["grounds"], text=data["explanation"]
        )

    return _do(request, application, act, intent_form=form, done=_("The notice of intent is sent."))


def _return(request: HttpRequest, application: Application) -> HttpResponse:
    return _do(request, application, lambda: services.return_to_assessor(by=request.user, application=application))


def _dismiss(request: HttpRequest, application: Application) -> HttpResponse:
    form = DismissForm(request.POST, auto_id="id_dismiss_%s")
    return _do(
        request,
        application,
        lambda: services.dismiss(by=request.user, application=application, **form.cleaned_data),
        dismiss_form=form,
        done=_("The application is closed as incomplete."),
    )


def _queue(request: HttpRequest, application: Application) -> HttpResponse:
    return _do(request, application, lambda: services.queue(by=request.user, application=application))


ACTIONS: dict[str, Callable[[HttpRequest, Application], HttpResponse]] = {
    "award": _award,
    "refuse": _refuse,
    "intent": _intent,
    "return": _return,
    "dismiss": _dismiss,
    "queue": _queue,
}


def _do(
    request: HttpRequest, application: Application, act: Callable[[], Any], *, done: str = "", **forms: Any
) -> HttpResponse:
    form = next(iter(forms.values()), None)
    if form is not None and not form.is_valid():
        return _page(request, application, status=UNPROCESSABLE, wrong=form, **forms)
    try:
        act()
    except Refused as refused:
        return _page(request, application, status=UNPROCESSABLE, reasons=refused.reasons, **forms)
    if done:
        messages.success(request, done)
    return redirect("vouchers:decide_case", application.pk)


def _page(request: HttpRequest, application: Application, *, status: int = 200, **more: Any) -> HttpResponse:
    application = sent_application(request, application.pk)
    context = case_context(request, application)
    may_decide = request.user.holds(Role.DECIDER)
    context |= {
        "may_decide": may_decide,
        "to_decide": may_decide and application.state == State.ADVISED,
        "to_refuse": may_decide and application.state in (State.ADVISED, State.WAITING_LIST),
        "to_dismiss": may_decide
        and application.state in (State.MORE_INFORMATION, State.IN_REVIEW)
        and context["questions"],
        "award_form": more.get("award_form") or AwardForm(),
        "refuse_form": more.get("refuse_form") or RefuseForm(),
        "intent_form": more.get("intent_form") or IntentForm(auto_id="id_intent_%s"),
        "dismiss_form": more.get("dismiss_form") or DismissForm(auto_id="id_dismiss_%s"),
        "intent_waits": services.intent_reasons(application, DecisionKind.REFUSAL),
        "budgets": covering(application),
        "reasons": more.get("reasons"),
        "wrong": more.get("wrong"),
        "today": clock.today(),
    }
    return render(request, "vouchers/decide/case.html", context, status=status)


@page("GET", "POST")
@for_roles(*READERS)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """An objection, for somebody who had no hand in the decision."""
    found = get_object_or_404(
        Objection.objects.select_related("decision__application__organisation", "filed_by", "decided_by"), pk=pk
    )
    verbs = {
        "uphold": services.uphold,
        "uphold_in_part": partial(services.uphold, in_part=True),
        "reject": services.reject,
        "declare_inadmissible": services.declare_inadmissible,
    }
    reasons, answer = [], request.POST.get("answer", "").replace("\x00", "")[:4000]
    if request.method == "POST":
        action = request.POST.get("action", "")
        if action not in {"hear", *verbs}:
            return render(request, "vouchers/decide/objection.html", {"objection": found}, status=400)
        try:
            if action == "hear":
                services.hear(by=request.user, objection=found)
            else:
                verbs[action](by=request.user, objection=found, answer=answer)
        except Refused as refused:
            reasons = refused.reasons
        else:
            return redirect("vouchers:objection", found.pk)
    context = {
        "objection": found,
        "decision": found.decision,
        "application": found.decision.application,
        "open": found.state in OPEN and request.user.holds(Role.DECIDER),
        "reasons": reasons,
        "answer": answer,
    }
    return render(request, "vouchers/decide/objection.html", context, status=UNPROCESSABLE if reasons else 200)
