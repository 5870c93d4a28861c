"""The business asks to be paid: one thing per page, saved as one goes (DESIGN 4.12, 7)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.pages import page, posted, try_to
from core.files import file_response
from core.reasons import Reason
from vouchers import services
from vouchers.enums import CheckCode, CheckOutcome, ClaimState, DecisionKind, Payee, Regime
from vouchers.forms.claim import InvoiceForm, PaymentForm, ProofForm, TextForm, UsersForm
from vouchers.models import Claim, NoticeOfIntent
from vouchers.services.claim import EDITABLE, regime_of, run_checks
from vouchers.services.notices import notices_of
from vouchers.views.cases import own_claim, own_voucher, seen_claim, show


@page("GET", "POST")
def start(request: HttpRequest, number: str) -> HttpResponse:
    """Opens a claim, or goes on with the one that was begun: pressing twice makes one. Whoever only looks sees the voucher."""
    from vouchers.views.voucher import _page

    voucher = own_voucher(request, number)
    if request.method != "POST":
        return redirect("vouchers:voucher", number)
    claim, reasons = try_to(lambda: services.start_claim(by=request.user, voucher=voucher))
    if reasons:
        return _page(request, voucher, reasons)
    return redirect("vouchers:claim", number, claim.seq)


@page("GET")
def detail(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Where one's claim stands; while it is a draft, what is still to be filled in."""
    return _page(request, own_claim(request, number, seq))


