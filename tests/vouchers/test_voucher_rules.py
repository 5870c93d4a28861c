"""The terms of a voucher: what may be written on it, and when the business is reminded."""

import datetime
from dataclasses import replace

import pytest

from core.reasons import Reason
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ReminderKind
from vouchers.rules import terms
from vouchers.rules.voucher import (
    ReminderTerms,
    VoucherDates,
    claim_term_reasons,
    delivery_reasons,
    extension_reasons,
    last_call_until,
    next_term,
    order_reasons,
    wave_due,
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


FRESH = VoucherDates(applied_on=day("2026-09-01"), order_by=day("2026-11-10"), deliver_by=day("2027-03-15"))
ORDERED = replace(FRESH, ordered_on=day("2026-10-01"))
DELIVERED = replace(ORDERED, delivered_on=day("2026-12-01"), claim_by=day("2027-01-26"))
LENGTHS = ReminderTerms(last_call_weeks=2, reminder_days=14)


def codes(reasons: list[Reason]) -> set[ClaimReason]:
    return {reason.code for reason in reasons}


@pytest.mark.parametrize(
    ("ordered_on", "today", "expected"),
    [
        ("2026-09-01", "2026-09-20", set()),
        ("2026-11-10", "2026-11-10", set()),
        ("2026-11-10", "2026-12-24", set()),
        ("2026-08-31", "2026-09-20", {ClaimReason.ORDER_BEFORE_APPLYING}),
        ("2026-11-11", "2026-11-11", {ClaimReason.ORDER_TOO_LATE}),
        ("2026-09-21", "2026-09-20", {ClaimReason.DATE_IN_FUTURE}),
        ("2026-11-12", "2026-11-11", {ClaimReason.DATE_IN_FUTURE, ClaimReason.ORDER_TOO_LATE}),
    ],
)
def test_the_date_of_the_order_counts_not_the_day_it_is_written_down(ordered_on, today, expected):
    assert codes(order_reasons(day(ordered_on), FRESH, today=day(today))) == expected


def test_the_last_call_gives_a_new_last_day():
    called = replace(FRESH, last_call_until=day("2026-11-30"))
    assert order_reasons(day("2026-11-30"), called, today=day("2026-11-30")) == []
    assert codes(order_reasons(day("2026-12-01"), called, today=day("2026-12-01"))) == {ClaimReason.ORDER_TOO_LATE}


def test_a_confirmed_order_is_fixed():
    confirmed = replace(ORDERED, order_confirmed=True)
    assert codes(order_reasons(day("2026-10-02"), confirmed, today=day("2026-11-01"))) == {ClaimReason.ORDER_CONFIRMED}


@pytest.mark.parametrize(
    ("delivered_on", "today", "expected"),
    [
        ("2026-10-01", "2026-10-01", set()),
        ("2027-03-15", "2027-03-15", set()),
        ("2027-03-16", "2027-03-16", {ClaimReason.DELIVERY_TOO_LATE}),
        ("2026-09-30", "2026-10-05", {ClaimReason.DELIVERY_BEFORE_ORDER}),
        ("2026-10-06", "2026-10-05", {ClaimReason.DATE_IN_FUTURE}),
    ],
)
def test_a_delivery_lies_between_the_order_and_its_term(delivered_on, today, expected):
    assert codes(delivery_reasons(day(delivered_on), ORDERED, today=day(today))) == expected


def test_nothing_is_delivered_before_it_was_ordered():
    assert codes(delivery_reasons(day("2026-10-01"), FRESH, today=day("2026-10-01"))) == {ClaimReason.NOT_ORDERED}


def test_a_term_ending_on_29_february_ends_on_29_february():
    assert terms.deliver_by(day("2027-08-31"), 6) == day("2028-02-29")
    assert terms.deliver_by(day("2026-08-31"), 6) == day("2027-03-01")  # 28 February 2027 is a Sunday
    leap = replace(ORDERED, deliver_by=day("2028-02-29"))
    assert delivery_reasons(day("2028-02-29"), leap, today=day("2028-02-29")) == []
    assert codes(delivery_reasons(day("2028-03-01"), leap, today=day("2028-03-01"))) == {ClaimReason.DELIVERY_TOO_LATE}


def test_the_extension_is_counted_from_the_award_and_never_adds_shifts():
    assert terms.deliver_by(day("2026-08-28"), 6, 3) == day("2027-05-28")


@pytest.mark.parametrize(
    ("dates", "today", "expected"),
    [
        (FRESH, "2027-03-15", set()),
        (FRESH, "2027-03-16", {ClaimReason.TERM_OVER}),
        (replace(FRESH, extended=True), "2027-03-15", {ClaimReason.EXTENDED_BEFORE}),
        (DELIVERED, "2026-12-05", {ClaimReason.ALREADY_DELIVERED}),
    ],
)
def test_a_term_is_extended_once_before_it_ends_and_before_delivery(dates, today, expected):
    assert codes(extension_reasons(dates, today=day(today))) == expected


@pytest.mark.parametrize(
    ("dates", "today", "expected"),
    [
        (FRESH, "2026-09-20", {ClaimReason.NOT_ORDERED}),
        (ORDERED, "2026-10-20", {ClaimReason.NOT_DELIVERED}),
        (DELIVERED, "2027-01-26", set()),
        (DELIVERED, "2027-01-27", {ClaimReason.CLAIM_TOO_LATE}),
        (replace(DELIVERED, last_call_until=day("2027-02-10")), "2027-02-10", set()),
        (replace(DELIVERED, last_call_until=day("2027-02-10")), "2027-02-11", {ClaimReason.CLAIM_TOO_LATE}),
    ],
)
def test_a_claim_is_possible_from_delivery_until_its_term(dates, today, expected):
    assert codes(claim_term_reasons(dates, today=day(today))) == expected


@pytest.mark.parametrize(
    ("dates", "kind", "until", "remind_from"),
    [
        (FRESH, ReminderKind.ORDER, "2026-11-10", "2026-10-27"),
        (ORDERED, ReminderKind.DELIVERY, "2027-03-15", "2027-03-01"),
        (DELIVERED, ReminderKind.CLAIM, "2027-01-26", "2027-01-12"),
    ],
)
def test_one_term_runs_at_a_time(dates, kind, until, remind_from):
    running = next_term(dates, LENGTHS)
    assert (running.kind, running.until, running.remind_from) == (kind, day(until), day(remind_from))


def test_the_last_call_is_two_weeks_and_shifts_to_a_working_day():
    assert last_call_until(day("2026-12-11"), LENGTHS) == day("2026-12-28")  # 25 and 26 December, then a Sunday


@pytest.mark.parametrize(
    ("delivered_on", "months", "due"),
    [
        ("2026-10-01", 1, "2026-10-31"),
        ("2027-01-31", 1, "2027-03-02"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
    ],
)
def test_end_users_are_asked_after_30_days_and_then_by_the_month(delivered_on, months, due):
    assert wave_due(day(delivered_on), months) == day(due)
