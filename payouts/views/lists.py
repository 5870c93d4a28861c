"""Overview, claims to pay, batches, payments and the work list."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Role
from accounts.pages import for_roles, page, paged, status_of, try_to
from core import clock
from core.exports import csv_response
from core.idempotency import once
from core.reasons import Reason
from payouts import selectors, services
from payouts.actors import READERS
from payouts.forms import BatchFilter, PayableFilter, PayoutFilter, PrepareForm
from payouts.models import Batch, Payout
from payouts.views.parts import ordering, side_nav
from vouchers.models import Programme

PAYABLE_PAGE = 100


@page("GET")
@for_roles(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and the figures of the day."""
    return render(
        request,
        "payouts/overview.html",
        {
            "nav": side_nav(request),
            "tasks": selectors.tasks_for(request.user),
            "on_the_way": selectors.totals(Payout.objects.filter(state__in=["ready", "sending", "unknown", "manual"])),
            "paid": selectors.totals(Payout.objects.filter(state="paid")),
            "to_pay": selectors.programmes_to_pay(),
        },
    )


@page("GET", "POST")
@for_roles(*READERS)
def payable(request: HttpRequest) -> HttpResponse:
    """Choose claims and make a batch of them (treasurer); others see what waits."""
    choice = PayableFilter(request.GET if "programme" in request.GET else None)
    waiting = selectors.programmes_to_pay()
    programme = choice.cleaned_data["programme"] if choice.is_bound and choice.is_valid() else None
    programme = programme or (waiting[0] if waiting else Programme.objects.order_by("code").first())
    may_prepare = request.user.holds(Role.TREASURER)
    if request.method == "POST" and not may_prepare:
        raise PermissionDenied
    claims = services.payable_claims(programme) if programme else Payout.objects.none()
    shown = paged(request, claims, PAYABLE_PAGE)
    rows = selectors.payable_rows(programme=programme, claims=list(shown), person=request.user) if programme else []
    reasons: list[Reason] = []
    if request.method == "POST" and programme:
        # Every payable claim may be named, so that a claim which was paid meanwhile is refused in words.
        form = PrepareForm(request.POST, choosable=[int(pk) for pk in request.POST.getlist("claims") if _is_key(pk)])
        if form.is_valid():
            answer, reasons = try_to(lambda: _prepared(request, programme, form))
            if not reasons:
                return answer
        chosen = set(form.data.getlist("claims"))
    else:
        form = PrepareForm(choosable=[])
        chosen = {str(row["claim"].pk) for row in rows if not row["reasons"]}
    context = {
        "nav": side_nav(request),
        "filter": PayableFilter(initial={"programme": programme.code if programme else None}),
        "programme": programme,
        "several": len(waiting) > 1,
        "page": shown,
        "rows": rows,
        "form": form,
        "chosen": chosen,
        "reasons": reasons,
        "may_prepare": may_prepare,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if reasons else status_of(form)
    return render(request, "payouts/payable.html", context, status=status)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _prepared(request: HttpRequest, programme: Programme, form: PrepareForm) -> HttpResponse:
    wanted = {"claims": sorted(form.cleaned_data["claims"]), "pay_on": form.cleaned_data["execution_date"]}

    def act() -> dict[str, Any]:
        made = services.prepare_batch(
            by=request.user,
            programme=programme,
            claims=wanted["claims"],
            execution_date=wanted["pay_on"],
        )
        number = str(made.batch.number) if made.batch else None
        return {"batch": number, "dropped": [each.as_json() for each in made.dropped]}

    answer = once(
        owner=f"user:{request.user.pk}", key=form.once_key(), request=["prepare", programme.code, wanted], act=act
    )
    if answer["batch"]:
        messages.success(request, _("The batch is ready. Somebody else checks and releases it."))
    tell_dropped(request, answer["dropped"])
    if not answer["batch"]:
        return redirect(f"{reverse('payouts:payable')}?programme={programme.code}")
    return redirect("payouts:batch", number=answer["batch"])


def tell_dropped(request: HttpRequest, dropped: list[dict[str, Any]]) -> None:
    """Says which claims stayed out, and why."""
    for each in dropped:
        why = " ".join(str(Reason.from_json(reason)) for reason in each["reasons"])
        told = _("Claim %(claim)s stayed out: %(why)s")
        if each.get("withheld"):
            told = _("Claim %(claim)s stayed out and its payment is withheld, for a decider to look at: %(why)s")
        messages.warning(request, told % {"claim": each["claim"], "why": why})


@page("GET")
@for_roles(*READERS)
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch, newest first."""
    form = BatchFilter(request.GET)
    rows = (
        Batch.objects.visible_to(request.user).with_totals().select_related("programme", "prepared_by", "released_by")
    )
    if form.is_valid():
        asked = form.cleaned_data
        filters = {name: asked[name] for name in ("state", "rail", "programme") if asked[name]}
        rows = rows.filter(**filters)
    order = ordering(request, {"pay_on": "execution_date", "amount": "total", "number": "pk"}, "-number")
    rows = rows.order_by(*order)
    if request.GET.get("format") == "csv":
        head = [
            _("Batch"),
            _("Status"),
            _("Programme"),
            _("Pay on"),
            _("Payments"),
            _("Amount"),
            _("Number in the bank file"),
        ]
        return csv_response(
            "batches",
            head,
            (
                [
                    row.title,
                    row.state_words(),
                    row.programme.code,
                    row.execution_date,
                    row.n,
                    row.total,
                    row.msg_id,
                ]
                for row in rows
            ),
        )
    return render(
        request, "payouts/batches.html", {"nav": side_nav(request), "form": form, "page": paged(request, rows)}
    )


@page("GET")
@for_roles(*READERS)
def payouts(request: HttpRequest) -> HttpResponse:
    """Every payment, newest first."""
    form = PayoutFilter(request.GET)
    rows = Payout.objects.visible_to(request.user).select_related("claim", "payee", "programme")
    if form.is_valid():
        asked = form.cleaned_data
        rows = rows.filter(**{name: asked[name] for name in ("state", "rail", "programme") if asked[name]})
        if asked["q"]:
            rows = rows.filter(_matches(asked["q"].strip()))
    order = ordering(request, {"prepared": "prepared_at", "amount": "amount", "paid": "paid_on"}, "-prepared")
    rows = rows.order_by(*order)
    if request.GET.get("format") == "csv":
        head = [
            _("Voucher"),
            _("Payee"),
            _("Amount"),
            _("Status"),
            _("Paid by"),
            _("Prepared on"),
            _("Paid on"),
            _("Number at the bank"),
        ]
        return csv_response(
            "payouts",
            head,
            (
                [
                    row.claim.number,
                    row.payee.legal_name,
                    row.amount,
                    row.state_words(),
                    row.get_rail_display(),
                    clock.day_of(row.prepared_at),
                    row.paid_on,
                    row.number.hex,
                ]
                for row in selectors.with_bank_file(rows)
            ),
        )
    context = {
        "nav": side_nav(request),
        "form": form,
        "page": paged(request, selectors.with_bank_file(rows)),
        "totals": selectors.totals(rows),
    }
    return render(request, "payouts/payouts.html", context)


def _matches(text: str) -> Q:
    match = (
        Q(claim__number__icontains=text) | Q(payee__legal_name__icontains=text) | Q(payee__trade_name__icontains=text)
    )
    bare = text.replace("-", "").lower()
    if len(bare) == 32 and all(each in "0123456789abcdef" for each in bare):
        match |= Q(number=bare)
    if text.startswith("tr_"):
        match |= Q(provider_id=text)
    return match


@page("GET")
@for_roles(*READERS)
def work(request: HttpRequest) -> HttpResponse:
    """What machines could not settle: unknown, manual, silent, and messages set apart."""
    shown = paged(request, selectors.with_bank_file(selectors.troubled(clock.today())))
    context = {
        "nav": side_nav(request),
        "page": shown,
        "stuck": selectors.stuck(),
        "messages_apart": selectors.set_apart()[:50],
        "may_handle": request.user.holds(Role.TREASURER, Role.APPROVER),
        "said": ngettext("%(n)s payment", "%(n)s payments", shown.paginator.count) % {"n": shown.paginator.count},
    }
    return render(request, "payouts/work.html", context)
