"""Two people let money go: one prepares a batch, the other releases exactly what they saw (DESIGN 4.8 and 4.13).

Lock order in this room: batch, budgets, claims by key, payouts by key, audit heads. See docs/payouts.md.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils.functional import Promise

from core import clock, hands
from core.canonical import content_hash, sha256_hex
from core.enums import HandRole
from core.money import ZERO
from core.reasons import CoreReason, Reason, Refused
from core.workflow import NotAuthorised, perform, record, unit
from payouts import claims as claims_of
from payouts import rails, rules
from payouts.actors import RAILS
from payouts.enums import FINAL_PAYOUT, LIVE_PAYOUT, BatchState
from payouts.gateways.sepa import CannotSeal, Payer, seal
from payouts.models import Batch, BatchFile, BatchLine, Payout
from payouts.reasons import PayoutReason
from payouts.wording import said
from vouchers.enums import PaymentRail
from vouchers.models import Claim, Programme
from vouchers.services import payment as vouchers


@dataclass(frozen=True)
class Dropped:
    """A claim that stayed out of a batch, and every reason why. `withheld`: in doubt, so its payment is withheld now."""

    claim: str
    reasons: list[Reason]
    withheld: bool = False

    @property
    def whoever_releases(self) -> bool:
        """Whether it would have fallen out in everybody's hands, and not only in those of a person who may not touch it."""
        return self.withheld or all(reason.code == PayoutReason.PAYOUT_CHANGED for reason in self.reasons)

    def as_json(self) -> dict[str, Any]:
        reasons = [_stored(reason) for reason in self.reasons]
        return {"claim": self.claim, "reasons": reasons, "withheld": self.withheld}


def _stored(reason: Reason) -> dict[str, Any]:
    """A reason as JSON; a label among its values is kept in the words of this moment."""
    said = {name: str(value) if isinstance(value, Promise) else value for name, value in reason.params.items()}
    return Reason(reason.code, said, reason.ground).as_json()


class Prepared(NamedTuple):
    """The new batch and the claims that stayed out. No batch: none was left, and of some the payment is withheld now."""

    batch: Batch | None
    dropped: list[Dropped]


class Released(NamedTuple):
    """The released batch and the lines that fell out at the release. Cancelled: none was left that anybody could release."""

    batch: Batch
    dropped: list[Dropped]


@unit
def prepare_batch(
    *,
    by: Any,
    programme: Programme,
    claims: Iterable[Claim | int],
    execution_date: dt.date | None = None,
) -> Prepared:
    """Freezes one payout per claim and puts them in a new batch. Lays the preparer's hand on every claim's file.

    `execution_date` is the day the bank should pay (the next bank day unless given). A claim that cannot be paid, or on
    whose file this person already has another hand, stays out with its reasons; so does one that is in doubt now, and its
    payment is withheld. Raises NotAuthorised, or Refused when the day is no good or no claim is left.
    """
    batch = Batch(programme=programme, rail=programme.payment_rail, prepared_by_id=by.pk)
    if not batch.may("prepare", by):
        raise NotAuthorised("prepare")
    batch.execution_date = execution_date or rules.first_bank_day(clock.today())
    reasons = rules.execution_date(batch.execution_date, clock.today())
    if reasons:
        raise Refused(reasons)
    paying = rails.payer() if batch.rail == PaymentRail.SEPA else Payer(name=programme.name_nl, iban="")
    batch.payer_name, batch.payer_iban, batch.payer_bic = paying.name, paying.iban, paying.bic
    chosen = claims_of.lock({getattr(claim, "pk", claim) for claim in claims})
    if not chosen:
        raise Refused(Reason(PayoutReason.NOTHING_CHOSEN))
    fit, dropped = _sort_out(chosen, by=by, programme=programme, rail=batch.rail)
    if not fit and any(each.withheld for each in dropped):
        return Prepared(None, dropped)
    if not fit:
        raise Refused([reason for each in dropped for reason in each.reasons])
    batch.save(force_insert=True)
    payouts = [_freeze(claim, batch) for claim in fit]
    _put_in(batch, payouts)
    for payout in payouts:
        record(payout, "prepare", by=by, facts=_public(payout), hand=HandRole.PREPARER)
    batch = record(
        batch,
        "prepare",
        by=by,
        facts={"n": len(payouts), "total": _total(payouts), "rail": batch.rail, "pay_on": batch.execution_date},
    )
    return Prepared(batch, dropped)


