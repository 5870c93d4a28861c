"""Sending over Stripe: one payout is one transfer, whatever breaks in between (invariants 12-16, 23)."""

import datetime as dt
import inspect
import re

import pytest

from core import clock
from payouts import services
from payouts.enums import PayoutState
from payouts.gateways.protocol import Answer, Outcome
from payouts.models import PayoutAttempt
from payouts.rules import LEASE
from payouts.services import dispatch as dispatching
from tests.factories.payouts import STRIPE_ACCOUNT, payout_of, released
from tests.payouts.sending import LATER, dispatch
from vouchers.enums import ClaimState
from vouchers.models import LedgerTransaction

pytestmark = pytest.mark.django_db


class Died(BaseException):
    """The worker is gone: nothing catches this."""


def dying_at(point):
    def crash(here):
        if here == point:
            raise Died(point)

    return crash


@pytest.fixture
def claim(fast_programme, payable_claim):
    return payable_claim(fast_programme)


@pytest.fixture
def payout(fast_programme, claim):
    released(fast_programme, claim)
    return payout_of(claim)


def test_a_released_payment_is_sent_and_paid(stripe, gateway, payout, claim):
    assert dispatch(gateway) == {"paid": 1}
    payout.refresh_from_db()
    [made] = stripe.transfers()
    assert (payout.state, payout.provider_id) == (PayoutState.PAID, made["id"])
    assert (made["amount"], made["destination"], made["transfer_group"]) == (800000, STRIPE_ACCOUNT, payout.number.hex)
    claim.refresh_from_db()
    assert (claim.state, claim.payout_ref) == (ClaimState.PAID, payout.number.hex)
    assert services.close_batches() == 1
    assert dispatch(gateway, LATER) == {}
    assert len(stripe.transfers()) == 1


def test_the_attempt_is_stored_before_the_request_leaves(stripe, gateway, payout):
    with pytest.raises(Died):
        dispatch(gateway, crashpoint=dying_at("taken"))
    payout.refresh_from_db()
    attempt = payout.asked.get()
    assert (payout.state, payout.attempts, payout.fence) == (PayoutState.SENDING, 1, 1)
    assert (attempt.kind, attempt.outcome, attempt.ended_at) == ("send", "", None)
    assert stripe.requests == []


@pytest.mark.parametrize("fault", ["drop_after", "error_after", "slow_after"])
def test_when_the_reply_is_lost_it_is_paid_once(stripe, gateway, payout, fault):
    stripe.fail_next(fault)
    assert dispatch(gateway) == {"unknown": 1}
    payout.refresh_from_db()
    assert payout.next_try_at > clock.now()
    assert dispatch(gateway) == {}, "it waits before it looks"
    assert dispatch(gateway, LATER) == {"paid": 1}
    assert stripe.paid_to(STRIPE_ACCOUNT) == 800000
    assert LedgerTransaction.objects.filter(ref__endswith=payout.number.hex).count() == 1
    assert [row.kind for row in payout.asked.all()] == ["send", "look_up"]


@pytest.mark.parametrize("fault", ["drop_before", "rate_limited", "key_in_use"])
def test_when_nothing_arrived_it_is_sent_again_after_a_look(stripe, gateway, payout, fault):
    stripe.fail_next(fault)
    assert dispatch(gateway) == {"unknown": 1}
    assert dispatch(gateway, LATER) == {"paid": 1}
    assert len(stripe.transfers()) == 1
    assert [row.kind for row in payout.asked.all()] == ["send", "look_up", "send"]
    keys = {headers["idempotency-key"] for method, _path, headers in stripe.requests if method == "POST"}
    assert keys == {payout.idempotency_key}


def test_a_forgotten_key_does_not_pay_twice(stripe, gateway, payout):
    stripe.fail_next("drop_after")
    dispatch(gateway)
    stripe.prune_keys()
    assert dispatch(gateway, dt.timedelta(days=2)) == {"paid": 1}
    assert len(stripe.transfers()) == 1


def test_the_control_without_a_look_pays_twice(stripe, gateway, payout):
    """Positive control: a rail that always says `absent` and a pruned key double-pay, so these tests can see it."""

    class Blind:
        send = staticmethod(gateway.send)

        @staticmethod
        def look_up(_instruction):
            return Answer(outcome=Outcome.ABSENT)

    stripe.fail_next("drop_after")
    dispatch(Blind)
    stripe.prune_keys()
    dispatch(Blind, LATER)
    assert stripe.paid_to(STRIPE_ACCOUNT) == 2 * 800000


