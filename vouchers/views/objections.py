"""Objections, for the people of the authority: the list, and the ruling by somebody who had no hand in the decision."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, opened, page, paged, status_of, try_to
from core import clock
from core.exports import csv_response
from core.reasons import Reason
from vouchers import services
from vouchers.enums import APPLICATION_DECISIONS, ENDS_A_VOUCHER, DecisionKind, ObjectionState
from vouchers.forms.objection import ObjectionFilter, Ruling, RulingForm
from vouchers.models import Claim, Decision, Objection, Voucher
from vouchers.models.application import READERS
from vouchers.models.objection import OPEN

ORDERINGS = {
    "decide_by": ("decide_by", "pk"),
    "filed_at": ("filed_at", "pk"),
    "organisation": ("decision__application__organisation__legal_name", "pk"),
}
VERBS = {
    Ruling.UPHOLD: services.uphold,
    Ruling.UPHOLD_IN_PART: partial(services.uphold, in_part=True),
    Ruling.REJECT: services.reject,
    Ruling.INADMISSIBLE: services.declare_inadmissible,
}


@page("GET")
@for_roles(*READERS)
def objections(request: HttpRequest) -> HttpResponse:
    """What waits for a ruling, first due on top; with the filter also what was decided."""
    form = ObjectionFilter(request.GET or None)
    found = _found(form.chosen())
    if request.GET.get("format") == "csv":
        return _csv(found)
    shown = paged(request, found)
    return render(request, "vouchers/decide/objections.html", {"form": form, "page": shown})


@page("GET", "POST")
@for_roles(*READERS)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection: plan the hearing, or write the ruling, look at what it does, and confirm it."""
    found = opened(
        request,
        Objection.objects.select_related("decision__application__organisation", "filed_by", "decided_by"),
        pk=pk,
    )
    if request.method != "POST":
        return _page(request, found, RulingForm())
    if not request.user.holds(Role.DECIDER):
        raise PermissionDenied
    step = STEPS.get(request.POST.get("action", ""))
    return step(request, found) if step else _page(request, found, RulingForm(), status=HTTPStatus.BAD_REQUEST)


def _hear(request: HttpRequest, found: Objection) -> HttpResponse:
    _done, reasons = try_to(lambda: services.hear(by=request.user, objection=found))
    if reasons:
        return _page(request, found, RulingForm(), reasons)
    messages.success(request, _("The hearing is recorded."))
    return redirect("vouchers:objection", found.pk)


def _check(request: HttpRequest, found: Objection) -> HttpResponse:
    """Repeats the ruling and says what it does, before anything is done."""
    form = RulingForm(request.POST)
    reasons = services.barred_from_ruling(objection=found, by=request.user)
    if reasons or not form.is_valid():
        return _page(request, found, form, reasons)
    context = {"form": form, "ruling": form.words(), "effect": effect(found.decision, form.cleaned_data["ruling"])}
    return render(request, "vouchers/decide/objection_confirm.html", {**_context(found), **context})


def _change(request: HttpRequest, found: Objection) -> HttpResponse:
    """Back from the confirmation, with what was written."""
    asked = {name: request.POST.get(name, "") for name in RulingForm.base_fields}
    return _page(request, found, RulingForm(initial=asked))


def _decide(request: HttpRequest, found: Objection) -> HttpResponse:
    form = RulingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    act = VERBS[form.cleaned_data["ruling"]]
    _done, reasons = try_to(lambda: act(by=request.user, objection=found, answer=form.cleaned_data["answer"]))
    if reasons:
        return _page(request, found, form, reasons)
    messages.success(request, _("The objection is decided. The applicant gets the answer by e-mail."))
    return redirect("vouchers:objection", found.pk)


STEPS = {"hear": _hear, "check": _check, "change": _change, "decide": _decide}


