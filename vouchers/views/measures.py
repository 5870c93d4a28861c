"""What the authority takes back: a voucher that is revoked, and money that was paid too much.

Each page shows the state of things and takes one step at a time; the service says who may and what is in the way.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, opened, page, status_of, try_to
from core import hands
from core.enums import HandRole
from core.reasons import Reason
from vouchers import services
from vouchers.enums import DecisionKind, ReclaimGround, ReclaimState, RevocationGround, VoucherState
from vouchers.forms.measures import GroundForm, ReceivedForm, WhyForm
from vouchers.models import Claim, Decision, Reclaim, Voucher
from vouchers.models.voucher import READERS
from vouchers.services.notices import notices_of
from vouchers.views.cases import sent_claim, show, timeline

Step = tuple[forms.Form | None, Callable[[], Any]]
"""A form that has to be right, if any, and what is done then."""


@page("GET", "POST")
@for_roles(*READERS)
def voucher(request: HttpRequest, number: str) -> HttpResponse:
    """One voucher: its terms, its claims, what was decided about it, and taking the award back (Awb 4:48)."""
    found = opened(request, Voucher.objects.with_case(), number=number)
    action = request.POST.get("action", "") if request.method == "POST" else None
    wrong, reasons, status = _try(_voucher_step(request, found, action), action)
    if status is None:
        messages.success(request, _("Done."))
        return redirect("vouchers:voucher_review", number)
    claims = list(found.claims.exclude(submitted_at__isnull=True).order_by("seq"))
    issued = found.state == VoucherState.ISSUED
    context = {
        "voucher": found,
        "application": found.application,
        "claims": claims,
        "decisions": Decision.objects.filter(subject=found.reference()).select_related("decided_by"),
        "notices": notices_of(found, DecisionKind.REVOCATION),
        "timeline": timeline(found, claims),
        "announce_form": wrong if wrong and action == "announce" else _revocation("announce"),
        "revoke_form": wrong if wrong and action == "revoke" else _revocation("revoke"),
        "may_announce": issued and _may(found, "intend", request.user, HandRole.ASSESSOR),
        "may_revoke": issued and _may(found, "revoke", request.user, HandRole.DECIDER),
        "wrong": wrong,
    }
    return _shown(request, "vouchers/measures/voucher.html", context, reasons, status)


def _revocation(name: str, *data: Any) -> GroundForm:
    return GroundForm(*data, grounds=RevocationGround, about_money=False, auto_id=f"id_{name}_%s")


def _voucher_step(request: HttpRequest, found: Voucher, action: str | None) -> Step | None:
    form = _revocation(action or "", request.POST)
    match action:
        case "announce":
            return form, lambda: services.announce(
                by=request.user,
                subject=found,
                kind=DecisionKind.REVOCATION,
                grounds=[RevocationGround(form.cleaned_data["ground"])],
                text=form.cleaned_data["text"],
            )
        case "revoke":
            return form, lambda: services.revoke_voucher(
                by=request.user,
                voucher=found,
                ground=RevocationGround(form.cleaned_data["ground"]),
                explanation=form.cleaned_data["text"],
            )
    return None


@page("GET", "POST")
@for_roles(*READERS)
def reclaim(request: HttpRequest, pk: int) -> HttpResponse:
    """Asking back what was paid above the determination: announce, decide, tell, and what came of it (Awb 4:57)."""
    claim = sent_claim(request, pk)
    action = request.POST.get("action", "") if request.method == "POST" else None
    wrong, reasons, status = _try(_reclaim_step(request, claim, action), action)
    if status is None:
        messages.success(request, _("Done."))
        return redirect("vouchers:claim_reclaim", pk)
    left = services.paid_too_much(claim) - services.asked_back(claim)
    context = {
        "claim": claim,
        "voucher": claim.voucher,
        "over": services.paid_too_much(claim),
        "left": left,
        "notices": notices_of(claim, DecisionKind.RECLAIM),
        "reclaims": [_reclaim_row(request, row) for row in claim.reclaims.order_by("pk")],
        "announce_form": wrong if wrong and action == "announce" else _reclaiming("announce"),
        "decide_form": wrong if wrong and action == "decide" else _reclaiming("decide"),
        "may_announce": left > 0 and _may(claim, "intend", request.user, HandRole.ASSESSOR),
        "may_decide": left > 0
        and request.user.holds(Role.DECIDER)
        and not hands.objections(claim, request.user, HandRole.DECIDER),
        "wrong": wrong,
    }
    return _shown(request, "vouchers/measures/reclaim.html", context, reasons, status)


def _reclaiming(name: str, *data: Any) -> GroundForm:
    return GroundForm(*data, grounds=ReclaimGround, about_money=True, auto_id=f"id_{name}_%s")


def _reclaim_row(request: HttpRequest, row: Reclaim) -> dict[str, Any]:
    """A reclaim with what this person may do about it now."""
    decided, due = row.state == ReclaimState.DECIDED, row.state == ReclaimState.DUE
    return {
        "reclaim": row,
        "notify": decided and row.may("notify", request.user),
        "receive": ReceivedForm(auto_id=f"id_receive{row.pk}_%s") if due and row.may("receive", request.user) else None,
        "write_off": WhyForm(auto_id=f"id_write_off{row.pk}_%s")
        if due and row.may("write_off", request.user)
        else None,
        "annul": WhyForm(auto_id=f"id_annul{row.pk}_%s")
        if (decided or due) and row.may("annul", request.user)
        else None,
    }


def _reclaim_step(request: HttpRequest, claim: Claim, action: str | None) -> Step | None:
    by, form = request.user, _reclaiming(action or "", request.POST)
    match action:
        case "announce":
            return form, lambda: services.announce(
                by=by,
                subject=claim,
                kind=DecisionKind.RECLAIM,
                grounds=[ReclaimGround(form.cleaned_data["ground"])],
                text=form.cleaned_data["text"],
                amount=form.cleaned_data["amount"],
            )
        case "decide":
            return form, lambda: services.decide_reclaim(
                by=by,
                claim=claim,
                amount=form.cleaned_data["amount"],
                ground=ReclaimGround(form.cleaned_data["ground"]),
                explanation=form.cleaned_data["text"],
            )
        case "notify" | "receive" | "annul" | "write_off":
            return _ending_step(request, claim, action)
    return None


def _ending_step(request: HttpRequest, claim: Claim, action: str) -> Step:
    asked = request.POST.get("reclaim", "")
    key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
    row, by = get_object_or_404(claim.reclaims, pk=key), request.user
    if action == "notify":
        return None, lambda: services.notify_reclaim(by=by, reclaim=row)
    if action == "receive":
        day = ReceivedForm(request.POST, auto_id=f"id_receive{row.pk}_%s")
        return day, lambda: services.receive_back(by=by, reclaim=row, received_on=day.cleaned_data["received_on"])
    why = WhyForm(request.POST, auto_id=f"id_{action}{row.pk}_%s")
    end = services.annul_reclaim if action == "annul" else services.write_off_reclaim
    return why, lambda: end(by=by, reclaim=row, why=why.cleaned_data["text"])


def _may(subject: Voucher | Claim, verb: str, by: Any, role: HandRole) -> bool:
    """Whether this person may do it and has no other hand on the file: who announces does not decide."""
    return subject.may(verb, by) and not hands.objections(subject, by, role)


# --- one step --------------------------------------------------------------------------------------------------------------


def _try(step: Step | None, action: str | None) -> tuple[Any, list[Reason], HTTPStatus | None]:
    """Does the step: the form that is wrong, the reasons it was refused for, and the status when it was not done."""
    if action is None:
        return None, [], HTTPStatus.OK
    if step is None:
        return None, [], HTTPStatus.BAD_REQUEST
    form, act = step
    if form is not None and not form.is_valid():
        return form, [], HTTPStatus.UNPROCESSABLE_ENTITY
    _done, reasons = try_to(act)
    return (form, reasons, status_of(reasons=reasons)) if reasons else (None, [], None)


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], reasons: list[Reason], status: HTTPStatus | None
) -> HttpResponse:
    answer = show(request, template, context, reasons)
    answer.status_code = status or answer.status_code
    return answer
