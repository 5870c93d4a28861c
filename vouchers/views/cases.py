"""What the pages about vouchers and claims share: whose object it is, how a refusal is shown, what a timeline holds."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganisationKind
from accounts.pages import opened, status_of
from core import clock
from core.reasons import Reason
from providers.models import Provider
from vouchers.enums import ClaimState, VoucherState
from vouchers.models import Claim, Voucher


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    reasons: Iterable[Reason] = (),
    *,
    invalid: bool = False,
) -> HttpResponse:
    """The page, with what was refused on top: 409 when the state does not fit, 422 for anything else that is wrong."""
    reasons = list(reasons)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if invalid and not reasons else status_of(reasons=reasons)
    return render(request, template, {**context, "reasons": reasons}, status=status)


def own_voucher(request: HttpRequest, number: str) -> Voucher:
    """A voucher of one's own business, or 404: other people's do not exist."""
    mine = Voucher.objects.filter(sme__in=request.user.organisations(OrganisationKind.SME))
    return get_object_or_404(mine.with_case(), number=number)


def provider_voucher(request: HttpRequest, number: str) -> Voucher:
    """A voucher for a solution of one's own provider, or 404."""
    mine = Provider.objects.filter(organisation__in=request.user.organisations(OrganisationKind.PROVIDER))
    return get_object_or_404(Voucher.objects.filter(provider__in=mine).with_case(), number=number)


def own_claim(request: HttpRequest, number: str, seq: int) -> Claim:
    """A claim of one's own business, or 404."""
    mine = Claim.objects.filter(voucher__sme__in=request.user.organisations(OrganisationKind.SME))
    return get_object_or_404(mine.with_case(), voucher__number=number, seq=seq)


def seen_claim(request: HttpRequest, number: str, seq: int) -> Claim:
    """A claim this person may read, or 404."""
    return get_object_or_404(Claim.objects.visible_to(request.user).with_case(), voucher__number=number, seq=seq)


def sent_claim(request: HttpRequest, pk: int) -> Claim:
    """A claim that was sent, for people of the authority."""
    return opened(request, Claim.objects.filter(submitted_at__isnull=False).with_case(), pk=pk)


def timeline(voucher: Voucher, claims: Iterable[Claim], *, own: bool = False) -> list[dict[str, Any]]:
    """What happened with a voucher and what is due, in the order of time; `own` in the words of the business itself."""
    items = [_done(voucher.awarded_on, _("Voucher awarded"))]
    if voucher.ordered_on:
        items.append(_done(voucher.ordered_on, _("Ordered"), _confirmed(voucher.order_confirmed_at)))
    if voucher.delivered_on:
        items.append(_done(voucher.delivered_on, _("Delivered"), _confirmed(voucher.delivery_confirmed_at)))
    for claim in claims:
        if claim.submitted_at:
            items.append(_done(clock.day_of(claim.submitted_at), _("Payment asked")))
        if claim.determined_at:
            items.append(_done(clock.day_of(claim.determined_at), _("We decided on the amount")))
        if claim.paid_on:
            items.append(_done(claim.paid_on, _("Paid")))
    if voucher.ended_at and voucher.state not in {VoucherState.SETTLED, VoucherState.CLOSED}:
        items.append(_done(clock.day_of(voucher.ended_at), str(voucher.get_state_display()).capitalize()))
    items.sort(key=lambda item: item["when"])
    return items + _ahead(voucher, claims, _DUE_FROM_YOU if own else _DUE_FROM_BUSINESS)


_DUE_FROM_YOU = {
    "order": gettext_lazy("Order on this day at the latest"),
    "claim": gettext_lazy("Ask for your money on this day at the latest"),
    "answer": gettext_lazy("Answer our question by this day"),
}
_DUE_FROM_BUSINESS = {
    "order": gettext_lazy("The business orders on this day at the latest"),
    "claim": gettext_lazy("The business asks for its payment on this day at the latest"),
    "answer": gettext_lazy("The business answers our question by this day"),
}


def _ahead(voucher: Voucher, claims: Iterable[Claim], asked: dict[str, Any]) -> list[dict[str, Any]]:
    items = []
    claims = list(claims)
    if voucher.state == VoucherState.ISSUED:
        last_call = voucher.last_call_until
        if not voucher.ordered_on:
            items.append(_due(voucher.order_by, asked["order"], last_call))
        if not voucher.delivered_on:
            items.append(_due(voucher.deliver_by, _("Delivered on this day at the latest"), last_call))
        elif not any(claim.state != ClaimState.WITHDRAWN and claim.submitted_at for claim in claims):
            items.append(_due(voucher.claim_by, asked["claim"], last_call))
        if last_call:
            items.append(_due(last_call, _("After this day the voucher ends")))
    for claim in claims:
        if claim.state == ClaimState.MORE_INFORMATION and claim.answer_by:
            items.append(_due(claim.answer_by, asked["answer"]))
        if claim.state in {ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.ADVISED} and claim.determine_by:
            items.append(_due(claim.determine_by, _("We decide on the amount by this day")))
        if claim.state == ClaimState.DETERMINED and claim.pay_by:
            items.append(_due(claim.pay_by, _("We pay by this day")))
    return sorted(items, key=lambda item: item["when"])


def _confirmed(at: Any) -> str:
    return _("confirmed by the provider") if at else _("not confirmed by the provider yet")


def _done(day: Any, what: str, detail: str = "") -> dict[str, Any]:
    return {"when": day, "what": what, "detail": detail, "kind": "done"}


def _due(day: Any, what: str, last_call: Any = None) -> dict[str, Any]:
    late = day < clock.today() and not (last_call and last_call >= clock.today())
    return {"when": day, "what": what, "kind": "late" if late else "deadline"}