def effect(decision: Decision, ruling: str) -> str:
    """What a ruling does to the contested decision, in words."""
    if ruling == Ruling.REJECT:
        return _("The decision stands.")
    if ruling == Ruling.INADMISSIBLE:
        return _("We do not look into the objection. The decision stands.")
    match decision.kind:
        case DecisionKind.REFUSAL | DecisionKind.DISMISSAL:
            return _("The application is opened again. An assessor looks at it anew, within a new term.")
        case DecisionKind.LAPSE | DecisionKind.REVOCATION | DecisionKind.REMAINDER:
            return _("The voucher is valid again, with a new last day, and its amount is kept in the budget.")
        case DecisionKind.DETERMINATION if ruling == Ruling.UPHOLD:
            return _("The amount is determined again, at what the rules give. A decider confirms it.")
        case DecisionKind.DETERMINATION:
            return _("The amount is determined again. It goes back to the assessor for new advice.")
        case DecisionKind.RECLAIM:
            return _("The reclaim is annulled: the business pays nothing back.")
        case _:
            return _("An award whose vouchers are out cannot be changed by an objection.")


def _context(found: Objection) -> dict[str, Any]:
    decision = found.decision
    return {
        "objection": found,
        "decision": decision,
        "application": decision.application,
        "what": capfirst(str(decision.get_kind_display())),
        **_papers(decision),
    }


def _papers(decision: Decision) -> dict[str, Any]:
    """Where the contested decision and its file are read, and the advice it followed."""
    key = decision.subject.rpartition(":")[2]
    application = decision.application
    if decision.kind in APPLICATION_DECISIONS:
        return {
            "letter_url": reverse("vouchers:letter", args=[application.pk, decision.pk]),
            "file_url": reverse("vouchers:decide_case", args=[application.pk]),
            "file_name": str(application),
            "advice": application.advice_text,
        }
    if decision.kind in ENDS_A_VOUCHER:
        voucher = Voucher.objects.get(pk=key)
        return {"file_url": reverse("vouchers:voucher_review", args=[voucher.number]), "file_name": voucher.number}
    claim = Claim.objects.select_related("voucher").get(pk=key)
    letter = reverse("vouchers:claim_letter", args=[claim.voucher.number, claim.seq])
    return {
        "letter_url": letter if decision.kind == DecisionKind.DETERMINATION else "",
        "file_url": reverse("vouchers:claim_review", args=[claim.pk]),
        "file_name": claim.number,
        "advice": claim.advice,
    }


def _page(
    request: HttpRequest,
    found: Objection,
    form: RulingForm,
    reasons: list[Reason] | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    is_open = found.state in OPEN and request.user.holds(Role.DECIDER)
    barred = services.barred_from_ruling(objection=found, by=request.user) if is_open else []
    context = {
        **_context(found),
        "form": form,
        "to_rule": is_open and not barred,
        "to_hear": found.state == ObjectionState.RECEIVED and is_open and not barred,
        "barred": barred,
        "reasons": [reason for reason in reasons or [] if reason not in barred],
    }
    wrong = status_of(form, reasons=reasons)
    status = wrong if status == HTTPStatus.OK else status
    return render(request, "vouchers/decide/objection.html", context, status=status)


# --- the list ----------------------------------------------------------------------------------------------------------


def _found(wanted: dict[str, Any]) -> QuerySet[Objection]:
    state, text = wanted.get("state", ""), wanted.get("q", "").strip()
    found = Objection.objects.select_related("decision__application__organisation")
    if not state:
        found = found.filter(state__in=OPEN)
    elif state != "all":
        found = found.filter(state=state)
    if text:
        found = found.filter(
            Q(decision__application__number__icontains=text)
            | Q(decision__application__organisation__legal_name__icontains=text)
            | Q(decision__application__organisation__trade_name__icontains=text)
            | Q(decision__application__kvk__icontains=text)
        )
    ordering = wanted.get("ordering") or "decide_by"
    fields = ORDERINGS[ordering.removeprefix("-")]
    return found.order_by(*(f"-{field}" if ordering.startswith("-") else field for field in fields))


def _csv(found: QuerySet[Objection]) -> HttpResponse:
    head = [_("Number"), _("Business"), _("Decision"), _("Decided"), _("Status"), _("Received"), _("Decide by")]
    rows = (
        [
            str(row.decision.application),
            str(row.decision.application.organisation),
            row.decision.get_kind_display(),
            clock.day_of(row.decision.decided_at),
            row.state_words(),
            clock.day_of(row.filed_at),
            row.decide_by,
        ]
        for row in found.iterator(chunk_size=500)
    )
    return csv_response("bezwaren", head, rows)
