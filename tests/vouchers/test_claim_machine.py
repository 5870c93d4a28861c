"""The machines of voucher, claim and reclaim: the literal tables of DESIGN 3, and every state x every verb."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import BankAccount, User
from core.state import transitions_of
from providers.models import Package, Provider, Solution
from tests.machines import every_step, take_step
from vouchers.models import Claim, Reclaim, Voucher

VOUCHER = {
    ("issued", "extend", "issued"),
    ("issued", "replace_provider", "issued"),
    ("issued", "settle", "settled"),
    ("settled", "close", "closed"),
    ("closed", "reopen", "settled"),
    ("issued", "lapse", "lapsed"),
    ("issued", "cancel", "cancelled"),
    ("issued", "revoke", "revoked"),
    ("lapsed", "reinstate", "issued"),
    ("revoked", "reinstate", "issued"),
    ("settled", "reinstate", "issued"),
}
CLAIM = {
    ("draft", "submit", "submitted"),
    ("more_information", "submit", "submitted"),
    ("submitted", "take_up", "in_review"),
    ("in_review", "ask_more", "more_information"),
    ("in_review", "advise", "advised"),
    ("more_information", "advise", "advised"),
    ("advised", "determine", "determined"),
    ("advised", "return_to_assessor", "in_review"),
    ("determined", "pay", "paid"),
    ("determined", "return_funds", "determined"),
    ("paid", "return_funds", "determined"),
    ("closed", "return_funds", "determined"),
    ("determined", "settle_at_nil", "closed"),
    ("determined", "withhold", "withheld"),
    ("withheld", "release", "determined"),
    ("paid", "close", "closed"),
    ("determined", "revise", "advised"),
    ("paid", "revise", "advised"),
    ("closed", "revise", "advised"),
    ("draft", "withdraw", "withdrawn"),
    ("submitted", "withdraw", "withdrawn"),
    ("in_review", "withdraw", "withdrawn"),
    ("more_information", "withdraw", "withdrawn"),
}
RECLAIM = {
    ("decided", "notify", "due"),
    ("due", "receive", "received"),
    ("due", "write_off", "written_off"),
    ("decided", "annul", "annulled"),
    ("due", "annul", "annulled"),
}
DAY = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
DETAILS = {
    "at": AT,
    "amount": Decimal("1.00"),
    "computed": Decimal("1.00"),
    "ground": "",
    "paid_on": DAY,
    "pay_by": DAY,
    "payout_ref": "x",
}


@pytest.mark.parametrize(("model", "table"), [(Voucher, VOUCHER), (Claim, CLAIM), (Reclaim, RECLAIM)])
def test_the_machine_is_the_table(model, table):
    assert transitions_of(model) == table


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Voucher, VOUCHER))
def test_every_step_of_a_voucher(source, verb, target):
    parties = {"provider": Provider(), "solution": Solution(), "package": Package()}
    voucher = take_step(Voucher, source, verb, target, **DETAILS, **parties)
    assert voucher.state == (target or source)


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Claim, CLAIM))
def test_every_step_of_a_claim(source, verb, target, monkeypatch):
    monkeypatch.setattr(Claim, "bank_account", BankAccount(iban="NL91ABNA0417164300", holder="Bedrijf"))
    claim = take_step(Claim, source, verb, target, **DETAILS, assessor=User(), adviser=User(), reviser=User())
    assert claim.state == (target or source)


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Reclaim, RECLAIM))
def test_every_step_of_a_reclaim(source, verb, target):
    reclaim = take_step(Reclaim, source, verb, target, **DETAILS)
    assert reclaim.state == (target or source)
