"""The authority's side of a claim: the queue, the check, the advice, the decision and its letter."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.letters import letter_response
from accounts.pages import for_roles, page, paged, posted, try_to
from core import clock
from core.exports import csv_response
from core.reasons import Reason
from vouchers import services
from vouchers.enums import ClaimState, DecisionKind
from vouchers.forms.claim import AdviceForm, ClaimFilterForm, DecideForm, TextForm
from vouchers.models import Claim
from vouchers.models.voucher import READERS
from vouchers.services.conditions import in_the_way, open_steps
from vouchers.services.notices import notices_of
from vouchers.views.cases import seen_claim, sent_claim, show, timeline
from vouchers.views.common import reopened_by

WAITING = (ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.MORE_INFORMATION, ClaimState.ADVISED)
ORDERINGS = {
    "determine_by": ("determine_by", "pk"),
    "submitted_at": ("submitted_at", "pk"),
    "sme": ("voucher__sme__legal_name", "pk"),
    "invoice_excl": ("invoice_excl", "pk"),
}


@page("GET")
@for_roles(*READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """The claims that wait, the most pressing first; search, filter, order, pages and a download."""
    form = ClaimFilterForm(request.GET, states=[c for c in ClaimState.choices if c[0] != ClaimState.DRAFT])
    found = Claim.objects.filter(submitted_at__isnull=False).select_related(
        "voucher__sme", "voucher__solution", "voucher__provider__organisation"
    )
    found = _filtered(found, form, request)
    ordering = request.GET.get("ordering", "determine_by")
    key = ordering.removeprefix("-")
    fields = ORDERINGS.get(key, ORDERINGS["determine_by"])
    back = ordering.startswith("-") and key in ORDERINGS
    found = found.order_by(*[f"-{field}" if back else field for field in fields])
    if request.GET.get("format") == "csv":
        return _csv(found)
    context = {"form": form, "page": paged(request, found)}
    return show(request, "vouchers/determination/queue.html", context)


@page("GET")
@for_roles(*READERS)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: what the business says, what the machine saw, and what can be done now."""
    return _page(request, sent_claim(request, pk))


@page("POST")
@for_roles(Role.ASSESSOR)
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """An assessor takes a claim from the queue."""
    claim = sent_claim(request, pk)
    done, reasons = try_to(lambda: services.take_up_claim(by=request.user, claim=claim))
    return redirect("vouchers:claim_review", pk) if done else _page(request, claim, reasons)


@page("GET", "POST")
@for_roles(Role.ASSESSOR)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The assessor asks the business for something."""
    claim = sent_claim(request, pk)
    label = _("What do you need from the business?")
    return _text_page(
        request,
        claim,
        "ask",
        label,
        lambda text: services.ask_more_claim(by=request.user, claim=claim, question=text),
        _("Your question is sent."),
    )


@page("GET", "POST")
@for_roles(Role.ASSESSOR)
def advise(request: HttpRequest, pk: int) -> HttpResponse:
    """The assessor judges what did not pass by itself and advises an amount."""
    claim = sent_claim(request, pk)
    form = AdviceForm(*posted(request), claim=claim)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(
            lambda: services.advise_claim(
                by=request.user,
                claim=claim,
                text=form.cleaned_data["text"],
                judgements=form.judgements(),
                **form.lower(),
            ),
        )
        if done:
            messages.success(request, _("Your advice is with the decider."))
            return redirect("vouchers:claim_review", pk)
    context = {**_context(request, claim), "form": form}
    return show(request, "vouchers/determination/advise.html", context, reasons, invalid=request.method == "POST")


@page("GET", "POST")
@for_roles(Role.DECIDER)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The decider decides what the claim comes to."""
    claim = sent_claim(request, pk)
    form = DecideForm(*posted(request), claim=claim)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(
            lambda: services.determine(
                by=request.user, claim=claim, explanation=form.cleaned_data["explanation"], **form.lower()
            ),
        )
        if done:
            messages.success(request, _("The amount is decided. The business gets the letter."))
            return redirect("vouchers:claim_review", pk)
    context = {**_context(request, claim), "form": form}
    return show(request, "vouchers/determination/decide.html", context, reasons, invalid=request.method == "POST")


