"""What became of a payment, told by people who read the bank, and the one place where a payment becomes paid."""

import datetime as dt
from typing import Any

from core import clock
from core.reasons import CoreReason, Reason, Refused
from core.workflow import NotAuthorised, perform, record, unit
from payouts import claims as claims_of
from payouts import rules
from payouts.actors import HANDLERS
from payouts.enums import PayoutState
from payouts.models import Batch, Payout
from payouts.reasons import PayoutReason
from payouts.rules import Rule
from payouts.services.batch import close_if_done
from vouchers.enums import ClaimState, PaymentRail
from vouchers.services import payment as vouchers

WAITING = (PayoutState.SENDING, PayoutState.UNKNOWN)
"""What one person may still call booked; from `manual` on it takes two."""


def settle(
    payout: Payout,
    *,
    by: Any,
    paid_on: dt.date,
    provider_id: str = "",
    facts: Any = None,
    rule: Rule | None = None,
) -> Payout:
    """Within a unit: the payment is a fact. Moves the budget, pays the claim, then the payout, all or nothing.

    `facts` and `rule` are asked under the payout's lock. Raises Refused when the claim no longer stands as it was paid
    (then nothing is written), or when a rule says so.
    """
    claim = claims_of.lock_with_budgets(payout.claim_id)
    if claim.payable_amount != payout.amount:
        raise Refused(Reason(PayoutReason.PAYOUT_CHANGED, {"claim": claim.number}))
    vouchers.mark_paid(by=by, claim=claim, paid_on=paid_on, payout_ref=payout.number.hex)
    return perform(payout, "settle", by=by, facts=facts, rule=rule, paid_on=paid_on, provider_id=provider_id)


def take_back(
    payout: Payout,
    *,
    by: Any,
    returned_on: dt.date,
    because: str,
    facts: Any = None,
    rule: Rule | None = None,
) -> Payout:
    """Within a unit: a paid payment came back. New postings, nothing edited; the claim can be paid again (invariant 19).

    The machine does it for what Stripe shows; people only two together (`confirm_resolution`), which `rule` sees to.
    """
    vouchers.return_funds(by=by, claim=payout.claim, payout_ref=payout.number.hex)
    return perform(payout, "return_funds", by=by, facts=facts, rule=rule, returned_on=returned_on, because=because)


@unit
def confirm_paid(
    *, by: Any, booked_on: dt.date, batch: Batch | None = None, payout: Payout | None = None
) -> list[Payout]:
    """A person read in the bank statement of `booked_on` that a whole SEPA batch, or one payment of it, was booked.

    Returns these payments as they stand now: paid; or on the work list (`manual`, `why` says it), when the claim was withheld
    or changed after the money left. One of those does not hold up the others. Raises NotAuthorised, or Refused: a day on which
    the bank cannot have paid, nothing waiting, a person connected to a party.
    """
    if not by.holds(*HANDLERS):
        raise NotAuthorised("confirm")
    if (batch is None) == (payout is None):
        raise ValueError("name a batch or a payout")
    if batch is None:
        batch = Batch.objects.filter(lines__payout=payout, lines__live=True).first()
    if batch is None:
        raise Refused(Reason(PayoutReason.NOTHING_TO_CONFIRM))
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.rail != PaymentRail.SEPA:
        raise Refused(Reason(PayoutReason.WRONG_RAIL))
    waiting = batch.payouts().filter(state__in=WAITING)
    rows = list(waiting.filter(pk=payout.pk) if payout else waiting)
    if not rows:
        raise Refused(Reason(PayoutReason.NOTHING_TO_CONFIRM))
    facts = {"booked_on": booked_on, "today": clock.today(), "earliest": batch.pay_on, "rail": batch.rail}
    reasons = rules.booked_on(facts)
    if reasons:
        raise Refused(reasons)
    refuse_linked(rows, by)
    if payout is None:
        record(batch, "confirm", by=by, facts={"booked_on": booked_on, "n": len(rows)})
    booked = [_book(row, by=by, batch=batch, booked_on=booked_on) for row in sorted(rows, key=lambda row: row.claim_id)]
    close_if_done(batch, by)
    return booked


def _book(payout: Payout, *, by: Any, batch: Batch, booked_on: dt.date) -> Payout:
    """Within a unit that holds the batch. The claims come in the order of their keys, each after its budgets."""
    claim = claims_of.lock_with_budgets(payout.claim_id)
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=payout.pk)
    if payout.state not in WAITING:  # somebody reported trouble a moment ago
        return payout
    facts = {"batch": batch.msg_id, "booked_on": booked_on}
    if claim.state == ClaimState.DETERMINED and claim.payable_amount == payout.amount:
        return settle(payout, by=by, paid_on=booked_on, facts=facts)
    because = "claim_withheld" if claim.state == ClaimState.WITHHELD else "claim_changed"
    return perform(payout, "escalate", by=by, facts=facts, because=because)


@unit
def report_trouble(*, by: Any, payout: Payout, because: str = "reported") -> Payout:
    """A person sees that a payment on its way is not as it should be: from now on two people decide what happened."""
    if not by.holds(*HANDLERS):
        raise NotAuthorised("escalate")
    return perform(payout, "escalate", by=by, because=because)


def refuse_linked(payouts: list[Payout], by: Any) -> None:
    """Raises Refused when this person belongs to a party of one of these payments."""
    if by.pk is not None and any(payout.is_linked(by) for payout in payouts):
        raise Refused(Reason(CoreReason.LINKED))