@unit
def release_batch(*, by: Any, batch: Batch, seen_sha256: str) -> Released:
    """Approves and releases every payout of the batch. Lays the releaser's hand on every claim's file.

    `seen_sha256` is the fingerprint of the batch as this person saw it (`Batch.fingerprint`); another content now is
    refused. A line falls out when this person already has a hand on its file, when its claim or account is no longer what
    was prepared, or when its claim is in doubt now and therefore withheld. When none is left the batch is cancelled; unless it
    was only this person who may not touch its lines, for then somebody else can release it. SEPA: the file is made, checked
    against its XSD and kept. Stripe: the dispatcher may send. Raises NotAuthorised, or Refused.
    """
    if not batch.may("release", by):
        raise NotAuthorised("release")
    batch = _locked(batch, BatchState.PREPARED)
    if batch.prepared_by_id == by.pk:
        raise Refused(Reason(PayoutReason.SAME_PERSON))
    seen = {"seen_sha256": seen_sha256, "sha256": batch.fingerprint()}
    if reasons := rules.same_content(seen):
        raise Refused(reasons)
    payouts, dropped = _still_good(batch, by)
    if not payouts and any(each.whoever_releases for each in dropped):
        return Released(perform(batch, "cancel", by=by, at=clock.now()), dropped)
    if not payouts:
        raise Refused([reason for each in dropped for reason in each.reasons] + [Reason(PayoutReason.NOTHING_LEFT)])
    now = clock.now()
    released = []
    for payout in payouts:
        payout = perform(
            payout, "approve", by=by, facts=Payout.frozen_facts, rule=rules.frozen_content, sha256=payout.content_sha256
        )
        payout = perform(payout, "release", by=by, at=now)
        if batch.rail == PaymentRail.SEPA:
            vouchers.payment_sent(by=by, claim=payout.claim, payout_ref=payout.number.hex)
            payout = perform(payout, "send", by=by, facts={"batch": batch.msg_id}, at=now)
        released.append(payout)
    batch = perform(
        batch,
        "release",
        by=by,
        facts={"seen_sha256": seen_sha256, "n": len(released), "total": _total(released)},
        at=now,
        person=by,
        sha256=batch.fingerprint(released),
    )
    if batch.rail == PaymentRail.SEPA:
        _seal(batch, released, by)
    return Released(batch, dropped)


@unit
def cancel_batch(*, by: Any, batch: Batch) -> Batch:
    """Nobody releases this batch any more; its claims can go into another. Raises NotAuthorised or Refused."""
    if not batch.may("cancel", by):
        raise NotAuthorised("cancel")
    batch = _locked(batch, BatchState.PREPARED)
    for payout in batch.payouts():
        drop(payout, by=by, because="batch_cancelled", reasons=[])
    return perform(batch, "cancel", by=by, at=clock.now())


@unit
def cancel_payout(*, by: Any, payout: Payout) -> Payout:
    """Takes one payment out before it is sent; its claim can go into another batch.

    Raises NotAuthorised, or Refused: also for a payment that may have left before, because only a look-up knows whether
    another payment would be the second.
    """
    if not payout.may("cancel", by):
        raise NotAuthorised("cancel")
    _lock_batches_of(payout)
    return drop(payout, by=by, because="taken_out", reasons=[], rule=rules.never_sent)


@unit
def batch_file(*, by: Any, batch: Batch) -> BatchFile:
    """The file for the bank: always the same bytes, for who handles money. Each download leaves a mark.

    Raises NotAuthorised or Refused.
    """
    if not batch.may("download", by):
        raise NotAuthorised("download")
    made = BatchFile.objects.filter(batch=batch).first()
    if made is None:
        raise Refused(Reason(PayoutReason.NO_FILE))
    if sha256_hex(bytes(made.content)) != made.sha256:
        raise Refused(Reason(CoreReason.CHANGED))
    batch = record(batch, "download", by=by, facts={"sha256": made.sha256})
    if batch.fetched_at is None:
        batch.fetched_at = clock.now()
        batch.save()
    return made


def close_batches() -> int:
    """Closes every released batch whose lines all have their final word. Returns how many."""
    done = Batch.objects.with_totals().filter(state=BatchState.RELEASED, waiting=0).order_by("pk")
    return sum(_close_if_done(batch=batch) for batch in done)


@unit
def _close_if_done(*, batch: Batch) -> bool:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    return close_if_done(batch, RAILS)


def close_if_done(batch: Batch, by: Any) -> bool:
    """Within a unit that holds the batch: closes it when no line waits any more."""
    waits = batch.lines.filter(live=True).exclude(payout__state__in=FINAL_PAYOUT).exists()
    if batch.state != BatchState.RELEASED or waits:
        return False
    perform(batch, "close", by=by, at=clock.now())
    return True


# Parts


def _locked(batch: Batch, wanted: BatchState) -> Batch:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != wanted:
        raise Refused(Reason(CoreReason.WRONG_STATE, {"state": str(batch.get_state_display()), "code": batch.state}))
    return batch


def _lock_batches_of(payout: Payout) -> None:
    list(Batch.objects.select_for_update().filter(lines__payout=payout, lines__live=True).order_by("pk"))


