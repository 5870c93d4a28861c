"""What a notice of intent has to have said before a decision can follow it (Awb 4:7, 4:8)."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.moments import MONDAY, TODAY
from vouchers.claim_reasons import ClaimReason
from vouchers.rules.notice import Intent, Notice, notice_reasons

D = Decimal
HALF = Intent(grounds=frozenset({"a"}), amount=D("50.00"))


def notice(meant=HALF, **more) -> Notice:
    return Notice(**{"meant": meant, "sent_at": MONDAY, "respond_until": TODAY, "answered": True, **more})


def reasons(*notices, decided=HALF, since=MONDAY, today=TODAY) -> list:
    return [reason.code for reason in notice_reasons(notices, decided, since=since, today=today)]


def test_a_decision_needs_a_notice():
    assert reasons() == [ClaimReason.NOTICE_NEEDED]
    assert reasons(notice()) == []


@pytest.mark.parametrize(
    ("respond_until", "answered", "expected"),
    [
        (TODAY, False, [ClaimReason.NOTICE_RUNNING]),
        (TODAY - dt.timedelta(days=1), False, []),
        (TODAY + dt.timedelta(days=9), True, []),
    ],
)
def test_a_notice_must_be_answered_or_over(respond_until, answered, expected):
    assert reasons(notice(respond_until=respond_until, answered=answered)) == expected


def test_a_notice_counts_from_the_round_it_was_sent_in():
    assert reasons(notice(), since=MONDAY + dt.timedelta(seconds=1)) == [ClaimReason.NOTICE_NEEDED]
    assert reasons(notice(), since=None) == []


@pytest.mark.parametrize(
    ("grounds", "amount", "asks_back", "covered"),
    [
        ({"a"}, "50.00", False, True),
        (set(), "50.00", False, True),
        ({"a"}, "50.01", False, True),
        ({"a"}, "49.99", False, False),
        ({"b"}, "50.00", False, False),
        ({"a", "b"}, "50.00", False, False),
        ({"a"}, None, False, False),
        ({"a"}, "49.99", True, True),
        ({"a"}, "50.01", True, False),
    ],
)
def test_a_notice_opens_the_way_for_no_other_ground_and_nothing_worse(grounds, amount, asks_back, covered):
    meant = Intent(grounds=frozenset({"a"}), amount=D("50.00"), asks_back=asks_back)
    decided = Intent(grounds=frozenset(grounds), amount=None if amount is None else D(amount), asks_back=asks_back)
    assert reasons(notice(meant), decided=decided) == ([] if covered else [ClaimReason.NOTICE_OTHER])


def test_without_an_amount_the_grounds_alone_count():
    refusal = Intent(grounds=frozenset({"a"}))
    assert reasons(notice(refusal), decided=refusal) == []


def test_one_notice_that_opens_the_way_is_enough():
    other = notice(Intent(grounds=frozenset({"b"}), amount=D("10.00")), answered=False)
    assert reasons(other, notice()) == []
    assert reasons(other) == [ClaimReason.NOTICE_OTHER]
