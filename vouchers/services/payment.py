"""What payouts reports: that a payment of a claim is on its way, paid it, or came back (DESIGN 4.12, 4.13)."""

import datetime
from collections.abc import Mapping
from typing import Any

from core import clock
from core.reasons import CoreReason, Reason, Refused
from core.state import transitions_of
from core.workflow import perform, record, unit
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import DETERMINED_CLAIM, ClaimState, VoucherState
from vouchers.models import Claim, ClaimPayment
from vouchers.services import budget
from vouchers.services.end_users import invite_due
from vouchers.services.ending import MACHINE, hold_what_is_needed, reopen_voucher, settle_when_final
from vouchers.services.voucher import tell_sme


@unit
def payment_sent(*, by: Any, claim: Claim, payout_ref: str) -> Claim:
    """The payout `payout_ref` of this claim leaves the house: until its end is known, what it pays stays as it is.

    Nobody can call such a payment back, so the claim may not be revised meanwhile: else the money would have left for a
    claim that no longer stands (docs/payouts.md). Raises Refused when the claim does not wait for payment, or when another
    payment of it is on its way.
    """
    claim = record(claim, "send_payment", by=by, facts={"payout": payout_ref})
    reasons = []
    if claim.state != ClaimState.DETERMINED:
        state = {"state": str(claim.get_state_display()), "code": str(claim.state), "verb": "send_payment"}
        reasons.append(Reason(CoreReason.WRONG_STATE, state))
    if claim.sent_payout_ref not in ("", payout_ref):
        reasons.append(Reason(ClaimReason.PAYMENT_SENT))
    if reasons:
        raise Refused(reasons)
    claim.sent_payout_ref = payout_ref
    claim.save()
    return claim


@unit
def payment_stopped(*, by: Any, claim: Claim, payout_ref: str) -> Claim:
    """The payout `payout_ref` will never pay: it was refused, or it turned out that it was never sent.

    The claim may be revised, and paid by another payout. Does nothing for a payout that is not the one on its way.
    """
    claim = budget.open_case(claim, "stop_payment", by)
    if claim.sent_payout_ref == payout_ref:
        claim = record(claim, "stop_payment", by=by, facts={"payout": payout_ref})
        claim.sent_payout_ref = ""
        claim.save()
    return claim


@unit
def mark_paid(*, by: Any, claim: Claim, paid_on: datetime.date, payout_ref: str) -> Claim:
    """The money of this claim has left, on `paid_on`, by the payout `payout_ref` (which counts once, ever).

    Moves it from awarded to paid, settles the voucher when every claim is final, and asks the end users whose time has come.
    Raises Refused when nothing is left to pay, the day is wrong, this payout was reported before, or another is on its way.
    """
    claim, _budgets = budget.open_with_budgets(claim, "pay", by)
    amount = claim.payable_amount

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = [] if amount else [Reason(ClaimReason.NOTHING_TO_PAY)]
        if claim.sent_payout_ref not in ("", payout_ref):
            reasons.append(Reason(ClaimReason.PAYMENT_SENT))
        if paid_on > clock.today():
            reasons.append(Reason(ClaimReason.DATE_IN_FUTURE))
        if claim.determined_at and paid_on < clock.day_of(claim.determined_at):
            determined_on = clock.day_of(claim.determined_at)
            reasons.append(Reason(ClaimReason.PAID_BEFORE_DECISION, {"determined_on": determined_on}))
        return reasons

    claim = perform(claim, "pay", by=by, rule=rule, paid_on=paid_on, amount=amount, payout_ref=payout_ref)
    budget.pay(by=by, application=claim.voucher.application, amount=amount, ref=f"payout:{payout_ref}")
    ClaimPayment.objects.create(claim=claim, payout_ref=payout_ref, amount=amount, paid_on=paid_on)
    voucher = settle_when_final(voucher=claim.voucher)
    tell_sme(voucher, "emails/vouchers/claim_paid", claim=claim, amount=amount)
    invite_due(voucher=voucher)
    return claim


@unit
def return_funds(*, by: Any, claim: Claim, payout_ref: str) -> Claim:
    """The payment `payout_ref` came back: what is due now is to be paid again, by a new payout. Counts once per payout.

    A bank gives money back when it likes: whatever became of the claim since, also when it was determined or paid again, the
    payment is booked back (RELIABILITY invariant 19). A claim that is being determined again only gets its amounts corrected.
    Raises Refused for a payout that never paid this claim or came back before, while another payment of it is on its way (that
    has to find the amount it was sent for), and when the business paid a part back itself.
    """
    claim, _budgets = budget.open_with_budgets(claim, "return_funds", by)
    payment = claim.payments.filter(payout_ref=payout_ref, returned_at__isnull=True).first()
    if payment is None:
        raise Refused(Reason(ClaimReason.OTHER_PAYOUT, {"ref": payout_ref}))
    if claim.sent_payout_ref:
        raise Refused(Reason(ClaimReason.PAYMENT_SENT))
    if payment.amount > claim.paid_amount:
        amounts = {"amount": payment.amount, "paid": claim.paid_amount}
        raise Refused(Reason(ClaimReason.RETURNED_TOO_MUCH, amounts))
    said = {"amount": payment.amount, "payout_ref": payout_ref}
    if (str(claim.state), "return_funds", ClaimState.DETERMINED) in transitions_of(Claim):
        claim = perform(claim, "return_funds", by=by, **said)
    else:
        claim = record(claim, "return_funds", by=by, facts=said)
        claim.paid_amount -= payment.amount
    payment.returned_at = clock.now()
    payment.save()
    last = claim.payments.filter(returned_at__isnull=True).last()
    claim.paid_on, claim.payout_ref = (last.paid_on, last.payout_ref) if last else (None, "")
    claim.save()
    budget.take_back(by=by, application=claim.voucher.application, amount=payment.amount, ref=f"payout:{payout_ref}")
    return _after_return(claim, by, payout_ref)


def _after_return(claim: Claim, by: Any, payout_ref: str) -> Claim:
    """What was overpaid is not overpaid any more; a claim with nothing to pay is done, and a closed voucher is not."""
    if claim.state in DETERMINED_CLAIM:
        claim.voucher = hold_what_is_needed(claim, by, event=f"returned:{payout_ref}")
    if claim.voucher.state == VoucherState.CLOSED:
        claim.voucher = reopen_voucher(by=MACHINE, voucher=claim.voucher, why=payout_ref)
    if claim.state == ClaimState.DETERMINED and not claim.payable_amount:
        claim = perform(claim, "settle_at_nil", by=MACHINE, at=clock.now())
    return claim
