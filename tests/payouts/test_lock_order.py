"""Locks in the order of docs/locking.md: batch, budgets, claims, payouts. Asked of the code itself, on any database."""

import datetime as dt

import pytest
from django.db.models import QuerySet

from accounts.enums import Role
from core import clock
from payouts import services
from tests.factories.accounts import official
from tests.factories.payouts import payout_of, released

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(hours=2)
ORDER = ["Batch", "Budget", "Claim", "Payout"]


@pytest.fixture
def locks(monkeypatch):
    """The models whose rows are locked, in the order in which it is asked."""
    asked = []
    lock = QuerySet.select_for_update

    def noted(rows, *args, **more):
        asked.append(rows.model.__name__)
        return lock(rows, *args, **more)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    return asked


def first_of_each(locks):
    return sorted({name for name in locks if name in ORDER}, key=locks.index)


def test_a_payment_that_is_found_after_people_said_it_never_left(stripe, gateway, fast_programme, payable_claim, locks):
    claim = payable_claim(fast_programme)
    released(fast_programme, claim)
    stripe.fail_next("drop_after")
    services.dispatch_due(gateway=gateway, worker="w1")
    payout = services.report_trouble(by=official(Role.TREASURER), payout=payout_of(claim))
    found = services.propose_resolution(
        by=official(Role.TREASURER), payout=payout, verdict="absent", evidence="Dashboard: niets"
    )
    services.confirm_resolution(by=official(Role.APPROVER), resolution=found)
    with clock.fixed(clock.now() + LATER):
        ended = services.dispatch_due(gateway=gateway, worker="w2", crashpoint=locks.append)
    assert ended == {"paid": 1}
    weighed = locks[locks.index("looked_up") : locks.index("weighed")]
    assert first_of_each(weighed) == ["Budget", "Claim", "Payout"]


def test_a_payment_that_is_sent_and_paid(gateway, fast_programme, payable_claim, locks):
    released(fast_programme, payable_claim(fast_programme))
    assert services.dispatch_due(gateway=gateway, worker="w1", crashpoint=locks.append) == {"paid": 1}
    assert first_of_each(locks[locks.index("sent") :]) == ["Budget", "Claim", "Payout"]


def test_a_batch_that_was_booked_and_a_payment_that_came_back(programme, payable_claim, locks):
    claim = payable_claim(programme)
    batch = released(programme, claim)
    treasurer = official(Role.TREASURER)
    locks.clear()
    services.confirm_paid(by=treasurer, batch=batch, booked_on=clock.today())
    assert first_of_each(locks) == ORDER
    reported = services.report_return(
        by=treasurer,
        payout=payout_of(claim),
        returned_on=clock.today(),
        because="account_closed",
        evidence="Afschrift 232",
    )
    locks.clear()
    services.confirm_resolution(by=official(Role.APPROVER), resolution=reported)
    assert first_of_each(locks) == ["Budget", "Claim", "Payout"]
