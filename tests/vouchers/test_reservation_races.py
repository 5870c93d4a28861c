"""Applying and awarding at once: the ceiling, one application per business, the limit of state aid (RELIABILITY c1)."""

from decimal import Decimal

import pytest

from tests.vouchers.race_reservations import AWARD, FITS, MANY

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def raced(raced_by):
    return lambda name, *, guarded=True: raced_by("vouchers.race_reservations", name=name, guarded=guarded)


def test_of_eight_who_send_at_once_the_first_three_get_the_money(raced):
    told = raced("submits")
    assert told["got"] == ["done"] * MANY
    assert told["arrivals"] == list(range(1, MANY + 1))
    assert told["states"] == ["submitted"] * FITS + ["waiting_list"] * (MANY - FITS)
    assert told["held"] == [str(AWARD)] * FITS + ["0.00"] * (MANY - FITS)
    assert told["reserved"] == told["ceiling"] == str(AWARD * FITS)
    assert told["differences"] == []


def test_who_believes_the_budget_of_before_reserves_too_much(raced):
    """The control: without the lock and the conditional UPDATE the same race promises money that is not there."""
    told = raced("submits", guarded=False)
    assert sum(map(Decimal, told["held"])) > Decimal(told["ceiling"])
    assert told["differences"] != []


def test_one_business_has_one_application_however_many_start_and_send_it(raced):
    for one in raced("one_business")["rounds"]:
        # Who comes second goes on with the draft of the first.
        assert (one["started"], one["applications"], one["lines"]) == (["done"] * 4, 1, 1)
        assert one["sent"] == ["core.wrong_state"] * 3 + ["done"]
        assert one["held"] == [str(AWARD)]


def test_a_ceiling_that_is_lowered_meanwhile_never_ends_below_what_is_reserved(raced):
    told = raced("ceiling")
    held = sum(map(Decimal, told["held"]))
    assert Decimal(told["reserved"]) == held <= Decimal(told["ceiling"])
    assert told["arrivals"] == list(range(1, 2 * FITS + 1))
    assert told["differences"] == []
    if told["got"] == ["done"] * (2 * FITS + 1):  # the manager came in time: half has money, half waits
        assert (told["ceiling"], held) == (str(AWARD * FITS), AWARD * FITS)
        assert told["states"].count("waiting_list") == FITS
    else:  # or too late: nobody waits
        assert told["got"] == ["done"] * (2 * FITS) + ["vouchers.budget.ceiling_too_low"]
        assert (told["ceiling"], held) == (str(AWARD * 2 * FITS), AWARD * 2 * FITS)


def test_awards_of_four_programmes_at_once_stay_within_the_limit_of_state_aid(raced):
    for one in raced("state_aid")["rounds"]:
        assert (one["awarded"], one["got"].count("done")) == (str(AWARD), 1)


def test_who_believes_the_awards_of_before_passes_the_limit_of_state_aid(raced):
    """The control: the same race without the lock on the business."""
    assert all(Decimal(one["awarded"]) > AWARD for one in raced("state_aid", guarded=False)["rounds"])
