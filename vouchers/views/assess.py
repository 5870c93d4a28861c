"""The assessor's pages: the queue, and the case with what has to be judged."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, page, status_of, try_to
from vouchers import services
from vouchers.enums import ApplicationState as State
from vouchers.enums import RuleOutcome
from vouchers.forms.authority import AdviceForm, LineForm, QuestionForm, VerdictForm
from vouchers.models import Application
from vouchers.models.application import READERS
from vouchers.views.common import case_context, queue_context, queue_csv, reopened_by, sent_application

TO_ASSESS = (State.SUBMITTED, State.IN_REVIEW, State.MORE_INFORMATION, State.WAITING_LIST)


@page("GET")
@for_roles(*READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """Applications that wait for an assessor, or for their applicant; first due on top."""
    context = queue_context(request, Application.objects.filter(state__in=TO_ASSESS), TO_ASSESS)
    if request.GET.get("format") == "csv":
        return queue_csv("aanvragen", context["found"])
    return render(request, "vouchers/assess/queue.html", context)


@page("GET", "POST")
@for_roles(*READERS)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: what was asked, what the rules say, and the assessor's next step."""
    application = sent_application(request, pk)
    if request.method != "POST":
        return _page(request, application)
    verb = ACTIONS.get(request.POST.get("action", ""))
    if verb is None:
        return _page(request, application, status=HTTPStatus.BAD_REQUEST)
    return verb(request, application)


def _take_up(request: HttpRequest, application: Application) -> HttpResponse:
    return _do(request, application, lambda: services.take_up(by=request.user, application=application))


def _ask(request: HttpRequest, application: Application) -> HttpResponse:
    form = QuestionForm(request.POST)
    return _do(
        request,
        application,
        lambda: services.ask_more(by=request.user, application=application, **form.cleaned_data),
        question_form=form,
        done=_("Your question is sent. The clock stands still until the answer."),
    )


def _verdict(request: HttpRequest, application: Application) -> HttpResponse:
    check = get_object_or_404(application.checks, code=request.POST.get("code", "")[:24])
    form = VerdictForm(request.POST, auto_id=f"id_{check.code}_%s")
    return _do(
        request,
        application,
        lambda: services.give_verdict(by=request.user, application=application, **form.cleaned_data),
        verdict_form=form,
        verdict_code=check.code,
    )


def _line(request: HttpRequest, application: Application) -> HttpResponse:
    asked = request.POST.get("line", "")
    key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
    line = get_object_or_404(application.lines, pk=key)
    form = LineForm(request.POST, auto_id=f"id_line{line.pk}_%s")
    return _do(
        request,
        application,
        lambda: services.correct_line(by=request.user, line=line, **form.cleaned_data),
        line_form=form,
        line_pk=line.pk,
    )


def _advise(request: HttpRequest, application: Application) -> HttpResponse:
    form = AdviceForm(request.POST)
    return _do(
        request,
        application,
        lambda: services.advise(by=request.user, application=application, **form.cleaned_data),
        advice_form=form,
        done=_("Your advice is recorded. Somebody else decides."),
    )


ACTIONS: dict[str, Callable[[HttpRequest, Application], HttpResponse]] = {
    "take_up": _take_up,
    "ask": _ask,
    "verdict": _verdict,
    "line": _line,
    "advise": _advise,
}


def _do(
    request: HttpRequest, application: Application, act: Callable[[], Any], *, done: str = "", **forms: Any
) -> HttpResponse:
    """Does one verb when its form is right; otherwise shows the page again with what was written and what is wrong."""
    form = next((form for name, form in forms.items() if name.endswith("_form")), None)
    if form is not None and not form.is_valid():
        return _page(request, application, status=HTTPStatus.UNPROCESSABLE_ENTITY, wrong=form, **forms)
    _done, reasons = try_to(act)
    if reasons:
        return _page(request, application, status=status_of(reasons=reasons), reasons=reasons, **forms)
    if done:
        messages.success(request, done)
    return redirect("vouchers:assess_case", application.pk)


def _page(
    request: HttpRequest, application: Application, *, status: HTTPStatus = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    application = sent_application(request, application.pk)
    context = case_context(request, application)
    in_review = application.state == State.IN_REVIEW and request.user.holds(Role.ASSESSOR)
    for check in context["checks"]:
        judging = check.outcome == RuleOutcome.REVIEW and in_review
        refused = more.get("verdict_code") == check.code
        check.form = (more["verdict_form"] if refused else VerdictForm(check=check)) if judging else None
    for line in context["lines"]:
        refused = more.get("line_pk") == line.pk
        line.form = (more["line_form"] if refused else LineForm(line=line)) if in_review and line.eligible else None
    context |= {
        "may_assess": request.user.holds(Role.ASSESSOR),
        "in_review": in_review,
        "question_form": more.get("question_form") or QuestionForm(),
        "advice_form": more.get("advice_form") or AdviceForm(),
        "reopened": reopened_by(application),
        "in_the_way": services.in_the_way(application) if in_review else [],
        "reasons": more.get("reasons"),
        "wrong": more.get("wrong"),
    }
    return render(request, "vouchers/assess/case.html", context, status=status)
