"""Sending over Stripe so that one payout is one transfer, whatever breaks in between (RELIABILITY c2, invariants 12-16).

Durable intent (the attempt is a row before the request leaves), a stable key, a look before every resend, and a fence so
that only the newest worker writes the outcome. No HTTP inside a transaction: each numbered step is a unit of its own.

1. take: lease, fence + 1, attempt; 2. look up, when it may have been sent before; 3. weigh what was seen; 4. send;
5. conclude. Nothing turns `sending` into `rejected` by age; a worker that vanished leaves `unknown`.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core import clock
from core.canonical import content_hash
from core.reasons import Reason, Refused
from core.workflow import perform, record, unit
from payouts import claims as claims_of
from payouts import rules
from payouts.actors import RAILS
from payouts.enums import AttemptKind, PayoutState
from payouts.gateways.protocol import Answer, Gateway, Outcome
from payouts.models import Payout, PayoutAttempt
from payouts.reasons import PayoutReason
from payouts.services.batch import drop
from payouts.services.settlement import settle
from vouchers.services import payment as vouchers

log = logging.getLogger("payouts.dispatch")

Crashpoint = Callable[[str], None]


def _no_crash(point: str) -> None:
    """Between two steps; a test puts its own here and dies."""


@dataclass(frozen=True)
class Work:
    """What a worker holds: the payout as taken, the fence it was given and the attempt it is to make."""

    payout: Payout
    fence: int
    attempt: PayoutAttempt
    resend: bool


def dispatch_due(
    *, gateway: Gateway, worker: str, limit: int = 500, crashpoint: Crashpoint = _no_crash
) -> Counter[str]:
    """Sends what is ready and looks after what is unknown or was left behind, once each. Returns how many ended how."""
    ended: Counter[str] = Counter()
    for pk in list(Payout.objects.due(clock.now()).values_list("pk", flat=True)[:limit]):
        try:
            ended[dispatch_one(pk=pk, gateway=gateway, worker=worker, crashpoint=crashpoint)] += 1
        except Exception:
            log.exception("payout %s was not dispatched", pk)
            ended["failed"] += 1
    return ended


def dispatch_one(*, pk: int, gateway: Gateway, worker: str, crashpoint: Crashpoint = _no_crash) -> str:
    """One payout through the steps. Returns its state afterwards, or `not_due` when another worker has it."""
    work = _take(pk=pk, worker=worker)
    crashpoint("taken")
    if work is None:
        return "not_due"
    if work.attempt.kind == AttemptKind.LOOK_UP:
        seen = gateway.look_up(work.payout.instruction())
        crashpoint("looked_up")
        after = _attempt(_weigh, work=work, answer=seen)
        crashpoint("weighed")
        if not isinstance(after, Work):
            return after
        work = after
    answer = gateway.send(work.payout.instruction())
    crashpoint("sent")
    if answer.outcome == Outcome.REJECTED and work.resend:
        # A no to the second request says nothing about the first: look once more before believing it.
        seen = gateway.look_up(work.payout.instruction())
        answer = answer if seen.outcome == Outcome.ABSENT else seen
        crashpoint("looked_again")
    state = _attempt(_conclude, work=work, answer=answer)
    crashpoint("concluded")
    return str(state)


def _attempt(step: Callable[..., Any], *, work: Work, answer: Answer) -> Any:
    """A step that writes an outcome; when the fence has moved on, only the attempt keeps what was heard."""
    try:
        return step(work=work, answer=answer)
    except Refused:
        _end(work.attempt, answer)
        # Somebody else has concluded it, or the claim no longer stands as it was paid: then people must look.
        return _after_refusal(work=work, answer=answer)


@unit
def _take(*, pk: int, worker: str) -> Work | None:
    """Step 1. The claim is locked before the payout, so that what was agreed to is judged on what is."""
    now = clock.now()
    payout = Payout.objects.due(now).filter(pk=pk).first()
    if payout is None:
        return None
    [claim] = claims_of.lock([payout.claim_id])
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=pk)
    if not Payout.objects.due(now).filter(pk=pk).exists():
        return None
    if payout.state == PayoutState.SENDING:
        payout = perform(payout, "lose", by=RAILS, because="left_behind")
    # One that may have left before is looked up first, whatever became of its claim.
    if payout.first_sent_at is None and not claims_of.as_agreed(payout, claim):
        _void(payout)
        return None
    return _begin(payout, worker=worker, kind=AttemptKind.LOOK_UP if payout.first_sent_at else AttemptKind.SEND)


def _void(payout: Payout, **checked: Any) -> Payout:
    """Within a unit that holds the claim: what was agreed to has changed, so nobody has agreed to this (invariant 15).

    A batch is released once, so the payout leaves it. Its claim is paid by another payout in another batch, by four hands.
    """
    reasons = [Reason(PayoutReason.PAYOUT_CHANGED, {"claim": payout.claim.number})]
    payout = perform(payout, "void", by=RAILS, because="changed", **checked)
    return drop(payout, by=RAILS, because="changed", reasons=reasons)


def _begin(payout: Payout, *, worker: str, kind: AttemptKind) -> Work:
    """Within a unit: takes the lease, gives out the next fence and stores the attempt before it is made."""
    now = clock.now()
    resend = payout.first_sent_at is not None
    facts = {"n": payout.attempts + 1, "fence": payout.fence + 1}
    if kind == AttemptKind.SEND:
        if not resend:
            vouchers.payment_sent(by=RAILS, claim=payout.claim, payout_ref=payout.number.hex)
        payout = perform(
            payout,
            "send",
            by=RAILS,
            facts=lambda row: {**row.frozen_facts(), **facts},
            rule=rules.frozen_content,
            at=now,
        )
    else:
        payout = record(payout, "look_up", by=RAILS, facts=facts)
    payout.attempts += 1
    payout.fence += 1
    payout.lease_owner = worker
    payout.lease_until = now + rules.LEASE
    payout.save()
    attempt = PayoutAttempt.objects.create(
        payout=payout,
        n=payout.attempts,
        kind=kind,
        fence=payout.fence,
        worker=worker,
        request_sha256=content_hash([kind, payout.idempotency_key, payout.content()]),
    )
    return Work(payout=payout, fence=payout.fence, attempt=attempt, resend=resend)


@unit
def _weigh(*, work: Work, answer: Answer) -> Work | str:
    """Step 3. Found: paid. Absent: now it may be sent. Anything else leaves it unknown, for later or for people."""
    match answer.outcome:
        case Outcome.PAID:
            claims_of.lock_with_budgets(work.payout.claim_id)  # before the payout
            if work.payout.state == PayoutState.READY:
                perform(work.payout, "send", by=RAILS, facts=_fence(work), rule=rules.same_fence, at=clock.now())
            return _paid(work, answer)
        case Outcome.CONFLICT:
            if work.payout.state == PayoutState.READY:
                perform(work.payout, "send", by=RAILS, facts=_fence(work), rule=rules.same_fence, at=clock.now())
            payout = perform(
                work.payout, "escalate", by=RAILS, facts=_fence(work), rule=rules.same_fence, because=answer.code
            )
        case Outcome.ABSENT:
            return _absent(work, answer)
        case _:
            payout = _later(work, answer)
    _end(work.attempt, answer)
    return str(payout.state)


def _absent(work: Work, answer: Answer) -> Work | str:
    [claim] = claims_of.lock([work.payout.claim_id])
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=work.payout.pk)
    if not claims_of.as_agreed(payout, claim):
        # What was agreed to has changed while nobody knew: never send the old, never guess about the new.
        if payout.state == PayoutState.READY:
            payout = _void(payout, facts=_fence(work), rule=rules.same_fence)
        else:
            payout = perform(payout, "escalate", by=RAILS, facts=_fence(work), rule=rules.same_fence, because="changed")
        _end(work.attempt, answer)
        return str(payout.state)
    reasons = rules.same_fence(_fence(work)(payout))
    if reasons:
        raise Refused(reasons)
    _end(work.attempt, answer)
    begun = _begin(payout, worker=work.attempt.worker, kind=AttemptKind.SEND)
    return Work(payout=begun.payout, fence=begun.fence, attempt=begun.attempt, resend=True)


def _later(work: Work, answer: Answer) -> Payout:
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=work.payout.pk)
    reasons = rules.same_fence(_fence(work)(payout))
    if reasons:
        raise Refused(reasons)
    if payout.state == PayoutState.SENDING:
        return perform(payout, "lose", by=RAILS, because=answer.code, next_try_at=_next_try(payout))
    payout.lease_owner, payout.lease_until, payout.next_try_at = "", None, _next_try(payout)
    payout.save()
    return payout


@unit
def _conclude(*, work: Work, answer: Answer) -> str:
    """Step 5. What the answer to the request proves, and nothing more."""
    match answer.outcome:
        case Outcome.PAID:
            return _paid(work, answer)
        case Outcome.REJECTED:
            verb, details = "decline", {"because": answer.code}
            vouchers.payment_stopped(by=RAILS, claim=work.payout.claim, payout_ref=work.payout.number.hex)
        case Outcome.CONFLICT:
            verb, details = "escalate", {"because": answer.code}
        case _:
            verb, details = "lose", {"because": answer.code, "next_try_at": _next_try(work.payout)}
    payout = perform(work.payout, verb, by=RAILS, facts=_fence(work), rule=rules.same_fence, **details)
    _end(work.attempt, answer)
    return str(payout.state)


def _paid(work: Work, answer: Answer) -> str:
    payout = settle(
        work.payout,
        by=RAILS,
        paid_on=clock.today(),
        provider_id=answer.provider_id,
        facts=_fence(work),
        rule=rules.same_fence,
    )
    _end(work.attempt, answer)
    return str(payout.state)


@unit
def _after_refusal(*, work: Work, answer: Answer) -> str:
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=work.payout.pk)
    open_ends = (PayoutState.READY, PayoutState.SENDING, PayoutState.UNKNOWN)
    overtaken = payout.fence != work.fence
    if overtaken or answer.outcome != Outcome.PAID or payout.state not in open_ends:
        return str(payout.state)
    # The money left, and the claim refuses it: nobody may overlook that.
    if payout.state == PayoutState.READY:
        payout = perform(payout, "send", by=RAILS, facts=_fence(work), at=clock.now())
    payout = perform(payout, "escalate", by=RAILS, facts={"provider_id": answer.provider_id}, because="claim_changed")
    return str(payout.state)


def _end(attempt: PayoutAttempt, answer: Answer) -> None:
    """Keeps what was heard. A late answer of an overtaken worker is kept too; it moves nothing."""
    PayoutAttempt.objects.filter(pk=attempt.pk, ended_at__isnull=True).update(
        ended_at=clock.now(),
        outcome=answer.outcome.value,
        code=answer.code[:120],
        http_status=answer.http_status,
        provider_id=answer.provider_id,
    )


def _next_try(payout: Payout) -> Any:
    return clock.now() + rules.wait(payout.attempts, random.random())  # noqa: S311 - jitter, not a secret


def _fence(work: Work) -> Callable[[Payout], dict[str, Any]]:
    def gathered(payout: Payout) -> dict[str, Any]:
        return {"fence": payout.fence, "own_fence": work.fence, "n": work.attempt.n}

    return gathered
