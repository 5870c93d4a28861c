"""The voucher: what the business writes on it, and what the provider confirms."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from accounts.pages import page, paged, posted, try_to
from core import clock
from core.reasons import Reason
from vouchers import services
from vouchers.enums import ENDS_A_VOUCHER, OPEN_CLAIM, ClaimState, DecisionKind, VoucherState
from vouchers.forms.claim import TextForm
from vouchers.forms.voucher import DeliveryForm, OrderForm
from vouchers.models import Decision, NoticeOfIntent, Reclaim, Voucher
from vouchers.rules.voucher import extension_reasons, next_step
from vouchers.views.cases import own_voucher, provider_voucher, show, timeline


@page("GET")
def vouchers(request: HttpRequest) -> HttpResponse:
    """The vouchers of one's own business, what still asks something first."""
    mine = Voucher.objects.filter(sme__in=request.user.organisations(OrganisationKind.SME)).with_case()
    several = request.user.organisations(OrganisationKind.SME).count() > 1
    return show(request, "vouchers/voucher/list.html", {**_listed(request, mine), "several": several})


@page("GET")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One voucher of one's own business: what to do next, its terms, its claims."""
    return _page(request, own_voucher(request, number))


@page("GET", "POST")
def order(request: HttpRequest, number: str) -> HttpResponse:
    """The business writes down when it ordered, and how the work goes now."""
    voucher = own_voucher(request, number)
    form = OrderForm(*posted(request), voucher=voucher)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(
            lambda: services.record_order(
                by=request.user,
                voucher=voucher,
                ordered_on=form.cleaned_data["ordered_on"],
                baseline=form.baseline(),
                task=form.cleaned_data.get("task", ""),
            )
        )
        if done:
            messages.success(request, _("Your order is written down. We asked the provider to confirm it."))
            return redirect("vouchers:voucher", number)
    context = {"voucher": voucher, "form": form}
    return show(request, "vouchers/voucher/order.html", context, reasons, invalid=request.method == "POST")


@page("GET", "POST")
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """The business writes down when everything was delivered."""
    voucher = own_voucher(request, number)
    form = DeliveryForm(*posted(request), initial={"delivered_on": voucher.delivered_on})
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["delivered_on"]
        done, reasons = try_to(lambda: services.record_delivery(by=request.user, voucher=voucher, delivered_on=day))
        if done:
            messages.success(request, _("The delivery is written down. You can ask for your money now."))
            return redirect("vouchers:voucher", number)
    context = {"voucher": voucher, "form": form}
    return show(request, "vouchers/voucher/delivery.html", context, reasons, invalid=request.method == "POST")


@page("GET", "POST")
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """The one extension of the term of delivery."""
    voucher = own_voucher(request, number)
    reasons: list[Reason] = []
    if request.method == "POST":
        done, reasons = try_to(lambda: services.extend_voucher(by=request.user, voucher=voucher))
        if done:
            messages.success(request, _("You have more time now."))
            return redirect("vouchers:voucher", number)
    months = voucher.application.rule_set.extension_months
    return show(request, "vouchers/voucher/extend.html", {"voucher": voucher, "months": months}, reasons)


@page("GET", "POST")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """The business does not want the voucher any more."""
    voucher = own_voucher(request, number)
    reasons: list[Reason] = []
    if request.method == "POST":
        done, reasons = try_to(lambda: services.cancel_voucher(by=request.user, voucher=voucher))
        if done:
            messages.success(request, _("The voucher is cancelled."))
            return redirect("vouchers:voucher", number)
    return show(request, "vouchers/voucher/cancel.html", {"voucher": voucher}, reasons)


@page("GET", "POST")
def respond(request: HttpRequest, number: str, notice: int) -> HttpResponse:
    """The business responds to a notice about its voucher: a revocation or a reclaim."""
    voucher = own_voucher(request, number)
    found = next((open_ for open_ in open_notices(voucher) if open_.pk == notice), None)
    if found is None:
        raise Http404
    claim = voucher.claims.filter(pk=found.subject.rpartition(":")[2]).first()
    subject = voucher if found.subject == voucher.reference() else claim
    form = TextForm(*posted(request), label=_("Your reaction"))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        kind = DecisionKind(found.kind)
        done, reasons = try_to(
            lambda: services.respond(by=request.user, subject=subject, kind=kind, text=form.cleaned_data["text"])
        )
        if done:
            messages.success(request, _("Thank you. We take your reaction into account."))
            return redirect("vouchers:voucher", number)
    context = {"voucher": voucher, "notice": found, "form": form}
    return show(request, "vouchers/voucher/respond.html", context, reasons, invalid=request.method == "POST")


