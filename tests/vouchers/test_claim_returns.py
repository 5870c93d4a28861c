"""A payment that comes back is booked back, whatever became of the claim since (RELIABILITY invariant 19)."""

from decimal import Decimal

import pytest

from accounts.enums import Role
from core import clock
from tests.factories.accounts import official
from tests.factories.claims import announced, lowered_claim, paid_claim
from tests.moments import on
from tests.refusals import refusal
from tests.vouchers.money import parts
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, DecisionKind, LowerGround, ReclaimGround, VoucherState
from vouchers.models import Claim, ClaimPayment

D = Decimal
ZERO = D("0.00")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.usefixtures("nobody_drawn", "monday"),
]


@pytest.fixture
def raised(them) -> Claim:
    """Paid 4,000 euros by p1, and then determined at 8,000."""
    claim = lowered_claim(them, "4000.00")
    claim = pay(them, claim, "p1")
    claim = services.revise_claim(by=official(Role.DECIDER), claim=claim, amount=D("8000.00"), why="Toch geleverd.")
    return services.determine(by=them.decider, claim=claim)


def pay(them, claim, ref) -> Claim:
    return services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref=ref)


def back(them, claim, ref) -> Claim:
    claim = services.return_funds(by=them.payer, claim=claim, payout_ref=ref)
    assert services.differences() == []
    return claim


def test_a_first_payment_comes_back_while_the_second_is_due(them, raised):
    claim = back(them, raised, "p1")
    assert (claim.state, claim.paid_amount, claim.payable_amount) == (ClaimState.DETERMINED, ZERO, D("8000.00"))
    assert parts() == (ZERO, D("8000.00"), ZERO)
    claim = pay(them, claim, "p2")
    assert (claim.state, claim.paid_amount, parts()) == (ClaimState.PAID, D("8000.00"), (ZERO, ZERO, D("8000.00")))
    assert services.differences() == []


def test_a_first_payment_comes_back_after_the_second_was_made(them, raised):
    claim = back(them, pay(them, raised, "p2"), "p1")
    assert (claim.state, claim.paid_amount, claim.payable_amount) == (
        ClaimState.DETERMINED,
        D("4000.00"),
        D("4000.00"),
    )
    assert claim.payout_ref == "p2", "the second payment stands"
    assert parts() == (ZERO, D("4000.00"), D("4000.00"))
    assert refusal(services.return_funds, by=them.payer, claim=claim, payout_ref="p1") == [ClaimReason.OTHER_PAYOUT]
    claim = back(them, claim, "p2")
    assert (claim.paid_amount, claim.payout_ref, claim.paid_on) == (ZERO, "", None)


def test_a_payment_comes_back_while_the_claim_is_determined_again(them):
    claim = paid_claim(them, ref="p1")
    lower = {"amount": D("5000.00"), "why": "De helft.", "ground": LowerGround.NOT_DONE}
    claim = services.revise_claim(by=official(Role.DECIDER), claim=claim, **lower)
    claim = back(them, claim, "p1")
    assert (claim.state, claim.paid_amount) == (ClaimState.ADVISED, ZERO)
    announced(them, claim, DecisionKind.DETERMINATION, LowerGround.NOT_DONE, amount="5000.00")
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.state, claim.payable_amount) == (ClaimState.DETERMINED, D("5000.00"))
    assert services.differences() == []


def test_what_was_overpaid_and_came_back_is_free_again(them):
    claim = lowered_claim(them, "5000.00", paid=True)
    assert (claim.state, them.again().held) == (ClaimState.CLOSED, D("8000.00"))
    claim = back(them, claim, claim.payout_ref)
    assert (claim.state, claim.payable_amount) == (ClaimState.DETERMINED, D("5000.00"))
    assert (them.again().held, parts()) == (D("5000.00"), (ZERO, D("5000.00"), ZERO))


def test_a_claim_at_nothing_stays_closed_when_its_payment_comes_back(them):
    claim = lowered_claim(them, "0.00", paid=True)
    claim = back(them, claim, claim.payout_ref)
    assert (claim.state, claim.paid_amount, them.again().held) == (ClaimState.CLOSED, ZERO, ZERO)
    assert parts() == (ZERO, ZERO, ZERO)


def test_a_voucher_that_was_closed_is_open_again_when_a_payment_comes_back(them):
    claim = paid_claim(them, ref="p1")
    with on("2027-11-24"):
        assert services.sweep_terms().closed == 1
        claim.refresh_from_db()
        assert (claim.state, them.again().state) == (ClaimState.CLOSED, VoucherState.CLOSED)
        claim = back(them, claim, "p1")
    assert (claim.state, them.again().state) == (ClaimState.DETERMINED, VoucherState.SETTLED)


def test_while_another_payment_is_on_its_way_it_has_to_wait(them, raised):
    claim = services.payment_sent(by=them.payer, claim=raised, payout_ref="p2")
    assert refusal(services.return_funds, by=them.payer, claim=claim, payout_ref="p1") == [ClaimReason.PAYMENT_SENT]
    claim = back(them, pay(them, claim, "p2"), "p1")
    assert claim.payable_amount == D("4000.00")


def test_what_the_business_paid_back_itself_does_not_come_back_twice(them):
    claim = lowered_claim(them, "5000.00", paid=True)
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="3000.00")
    ask = {"amount": D("3000.00"), "ground": ReclaimGround.REVISED, "explanation": "Verlaagd."}
    reclaim = services.decide_reclaim(by=them.decider, claim=claim, **ask)
    reclaim = services.notify_reclaim(by=them.payer, reclaim=reclaim)
    services.receive_back(by=them.payer, reclaim=reclaim, received_on=clock.today())
    act = {"by": them.payer, "claim": claim, "payout_ref": claim.payout_ref}
    assert refusal(services.return_funds, **act) == [ClaimReason.RETURNED_TOO_MUCH]
    assert services.differences() == []


def test_every_payment_of_a_claim_is_kept(them, raised):
    claim = back(them, pay(them, raised, "p2"), "p1")
    kept = ClaimPayment.objects.filter(claim=claim).order_by("pk")
    assert [(row.payout_ref, row.amount, row.returned_at is not None) for row in kept] == [
        ("p1", D("4000.00"), True),
        ("p2", D("4000.00"), False),
    ]
