"""A claim whose payment is on its way stands still: what was sent always finds the claim it was sent for (DESIGN 3)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core import clock
from core.reasons import CoreReason
from core.workflow import NotAuthorised
from payouts import services
from payouts.enums import BatchState, PayoutState
from payouts.models import Payout
from payouts.reasons import PayoutReason
from tests.factories.accounts import official
from tests.factories.payouts import STRIPE_ACCOUNT, came_back, decider_of, payout_of, prepared, released
from tests.refusals import refusal
from vouchers import services as vouchers
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, DecisionKind, LowerGround
from vouchers.models import Claim, Decision

pytestmark = pytest.mark.django_db
D = Decimal
LATER = dt.timedelta(hours=2)


@pytest.fixture
def claim(programme, payable_claim):
    """8,000 euros, to be paid by SEPA."""
    return payable_claim(programme)


@pytest.fixture
def fast_claim(fast_programme, payable_claim):
    """8,000 euros, to be paid over Stripe."""
    return payable_claim(fast_programme)


def now(claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def revise(claim, amount="5000.00"):
    """Another decider opens it again for 5,000 euros."""
    return vouchers.revise_claim(
        by=official(Role.DECIDER), claim=claim, amount=D(amount), why="De helft.", ground=LowerGround.NOT_DONE
    )


def determine_again(claim) -> Claim:
    """The one who decided before decides once more, after a notice that was answered."""
    voucher = claim.voucher
    decider = Decision.objects.get(subject=claim.reference()).decided_by
    member = voucher.application.created_by
    vouchers.send_claim_notice(by=decider, claim=claim, text="Wij bedoelen de helft.")
    vouchers.respond(by=member, subject=claim, kind=DecisionKind.DETERMINATION, text="Gezien.")
    return vouchers.determine(by=decider, claim=claim, explanation="De helft is niet geleverd.")


def dispatch(gateway, after=dt.timedelta(0)):
    with clock.fixed(clock.now() + after):
        return dict(services.dispatch_due(gateway=gateway, worker="w1"))


# --- first the payment, then the revision -------------------------------------------------------------------------------


@pytest.mark.database
def test_a_claim_is_not_revised_while_its_payment_is_at_the_bank(programme, claim):
    batch = released(programme, claim)
    before = now(claim)
    assert before.sent_payout_ref == payout_of(claim).number.hex
    assert refusal(revise, claim=claim) == [ClaimReason.PAYMENT_SENT]
    after = now(claim)
    assert (after.state, after.determined_amount, after.decision_id) == (
        ClaimState.DETERMINED,
        D("8000.00"),
        before.decision_id,
    )
    services.confirm_paid(by=official(Role.TREASURER), batch=batch, booked_on=clock.today())
    paid = now(claim)
    assert (paid.state, paid.paid_amount, paid.sent_payout_ref) == (ClaimState.PAID, D("8000.00"), "")
    assert revise(paid).state == ClaimState.ADVISED
    lowered = determine_again(now(claim))
    assert (lowered.determined_amount, lowered.paid_amount) == (D("5000.00"), D("8000.00"))
    assert vouchers.differences() == []


def test_a_claim_is_not_revised_while_nobody_knows_what_became_of_its_payment(
    stripe, gateway, fast_programme, fast_claim
):
    released(fast_programme, fast_claim)
    stripe.fail_next("drop_after")
    assert dispatch(gateway) == {"unknown": 1}
    assert refusal(revise, claim=fast_claim) == [ClaimReason.PAYMENT_SENT]
    services.report_trouble(by=official(Role.TREASURER), payout=payout_of(fast_claim))
    assert refusal(revise, claim=fast_claim) == [ClaimReason.PAYMENT_SENT]
    said = services.propose_resolution(
        by=official(Role.TREASURER), payout=payout_of(fast_claim), verdict="absent", evidence="Dashboard: niets"
    )
    services.confirm_resolution(by=official(Role.APPROVER), resolution=said)
    # It goes out again, after one more look: still on its way.
    assert refusal(revise, claim=fast_claim) == [ClaimReason.PAYMENT_SENT]
    assert dispatch(gateway, LATER) == {"paid": 1}
    assert len(stripe.transfers()) == 1
    assert now(fast_claim).sent_payout_ref == ""
    assert revise(fast_claim).state == ClaimState.ADVISED


@pytest.mark.parametrize("verdict", ["decline", "absent"])
def test_a_payment_that_never_was_sets_the_claim_free(programme, claim, verdict):
    released(programme, claim)
    payout = services.report_trouble(by=official(Role.TREASURER), payout=payout_of(claim))
    said = services.propose_resolution(
        by=official(Role.TREASURER), payout=payout, verdict=verdict, evidence="Afschrift 231"
    )
    assert refusal(revise, claim=claim) == [ClaimReason.PAYMENT_SENT]
    services.confirm_resolution(by=official(Role.APPROVER), resolution=said)
    assert now(claim).sent_payout_ref == ""
    assert revise(claim).state == ClaimState.ADVISED


def test_a_payment_that_stripe_refuses_sets_the_claim_free(stripe, gateway, fast_programme, fast_claim):
    released(fast_programme, fast_claim)
    stripe.ledger.balance = 100
    assert dispatch(gateway) == {"rejected": 1}
    assert revise(fast_claim).state == ClaimState.ADVISED


def test_a_payment_that_came_back_sets_the_claim_free(programme, claim):
    batch = released(programme, claim)
    treasurer = official(Role.TREASURER)
    services.confirm_paid(by=treasurer, batch=batch, booked_on=clock.today())
    came_back(payout_of(claim))
    assert now(claim).sent_payout_ref == ""
    lowered = determine_again(revise(claim))
    again = released(programme, lowered)
    services.confirm_paid(by=treasurer, batch=again, booked_on=clock.today())
    assert now(claim).paid_amount == D("5000.00")
    assert vouchers.differences() == []


# --- first the revision, then the payment -------------------------------------------------------------------------------


@pytest.mark.database
def test_a_revised_claim_falls_out_of_its_batch_and_is_paid_what_it_comes_to(programme, claim):
    batch = prepared(programme, claim)
    revise(claim)
    approver = official(Role.APPROVER)
    done = services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert [reason.code for each in done.dropped for reason in each.reasons] == [PayoutReason.PAYOUT_CHANGED]
    assert done.batch.state == BatchState.CANCELLED
    assert now(claim).sent_payout_ref == ""
    lowered = determine_again(now(claim))
    again = released(programme, lowered)
    services.confirm_paid(by=official(Role.TREASURER), batch=again, booked_on=clock.today())
    paid = now(claim)
    assert (paid.state, paid.paid_amount) == (ClaimState.PAID, D("5000.00"))
    assert [row.amount for row in Payout.objects.filter(claim=claim).order_by("seq")] == [D("8000.00"), D("5000.00")]
    assert vouchers.differences() == []


def test_a_payment_that_was_released_but_not_sent_yet_is_void_when_its_claim_is_revised_and_paid_what_it_comes_to(
    stripe, gateway, fast_programme, fast_claim
):
    batch = released(fast_programme, fast_claim)
    revise(fast_claim)
    dispatch(gateway)
    assert payout_of(fast_claim).state == PayoutState.CANCELLED
    assert now(fast_claim).sent_payout_ref == ""
    assert stripe.requests == []
    assert services.close_batches() == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    lowered = determine_again(now(fast_claim))
    released(fast_programme, lowered)
    assert dispatch(gateway) == {"paid": 1}
    paid = now(fast_claim)
    assert (paid.state, paid.paid_amount) == (ClaimState.PAID, D("5000.00"))
    assert stripe.paid_to(STRIPE_ACCOUNT) == 500000
    assert vouchers.differences() == []


# --- withholding ----------------------------------------------------------------------------------------------------------


def test_withholding_stops_a_second_try_and_what_had_left_is_settled_after_all(
    stripe, gateway, fast_programme, fast_claim
):
    """A suspicion may come at any moment. The money that is gone is still this claim's, once the claim is released."""
    released(fast_programme, fast_claim)
    decider = decider_of(fast_claim)

    class Slow:
        look_up = staticmethod(gateway.look_up)

        @staticmethod
        def send(instruction):
            vouchers.withhold_claim(by=decider, claim=fast_claim, why="Onderzoek")
            return gateway.send(instruction)

    assert dispatch(Slow) == {"manual": 1}
    payout = payout_of(fast_claim)
    [transfer] = stripe.transfers()
    found = {"verdict": "settle", "evidence": "Dashboard", "provider_id": transfer["id"], "happened_on": clock.today()}
    said = services.propose_resolution(by=official(Role.TREASURER), payout=payout, **found)
    approver = official(Role.APPROVER)
    assert refusal(services.confirm_resolution, by=approver, resolution=said) == [CoreReason.WRONG_STATE]
    assert refusal(revise, claim=fast_claim) == [CoreReason.WRONG_STATE]
    vouchers.release_claim(by=decider, claim=fast_claim)
    assert refusal(revise, claim=fast_claim) == [ClaimReason.PAYMENT_SENT]
    services.confirm_resolution(by=approver, resolution=said)
    assert (now(fast_claim).state, payout_of(fast_claim).state) == (ClaimState.PAID, PayoutState.PAID)


