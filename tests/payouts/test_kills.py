"""kill -9 at any moment, replies dropped, keys forgotten: every payment once (invariants 12-14)."""

import pytest

from tests.factories.payouts import STRIPE_ACCOUNT

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CHAOS = {"drop_before": 0.15, "drop_after": 0.25, "error_after": 0.15}


def kill(stripe, raced_by, **how):
    stripe.account(STRIPE_ACCOUNT)
    stripe.chaos = CHAOS
    stripe.key_lifetime = 0.05  # 24 hours, in the time of this test
    return raced_by("payouts.kills", url=stripe.url, **how)


def doubles(stripe):
    groups = [row["transfer_group"] for row in stripe.transfers()]
    return len(groups) - len(set(groups))


def test_every_payment_is_made_once_however_its_workers_die(stripe, raced_by):
    told = kill(stripe, raced_by, payouts=6, kills=12)
    assert told["states"] == {"paid": 6}
    assert told["kills"] == 12
    assert (doubles(stripe), len(stripe.transfers()), told["posted"]) == (0, 6, 6)


def test_the_control_without_a_look_pays_some_twice(stripe, raced_by):
    told = kill(stripe, raced_by, payouts=10, kills=24, blind=True)
    assert sum(told["states"].values()) == 10
    assert doubles(stripe) > 0


def test_a_bank_file_is_the_same_file_however_the_work_on_it_is_interrupted(raced_by):
    told = raced_by("payouts.sepa_kills", batches=2, payouts=2, kills=5)
    assert told["kills"] > 0
    assert (told["messages"], told["under_two_names"], told["other_bytes"], told["not_made_the_same_again"]) == (
        2,
        0,
        0,
        0,
    )
    assert (told["states"], told["batches"], told["posted"]) == ({"paid": 4}, {"closed": 2}, 4)


def test_the_control_hands_payments_in_under_two_names(raced_by):
    """Somebody makes the file and takes it to the bank before the books know of it."""
    told = raced_by("payouts.sepa_kills", batches=2, payouts=2, kills=5, careless=True)
    assert told["under_two_names"] > 0
