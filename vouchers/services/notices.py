"""Notices of intent about a voucher or a claim: told beforehand, with a term to respond (Awb 4:8, DESIGN 3).

Those about an application stand in services/intent.py, because grounds of a refusal add up over notices (ADR 0033).

A notice holds for what it announced and for the round it was sent in: `keep_notice` stores grounds and amount, and a decision
asks `notice_reasons` with its own.
"""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from accounts.models import User
from core import clock
from core.enums import HandRole
from core.reasons import Reason, ReasonCode, Refused
from core.workflow import record, unit
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import DecisionKind
from vouchers.models import Claim, Decision, NoticeOfIntent, Voucher
from vouchers.models.decision import NoticeOfIntentQuerySet
from vouchers.rules import notice as rules
from vouchers.rules import terms
from vouchers.services.budget import application_of
from vouchers.services.voucher import tell_sme

Subject = Voucher | Claim

LEGAL_GROUND = {
    DecisionKind.DETERMINATION: "Awb 4:46",
    DecisionKind.REVOCATION: "Awb 4:48",
    DecisionKind.RECLAIM: "Awb 4:57",
}
TEMPLATES = {DecisionKind.DETERMINATION: "emails/vouchers/claim_intent"}
OTHERWISE = "emails/vouchers/voucher_intent"


def notices_of(subject: Subject, kind: DecisionKind) -> NoticeOfIntentQuerySet:
    """Every notice of this kind about this voucher or claim, the latest first."""
    return NoticeOfIntent.objects.filter(subject=subject.reference(), kind=kind).order_by("-pk")


def notice_reasons(
    subject: Subject, kind: DecisionKind, *, grounds: Iterable[ReasonCode], amount: Decimal | None = None
) -> list[Reason]:
    """Why a decision of this kind on these disputable grounds, at this amount in euros, has to wait (Awb 4:8); empty: it may go.

    Asked under the lock of the subject. Only a notice of this round counts (`round_of`), that named every one of these grounds
    and nothing better than this amount, and that was answered or has run out.
    """
    sent = [_as_rule(notice) for notice in notices_of(subject, kind).filter(dropped_at__isnull=True)]
    decided = _intent(kind, (ground.value for ground in grounds), amount)
    return rules.notice_reasons(sent, decided, since=round_of(subject, kind), today=clock.today())


def round_of(subject: Subject, kind: DecisionKind) -> datetime.datetime | None:
    """The moment from which a notice is about what is meant now: the advice or revision, the determination behind a reclaim, or
    the last decision about a voucher. Earlier notices were about something else."""
    match kind:
        case DecisionKind.DETERMINATION:
            return subject.advised_at
        case DecisionKind.RECLAIM:
            return subject.determined_at
    last = Decision.objects.filter(subject=subject.reference()).order_by("-pk").first()
    return last.decided_at if last else None


@unit
def announce(
    *,
    by: User,
    subject: Voucher | Claim,
    kind: DecisionKind,
    grounds: Sequence[ReasonCode],
    text: str,
    amount: Decimal | None = None,
) -> NoticeOfIntent:
    """Tells the business what is meant and why: a revocation, a lower determination, a reclaim of `amount` euros.

    Before a revocation or a reclaim nobody advised, so who announces it takes the assessor's part, and another decides.

    Raises Refused without words or grounds, or while an earlier notice that says as much waits for a response.
    """
    facts = {"kind": kind, "grounds": [ground.value for ground in grounds], "amount": amount}
    hand = None if kind == DecisionKind.DETERMINATION else HandRole.ASSESSOR
    subject = record(subject, "intend", by=by, facts=facts, private={"text": text}, hand=hand)
    reasons = [Reason(ground, ground=LEGAL_GROUND[kind]) for ground in grounds]
    notice = keep_notice(by=by, subject=subject, kind=kind, reasons=reasons, text=text, amount=amount)
    voucher = subject if isinstance(subject, Voucher) else subject.voucher
    tell_sme(voucher, TEMPLATES.get(kind, OTHERWISE), claim=subject, notice=notice)
    return notice


@unit
def keep_notice(
    *,
    by: User,
    subject: Subject,
    kind: DecisionKind,
    reasons: Sequence[Reason],
    text: str,
    amount: Decimal | None = None,
) -> NoticeOfIntent:
    """Writes a notice down; for a verb that has been through the door and tells the other side itself.

    It takes the place of one that is about an earlier round, announced something better, or has run out. Raises Refused without
    words or grounds, or while one that says as much waits for a response.
    """
    refused = [] if text.strip() and reasons else [Reason(ClaimReason.REASON_NEEDED)]
    meant = _intent(kind, (reason.code.value for reason in reasons), amount)
    since = round_of(subject, kind)
    for waiting in notices_of(subject, kind).open():
        current = since is None or waiting.sent_at >= since
        if current and not waiting.is_done(clock.today()) and _as_rule(waiting).meant.covers(meant):
            refused.append(Reason(ClaimReason.NOTICE_SENT))
    if refused:
        raise Refused(refused)
    drop_notices(subject, kind)
    application = application_of(subject)
    return NoticeOfIntent.objects.create(
        application=application,
        subject=subject.reference(),
        kind=kind,
        reasons=[reason.as_json() for reason in reasons],
        amount=amount,
        text=text.strip(),
        sent_at=clock.now(),
        sent_by=by,
        answer_by=terms.answer_by(clock.today(), application.rule_set.intent_weeks),
    )


def drop_notices(subject: Subject, kind: DecisionKind) -> None:
    """What waited for an answer is not meant any more; within the unit of the verb that made it so."""
    notices_of(subject, kind).open().update(dropped_at=clock.now())


@unit
def respond(*, by: User, subject: Voucher | Claim, kind: DecisionKind, text: str) -> NoticeOfIntent:
    """The business responds to a notice, once. Raises Refused when there is none that is open, or without words."""
    subject = record(subject, "respond", by=by, facts={"kind": kind}, private={"text": text})
    notice = notices_of(subject, kind).open().select_for_update().first()
    reasons = [] if text.strip() else [Reason(ClaimReason.REASON_NEEDED)]
    if notice is None:
        reasons.append(Reason(ClaimReason.NOTICE_NONE))
    if reasons:
        raise Refused(reasons)
    notice.answer, notice.answered_at = text.strip(), clock.now()
    notice.save()
    return notice


def _intent(kind: DecisionKind, codes: Iterable[str], amount: Decimal | None) -> rules.Intent:
    return rules.Intent(grounds=frozenset(codes), amount=amount, asks_back=kind == DecisionKind.RECLAIM)


def _as_rule(notice: NoticeOfIntent) -> rules.Notice:
    return rules.Notice(
        meant=_intent(DecisionKind(notice.kind), (stored["code"] for stored in notice.reasons), notice.amount),
        sent_at=notice.sent_at,
        respond_until=notice.answer_by,
        answered=notice.answered_at is not None,
    )
