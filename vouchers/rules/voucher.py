"""The terms of a voucher and what may be written on it (DESIGN 3, 4.11). Days are calendar days in Europe/Amsterdam."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from core.reasons import Reason
from core.terms import add_months, add_weeks, shift_to_workday
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import OPEN_CLAIM, ClaimState, ReminderKind, VoucherState


@dataclass(frozen=True, kw_only=True)
class ReminderTerms:
    """How long before a term a business is reminded, and how long it gets after a missed one (DESIGN 3, 4.11)."""

    last_call_weeks: int
    reminder_days: int


@dataclass(frozen=True, kw_only=True)
class VoucherDates:
    """What is known of a voucher's course: the terms as they stand now and the facts written on it.

    `last_call_until` is the last day of the term given after a missed term, once that letter has gone out.
    """

    applied_on: datetime.date
    order_by: datetime.date
    deliver_by: datetime.date
    claim_by: datetime.date | None = None
    ordered_on: datetime.date | None = None
    order_confirmed: bool = False
    delivered_on: datetime.date | None = None
    delivery_confirmed: bool = False
    extended: bool = False
    last_call_until: datetime.date | None = None


def order_reasons(ordered_on: datetime.date, dates: VoucherDates, *, today: datetime.date) -> list[Reason]:
    """Why this order date cannot be written down. The date counts, not the day on which it is written down."""
    reasons = []
    if dates.order_confirmed:
        reasons.append(Reason(ClaimReason.ORDER_CONFIRMED))
    if ordered_on > today:
        reasons.append(Reason(ClaimReason.DATE_IN_FUTURE))
    if ordered_on < dates.applied_on:
        reasons.append(Reason(ClaimReason.ORDER_BEFORE_APPLYING, {"applied_on": dates.applied_on}, ground="Awb 4:23"))
    until = _at_latest(dates.order_by, dates)
    if ordered_on > until:
        reasons.append(Reason(ClaimReason.ORDER_TOO_LATE, {"until": until}))
    if dates.delivered_on and ordered_on > dates.delivered_on:
        reasons.append(Reason(ClaimReason.DELIVERY_BEFORE_ORDER, {"ordered_on": ordered_on}))
    return reasons


def delivery_reasons(delivered_on: datetime.date, dates: VoucherDates, *, today: datetime.date) -> list[Reason]:
    """Why this delivery date cannot be written down."""
    reasons = []
    if dates.delivery_confirmed:
        reasons.append(Reason(ClaimReason.DELIVERY_CONFIRMED))
    if dates.ordered_on is None:
        return [*reasons, Reason(ClaimReason.NOT_ORDERED)]
    if delivered_on > today:
        reasons.append(Reason(ClaimReason.DATE_IN_FUTURE))
    if delivered_on < dates.ordered_on:
        reasons.append(Reason(ClaimReason.DELIVERY_BEFORE_ORDER, {"ordered_on": dates.ordered_on}))
    until = _at_latest(dates.deliver_by, dates)
    if delivered_on > until:
        reasons.append(Reason(ClaimReason.DELIVERY_TOO_LATE, {"until": until}))
    return reasons


def extension_reasons(dates: VoucherDates, *, today: datetime.date) -> list[Reason]:
    """Why the term of delivery cannot be extended by the business itself: once, before it ends, before delivery."""
    reasons = []
    if dates.extended:
        reasons.append(Reason(ClaimReason.EXTENDED_BEFORE))
    if dates.delivered_on:
        reasons.append(Reason(ClaimReason.ALREADY_DELIVERED))
    if today > dates.deliver_by:
        reasons.append(Reason(ClaimReason.TERM_OVER, {"until": dates.deliver_by}))
    return reasons


def claim_term_reasons(dates: VoucherDates, *, today: datetime.date) -> list[Reason]:
    """Why no claim can be sent today: not ordered, not delivered, or too late."""
    if dates.ordered_on is None:
        return [Reason(ClaimReason.NOT_ORDERED)]
    if dates.delivered_on is None or dates.claim_by is None:
        return [Reason(ClaimReason.NOT_DELIVERED)]
    until = _at_latest(dates.claim_by, dates)
    return [Reason(ClaimReason.CLAIM_TOO_LATE, {"until": until})] if today > until else []


@dataclass(frozen=True)
class NextTerm:
    """What the business has to do next, by when, and when it is reminded of it."""

    kind: ReminderKind
    until: datetime.date
    remind_from: datetime.date


def next_term(dates: VoucherDates, lengths: ReminderTerms) -> NextTerm:
    """The term that runs now: to order, to have delivered, or to claim."""
    if dates.ordered_on is None:
        kind, until = ReminderKind.ORDER, dates.order_by
    elif dates.delivered_on is None or dates.claim_by is None:
        kind, until = ReminderKind.DELIVERY, dates.deliver_by
    else:
        kind, until = ReminderKind.CLAIM, dates.claim_by
    return NextTerm(kind, until, until - datetime.timedelta(days=lengths.reminder_days))


def next_step(state: str, dates: VoucherDates, claims: Sequence[tuple[str, bool]], *, today: datetime.date) -> str:
    """The one thing the business should do now: order, delivery, claim, answer, continue, wait or nothing.

    `claims` are (state, whether it was said to be the last) of every claim on the voucher.
    """
    opened = next((claim for claim, _last in claims if claim in OPEN_CLAIM), None)
    if opened:
        return {ClaimState.DRAFT: "continue", ClaimState.MORE_INFORMATION: "answer"}.get(ClaimState(opened), "wait")
    if state != VoucherState.ISSUED:
        return "nothing"
    if dates.ordered_on is None:
        return "order"
    if dates.delivered_on is None:
        return "delivery"
    if any(is_last for claim, is_last in claims if claim != ClaimState.WITHDRAWN):
        return "wait"
    return "nothing" if claim_term_reasons(dates, today=today) else "claim"


def last_call_reasons(dates: VoucherDates, *, today: datetime.date) -> list[Reason]:
    """Why nothing can be taken back yet: no last call has gone out, or its term still runs (Awb 4:47)."""
    if dates.last_call_until is None:
        return [Reason(ClaimReason.LAST_CALL_NEEDED, ground="Awb 4:47")]
    if today <= dates.last_call_until:
        return [Reason(ClaimReason.NOTICE_RUNNING, {"until": dates.last_call_until}, ground="Awb 4:47")]
    return []


def last_call_until(sent_on: datetime.date, lengths: ReminderTerms) -> datetime.date:
    """The last day of the term in the reminder after a missed term; only after it can a voucher lapse."""
    return shift_to_workday(add_weeks(sent_on, lengths.last_call_weeks))


FIRST_USE_DAYS = 30
"""Days of use before a voucher's end users are asked for the first time; sooner an answer does not count (DESIGN 4.5)."""


def wave_due(delivered_on: datetime.date, months: int) -> datetime.date:
    """When an end user is asked: 30 days after delivery for the first wave, else months after it (DESIGN 4.5)."""
    if months == 1:
        return delivered_on + datetime.timedelta(days=FIRST_USE_DAYS)
    return add_months(delivered_on, months)


def _at_latest(term: datetime.date, dates: VoucherDates) -> datetime.date:
    return max(term, dates.last_call_until) if dates.last_call_until else term