# --- the door ---------------------------------------------------------------------------------------------------------------


def test_only_one_payment_of_a_claim_is_on_its_way(programme, claim):
    released(programme, claim)
    payer = official(Role.TREASURER)
    asked = {"by": payer, "claim": claim, "payout_ref": "other"}
    assert refusal(vouchers.payment_sent, **asked) == [ClaimReason.PAYMENT_SENT]
    assert refusal(vouchers.mark_paid, **asked, paid_on=clock.today()) == [ClaimReason.PAYMENT_SENT]
    vouchers.payment_stopped(**asked)  # not the one on its way: nothing happens
    assert now(claim).sent_payout_ref == payout_of(claim).number.hex


def test_a_claim_that_does_not_wait_for_payment_cannot_be_sent(claim):
    revise(claim)
    asked = {"by": official(Role.APPROVER), "claim": claim, "payout_ref": "a"}
    assert refusal(vouchers.payment_sent, **asked) == [CoreReason.WRONG_STATE]


@pytest.mark.parametrize("role", [Role.DECIDER, Role.ASSESSOR, Role.MANAGER, Role.AUDITOR])
def test_only_who_handles_money_says_that_it_left_or_stopped(claim, role):
    person = official(role)
    for act in (vouchers.payment_sent, vouchers.payment_stopped):
        with pytest.raises(NotAuthorised):
            act(by=person, claim=claim, payout_ref="a")
    assert now(claim).sent_payout_ref == ""


@pytest.mark.database
@pytest.mark.parametrize("state", [ClaimState.ADVISED, ClaimState.PAID, ClaimState.CLOSED])
def test_the_database_keeps_a_claim_still_while_its_payment_is_on_its_way(claim, state):
    changes = {"state": state, "sent_payout_ref": "a"}
    if state == ClaimState.ADVISED:
        changes |= {"determined_at": None, "determined_amount": None, "decision": None}
    if state == ClaimState.PAID:
        changes |= {"paid_on": clock.today(), "paid_amount": D("8000.00")}
    with (
        pytest.raises(IntegrityError, match="claim_stands_while_its_payment_is_on_its_way"),
        transaction.atomic(),
    ):
        Claim.objects.filter(pk=claim.pk).update(**changes)