POINTS = ["taken", "sent", "concluded"]
WHILE_LOOKING = ["looked_up", "weighed"]
AFTER_A_NO = ["looked_again"]


def test_every_step_at_which_a_worker_can_die_is_tried():
    named = re.findall(r'crashpoint\("(\w+)"\)', inspect.getsource(dispatching))
    assert sorted(named) == sorted(POINTS + WHILE_LOOKING + AFTER_A_NO)


@pytest.mark.parametrize("pruned", [False, True])
@pytest.mark.parametrize("fault", [None, "drop_before", "drop_after", "error_after"])
@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_dies_at_any_step_pays_once(stripe, gateway, payout, point, fault, pruned):
    if fault:
        stripe.fail_next(fault)
    with pytest.raises(Died):
        dispatch(gateway, crashpoint=dying_at(point))
    if pruned:
        stripe.prune_keys()
    for step in range(1, 5):
        dispatch(gateway, LATER * step, worker="w2")
    payout.refresh_from_db()
    assert payout.state == PayoutState.PAID
    assert len(stripe.transfers()) == 1


@pytest.mark.parametrize("point", WHILE_LOOKING)
def test_a_worker_that_dies_while_it_looks_pays_once(stripe, gateway, payout, point):
    stripe.fail_next("drop_before")
    dispatch(gateway)
    with pytest.raises(Died):
        dispatch(gateway, LATER, crashpoint=dying_at(point))
    for step in range(2, 6):
        dispatch(gateway, LATER * step, worker="w2")
    payout.refresh_from_db()
    assert (payout.state, len(stripe.transfers())) == (PayoutState.PAID, 1)


def test_a_living_worker_is_left_alone_until_its_lease_ends(stripe, gateway, payout):
    with pytest.raises(Died):
        dispatch(gateway, crashpoint=dying_at("taken"))
    assert dispatch(gateway, LEASE - dt.timedelta(seconds=5), worker="w2") == {}
    assert dispatch(gateway, LEASE + dt.timedelta(seconds=5), worker="w2") == {"paid": 1}
    assert len(stripe.transfers()) == 1


def test_an_overtaken_worker_writes_nothing(stripe, gateway, payout):
    """The first worker hangs; the second looks, sends and concludes; then the first comes back with its answer."""

    class Hanging:
        look_up = staticmethod(gateway.look_up)

        @staticmethod
        def send(instruction):
            dispatch(gateway, LATER, worker="w2")
            return gateway.send(instruction)

    assert dispatch(Hanging) == {"paid": 1}
    payout.refresh_from_db()
    assert (payout.state, payout.fence, len(stripe.transfers())) == (PayoutState.PAID, 3, 1)
    first = payout.asked.get(n=1)
    assert (first.outcome, first.fence) == ("paid", 1)
    assert LedgerTransaction.objects.filter(ref__endswith=payout.number.hex).count() == 1


def test_an_overtaken_worker_cannot_turn_unknown_into_rejected(stripe, gateway, payout):
    class Late:
        look_up = staticmethod(gateway.look_up)

        @staticmethod
        def send(_instruction):
            with pytest.raises(Died):
                dispatch(gateway, LATER, worker="w2", crashpoint=dying_at("looked_up"))
            return Answer(outcome=Outcome.REJECTED, code="late_no", http_status=400)

    dispatch(Late)
    payout.refresh_from_db()
    assert payout.state == PayoutState.UNKNOWN


def test_too_little_balance_is_a_refusal_and_the_claim_can_be_paid_anew(stripe, gateway, fast_programme, payout, claim):
    stripe.ledger.balance = 100
    assert dispatch(gateway) == {"rejected": 1}
    payout.refresh_from_db()
    assert (payout.state, payout.because) == (PayoutState.REJECTED, "balance_insufficient")
    assert dispatch(gateway, LATER) == {}, "no storm of retries"
    claim.refresh_from_db()
    assert claim.state == ClaimState.DETERMINED
    stripe.ledger.balance = 10**9
    released(fast_programme, claim)
    assert dispatch(gateway) == {"paid": 1}
    assert payout_of(claim).idempotency_key != payout.idempotency_key
    assert len(stripe.transfers()) == 1


