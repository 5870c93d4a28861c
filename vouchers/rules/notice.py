"""What a notice of intent has to have said before a decision can follow it (Awb 4:7, 4:8; DESIGN 3).

Amounts are euros. The rule holds for a lower determination, a revocation and a reclaim; for a refusal see ADR 0033.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.reasons import Reason
from vouchers.claim_reasons import ClaimReason


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What is announced, or decided: the codes of its disputable grounds and, where it is about one, the amount.

    `asks_back` says which way is worse for the other side: more asked back, or less paid.
    """

    grounds: frozenset[str]
    amount: Decimal | None = None
    asks_back: bool = False

    def covers(self, other: "Intent") -> bool:
        """Whether who was told this was also told the other: no other ground, and nothing worse."""
        if not other.grounds <= self.grounds:
            return False
        if self.amount is None or other.amount is None:
            return self.amount is other.amount
        return other.amount <= self.amount if self.asks_back else other.amount >= self.amount


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice of intent that was sent: what it announced, until when the other side may respond, and whether it did."""

    meant: Intent
    sent_at: datetime.datetime
    respond_until: datetime.date
    answered: bool = False


def notice_reasons(
    notices: Sequence[Notice], decided: Intent, *, since: datetime.datetime | None, today: datetime.date
) -> list[Reason]:
    """Why a decision on disputable grounds has to wait; empty when one of these notices, the latest first, opened the way.

    A notice counts when it was sent at or after `since` (the advice, revision or decision it is about), covers what is decided
    now, and was answered or has run out.
    """
    found = [_reasons(notice, decided, today) for notice in notices if since is None or notice.sent_at >= since]
    if not found:
        return [Reason(ClaimReason.NOTICE_NEEDED, ground="Awb 4:8")]
    return [] if any(not reasons for reasons in found) else found[0]


def _reasons(notice: Notice, decided: Intent, today: datetime.date) -> list[Reason]:
    if not notice.meant.covers(decided):
        return [Reason(ClaimReason.NOTICE_OTHER, ground="Awb 4:8")]
    if not notice.answered and today <= notice.respond_until:
        return [Reason(ClaimReason.NOTICE_RUNNING, {"until": notice.respond_until}, ground="Awb 4:8")]
    return []
