"""What became of a payment whose claim, account or row changed between the release and its end (invariants 13, 15)."""

from decimal import Decimal

import pytest

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from payouts import services
from payouts.enums import BatchState, PayoutState
from payouts.models import Payout
from payouts.reasons import PayoutReason
from tests.factories.accounts import official
from tests.factories.payouts import decider_of, payout_of, released
from tests.payouts.sending import LATER, dispatch
from tests.refusals import refusal
from vouchers import services as vouchers

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(fast_programme, payable_claim):
    return payable_claim(fast_programme)


@pytest.fixture
def payout(fast_programme, claim):
    released(fast_programme, claim)
    return payout_of(claim)


def steps_of(payout):
    """The steps in the trail of this payment, in order."""
    entries = AuditEntry.objects.filter(subject=payout.reference()).order_by("pk")
    return [entry.action for entry in entries]


def test_an_approval_is_void_when_the_claim_changed_before_sending_and_the_claim_is_paid_anew(
    stripe, gateway, fast_programme, payout, claim
):
    batch = payout.lines.get().batch
    vouchers.withhold_claim(by=decider_of(claim), claim=claim, why="Onderzoek")
    assert dispatch(gateway) == {"not_due": 1}
    payout.refresh_from_db()
    assert (payout.state, payout.agreed_sha256, payout.because) == (PayoutState.CANCELLED, "", "changed")
    assert steps_of(payout)[-2:] == ["void", "cancel"]
    [dropped] = payout.lines.get().dropped_because
    assert dropped["code"] == PayoutReason.PAYOUT_CHANGED
    assert services.close_batches() == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    assert stripe.requests == []
    assert claim not in services.payable_claims(fast_programme)

    vouchers.release_claim(by=decider_of(claim), claim=claim)
    assert claim in services.payable_claims(fast_programme)
    released(fast_programme, claim)
    assert dispatch(gateway) == {"paid": 1}
    assert (payout_of(claim).seq, len(stripe.transfers())) == (2, 1)


def test_an_approval_is_void_when_the_account_was_ended(stripe, gateway, payout, claim):
    account = claim.bank_account
    account.ended_at = clock.now()
    account.save()
    dispatch(gateway)
    payout.refresh_from_db()
    assert (payout.state, payout.agreed_sha256) == (PayoutState.CANCELLED, "")
    assert stripe.requests == []


def test_what_changed_while_nobody_knew_goes_to_people(stripe, gateway, payout, claim):
    stripe.fail_next("drop_before")
    dispatch(gateway)
    vouchers.withhold_claim(by=decider_of(claim), claim=claim, why="Onderzoek")
    assert dispatch(gateway, LATER) == {"manual": 1}
    assert stripe.transfers() == []


def test_money_that_left_for_a_claim_that_changed_is_not_overlooked(stripe, gateway, payout, claim):
    decider = decider_of(claim)

    class Slow:
        look_up = staticmethod(gateway.look_up)

        @staticmethod
        def send(instruction):
            vouchers.withhold_claim(by=decider, claim=claim, why="Onderzoek")
            return gateway.send(instruction)

    assert dispatch(Slow) == {"manual": 1}
    payout.refresh_from_db()
    assert (payout.state, payout.because) == (PayoutState.MANUAL, "claim_changed")
    assert payout.asked.get().outcome == "paid"
    assert len(stripe.transfers()) == 1


def test_a_row_changed_after_the_approval_is_not_sent(stripe, gateway, payout):
    Payout.objects.filter(pk=payout.pk).update(amount=Decimal("9999.00"))
    dispatch(gateway)
    payout.refresh_from_db()
    assert payout.state == PayoutState.CANCELLED
    assert stripe.requests == []


def said_never_sent(payout):
    """Two people say that this payment never left."""
    services.report_trouble(by=official(Role.TREASURER), payout=payout)
    resolution = services.propose_resolution(
        by=official(Role.TREASURER), payout=payout, verdict="absent", evidence="Dashboard: niets"
    )
    return services.confirm_resolution(by=official(Role.APPROVER), resolution=resolution)


def test_after_two_people_said_never_sent_it_is_looked_up_and_sent(stripe, gateway, payout):
    stripe.fail_next("drop_before")
    dispatch(gateway)
    said_never_sent(payout)
    assert dispatch(gateway, LATER) == {"paid": 1}
    assert len(stripe.transfers()) == 1
    assert [row.kind for row in payout.asked.all()] == ["send", "look_up", "send"]


def test_after_two_people_were_wrong_the_look_up_still_prevents_a_second_payment(stripe, gateway, payout):
    stripe.fail_next("drop_after")
    dispatch(gateway)
    stripe.prune_keys()
    said_never_sent(payout)
    assert dispatch(gateway, LATER) == {"paid": 1}
    assert len(stripe.transfers()) == 1


def test_a_claim_withheld_after_two_people_were_right_is_free_once_the_look_up_finds_nothing(
    stripe, gateway, fast_programme, payout, claim
):
    stripe.fail_next("drop_before")
    dispatch(gateway)
    said_never_sent(payout)
    vouchers.withhold_claim(by=decider_of(claim), claim=claim, why="Onderzoek")
    assert dispatch(gateway, LATER) == {"cancelled": 1}
    assert [row.kind for row in payout.asked.all()] == ["send", "look_up"]
    assert steps_of(payout)[-2:] == ["void", "cancel"]
    vouchers.release_claim(by=decider_of(claim), claim=claim)
    released(fast_programme, claim)
    assert dispatch(gateway, LATER * 2) == {"paid": 1}
    assert len(stripe.transfers()) == 1


def test_a_claim_withheld_after_two_people_were_wrong_is_not_paid_a_second_time(
    stripe, gateway, fast_programme, payout, claim
):
    """What may have left is looked up before its claim is set free, also when the claim changed: here it did leave."""
    stripe.fail_next("drop_after")
    dispatch(gateway)
    said_never_sent(payout)
    vouchers.withhold_claim(by=decider_of(claim), claim=claim, why="Onderzoek")
    assert dispatch(gateway, LATER) == {"manual": 1}
    payout.refresh_from_db()
    assert (payout.state, payout.because) == (PayoutState.MANUAL, "claim_changed")
    vouchers.release_claim(by=decider_of(claim), claim=claim)
    assert claim not in services.payable_claims(fast_programme)


def test_what_may_have_left_is_not_taken_out_by_one_person(stripe, gateway, payout):
    stripe.fail_next("drop_after")
    dispatch(gateway)
    said_never_sent(payout)
    treasurer = official(Role.TREASURER)
    assert refusal(services.cancel_payout, by=treasurer, payout=payout) == [PayoutReason.MAYBE_SENT]
    assert dispatch(gateway, LATER) == {"paid": 1}