@page("GET", "POST")
def invoice(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """What stands on the invoice, and the invoice itself."""
    claim = own_claim(request, number, seq)
    form = InvoiceForm(*posted(request, files=True), claim=claim)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(lambda: services.save_invoice(by=request.user, claim=claim, **form.cleaned_data))
        if done:
            return _next(claim, "vouchers:claim_payment")
    return _form(request, "invoice", claim, form, reasons)


@page("GET", "POST")
def payment(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Who gets the money, and on which account."""
    claim = own_claim(request, number, seq)
    form = PaymentForm(*posted(request), claim=claim)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(
            lambda: services.save_payment(
                by=request.user,
                claim=claim,
                payee=Payee(form.cleaned_data["payee"]),
                account=form.cleaned_data["account"],
            )
        )
        if done:
            return _next(claim, "vouchers:claim_users")
    return _form(request, "payment", claim, form, reasons)


@page("GET", "POST")
def users(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The people who work with the solution. "One more" adds a row and keeps what was filled in."""
    claim = own_claim(request, number, seq)
    most = claim.voucher.application.rule_set.most_end_users
    rows = _rows(request, most)
    if request.method == "POST" and "more" in request.POST:
        initial = {name: request.POST.get(name, "")[:254] for name in request.POST if name[:5] in {"name_", "email"}}
        return _form(request, "users", claim, UsersForm(claim=claim, rows=rows + 1, initial=initial), [])
    form = UsersForm(*posted(request), claim=claim, rows=rows)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        people = form.people()
        done, reasons = try_to(lambda: services.name_end_users(by=request.user, claim=claim, people=people))
        if done:
            return _next(claim, "vouchers:claim")
    return _form(request, "users", claim, form, reasons, most=most)


@page("GET", "POST")
def proof(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The answer to our question, with proof when that is asked."""
    claim = own_claim(request, number, seq)
    form = ProofForm(*posted(request, files=True), claim=claim)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(lambda: services.answer_question(by=request.user, claim=claim, **form.cleaned_data))
        if done:
            return _next(claim, "vouchers:claim")
    return _form(request, "proof", claim, form, reasons)


@page("POST")
def send(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Sends the claim, or the answer to a question. Sending twice changes nothing."""
    claim = own_claim(request, number, seq)
    if claim.state == ClaimState.SUBMITTED:
        return redirect("vouchers:claim", number, seq)
    _done, reasons = try_to(lambda: services.submit_claim(by=request.user, claim=claim))
    if reasons:
        return _page(request, own_claim(request, number, seq), reasons)
    messages.success(request, _("Sent. We let you know by mail when we have decided."))
    return redirect("vouchers:claim", number, seq)


@page("GET", "POST")
def withdraw(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Takes the claim back."""
    claim = own_claim(request, number, seq)
    reasons: list[Reason] = []
    if request.method == "POST":
        done, reasons = try_to(lambda: services.withdraw_claim(by=request.user, claim=claim))
        if done:
            messages.success(request, _("Your request for payment is withdrawn. You can make a new one."))
            return redirect("vouchers:voucher", number)
    return show(request, "vouchers/claim/withdraw.html", {"claim": claim, "voucher": claim.voucher}, reasons)


@page("GET", "POST")
def respond(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The business responds to a notice of intent."""
    claim = own_claim(request, number, seq)
    notice = open_notice(claim)
    if notice is None:
        raise Http404
    form = TextForm(*posted(request), label=_("Your reaction"))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(
            lambda: services.answer_claim_notice(by=request.user, claim=claim, text=form.cleaned_data["text"])
        )
        if done:
            messages.success(request, _("Thank you. We take your reaction into account."))
            return redirect("vouchers:claim", number, seq)
    return _form(request, "respond", claim, form, reasons, notice=notice)


@page("GET")
def file(request: HttpRequest, number: str, seq: int, file: Any) -> HttpResponse:
    """One of the files of a claim, for who may read the claim."""
    claim = seen_claim(request, number, seq)
    for stored in (claim.invoice_file, claim.payment_proof, claim.use_proof):
        if stored and stored.pk == file:
            return file_response(stored)
    raise Http404


# --- helpers -------------------------------------------------------------------------------------------------------------------


def open_notice(claim: Claim) -> NoticeOfIntent | None:
    """The notice of intent about this claim that nobody answered yet."""
    return notices_of(claim, DecisionKind.DETERMINATION).open().first()


def _page(request: HttpRequest, claim: Claim, reasons: list[Reason] | None = None) -> HttpResponse:
    people = list(claim.end_users.all())
    steps = [
        _step(claim, _("The invoice"), "claim_invoice", bool(claim.invoice_key)),
        _step(claim, _("Who gets the money"), "claim_payment", bool(claim.bank_account_id and claim.invoice_key)),
        _step(claim, _("Who works with it"), "claim_users", bool(people)),
    ]
    if claim.state == ClaimState.MORE_INFORMATION:
        answered = claim.has_proof if claim.needs_proof else bool(claim.answer)
        steps.insert(0, _step(claim, _("Answer the question"), "claim_proof", answered))
    elif regime_of(claim.voucher) == Regime.FULL:
        steps.append(_step(claim, _("Proof of payment and of use"), "claim_proof", claim.has_proof))
    editable, complete = claim.state in EDITABLE, all(step["state"] == "done" for step in steps)
    context = {
        "claim": claim,
        "voucher": claim.voucher,
        "people": people,
        "editable": editable,
        "steps": steps,
        "complete": complete,
        "seen": _seen_before_sending(claim) if editable and complete else {},
        "notice": open_notice(claim),
        "may_withdraw": claim.state
        in {ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.MORE_INFORMATION},
    }
    return show(request, "vouchers/claim/detail.html", context, reasons or [])


def _seen_before_sending(claim: Claim) -> dict[str, list[Reason]]:
    """What the machine checks say before the claim is sent: what is `wrong`, and what a `person` will look at.

    Nothing about other claims: whether one looks like this is between the authority and its assessor.
    """
    findings = [finding for finding in run_checks(claim) if finding.code != CheckCode.INVOICE_NUMBER]
    return {
        "wrong": [finding.seen for finding in findings if finding.outcome == CheckOutcome.FAIL],
        "person": [finding.seen for finding in findings if finding.outcome == CheckOutcome.UNKNOWN],
    }


def _step(claim: Claim, title: str, name: str, done: bool) -> dict[str, Any]:
    url = reverse(f"vouchers:{name}", args=[claim.voucher.number, claim.seq])
    text = _("Done") if done else _("Still to do")
    return {"title": title, "url": url, "state": "done" if done else "ahead", "text": text}


def _form(request: HttpRequest, name: str, claim: Claim, form: Any, reasons: list[Reason], **more: Any) -> HttpResponse:
    context = {"claim": claim, "voucher": claim.voucher, "form": form, **more}
    invalid = request.method == "POST" and form.is_bound
    return show(request, f"vouchers/claim/{name}.html", context, reasons, invalid=invalid)


def _next(claim: Claim, name: str) -> HttpResponse:
    """On to the next page while the claim is a draft; back to its page when something was corrected."""
    if claim.state != ClaimState.DRAFT:
        name = "vouchers:claim"
    return redirect(name, claim.voucher.number, claim.seq)


def _rows(request: HttpRequest, most: int) -> int:
    written = request.POST.get("rows", "3")
    rows = int(written) if written.isascii() and written.isdigit() and len(written) <= 2 else 3
    return max(1, min(most, rows))
