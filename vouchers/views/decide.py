"""The decider's pages of applications: what waits for a decision, and the decision itself."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, page, status_of, try_to
from core import clock
from vouchers import services
from vouchers.enums import ApplicationState as State
from vouchers.forms.authority import AwardForm, DismissForm, IntentForm, RefuseForm, ReturnForm
from vouchers.models import Application, Budget, Objection
from vouchers.models.application import READERS
from vouchers.reasons import RefusalGround
from vouchers.services.budget import covering, left_in
from vouchers.views.common import case_context, queue_context, queue_csv, sent_application

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
    waiting = {"objections": Objection.objects.waiting().count()}
    return render(request, "vouchers/decide/queue.html", {**context, "budgets": budgets, **waiting})


@page("GET", "POST")
@for_roles(*READERS)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One application with its advice: award, refuse, send back, announce, or close as incomplete."""
    application = sent_application(request, pk)
    if request.method != "POST":
        return _page(request, application)
    if not request.user.holds(Role.DECIDER):  # before the form is judged: it tells nothing to who may not decide
        raise PermissionDenied
    verb = ACTIONS.get(request.POST.get("action", ""))
    if verb is None:
        return _page(request, application, status=HTTPStatus.BAD_REQUEST)
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
    form = ReturnForm(request.POST, auto_id="id_return_%s")
    return _do(
        request,
        application,
        lambda: services.return_to_assessor(by=request.user, application=application, **form.cleaned_data),
        return_form=form,
        done=_("The application is back with the assessor."),
    )


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
        return _page(request, application, status=HTTPStatus.UNPROCESSABLE_ENTITY, wrong=form, **forms)
    _done, reasons = try_to(act)
    if reasons:
        return _page(request, application, status=status_of(reasons=reasons), reasons=reasons, **forms)
    if done:
        messages.success(request, done)
    return redirect("vouchers:decide_case", application.pk)


def _page(
    request: HttpRequest, application: Application, *, status: HTTPStatus = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    application = sent_application(request, application.pk)
    context = case_context(request, application)
    may_decide = request.user.holds(Role.DECIDER)
    announced = services.announced(application)
    context |= {
        "may_decide": may_decide,
        "to_decide": may_decide and application.state == State.ADVISED,
        "to_queue": context["award"].award > left_in(covering(application)) + application.held,
        "to_refuse": may_decide and application.state in (State.ADVISED, State.WAITING_LIST),
        "to_dismiss": may_decide
        and application.state in (State.MORE_INFORMATION, State.IN_REVIEW)
        and context["questions"],
        "award_form": more.get("award_form") or AwardForm(),
        "refuse_form": more.get("refuse_form") or RefuseForm(),
        "intent_form": more.get("intent_form") or IntentForm(auto_id="id_intent_%s"),
        "return_form": more.get("return_form") or ReturnForm(auto_id="id_return_%s"),
        "dismiss_form": more.get("dismiss_form") or DismissForm(auto_id="id_dismiss_%s"),
        "announced": [ground.label for ground in RefusalGround if ground in announced],
        "budgets": covering(application),
        "reasons": more.get("reasons"),
        "wrong": more.get("wrong"),
        "today": clock.today(),
    }
    return render(request, "vouchers/decide/case.html", context, status=status)
