"""What two people say together: what became of a payment nobody could settle, and that the money of one came back."""

import datetime as dt
from typing import Any

from core import clock
from core.reasons import CoreReason, Reason, Refused
from core.workflow import NotAuthorised, perform, record, unit
from payouts import rules
from payouts.enums import UNSETTLED_VERDICTS, PayoutState, ResolutionVerdict
from payouts.models import Batch, BatchLine, Payout, Resolution
from payouts.reasons import PayoutReason
from payouts.services.settlement import refuse_linked, settle, take_back
from vouchers.enums import PaymentRail
from vouchers.services import payment as vouchers


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
    if verdict not in UNSETTLED_VERDICTS:
        raise ValueError("nobody can say that here")
    if not payout.may("propose", by):
        raise NotAuthorised("propose")
    refuse_linked([payout], by)
    payout = record(payout, "propose", by=by, facts={"verdict": verdict, "provider_id": provider_id})
    reasons = _objections(payout, PayoutState.MANUAL, evidence)
    if verdict == ResolutionVerdict.SETTLE:
        if happened_on is None or (payout.rail == PaymentRail.STRIPE and not provider_id.strip()):
            reasons.append(Reason(PayoutReason.NO_EVIDENCE))
        else:
            asked = {
                "booked_on": happened_on,
                "today": clock.today(),
                "earliest": _earliest(payout),
                "rail": payout.rail,
            }
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
def report_return(*, by: Any, payout: Payout, returned_on: dt.date, because: str, evidence: str) -> Resolution:
    """The first of two people read in the bank statement of `returned_on` that a SEPA payment came back, and where.

    Nothing moves yet: only when a second person confirms it, its claim waits for payment again. Else one word would let the same
    claim be paid twice. Raises NotAuthorised, or Refused: not paid, another rail, no evidence, a day on which it cannot be.
    """
    if not payout.may("report_return", by):
        raise NotAuthorised("report_return")
    if payout.rail != PaymentRail.SEPA:
        raise Refused(Reason(PayoutReason.WRONG_RAIL))
    refuse_linked([payout], by)
    payout = record(payout, "report_return", by=by, facts={"returned_on": returned_on, "because": because})
    reasons = _objections(payout, PayoutState.PAID, evidence)
    reasons += rules.came_back_on({"returned_on": returned_on, "today": clock.today(), "paid_on": payout.paid_on})
    if reasons:
        raise Refused(reasons)
    return Resolution.objects.create(
        payout=payout,
        verdict=ResolutionVerdict.RETURNED,
        evidence=evidence.strip(),
        happened_on=returned_on,
        because=because,
        proposed_by_id=by.pk,
    )


@unit
def confirm_resolution(*, by: Any, resolution: Resolution) -> Payout:
    """The second person saw it too; now it is so. Raises NotAuthorised, or Refused when it is the same person.

    A SEPA payment that was never sent is cancelled, so that its claim goes into a new batch with four hands; over Stripe
    it is sent again, after one more look. Of a payment that came back the claim waits for payment again.
    """
    payout = resolution.payout
    if not payout.may("confirm", by):
        raise NotAuthorised("confirm")
    refuse_linked([payout], by)
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
    elif resolution.verdict == ResolutionVerdict.RETURNED:
        payout = take_back(
            payout,
            by=by,
            returned_on=resolution.happened_on,
            because=resolution.because,
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
    """What was said was wrong, says who said it or somebody else; it may be said again.

    Raises NotAuthorised, or Refused when it is closed already.
    """
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


def _objections(payout: Payout, wanted: PayoutState, evidence: str) -> list[Reason]:
    """Why nothing can be said now about a payout that is locked."""
    reasons = []
    if payout.state != wanted:
        reasons.append(Reason(CoreReason.WRONG_STATE, {"state": str(payout.get_state_display())}))
    if payout.resolutions.still_open().exists():
        reasons.append(Reason(PayoutReason.ALREADY_PROPOSED))
    if not evidence.strip():
        reasons.append(Reason(PayoutReason.NO_EVIDENCE))
    return reasons


def _earliest(payout: Payout) -> dt.date | None:
    """The first day on which its money can have left: the day in the bank file, or the day of the release over Stripe."""
    batch = Batch.objects.filter(lines__payout=payout, lines__live=True).first()
    if batch is not None and batch.rail == PaymentRail.SEPA:
        return batch.pay_on
    return clock.day_of(payout.released_at) if payout.released_at else None
