"""Several processes at once, on a database of each kind: one payment, one effect, one release (invariants 16, 17, 28)."""

import pytest

from tests.factories.payouts import STRIPE_ACCOUNT

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def race(stripe, raced_by, **how):
    stripe.account(STRIPE_ACCOUNT)
    return raced_by("payouts.race", url=stripe.url, **how)


def test_processes_that_meet_pay_once_act_once_and_release_once(stripe, raced_by):
    told = race(stripe, raced_by)

    # Five dispatchers, one payment.
    ended = [answer for answer in told["workers"] if answer not in ({}, {"not_due": 1})]
    assert ended == [{"paid": 1}]
    assert (told["payout"], told["sends"]) == ("paid", 1)

    # The same message in five processes.
    assert [status for status, _ended in told["messages"]] == [200] * 5
    assert (told["kept"], told["handled"], told["settled"], told["posted"]) == (1, ["processed"], 1, 1)
    assert told["message_payout"] == "paid"

    # Five treasurers and one claim; five approvers and one batch.
    assert sorted(told["prepared"]) == ["payouts.already_in_batch"] * 4 + ["prepared"]
    assert told["live"] == 1
    assert sorted(told["released"]) == ["core.wrong_state"] * 4 + ["released"]
    assert (told["files"], told["approvals"]) == (1, 1)

    assert len(stripe.transfers()) == 2
    assert stripe.paid_to(STRIPE_ACCOUNT) == 2 * 800000


def test_the_control_pays_more_than_once(stripe, raced_by):
    """Workers that read and then write, at a service that has forgotten the key: the race is there to be lost."""
    stripe.key_lifetime = 0.0
    told = race(stripe, raced_by, naive=True)
    assert len(told["workers"]) == 5
    assert len(stripe.transfers()) > 1


def test_with_the_guards_off_messages_and_people_do_it_several_times(stripe, raced_by):
    """Everybody believes what was true before the race, and the constraints that would catch it are gone."""
    told = race(stripe, raced_by, unguarded=True)
    assert (told["kept"], told["settled"], told["posted"]) == (5, 2, 2), (
        "there is money for two payments, and both are booked"
    )
    assert (told["prepared"], told["live"]) == (["prepared"] * 5, 5)
    assert (told["released"], told["approvals"]) == (["released"] * 5, 5)
