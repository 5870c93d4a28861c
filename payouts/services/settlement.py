"""What became of a payment, told by people who read the bank, and the one place where a payment becomes paid."""

import datetime as dt
from typing import Any

from core import clock
from core.reasons import CoreReason, Reason, Refused
from core.workflow import NotAuthorised, perform, record, unit
from payouts import claims as claims_of
from payouts import rules
from payouts.actors import HANDLERS
from payouts.enums import BatchState, PayoutState, ResolutionVerdict
from payouts.models import Batch, BatchLine, Payout, Resolution
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


def take_back(payout: Payout, *, by: Any, returned_on: dt.date, because: str) -> Payout:
    """Within a unit: a paid payment came back. New postings, nothing edited; the claim can be paid again (invariant 19)."""
    vouchers.return_funds(by=by, claim=payout.claim, payout_ref=payout.number.hex)
    return perform(payout, "return_funds", by=by, returned_on=returned_on, because=because)


@unit
def confirm_paid(
    *, by: Any, booked_on: dt.date, batch: Batch | None = None, payout: Payout | None = None
) -> list[Payout]:
    """A person read in the bank statement of `booked_on` that a whole SEPA batch, or one payment of it, was booked.

    Returns these payments as they stand now: paid; or on the work list (`manual`, `why` says it), when the claim was withheld
    or changed after the money left. One of those does not hold up the others. Raises NotAuthorised, or Refused: a day in the
    future or before the release, nothing waiting, a person connected to a party.
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
    reasons = rules.booked_on(_booked(batch, booked_on))
    if reasons:
        raise Refused(reasons)
    _refuse_linked(rows, by)
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
def return_funds(*, by: Any, payout: Payout, returned_on: dt.date, because: str = "bank") -> Payout:
    """A person read in the bank statement that a SEPA payment came back. Its claim waits for payment again.

    Raises NotAuthorised, or Refused: not paid, a day before the payment or in the future, another rail.
    """
    if not payout.may("return_funds", by):
        raise NotAuthorised("return_funds")
    if payout.rail != PaymentRail.SEPA:
        raise Refused(Reason(PayoutReason.WRONG_RAIL))
    asked = {"booked_on": returned_on, "today": clock.today(), "released_on": payout.paid_on}
    if reasons := rules.booked_on(asked):
        raise Refused(reasons)
    _refuse_linked([payout], by)
    return take_back(payout, by=by, returned_on=returned_on, because=because)


@unit
def report_trouble(*, by: Any, payout: Payout, because: str = "reported") -> Payout:
    """A person sees that a payment on its way is not as it should be: from now on two people decide what happened."""
    if not by.holds(*HANDLERS):
        raise NotAuthorised("escalate")
    return perform(payout, "escalate", by=by, because=because)


@unit
def propose_resolution(
    *,
    by: Any,
    payout: Payout,
    verdict: str,
    evidence: str,
    provider_id: str = "",
    happened_on: dt.date | None = None,
) -> Resolution:
    """The first of two people says what happened to a payment nobody could settle, and where they saw it.

    "Paid" needs the day, and over Stripe the number of the transfer. Raises NotAuthorised or Refused.
    """
    if not payout.may("propose", by):
        raise NotAuthorised("propose")
    _refuse_linked([payout], by)
    payout = record(payout, "propose", by=by, facts={"verdict": verdict, "provider_id": provider_id})
    reasons = []
    if payout.state != PayoutState.MANUAL:
        reasons.append(Reason(CoreReason.WRONG_STATE, {"state": str(payout.get_state_display())}))
    if payout.resolutions.filter(confirmed_at=None, withdrawn_at=None).exists():
        reasons.append(Reason(PayoutReason.ALREADY_PROPOSED))
    if not evidence.strip():
        reasons.append(Reason(PayoutReason.NO_EVIDENCE))
    if verdict == ResolutionVerdict.SETTLE:
        if happened_on is None or (payout.rail == PaymentRail.STRIPE and not provider_id.strip()):
            reasons.append(Reason(PayoutReason.NO_EVIDENCE))
        elif payout.released_at:
            released_on = clock.day_of(payout.released_at)
            asked = {"booked_on": happened_on, "today": clock.today(), "released_on": released_on}
            reasons += rules.booked_on(asked)
    if reasons:
        raise Refused(reasons)
    return Resolution.objects.create(
        payout=payout,
        verdict=ResolutionVerdict(verdict),
        evidence=evidence.strip(),
        provider_id=provider_id.strip(),
        happened_on=happened_on,
        proposed_by_id=by.pk,
    )


@unit
def confirm_resolution(*, by: Any, resolution: Resolution) -> Payout:
    """The second person saw it too; now it is so. Raises NotAuthorised, or Refused when it is the same person.

    A SEPA payment that was never sent is cancelled, so that its claim goes into a new batch with four hands; over Stripe
    it is sent again, after one more look.
    """
    payout = resolution.payout
    if not payout.may("confirm", by):
        raise NotAuthorised("confirm")
    _refuse_linked([payout], by)
    asked = {"resolution": resolution.pk, "proposed_by": resolution.proposed_by_id, "confirmed_by": by.pk}
    if resolution.verdict == ResolutionVerdict.SETTLE:
        payout = settle(
            payout,
            by=by,
            paid_on=resolution.happened_on,
            provider_id=resolution.provider_id,
            facts=asked,
            rule=rules.two_people,
        )
    else:
        verb = "absent" if resolution.verdict == ResolutionVerdict.ABSENT else "decline"
        if verb == "decline" or payout.rail == PaymentRail.SEPA:
            vouchers.payment_stopped(by=by, claim=payout.claim, payout_ref=payout.number.hex)
        payout = perform(payout, verb, by=by, facts=asked, rule=rules.two_people, because="two_people")
    _close_resolution(resolution, by)
    if resolution.verdict == ResolutionVerdict.ABSENT and payout.rail == PaymentRail.SEPA:
        payout = perform(payout, "cancel", by=by, because="never_sent")
        BatchLine.objects.filter(payout=payout, live=True).update(live=False)
    return payout


@unit
def withdraw_resolution(*, by: Any, resolution: Resolution) -> Payout:
    """What was said was wrong; somebody may say it again. Raises NotAuthorised, or Refused when it is closed already."""
    payout = record(resolution.payout, "withdraw_proposal", by=by, facts={"resolution": resolution.pk})
    resolution = Resolution.objects.select_for_update().get(pk=resolution.pk)
    if resolution.confirmed_at or resolution.withdrawn_at:
        raise Refused(Reason(CoreReason.CHANGED))
    resolution.withdrawn_at = clock.now()
    resolution.save(update_fields=["withdrawn_at"])
    return payout


def _close_resolution(resolution: Resolution, by: Any) -> None:
    kept = Resolution.objects.select_for_update().get(pk=resolution.pk)
    if kept.confirmed_at or kept.withdrawn_at:
        raise Refused(Reason(CoreReason.CHANGED))
    kept.confirmed_by_id, kept.confirmed_at = by.pk, clock.now()
    kept.save(update_fields=["confirmed_by", "confirmed_at"])


def _booked(batch: Batch, booked_on: dt.date) -> dict[str, Any]:
    released = batch.released_at if batch.state in (BatchState.RELEASED, BatchState.CLOSED) else None
    return {
        "booked_on": booked_on,
        "today": clock.today(),
        "released_on": clock.day_of(released) if released else None,
    }


def _refuse_linked(payouts: list[Payout], by: Any) -> None:
    if by.pk is not None and any(payout.is_linked(by) for payout in payouts):
        raise Refused(Reason(CoreReason.LINKED))