def _sort_out(chosen: list[Claim], *, by: Any, programme: Programme, rail: str) -> tuple[list[Claim], list[Dropped]]:
    on_its_way = set(Payout.objects.filter(claim__in=chosen, state__in=LIVE_PAYOUT).values_list("claim_id", flat=True))
    fit, dropped = [], []
    for claim in chosen:
        reasons = claims_of.objections(claim, wanted=programme, rail=rail, live=claim.pk in on_its_way)
        reasons += hands.objections(claim, by, HandRole.PREPARER)
        if reasons:
            dropped.append(Dropped(claim.number, reasons))
        elif doubts := claims_of.doubts(claim):
            dropped.append(Dropped(claim.number, doubts, withheld=True))
        else:
            fit.append(claim)
    return fit, dropped


def _freeze(claim: Claim, batch: Batch) -> Payout:
    last = Payout.objects.filter(claim=claim).aggregate(last=Max("seq"))["last"] or 0
    payout = Payout(
        claim=claim,
        seq=last + 1,
        programme=batch.programme,
        rail=batch.rail,
        **claims_of.instruction(claim, batch.rail),
    )
    payout.idempotency_key = f"payout-{payout.number}"
    payout.content_sha256 = payout.fingerprint()
    payout.save(force_insert=True)
    return payout


def _put_in(batch: Batch, payouts: list[Payout]) -> None:
    BatchLine.objects.bulk_create(
        BatchLine(batch=batch, payout=payout, position=position, end_to_end_id=payout.number.hex)
        for position, payout in enumerate(payouts, start=1)
    )


def _still_good(batch: Batch, by: Any) -> tuple[list[Payout], list[Dropped]]:
    """The payouts that go, with the others taken out of the batch."""
    rows = list(batch.payouts())
    current = {claim.pk: claim for claim in claims_of.lock(row.claim_id for row in rows)}
    good, dropped = [], []
    for payout in rows:
        claim = payout.claim = current[payout.claim_id]
        reasons = hands.objections(payout, by, HandRole.RELEASER)
        if not claims_of.as_agreed(payout, claim):
            reasons.append(Reason(PayoutReason.PAYOUT_CHANGED, {"claim": claim.number}))
        doubts = [] if reasons else claims_of.doubts(claim)
        if reasons or doubts:
            # Who may not touch it does not drop it either.
            drop(payout, by=RAILS, because="fell_out", reasons=reasons + doubts)
            dropped.append(Dropped(claim.number, reasons + doubts, withheld=bool(doubts)))
        else:
            good.append(payout)
    return good, dropped


def drop(payout: Payout, *, by: Any, because: str, reasons: list[Reason], rule: rules.Rule | None = None) -> Payout:
    """Within a unit: this payout never leaves. It goes out of its batch, and its claim may go into another."""
    vouchers.payment_stopped(by=by, claim=payout.claim, payout_ref=payout.number.hex)

    def facts(row: Payout) -> dict[str, Any]:
        return {"reasons": [each.code.value for each in reasons], "first_sent_at": row.first_sent_at}

    payout = perform(payout, "cancel", by=by, facts=facts, rule=rule, because=because)
    BatchLine.objects.filter(payout=payout, live=True).update(
        live=False, dropped_because=[_stored(reason) for reason in reasons]
    )
    return payout


def file_of(batch: Batch, payouts: list[Payout]) -> bytes:
    """The bank file of a released batch, from its rows: the same bytes however often it is made (invariant 20).

    Raises CannotSeal.
    """
    return seal(
        payer=Payer(name=batch.payer_name, iban=batch.payer_iban, bic=batch.payer_bic),
        msg_id=batch.msg_id,
        pmt_inf_id=batch.pmt_inf_id,
        created_at=batch.released_at,
        execution_date=batch.pay_on,
        instructions=[payout.instruction() for payout in payouts],
    )


def _seal(batch: Batch, payouts: list[Payout], by: Any) -> None:
    try:
        content = file_of(batch, payouts)
    except CannotSeal as refusal:
        numbers = {payout.number.hex: payout.claim.number for payout in payouts}
        about = {"claim": numbers.get(refusal.reference, ""), "problem": said(refusal.code)}
        raise Refused(Reason(PayoutReason.CANNOT_SEAL, about)) from refusal
    made = BatchFile.objects.create(
        batch=batch, content=content, sha256=sha256_hex(content), n=len(payouts), total=_total(payouts)
    )
    facts = {"sha256": made.sha256, "n": made.n, "total": made.total, "pay_on": batch.pay_on}
    record(batch, "seal", by=by, facts=facts)


def _total(payouts: list[Payout]) -> Any:
    return sum((payout.amount for payout in payouts), ZERO)


def _public(payout: Payout) -> dict[str, Any]:
    """A payout for the trail: the account only as a fingerprint."""
    return {
        "payout": payout.number.hex,
        "claim": f"vouchers.claim:{payout.claim_id}",
        "amount": payout.amount,
        "rail": payout.rail,
        "destination_sha256": content_hash([payout.number.hex, payout.destination]),
        "content_sha256": payout.content_sha256,
    }