def open_notices(voucher: Voucher) -> list[NoticeOfIntent]:
    """Notices about this voucher or a reclaim under it that nobody responded to yet."""
    claims = [claim.reference() for claim in voucher.claims.all()]
    about = Q(subject=voucher.reference()) | Q(subject__in=claims, kind=DecisionKind.RECLAIM)
    return list(NoticeOfIntent.objects.filter(about).open().order_by("pk"))


# --- the provider ---------------------------------------------------------------------------------------------------------


@page("GET")
def provider_vouchers(request: HttpRequest) -> HttpResponse:
    """Vouchers for one's own solutions, what is to be confirmed first. Amounts of the business are not shown."""
    mine = Voucher.objects.filter(
        provider__organisation__in=request.user.organisations(OrganisationKind.PROVIDER)
    ).with_case()
    return show(request, "vouchers/voucher/provider_list.html", _listed(request, mine))


@page("GET")
def provider_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One voucher for one's own solution: what the business says, to confirm."""
    return _provider_page(request, provider_voucher(request, number))


@page("POST")
def provider_confirm_order(request: HttpRequest, number: str) -> HttpResponse:
    """The provider confirms the date of the order."""
    voucher = provider_voucher(request, number)
    done, reasons = try_to(lambda: services.confirm_order(by=request.user, voucher=voucher))
    if not done:
        return _provider_page(request, voucher, reasons)
    messages.success(request, _("Thank you. The order is confirmed."))
    return redirect("vouchers:provider_voucher", number)


@page("POST")
def provider_confirm_delivery(request: HttpRequest, number: str) -> HttpResponse:
    """The provider confirms the date of the delivery."""
    voucher = provider_voucher(request, number)
    done, reasons = try_to(lambda: services.confirm_delivery(by=request.user, voucher=voucher))
    if not done:
        return _provider_page(request, voucher, reasons)
    messages.success(request, _("Thank you. The delivery is confirmed."))
    return redirect("vouchers:provider_voucher", number)


# --- pages ------------------------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, voucher: Voucher, reasons: list[Reason] | None = None) -> HttpResponse:
    claims = list(voucher.claims.select_related("decision").order_by("seq"))
    context = {
        "voucher": voucher,
        "claims": claims,
        "open_claim": next((claim for claim in claims if claim.state in OPEN_CLAIM), None),
        "step": next_step(
            voucher.state, voucher.dates, [(claim.state, claim.is_last) for claim in claims], today=clock.today()
        ),
        "timeline": timeline(voucher, claims, own=True),
        "may_extend": voucher.state == VoucherState.ISSUED
        and not extension_reasons(voucher.dates, today=clock.today()),
        "may_cancel": voucher.state == VoucherState.ISSUED
        and not any(claim.state != ClaimState.WITHDRAWN for claim in claims),
        "change_order": voucher.state == VoucherState.ISSUED and voucher.ordered_on and not voucher.order_confirmed_at,
        "change_delivery": voucher.state == VoucherState.ISSUED
        and voucher.delivered_on
        and not voucher.delivery_confirmed_at
        and not claims,
        "notices": open_notices(voucher),
        "ended_by": _ended_by(voucher),
        "today": clock.today(),
        "reclaims": Reclaim.objects.visible_to(request.user)
        .filter(claim__voucher=voucher)
        .order_by("claim__seq", "pk"),
    }
    return show(request, "vouchers/voucher/detail.html", context, reasons or [])


def _ended_by(voucher: Voucher) -> Decision | None:
    """The decision that ended this voucher or the rest of it, which one can object to; none once reinstated, or cancelled."""
    if not voucher.objection_until:
        return None
    found = Decision.objects.filter(subject=voucher.reference(), kind__in=ENDS_A_VOUCHER)
    return found.prefetch_related("objections").last()


def _provider_page(request: HttpRequest, voucher: Voucher, reasons: list[Reason] | None = None) -> HttpResponse:
    context = {"voucher": voucher, "timeline": timeline(voucher, [])}
    return show(request, "vouchers/voucher/provider_detail.html", context, reasons or [])


def _listed(request: HttpRequest, vouchers: Any) -> dict[str, Any]:
    state = request.GET.get("state", "")
    if state in VoucherState.values:
        vouchers = vouchers.filter(state=state)
    return {
        "page": paged(request, vouchers.order_by("-issued_at", "-pk")),
        "states": VoucherState.choices,
        "state": state,
    }
