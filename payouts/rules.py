"""What may be paid, when banks pay, and when a machine tries again. Pure: values in, reasons or values out."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import holidays

from core.reasons import Reason
from payouts.reasons import PayoutReason
from vouchers.enums import PaymentRail

MAX_DAYS_AHEAD = 30
"""Days a payment may be dated ahead; banks take a file up to a year, but a case has six weeks (DESIGN 4.11)."""

LEASE = dt.timedelta(minutes=2)
"""How long a worker has for one payment before another may look after it; longer than all its time-outs together."""

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
OVERDUE_DAYS = 3
"""Bank days after which a SEPA payment without word goes on the work list (RELIABILITY c2: camt by D+3)."""

Rule = Callable[[Mapping[str, Any]], list[Reason]]


@dataclass(frozen=True, kw_only=True)
class Payable:
    """What is asked of a claim at the moment it is to be paid."""

    claim: str
    payable: bool
    same_programme: bool
    live_payout: bool
    iban: str
    account_known: bool
    account_checked: bool
    account_ended: bool
    stripe_account: str
    amount: Decimal | None
    rail: str


def payable(facts: Payable) -> list[Reason]:
    """Why this claim cannot be paid now; empty when it can."""
    about = {"claim": facts.claim}
    if facts.live_payout:
        return [Reason(PayoutReason.ALREADY_IN_BATCH, about)]
    reasons = []
    if not facts.payable or not facts.amount or facts.amount <= 0:
        reasons.append(Reason(PayoutReason.NOT_PAYABLE, about))
    if not facts.same_programme:
        reasons.append(Reason(PayoutReason.OTHER_PROGRAMME, about))
    if not facts.account_known or not facts.iban:
        reasons.append(Reason(PayoutReason.NO_ACCOUNT, about))
    elif facts.account_ended:
        reasons.append(Reason(PayoutReason.ACCOUNT_ENDED, about))
    elif not facts.account_checked:
        reasons.append(Reason(PayoutReason.ACCOUNT_NOT_CHECKED, about))
    if facts.rail == PaymentRail.STRIPE and not facts.stripe_account:
        reasons.append(Reason(PayoutReason.NO_STRIPE_ACCOUNT, about))
    return reasons


def execution_date(day: dt.date, today: dt.date) -> list[Reason]:
    """Why the bank cannot pay on this day."""
    if day < today:
        return [Reason(PayoutReason.DATE_IN_PAST)]
    if day > today + dt.timedelta(days=MAX_DAYS_AHEAD):
        return [Reason(PayoutReason.DATE_TOO_FAR, {"days": MAX_DAYS_AHEAD})]
    if not is_bank_day(day):
        return [Reason(PayoutReason.NO_BANK_DAY, {"date": day})]
    return []


def is_bank_day(day: dt.date) -> bool:
    """Whether euro payments are settled on this day.

    TARGET, the system of the European Central Bank, is closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday,
    1 May and 25 and 26 December. So banks pay on King's Day and Ascension Day, on which no legal term ends (core.terms).
    """
    return day.weekday() < 5 and day not in _target_closed(day.year)


def first_bank_day(day: dt.date) -> dt.date:
    """`day` itself, or the next day on which banks pay."""
    while not is_bank_day(day):
        day += dt.timedelta(days=1)
    return day


def bank_days_before(day: dt.date, number: int) -> dt.date:
    """The day that lies `number` bank days before `day`."""
    while number:
        day -= dt.timedelta(days=1)
        number -= is_bank_day(day)
    return day


@cache
def _target_closed(year: int) -> holidays.HolidayBase:
    return holidays.financial_holidays("ECB", years=year)


def same_content(facts: Mapping[str, Any]) -> list[Reason]:
    """An approval binds what was seen: the fingerprint seen must be the fingerprint now (DESIGN 4.8)."""
    return [] if facts["seen_sha256"] == facts["sha256"] else [Reason(PayoutReason.BATCH_CHANGED)]


def frozen_content(facts: Mapping[str, Any]) -> list[Reason]:
    """A payout goes on only as the row that was prepared."""
    if facts["sha256"] == facts["content_sha256"]:
        return []
    return [Reason(PayoutReason.PAYOUT_CHANGED, {"claim": facts["claim"]})]


def booked_on(facts: Mapping[str, Any]) -> list[Reason]:
    """Why this cannot be the day on which the money left: yet to come, before `earliest`, or a day on which banks are closed.

    The earliest day of a batch is the day of payment in its file. Stripe moves money on any day, a bank does not.
    """
    day = facts["booked_on"]
    if facts["earliest"] and day < facts["earliest"]:
        return [Reason(PayoutReason.BOOKED_TOO_EARLY, {"earliest": facts["earliest"]})]
    return _in_statement(day, facts["today"], by_bank=facts["rail"] == PaymentRail.SEPA)


def came_back_on(facts: Mapping[str, Any]) -> list[Reason]:
    """Why this cannot be the day on which a bank gave the money back."""
    if facts["paid_on"] and facts["returned_on"] < facts["paid_on"]:
        return [Reason(PayoutReason.BACK_TOO_EARLY, {"paid_on": facts["paid_on"]})]
    return _in_statement(facts["returned_on"], facts["today"], by_bank=True)


def _in_statement(day: dt.date, today: dt.date, *, by_bank: bool) -> list[Reason]:
    if day > today:
        return [Reason(PayoutReason.BOOKED_IN_FUTURE)]
    if by_bank and not is_bank_day(day):
        return [Reason(PayoutReason.BOOKED_WHEN_CLOSED, {"date": day})]
    return []


def same_fence(facts: Mapping[str, Any]) -> list[Reason]:
    """Only the worker that holds the newest fence writes what became of a payment."""
    return [] if facts["fence"] == facts["own_fence"] else [Reason(PayoutReason.OVERTAKEN)]


def never_sent(facts: Mapping[str, Any]) -> list[Reason]:
    """A payment that was sent once is not taken out by one person: perhaps it arrived (invariant 13)."""
    return [Reason(PayoutReason.MAYBE_SENT)] if facts["first_sent_at"] else []


def two_people(facts: Mapping[str, Any]) -> list[Reason]:
    """What a machine could not settle takes two persons (DESIGN 3, manual), and so does money that came back."""
    return [Reason(PayoutReason.TWO_PEOPLE)] if facts["proposed_by"] == facts["confirmed_by"] else []


def wait(tries: int, chance: float) -> dt.timedelta:
    """How long to wait after this many tries: 1, 2, 4 ... minutes up to an hour, shortened by up to half by `chance` (0 to 1).

    The jitter keeps workers that lost the line together from coming back together.
    """
    longest = min(FIRST_WAIT * 2 ** min(max(tries - 1, 0), 10), LONGEST_WAIT)
    return longest * (1 - chance / 2)
