"""Asking money back (DESIGN 3, Awb 4:57). A reclaim follows a lowered determination; it never lowers one itself."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.enums import Role
from accounts.models import User
from core import clock, hands
from core.enums import HandRole
from core.money import ZERO
from core.reasons import Reason, Refused
from core.terms import add_months, add_weeks, shift_to_workday
from core.workflow import NotAuthorised, perform, record, unit
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import DecisionKind, ReclaimGround, ReclaimState
from vouchers.models import Claim, Reclaim
from vouchers.rules import terms
from vouchers.rules.claim import reclaim_reasons
from vouchers.services import budget
from vouchers.services.ending import MACHINE
from vouchers.services.notices import LEGAL_GROUND, notice_reasons
from vouchers.services.voucher import locked, tell_sme
from vouchers.services.written import write_decision

PAY_BACK_WEEKS = 6
"""Weeks to pay back after the notice (Awb 4:87)."""

YEARS = 5
"""After so many years nothing is asked back any more (Awb 4:57)."""


def paid_too_much(claim: Claim) -> Decimal:
    """What was paid above the determination, in euros, whether it was asked back or not."""
    return max(claim.paid_amount - (claim.determined_amount or ZERO), ZERO) if claim.determined_at else ZERO


def asked_back(claim: Claim) -> Decimal:
    """What was asked back of it, or given up, in euros; what was paid back or annulled no longer counts."""
    standing = [ReclaimState.DECIDED, ReclaimState.DUE, ReclaimState.WRITTEN_OFF]
    return sum(claim.reclaims.filter(state__in=standing).values_list("amount", flat=True), ZERO)


@unit
def decide_reclaim(*, by: User, claim: Claim, amount: Decimal, ground: ReclaimGround, explanation: str) -> Reclaim:
    """Decides to ask back what was paid above the determination, in whole or in part (euros).

    Raises Refused with every reason: more than that, or what was written off before, after five years, no words, or no notice of
    intent that announced this ground and all that is asked back in total, and was answered or has run out.
    """
    if not by.holds(Role.DECIDER):
        raise NotAuthorised("decide")
    budget.budgets_of(claim.voucher.application)
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    over, before = paid_too_much(claim), asked_back(claim)
    decided_on = clock.day_of(claim.determined_at) if claim.determined_at else clock.today()
    reasons = hands.objections(claim, by, HandRole.DECIDER)  # who announced it, or had another part in the claim
    reasons += reclaim_reasons(
        amount,
        paid=over,
        reclaimed=before,
        determined_on=decided_on,
        last_day=add_months(decided_on, 12 * YEARS),
        today=clock.today(),
    )
    reasons += notice_reasons(claim, DecisionKind.RECLAIM, grounds=[ground], amount=before + amount)
    if not explanation.strip():
        reasons.append(Reason(ClaimReason.REASON_NEEDED))
    if amount <= 0:
        reasons.append(Reason(ClaimReason.NOTHING_TO_PAY))
    if reasons:
        raise Refused(reasons)
    reclaim = Reclaim.objects.create(
        claim=claim, amount=amount, ground=ground, explanation=explanation.strip(), decided_at=clock.now()
    )
    facts = {"amount": amount, "ground": ground, "claim": claim.reference()}
    reclaim = record(reclaim, "decide", by=by, facts=facts, private={"explanation": explanation}, hand=HandRole.DECIDER)
    rules = claim.voucher.application.rule_set
    reclaim.decision = write_decision(
        kind=DecisionKind.RECLAIM,
        subject=claim,
        by=by,
        amount=amount,
        legal_ground=LEGAL_GROUND[DecisionKind.RECLAIM],
        reasons=[Reason(ground, ground=LEGAL_GROUND[DecisionKind.RECLAIM])],
        objection_until=terms.objection_until(clock.today(), rules.objection_weeks),
        inputs={"paid": claim.paid_amount, "determined": claim.determined_amount, "ground": ground},
        explanation=explanation.strip(),
    )
    reclaim.save()
    return reclaim


@unit
def notify_reclaim(*, by: User, reclaim: Reclaim) -> Reclaim:
    """Tells the business what to pay back and by when."""
    due_on = shift_to_workday(add_weeks(clock.today(), PAY_BACK_WEEKS))
    reclaim = perform(reclaim, "notify", by=by, at=clock.now(), due_on=due_on)
    tell_sme(reclaim.claim.voucher, "emails/vouchers/reclaim_due", reclaim=reclaim)
    return reclaim


@unit
def receive_back(*, by: User, reclaim: Reclaim, received_on: datetime.date) -> Reclaim:
    """The bank booked the whole amount on `received_on`; it is available in the programme again.

    Raises Refused for a day to come, and when the determination has been raised since, so that less was overpaid.
    """
    if not reclaim.may("receive", by):
        raise NotAuthorised("receive")
    application = reclaim.claim.voucher.application
    budget.budgets_of(application)
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=reclaim.claim_id)

    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        reasons = [Reason(ClaimReason.DATE_IN_FUTURE)] if received_on > clock.today() else []
        # Raised again after an objection: then less was overpaid, or something is still to be paid. The reclaim was wrong.
        over = paid_too_much(claim)
        if reclaim.amount > over:
            reasons.append(Reason(ClaimReason.RECLAIM_TOO_HIGH, {"amount": over}))
        return reasons

    reclaim = perform(reclaim, "receive", by=by, rule=rule, received_on=received_on, at=clock.now())
    facts = {"reclaim": reclaim.reference(), "amount": reclaim.amount}
    claim = record(claim, "receive_back", by=by, facts={**facts, "paid": claim.paid_amount - reclaim.amount})
    claim.paid_amount -= reclaim.amount
    claim.save()
    voucher = locked(claim.voucher)
    held = voucher.held - reclaim.amount
    voucher = record(voucher, "hold", by=MACHINE, facts={**facts, "held": held, "was": voucher.held})
    voucher.held = held
    voucher.save()
    budget.receive_reclaim(by=by, application=application, amount=reclaim.amount, ref=reclaim.reference())
    return reclaim


@unit
def write_off_reclaim(*, by: User, reclaim: Reclaim, why: str) -> Reclaim:
    """Gives up on a reclaim, with the reason."""
    return _end(by, reclaim, "write_off", why)


@unit
def annul_reclaim(*, by: User, reclaim: Reclaim, why: str) -> Reclaim:
    """Takes a reclaim back because it was wrong, with the reason."""
    return _end(by, reclaim, "annul", why)


def _end(by: User, reclaim: Reclaim, verb: str, why: str) -> Reclaim:
    def rule(_facts: Mapping[str, Any]) -> list[Reason]:
        return [] if why.strip() else [Reason(ClaimReason.REASON_NEEDED)]

    reclaim = perform(reclaim, verb, by=by, rule=rule, private={"why": why}, at=clock.now())
    reclaim.end_reason = why.strip()
    reclaim.save()
    return reclaim
