"""The page behind a personal link: an end user says in two minutes what a solution brought. No login, no session.

The token in the address is the whole right to answer, so there is no CSRF token; the page is kept nowhere and tells no
other site where it came from.
"""

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import floatformat
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages import View, posted, status_of, try_to
from core.reasons import Reason
from providers import services
from providers.enums import Benefit
from providers.forms.feedback import FeedbackForm
from providers.models import FeedbackInvitation
from providers.rules.gain import BEFORE
from providers.services.feedback import LinkGone, baseline_for, open_invitation

LONGEST_TOKEN = 100


def secret(view: View) -> View:
    """A page whose address is a secret: never stored, never indexed, never told to another site."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-store"
        return response

    return csrf_exempt(kept)


@secret
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """The questions; answering uses the link up. A used, expired or withdrawn link says so (410); an unknown one is a 404."""
    if len(token) > LONGEST_TOKEN:
        raise Http404
    try:
        return _feedback(request, token)
    except FeedbackInvitation.DoesNotExist as unknown:
        raise Http404 from unknown
    except LinkGone as gone:
        context = {"reason": gone.reason, "solution": gone.invitation.solution}
        return render(request, "providers/feedback/gone.html", context, status=HTTPStatus.GONE)


@secret
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Thank you; what happens with the answer."""
    return render(request, "providers/feedback/thanks.html")


def _feedback(request: HttpRequest, token: str) -> HttpResponse:
    invitation = open_invitation(token)
    benefit = Benefit(invitation.solution.category.benefit)
    baseline = baseline_for(invitation)
    form = FeedbackForm(*posted(request), benefit=benefit, baseline=baseline)
    reasons: list[Reason] = []
    if form.is_bound and form.is_valid():
        _kept, reasons = try_to(lambda: services.answer_feedback(token=token, answers=form.cleaned_data))
        if not reasons:
            return redirect("providers:feedback_thanks")
    fixed = (
        [(question.label, floatformat(getattr(baseline, question.field), -2)) for question in BEFORE[benefit]]
        if baseline
        else []
    )
    context = {
        "form": form,
        "reasons": reasons,
        "invitation": invitation,
        "solution": invitation.solution,
        "benefit": benefit,
        "fixed": fixed,
        "task": baseline.task if baseline else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if reasons else status_of(form)
    return render(request, "providers/feedback/feedback.html", context, status=status)