@page("GET", "POST")
@for_roles(Role.DECIDER)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The decider sends the claim back to the assessor."""
    claim = sent_claim(request, pk)
    label = _("What should the assessor look at again?")
    return _text_page(
        request,
        claim,
        "return",
        label,
        lambda text: services.return_claim(by=request.user, claim=claim, why=text),
        _("The claim is back with the assessor."),
    )


@page("GET", "POST")
@for_roles(Role.ASSESSOR, Role.DECIDER)
def intend(request: HttpRequest, pk: int) -> HttpResponse:
    """Tells the business that a lower amount is intended."""
    claim = sent_claim(request, pk)
    label = _("What do you mean to decide, and why?")
    return _text_page(
        request,
        claim,
        "intend",
        label,
        lambda text: services.send_claim_notice(by=request.user, claim=claim, text=text),
        _("The notice is sent. You can decide after the answer, or when its term is over."),
    )


@page("GET", "POST")
@for_roles(Role.DECIDER)
def withhold(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspends the payment on a serious suspicion."""
    claim = sent_claim(request, pk)
    label = _("Why do we wait with paying?")
    return _text_page(
        request,
        claim,
        "withhold",
        label,
        lambda text: services.withhold_claim(by=request.user, claim=claim, why=text),
        _("The payment waits, 13 weeks at most."),
    )


@page("POST")
@for_roles(Role.DECIDER)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets a withheld payment go."""
    claim = sent_claim(request, pk)
    done, reasons = try_to(lambda: services.release_claim(by=request.user, claim=claim))
    return redirect("vouchers:claim_review", pk) if done else _page(request, claim, reasons)


@page("GET")
def letter(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The decision as a letter that prints well, for the business and for who may read the claim."""
    claim = seen_claim(request, number, seq)
    decision = claim.decision
    if decision is None:
        raise Http404
    is_business = request.user.is_member_of(claim.voucher.sme_id)
    context = {
        "claim": claim,
        "voucher": claim.voucher,
        "decision": decision,
        "rows": decision.arithmetic,
        "iban_end": claim.iban[-4:],
        "is_business": is_business,
        "objection": decision.objections.order_by("-pk").first(),
        "may_object": is_business and clock.today() <= decision.objection_until,
    }
    title = _("Decision on %(number)s") % {"number": claim.number}
    return letter_response(request, "vouchers/determination/letter.html", context, name=title)


# --- helpers ---------------------------------------------------------------------------------------------------------------


def _text_page(request: HttpRequest, claim: Claim, what: str, label: str, act: Any, thanks: str) -> HttpResponse:
    form = TextForm(*posted(request), label=label)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        done, reasons = try_to(lambda: act(form.cleaned_data["text"]))
        if done:
            messages.success(request, thanks)
            return redirect("vouchers:claim_review", claim.pk)
    context = {"claim": claim, "voucher": claim.voucher, "form": form, "what": what}
    return show(request, "vouchers/determination/text.html", context, reasons, invalid=request.method == "POST")


def _context(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    voucher, by = claim.voucher, request.user
    judged = [{"finding": finding, "judgement": claim.judgements.get(finding.code.value)} for finding in claim.findings]
    return {
        "claim": claim,
        "voucher": voucher,
        "checks": judged,
        "computed": services.compute(claim),
        "people": list(claim.end_users.all()),
        "notices": list(notices_of(claim, DecisionKind.DETERMINATION).reverse()),
        "files": [
            (label, stored)
            for label, stored in [
                (_("Invoice"), claim.invoice_file),
                (_("Proof of payment"), claim.payment_proof),
                (_("Proof of use"), claim.use_proof),
            ]
            if stored
        ],
        "timeline": timeline(voucher, [claim]),
        "actions": open_steps(claim, by),
        "reopened": reopened_by(claim),
        "in_the_way": in_the_way(claim, by),
        "today": clock.today(),
    }


def _page(request: HttpRequest, claim: Claim, reasons: list[Reason] | None = None) -> HttpResponse:
    return show(request, "vouchers/determination/review.html", _context(request, claim), reasons or [])


def _filtered(found: QuerySet, form: ClaimFilterForm, request: HttpRequest) -> QuerySet:
    if not form.is_valid():
        return found.filter(state__in=WAITING)
    state, text = form.cleaned_data["state"], form.cleaned_data["q"].strip()
    if not state:
        found = found.filter(state__in=WAITING)
    elif state != "all":
        found = found.filter(state=state)
    if form.cleaned_data["mine"]:
        found = found.filter(assessor=request.user)
    if text:
        found = found.filter(
            Q(number__icontains=text)
            | Q(invoice_number__icontains=text)
            | Q(voucher__sme__legal_name__icontains=text)
            | Q(voucher__provider__organisation__legal_name__icontains=text)
        )
    return found


def _csv(claims: QuerySet) -> HttpResponse:
    head = [_("Number"), _("Business"), _("Provider"), _("Status"), _("Sent"), _("Decide by"), _("Invoice without VAT")]
    rows = (
        [
            claim.number,
            claim.voucher.sme.legal_name,
            claim.voucher.provider.organisation.legal_name,
            claim.get_state_display(),
            clock.day_of(claim.submitted_at),
            claim.determine_by,
            claim.invoice_excl,
        ]
        for claim in claims
    )
    return csv_response("uitbetalingen", head, rows)