@pytest.fixture
def lagging(gateway):
    """A service whose list does not show the first request yet when it is asked for the first time."""
    answers = iter([Answer(outcome=Outcome.ABSENT)])

    class Lagging:
        send = staticmethod(gateway.send)

        @staticmethod
        def look_up(instruction):
            return next(answers, None) or gateway.look_up(instruction)

    return Lagging


def test_a_no_to_the_second_request_does_not_hide_the_first(stripe, lagging, payout):
    """The look-up saw nothing because the first request was still under way; then the second is refused."""
    stripe.fail_next("drop_after")
    dispatch(lagging)
    stripe.prune_keys()
    stripe.ledger.balance = 0
    assert dispatch(lagging, LATER) == {"paid": 1}
    assert len(stripe.transfers()) == 1


@pytest.mark.parametrize("pruned", [False, True])
@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("point", AFTER_A_NO)
def test_a_worker_that_dies_after_a_no_to_the_second_request_hides_nothing(
    stripe, gateway, lagging, payout, point, arrived, pruned
):
    """It saw whether the first request arrived, and is gone before it wrote that down: the next one sees it too."""
    stripe.fail_next("drop_after" if arrived else "drop_before")
    dispatch(lagging)
    stripe.prune_keys()
    stripe.ledger.balance = 0
    with pytest.raises(Died):
        dispatch(lagging, LATER, crashpoint=dying_at(point))
    payout.refresh_from_db()
    assert payout.state == PayoutState.SENDING, "the no of the second request was not believed"
    if pruned:
        stripe.prune_keys()
    for step in range(2, 6):
        dispatch(lagging, LATER * step, worker="w2")
    payout.refresh_from_db()
    wanted = (PayoutState.PAID, 1) if arrived else (PayoutState.REJECTED, 0)
    assert (payout.state, len(stripe.transfers())) == wanted


def test_two_transfers_under_one_name_go_to_people(stripe, gateway, payout):
    stripe.fail_next("drop_after")
    dispatch(gateway)
    [made] = stripe.transfers()
    stripe.ledger.transfers["tr_twin"] = made | {"id": "tr_twin"}
    assert dispatch(gateway, LATER) == {"manual": 1}
    payout.refresh_from_db()
    assert (payout.state, payout.because) == (PayoutState.MANUAL, "several_transfers")
    assert dispatch(gateway, LATER * 2) == {}


def test_a_look_up_that_fails_leaves_it_unknown_with_growing_waits(stripe, gateway, payout):
    class Deaf:
        send = staticmethod(gateway.send)

        @staticmethod
        def look_up(_instruction):
            return Answer(outcome=Outcome.UNKNOWN, code="no_reply")

    stripe.fail_next("drop_before")
    dispatch(Deaf)
    for step in range(1, 4):
        assert dispatch(Deaf, LATER * step) == {"unknown": 1}
    assert len([row for row in stripe.requests if row[0] == "POST"]) == 1
    assert dispatch(gateway, LATER * 5) == {"paid": 1}
    assert len(stripe.transfers()) == 1


def test_one_payment_that_breaks_does_not_hold_up_the_others(stripe, gateway, fast_programme, payable_claim, caplog):
    first, second = payable_claim(fast_programme), payable_claim(fast_programme, "1250.00")
    released(fast_programme, first, second)
    bad = payout_of(first).number

    class Broken:
        look_up = staticmethod(gateway.look_up)

        @staticmethod
        def send(instruction):
            if instruction.payout == bad:
                raise RuntimeError("a bug")
            return gateway.send(instruction)

    assert dispatch(Broken) == {"failed": 1, "paid": 1}
    assert "was not dispatched" in caplog.text
    assert dispatch(gateway, LATER) == {"paid": 1}
    assert len(stripe.transfers()) == 2


def test_a_sepa_payment_is_never_dispatched(stripe, gateway, programme, payable_claim):
    released(programme, payable_claim(programme))
    assert dispatch(gateway, LATER) == {}
    assert stripe.requests == []


def test_several_are_sent_in_one_round_and_each_once(stripe, gateway, fast_programme, payable_claim):
    released(fast_programme, payable_claim(fast_programme), payable_claim(fast_programme, "1250.00"))
    assert dispatch(gateway) == {"paid": 2}
    assert stripe.paid_to(STRIPE_ACCOUNT) == 900000
    assert PayoutAttempt.objects.count() == 2
