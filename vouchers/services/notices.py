"""Notices of intent about a voucher or a claim: told beforehand, with two weeks to respond (Awb 4:8, DESIGN 3)."""

from typing import Any

from accounts.models import User
from core import clock
from core.reasons import Reason, Refused
from core.workflow import record, unit
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import DecisionKind
from vouchers.models import Claim, NoticeOfIntent, Voucher
from vouchers.rules import terms
from vouchers.services.voucher import tell_sme

TEMPLATES = {DecisionKind.DETERMINATION: "emails/vouchers/claim_intent"}
OTHERWISE = "emails/vouchers/voucher_intent"


def notices_of(subject: Voucher | Claim, kind: DecisionKind) -> Any:
    """Every notice of this kind about this voucher or claim, the latest first."""
    return NoticeOfIntent.objects.filter(subject=subject.reference(), kind=kind).order_by("-pk")


@unit
def announce(*, by: User, subject: Voucher | Claim, kind: DecisionKind, text: str) -> NoticeOfIntent:
    """Tells the business what is meant and why: a revocation, a lower determination, a reclaim. Lays no hand.

    Raises Refused without words, or while an earlier notice of the same kind waits for a response.
    """
    subject = record(subject, "intend", by=by, facts={"kind": kind}, private={"text": text})
    reasons = [] if text.strip() else [Reason(ClaimReason.REASON_NEEDED)]
    if notices_of(subject, kind).filter(answered_at__isnull=True).exists():
        reasons.append(Reason(ClaimReason.NOTICE_SENT))
    if reasons:
        raise Refused(reasons)
    voucher = subject if isinstance(subject, Voucher) else subject.voucher
    application = voucher.application
    notice = NoticeOfIntent.objects.create(
        application=application,
        subject=subject.reference(),
        kind=kind,
        reasons=[],
        text=text.strip(),
        sent_at=clock.now(),
        sent_by=by,
        answer_by=terms.answer_by(clock.today(), application.rule_set.intent_weeks),
    )
    tell_sme(voucher, TEMPLATES.get(kind, OTHERWISE), claim=subject, notice=notice)
    return notice


@unit
def respond(*, by: User, subject: Voucher | Claim, kind: DecisionKind, text: str) -> NoticeOfIntent:
    """The business responds to a notice, once. Raises Refused when there is none that is open, or without words."""
    subject = record(subject, "respond", by=by, facts={"kind": kind}, private={"text": text})
    notice = notices_of(subject, kind).select_for_update().filter(answered_at__isnull=True).first()
    reasons = [] if text.strip() else [Reason(ClaimReason.REASON_NEEDED)]
    if notice is None:
        reasons.append(Reason(ClaimReason.NOTICE_NONE))
    if reasons:
        raise Refused(reasons)
    notice.answer, notice.answered_at = text.strip(), clock.now()
    notice.save()
    return notice
