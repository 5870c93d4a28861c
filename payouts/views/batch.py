"""One batch: look, release, cancel, fetch the bank file, say that the bank booked it."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.pages import for_roles, page, try_to
from core import clock
from core.reasons import Reason
from core.workflow import NotAuthorised
from payouts import selectors, services
from payouts.actors import HANDLERS, READERS
from payouts.enums import BatchState, PayoutState
from payouts.forms import BookedForm, ReleaseForm
from payouts.models import Batch
from payouts.views.lists import tell_dropped
from payouts.views.parts import side_nav, tell_booked
from vouchers.enums import PaymentRail


def _batch(request: HttpRequest, number: uuid.UUID) -> Batch:
    rows = Batch.objects.visible_to(request.user).select_related("programme", "prepared_by", "released_by")
    return get_object_or_404(rows, number=number)


def _page(request: HttpRequest, batch: Batch, *, reasons: list[Reason] | None = None, **forms: Any) -> HttpResponse:
    person = request.user
    payouts = list(selectors.with_bank_file(batch.payouts()))
    mine = {}
    if batch.state == BatchState.PREPARED:
        mine = selectors.other_hands(person, [f"vouchers.claim:{row.claim_id}" for row in payouts], "releaser")
    before = selectors.paid_before(row.claim_id for row in payouts)
    lines = [
        {
            "payout": row,
            "falls_out": mine.get(f"vouchers.claim:{row.claim_id}"),
            "paid_before": [each for each in before.get(row.claim_id, []) if each.seq < row.seq],
        }
        for row in payouts
    ]
    sepa = batch.rail == PaymentRail.SEPA
    waits = [row for row in payouts if row.state in (PayoutState.SENDING, PayoutState.UNKNOWN)]
    fingerprint = batch.fingerprint(payouts)
    may_release = batch.state == BatchState.PREPARED and person.holds(Role.APPROVER)
    context = {
        "nav": side_nav(request),
        "batch": batch,
        "lines": lines,
        "dropped": [
            {"payout": line.payout, "reasons": [Reason.from_json(reason) for reason in line.dropped_because]}
            for line in batch.lines.filter(live=False).select_related("payout__claim", "payout__payee")
        ],
        "total": sum(row.amount for row in payouts),
        "n": len(payouts),
        "fingerprint": fingerprint,
        "sepa": sepa,
        "bank_file": getattr(batch, "file_row", None) if sepa else None,
        "may_download": batch.may("download", person),
        "waits": len(waits),
        "may_release": may_release and batch.prepared_by_id != person.pk,
        "own_batch": may_release and batch.prepared_by_id == person.pk,
        "may_cancel": batch.state == BatchState.PREPARED and batch.may("cancel", person),
        "may_confirm": sepa and bool(waits) and batch.may("confirm", person),
        "release_form": ReleaseForm(initial={"seen_sha256": fingerprint}),
        "booked_form": BookedForm(initial={"booked_on": clock.today()}),
        "reasons": reasons,
    } | forms
    wrong = reasons or any(form.errors for form in forms.values())
    return render(
        request, "payouts/batch.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    )


@page("GET")
@for_roles(*READERS)
def batch(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """What is in it, who made it, what can be done with it."""
    return _page(request, _batch(request, number))


@page("POST")
@for_roles(*READERS)
def release(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The second person lets exactly this go."""
    found = _batch(request, number)
    if not found.may("release", request.user):
        raise NotAuthorised("release")
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, release_form=form)
    seen = form.cleaned_data["seen_sha256"]
    done, reasons = try_to(lambda: services.release_batch(by=request.user, batch=found, seen_sha256=seen))
    if reasons:
        return _page(request, _batch(request, number), reasons=reasons)
    if done.batch.state == BatchState.CANCELLED:
        messages.warning(request, _("No payment was left, so the batch is cancelled."))
    elif done.batch.rail == PaymentRail.SEPA:
        messages.success(request, _("Released. Download the bank file and hand it in at the bank."))
    else:
        messages.success(request, _("Released. The payment service sends the payments now."))
    tell_dropped(request, [each.as_json() for each in done.dropped])
    return redirect(done.batch)


@page("POST")
@for_roles(*READERS)
def cancel(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Take the whole batch back before it is released."""
    found = _batch(request, number)
    _gone, reasons = try_to(lambda: services.cancel_batch(by=request.user, batch=found))
    if reasons:
        return _page(request, _batch(request, number), reasons=reasons)
    messages.success(request, _("The batch is cancelled. Its claims wait for a new batch."))
    return redirect("payouts:payable")


@page("POST")
@for_roles(*READERS)
def confirm(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The bank booked the whole batch on this day."""
    found = _batch(request, number)
    if not found.may("confirm", request.user):
        raise NotAuthorised("confirm")
    form = BookedForm(request.POST)
    if not form.is_valid():
        return _page(request, found, booked_form=form)
    booked_on = form.cleaned_data["booked_on"]
    booked, reasons = try_to(lambda: services.confirm_paid(by=request.user, batch=found, booked_on=booked_on))
    if reasons:
        return _page(request, _batch(request, number), reasons=reasons, booked_form=form)
    tell_booked(request, booked)
    return redirect(found)


@page("POST")
@for_roles(*HANDLERS)
def bank_file(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The file for the bank, for who hands it in: the same bytes at every download, and each download is in the trail."""
    found = _batch(request, number)
    made, reasons = try_to(lambda: services.batch_file(by=request.user, batch=found))
    if reasons:
        return _page(request, found, reasons=reasons)
    return HttpResponse(
        bytes(made.content),
        content_type="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
