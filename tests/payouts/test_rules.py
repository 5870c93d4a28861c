"""What may be paid, when the bank pays, and how long a machine waits."""

import datetime as dt
from decimal import Decimal

import pytest

from payouts import rules
from payouts.reasons import PayoutReason

GOOD = rules.Payable(
    claim="DT-1",
    payable=True,
    same_programme=True,
    live_payout=False,
    iban="NL91ABNA0417164300",
    account_known=True,
    account_checked=True,
    account_ended=False,
    stripe_account="acct_1",
    amount=Decimal("10.00"),
    rail="stripe",
)


def codes(reasons):
    return [reason.code for reason in reasons]


def test_a_determined_claim_with_a_checked_account_can_be_paid():
    assert rules.payable(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payable": False}, PayoutReason.NOT_PAYABLE),
        ({"amount": Decimal("0.00")}, PayoutReason.NOT_PAYABLE),
        ({"amount": None}, PayoutReason.NOT_PAYABLE),
        ({"same_programme": False}, PayoutReason.OTHER_PROGRAMME),
        ({"live_payout": True}, PayoutReason.ALREADY_IN_BATCH),
        ({"iban": ""}, PayoutReason.NO_ACCOUNT),
        ({"account_known": False}, PayoutReason.NO_ACCOUNT),
        ({"account_checked": False}, PayoutReason.ACCOUNT_NOT_CHECKED),
        ({"account_ended": True}, PayoutReason.ACCOUNT_ENDED),
        ({"stripe_account": ""}, PayoutReason.NO_STRIPE_ACCOUNT),
    ],
)
def test_each_thing_that_is_missing_is_named(change, code):
    assert codes(rules.payable(rules.Payable(**{**GOOD.__dict__, **change}))) == [code]


def test_every_reason_is_given_not_only_the_first():
    bad = rules.Payable(**{**GOOD.__dict__, "payable": False, "same_programme": False, "stripe_account": ""})
    assert len(rules.payable(bad)) == 3


MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (MONDAY, None),
        (dt.date(2026, 12, 23), None),
        (dt.date(2026, 11, 22), PayoutReason.DATE_IN_PAST),
        (dt.date(2026, 12, 24), PayoutReason.DATE_TOO_FAR),
        (dt.date(2026, 11, 28), PayoutReason.NO_BANK_DAY),
        (dt.date(2027, 2, 29 - 1), PayoutReason.DATE_TOO_FAR),
    ],
)
def test_the_day_of_payment(day, code):
    assert codes(rules.execution_date(day, MONDAY)) == ([code] if code else [])


CLOSED = [
    "2026-01-01",
    "2026-04-03",
    "2026-04-06",
    "2026-05-01",
    "2026-12-25",
    "2026-12-26",
    "2028-05-01",
    "2028-12-26",
]
"""Days on which TARGET is closed, some of them in a weekend too."""

OPEN = ["2026-04-27", "2026-05-05", "2026-05-14", "2026-05-25", "2025-05-05", "2026-12-24", "2026-12-31", "2026-04-02"]
"""King's Day, Liberation Day, Ascension Day, Whit Monday: no legal term ends on the holidays among them, banks pay on all."""


@pytest.mark.parametrize("day", CLOSED)
def test_banks_are_closed_when_target_is(day):
    day = dt.date.fromisoformat(day)
    assert not rules.is_bank_day(day)
    assert codes(rules.execution_date(day, day)) == [PayoutReason.NO_BANK_DAY]


@pytest.mark.parametrize("day", OPEN)
def test_banks_pay_on_dutch_holidays_that_target_does_not_know(day):
    day = dt.date.fromisoformat(day)
    assert rules.is_bank_day(day)
    assert codes(rules.execution_date(day, day)) == []


@pytest.mark.parametrize("day", ["2026-11-28", "2026-11-29"])
def test_banks_are_closed_in_a_weekend(day):
    assert not rules.is_bank_day(dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2026-04-27", "2026-04-27"),
        ("2026-05-01", "2026-05-04"),
        ("2026-04-03", "2026-04-07"),
        ("2026-12-25", "2026-12-28"),
        ("2027-12-31", "2027-12-31"),
        ("2028-01-01", "2028-01-03"),
    ],
)
def test_the_first_bank_day(day, first):
    assert rules.first_bank_day(dt.date.fromisoformat(day)) == dt.date.fromisoformat(first)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-11-26", "2026-11-23"),
        ("2026-11-23", "2026-11-18"),
        ("2026-05-15", "2026-05-12"),  # Ascension Day, the 14th, is a bank day
        ("2026-05-05", "2026-04-29"),  # 1 May is none
        ("2026-04-08", "2026-04-01"),  # over Easter
    ],
)
def test_three_bank_days_before(day, before):
    assert rules.bank_days_before(dt.date.fromisoformat(day), 3) == dt.date.fromisoformat(before)


FRIDAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "sepa", "stripe"),
    [
        ("2026-11-19", [PayoutReason.BOOKED_TOO_EARLY], [PayoutReason.BOOKED_TOO_EARLY]),
        ("2026-11-20", [], []),
        ("2026-11-21", [PayoutReason.BOOKED_WHEN_CLOSED], []),  # a Saturday
        ("2026-11-23", [], []),
        ("2026-11-24", [PayoutReason.BOOKED_IN_FUTURE], [PayoutReason.BOOKED_IN_FUTURE]),
    ],
)
def test_the_day_in_the_statement_is_a_bank_day_between_the_day_of_payment_and_today(day, sepa, stripe):
    asked = {"booked_on": dt.date.fromisoformat(day), "today": MONDAY, "earliest": FRIDAY}
    assert codes(rules.booked_on({**asked, "rail": "sepa"})) == sepa
    assert codes(rules.booked_on({**asked, "rail": "stripe"})) == stripe


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-11-19", [PayoutReason.BACK_TOO_EARLY]),
        ("2026-11-20", []),
        ("2026-11-22", [PayoutReason.BOOKED_WHEN_CLOSED]),
        ("2026-11-24", [PayoutReason.BOOKED_IN_FUTURE]),
    ],
)
def test_money_comes_back_on_a_bank_day_between_its_payment_and_today(day, code):
    asked = {"returned_on": dt.date.fromisoformat(day), "today": MONDAY, "paid_on": FRIDAY}
    assert codes(rules.came_back_on(asked)) == code


def test_waiting_grows_to_an_hour_and_jitter_only_shortens_it():
    assert rules.wait(1, 0) == dt.timedelta(minutes=1)
    assert rules.wait(2, 0) == dt.timedelta(minutes=2)
    assert rules.wait(10**6, 0) == dt.timedelta(hours=1)
    assert rules.wait(1, 1) == dt.timedelta(seconds=30)
    assert rules.wait(0, 0.5) > dt.timedelta(0)


def test_a_lease_outlives_the_time_outs_of_a_request():
    from payouts.gateways import stripe

    # A worker may look up, send and look up once more while it holds the lease.
    assert rules.LEASE.total_seconds() > 3 * (stripe.CONNECT_TIMEOUT + stripe.READ_TIMEOUT)


@pytest.mark.parametrize(("first_sent_at", "code"), [(None, []), (MONDAY, [PayoutReason.MAYBE_SENT])])
def test_one_person_takes_out_only_what_never_left(first_sent_at, code):
    assert codes(rules.never_sent({"first_sent_at": first_sent_at})) == code
