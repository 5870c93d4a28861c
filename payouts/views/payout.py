"""One payment: where it stands, what was asked of the rail, and what people may say about it."""

import uuid
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.pages import for_roles, page, try_to
from core import clock
from core.reasons import Reason
from core.workflow import NotAuthorised
from payouts import selectors, services
from payouts.actors import HANDLERS, READERS
from payouts.enums import PayoutState, ResolutionVerdict
from payouts.forms import BookedForm, ResolutionForm, ReturnedForm
from payouts.models import InboxEvent, Payout
from payouts.views.parts import side_nav, tell_booked
from vouchers.enums import PaymentRail

BEFORE_SENDING = (PayoutState.PREPARED, PayoutState.APPROVED, PayoutState.READY)


def _payout(request: HttpRequest, number: uuid.UUID) -> Payout:
    rows = selectors.with_bank_file(Payout.objects.visible_to(request.user))
    rows = rows.select_related("claim", "payee", "programme")
    return get_object_or_404(rows, number=number)


def _page(request: HttpRequest, payout: Payout, *, reasons: list[Reason] | None = None, **forms: Any) -> HttpResponse:
    handles = request.user.holds(*HANDLERS)
    sepa = payout.rail == PaymentRail.SEPA
    line = payout.lines.select_related("batch").order_by("-pk").first()
    open_resolution = payout.resolutions.still_open().select_related("proposed_by").first()
    context = {
        "nav": side_nav(request),
        "payout": payout,
        "batch": line.batch if line else None,
        "attempts": payout.asked.order_by("n"),
        "resolutions": payout.resolutions.exclude(confirmed_at=None).select_related("proposed_by", "confirmed_by"),
        "open_resolution": open_resolution,
        "own_proposal": bool(open_resolution and open_resolution.proposed_by_id == request.user.pk),
        "handles": handles,
        "timeline": _timeline(payout),
        "may_confirm": handles and sepa and payout.state in (PayoutState.SENDING, PayoutState.UNKNOWN),
        "may_return": handles and sepa and payout.state == PayoutState.PAID and not open_resolution,
        "may_report": handles and payout.state in (PayoutState.SENDING, PayoutState.UNKNOWN),
        "may_cancel": handles and payout.state in BEFORE_SENDING and payout.first_sent_at is None,
        "may_say": handles and payout.state == PayoutState.MANUAL and not open_resolution,
        "booked_form": BookedForm(initial={"booked_on": clock.today()}),
        "returned_form": ReturnedForm(initial={"returned_on": clock.today()}),
        "resolution_form": ResolutionForm(payout=payout),
        "reasons": reasons,
    } | forms
    wrong = reasons or any(form.errors for form in forms.values())
    return render(
        request, "payouts/payout.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    )


def _timeline(payout: Payout) -> list[dict[str, Any]]:
    moments = [
        (payout.prepared_at, _("Prepared"), "done"),
        (payout.released_at, _("Released by a second person"), "done"),
        (payout.first_sent_at, _("Sent for the first time"), "done"),
        (payout.paid_on, _("Paid"), "done"),
        (payout.returned_on, _("The money came back"), "late"),
    ]
    return [{"when": when, "what": what, "kind": kind} for when, what, kind in moments if when]


@page("GET")
@for_roles(*READERS)
def payout(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Where this payment stands."""
    return _page(request, _payout(request, number))


def _acting(request: HttpRequest, found: Payout, act: Callable[[], Any], said: str, **forms: Any) -> HttpResponse:
    _done, reasons = try_to(act)
    if reasons:
        return _page(request, _payout(request, found.number), reasons=reasons, **forms)
    messages.success(request, said)
    return redirect(found)


def _handled(request: HttpRequest, number: uuid.UUID) -> Payout:
    found = _payout(request, number)
    if not request.user.holds(*HANDLERS):
        raise NotAuthorised("handle")
    return found


@page("POST")
@for_roles(*READERS)
def confirm(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The bank booked this one."""
    found = _handled(request, number)
    form = BookedForm(request.POST)
    if not form.is_valid():
        return _page(request, found, booked_form=form)
    booked_on = form.cleaned_data["booked_on"]
    booked, reasons = try_to(lambda: services.confirm_paid(by=request.user, payout=found, booked_on=booked_on))
    if reasons:
        return _page(request, _payout(request, number), reasons=reasons, booked_form=form)
    tell_booked(request, booked)
    return redirect(found)


@page("POST")
@for_roles(*READERS)
def returned(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The first of two people says that the money of this one came back."""
    found = _handled(request, number)
    form = ReturnedForm(request.POST)
    if not form.is_valid():
        return _page(request, found, returned_form=form)
    said = form.cleaned_data
    act = partial(services.report_return, by=request.user, payout=found, **said)
    return _acting(request, found, act, _("Noted. A second person has to confirm it."), returned_form=form)


@page("POST")
@for_roles(*READERS)
def report(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Something is wrong with this one: two people must look."""
    found = _handled(request, number)
    act = partial(services.report_trouble, by=request.user, payout=found)
    return _acting(request, found, act, _("From now on two people decide what happened to this payment."))


@page("POST")
@for_roles(*READERS)
def cancel(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Take this one out before it is sent."""
    found = _handled(request, number)
    act = partial(services.cancel_payout, by=request.user, payout=found)
    return _acting(request, found, act, _("The payment is taken out. The claim waits for a new batch."))


@page("POST")
@for_roles(*READERS)
def propose(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The first of two people says what happened."""
    found = _handled(request, number)
    form = ResolutionForm(request.POST, payout=found)
    if not form.is_valid():
        return _page(request, found, resolution_form=form)
    said = {**form.cleaned_data, "provider_id": form.cleaned_data.get("provider_id", "")}
    act = partial(services.propose_resolution, by=request.user, payout=found, **said)
    return _acting(request, found, act, _("Noted. A second person has to confirm it."), resolution_form=form)


@page("POST")
@for_roles(*READERS)
def resolve(request: HttpRequest, number: uuid.UUID, key: int) -> HttpResponse:
    """The second person confirms or rejects it, or who said it takes it back."""
    found = _handled(request, number)
    resolution = get_object_or_404(found.resolutions, pk=key)
    if request.POST.get("action") == "withdraw":
        act = partial(services.withdraw_resolution, by=request.user, resolution=resolution)
        own = resolution.proposed_by_id == request.user.pk
        return _acting(request, found, act, _("Taken back.") if own else _("Rejected. Nothing has changed."))
    act = partial(services.confirm_resolution, by=request.user, resolution=resolution)
    if resolution.verdict == ResolutionVerdict.RETURNED:
        return _acting(request, found, act, _("The money is back. The claim waits for a new payment."))
    return _acting(request, found, act, _("Confirmed by two people."))


@page("POST")
@for_roles(*READERS)
def clear_message(request: HttpRequest, key: int) -> HttpResponse:
    """A message that was set apart has been looked at."""
    message = get_object_or_404(InboxEvent.objects.visible_to(request.user), pk=key)
    _done, reasons = try_to(lambda: services.clear_message(by=request.user, message=message))
    if reasons:
        messages.info(request, _("Somebody else has looked at it already."))
    else:
        messages.success(request, _("Noted as looked at."))
    return redirect("payouts:work")
