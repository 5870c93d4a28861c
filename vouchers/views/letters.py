"""Letters of decisions, the quote's file, and objecting to a decision."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.letters import letter_response
from accounts.pages import page, posted, status_of, try_to
from core import clock
from core.files import file_response
from core.reasons import Reason
from vouchers import services
from vouchers.enums import APPLICATION_DECISIONS, ENDS_A_VOUCHER, DecisionKind
from vouchers.forms.application import ObjectionForm
from vouchers.models import Application, ApplicationLine, Claim, Decision, Voucher
from vouchers.views.common import own_application


@page("GET")
def letter(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """A decision on an application, or on an objection in its case, as a letter: for its applicant and for the authority."""
    application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    decisions = application.decisions.select_related(
        "rule_set__programme", "application__organisation", "application__programme", "decided_by"
    )
    found = get_object_or_404(decisions, pk=decision, kind__in=[*APPLICATION_DECISIONS, DecisionKind.OBJECTION])
    context = {
        "decision": found,
        "application": application,
        "business": application.organisation,
        "programme": application.programme,
        "rules": found.rule_set,
        "lines": application.lines.select_related("package__solution", "provider__organisation").order_by("pk"),
        "vouchers": found.vouchers.select_related("solution").order_by("pk"),
        "is_applicant": request.user.is_member_of(application.organisation_id),
        "objection": found.objections.order_by("-pk").first(),
        "may_object": request.user.is_member_of(application.organisation_id) and clock.today() <= found.objection_until,
    }
    title = _("Decision on application %(number)s") % {"number": application.number}
    if found.kind == DecisionKind.OBJECTION:
        context["objection"] = found.ruled
        title = _("Decision on the objection against %(number)s") % {"number": application.number}
        return letter_response(request, "vouchers/decision/objection_letter.html", context, name=title)
    return letter_response(request, "vouchers/decision/letter.html", context, name=title)


@page("GET")
def quote_file(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """The quote as it was uploaded, for whoever may see the case."""
    application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    found = get_object_or_404(ApplicationLine.objects.select_related("quote_file"), pk=line, application=application)
    if found.quote_file is None:
        raise Http404
    return file_response(found.quote_file)


@page("GET", "POST")
def objects(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Objecting to a decision."""
    application = own_application(request, pk)
    found = get_object_or_404(Decision.objects.filter(application=application), pk=decision)
    form = ObjectionForm(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _done, reasons = try_to(lambda: services.file_objection(by=request.user, decision=found, **form.cleaned_data))
        if not reasons:
            return redirect(page_of(found))
    context = {"form": form, "decision": found, "reasons": reasons, "title": _("Object"), "back": page_of(found)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if reasons else status_of(form)
    return render(request, "vouchers/decision/object.html", context, status=status)


def page_of(decision: Decision) -> str:
    """Where its recipient reads a decision: the letter of the application or the claim, otherwise the page of the voucher."""
    key = decision.subject.rpartition(":")[2]
    if decision.kind in (*APPLICATION_DECISIONS, DecisionKind.OBJECTION):
        return reverse("vouchers:letter", args=[decision.application_id, decision.pk])
    if decision.kind in ENDS_A_VOUCHER:
        return reverse("vouchers:voucher", args=[Voucher.objects.get(pk=key).number])
    claim = Claim.objects.select_related("voucher").get(pk=key)
    if decision.kind == DecisionKind.DETERMINATION:
        return reverse("vouchers:claim_letter", args=[claim.voucher.number, claim.seq])
    return reverse("vouchers:voucher", args=[claim.voucher.number])
