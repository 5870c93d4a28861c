"""A provider names reference customers for a solution, asks them again, and takes a mistyped one back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.pages import page, posted, status_of, try_to
from core import clock
from core.reasons import Reason
from providers import services
from providers.enums import FeedbackSource
from providers.forms.feedback import ReferenceForm
from providers.rules.rulesets import rule_set
from providers.services.standing import PROFILE
from providers.views.solutions import done_once, needed_references, own_solution


@page("GET", "POST")
def references(request: HttpRequest, pk: int) -> HttpResponse:
    """The reference customers: who was asked, whether they answered (never what), and a form to name another."""
    solution = own_solution(request, pk)
    form = ReferenceForm(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "once"}

        def act() -> dict[str, Any]:
            made = services.invite_reference(by=request.user, solution=solution, **fields)
            return {"invitation": made.pk}

        answer, reasons = done_once(request, form, f"reference of {pk}", act)
        if answer:
            messages.success(request, _("We sent a personal link to %(email)s.") % {"email": fields["email"]})
            return redirect("providers:my_references", pk=pk)
    now, rules = clock.now(), rule_set(PROFILE, clock.today())
    invited = list(solution.invitations.filter(source=FeedbackSource.REFERENCE).order_by("pk"))
    rows = [{"invitation": one, "status": one.status(now)} for one in invited]
    context = {
        "form": form,
        "solution": solution,
        "reasons": reasons,
        "rows": rows,
        "answered": sum(one.answered_at is not None for one in invited),
        "rules": rules,
        **needed_references(),
    }
    return render(request, "providers/solutions/references.html", context, status=status_of(form, reasons=reasons))


@page("POST")
def resend(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """A fresh link for a customer whose link expired."""
    solution = own_solution(request, pk)
    row = get_object_or_404(solution.invitations.filter(source=FeedbackSource.REFERENCE), pk=invitation)
    _sent, reasons = try_to(lambda: services.resend_invitation(by=request.user, invitation=row))
    for reason in reasons:
        messages.error(request, str(reason))
    if not reasons:
        messages.success(request, _("We sent a personal link to %(email)s.") % {"email": row.email})
    return redirect("providers:my_references", pk=pk)


@page("GET", "POST")
def withdraw(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Takes back that a customer was named, after saying what that means."""
    solution = own_solution(request, pk)
    row = get_object_or_404(solution.invitations.filter(source=FeedbackSource.REFERENCE), pk=invitation)
    reasons: list[Reason] = []
    if request.method == "POST":
        _gone, reasons = try_to(lambda: services.withdraw_invitation(by=request.user, invitation=row))
        if not reasons:
            messages.success(request, _("The link to %(email)s no longer works.") % {"email": row.email})
            return redirect("providers:my_references", pk=pk)
    context = {"solution": solution, "invitation": row, "reasons": reasons}
    return render(request, "providers/solutions/withdraw.html", context, status=status_of(reasons=reasons))
