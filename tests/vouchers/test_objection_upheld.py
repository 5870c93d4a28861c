"""What becomes of a decision when the objection to it is right: each kind gives way in its own manner (Awb 7:11)."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from tests.factories.accounts import official
from tests.factories.claims import announced, case, lowered_claim, paid_claim
from tests.moments import on
from tests.refusals import codes
from vouchers import services
from vouchers.enums import (
    ClaimState,
    DecisionKind,
    ObjectionState,
    ReclaimGround,
    ReclaimState,
    RevocationGround,
    VoucherState,
)
from vouchers.models import Decision, Objection
from vouchers.reasons import ObjectionReason

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


def objection_to(them, kind) -> Objection:
    decision = Decision.objects.filter(kind=kind).latest("pk")
    return services.file_objection(by=them.member, decision=decision, text="Ik ben het er niet mee eens.")


def uphold(objection, **more) -> Objection:
    return services.uphold(by=official(Role.DECIDER), objection=objection, answer="U hebt gelijk.", **more)


def test_a_voucher_that_lapsed_is_back():
    them = case()
    for day in ("2027-01-19", "2027-02-03"):
        with on(day):
            services.sweep_terms()
    assert them.again().state == VoucherState.LAPSED
    with on("2027-02-10"):
        assert uphold(objection_to(them, DecisionKind.LAPSE)).state == ObjectionState.UPHELD
    assert (them.again().state, them.voucher.held) == (VoucherState.ISSUED, D("8000.00"))
    assert services.differences() == []


def test_a_revoked_voucher_comes_back_only_when_the_budget_has_room():
    them = case()
    announced(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.NOT_DONE)
    with on("2026-12-10"):
        services.revoke_voucher(
            by=them.decider, voucher=them.voucher, ground=RevocationGround.NOT_DONE, explanation="Niet begonnen."
        )
        objection = objection_to(them, DecisionKind.REVOCATION)
        programme, manager = them.voucher.application.programme, official(Role.MANAGER)
        services.set_ceiling(by=manager, programme=programme, ceiling=D("7999.99"))
        with pytest.raises(Refused):
            uphold(objection)
        objection.refresh_from_db()
        assert (objection.state, them.again().state) == (ObjectionState.RECEIVED, VoucherState.REVOKED)
        services.set_ceiling(by=manager, programme=programme, ceiling=D("8000.00"))
        uphold(objection)
    assert them.again().state == VoucherState.ISSUED
    assert services.differences() == []


def test_a_lower_determination_is_made_again_at_what_the_rules_give():
    them = case()
    claim = lowered_claim(them, "5000.00")
    uphold(objection_to(them, DecisionKind.DETERMINATION))
    claim.refresh_from_db()
    assert (claim.state, claim.advised_amount) == (ClaimState.ADVISED, D("8000.00"))
    claim = services.determine(by=official(Role.DECIDER), claim=claim)
    assert (claim.state, claim.payable_amount) == (ClaimState.DETERMINED, D("8000.00"))
    assert services.differences() == []


def test_determining_again_has_a_term_of_its_own():
    them = case()
    claim = lowered_claim(them, "5000.00")
    with on("2026-12-14"):
        uphold(objection_to(them, DecisionKind.DETERMINATION))
    claim.refresh_from_db()
    assert claim.term_from == dt.date(2026, 12, 14)
    assert claim.determine_by == dt.date(2027, 1, 25), "six weeks from the day it was opened again"


def test_right_in_part_sends_the_claim_back_to_the_assessor():
    them = case()
    claim = lowered_claim(them, "5000.00")
    objection = uphold(objection_to(them, DecisionKind.DETERMINATION), in_part=True)
    claim.refresh_from_db()
    assert (objection.state, claim.state) == (ObjectionState.UPHELD_IN_PART, ClaimState.IN_REVIEW)
    assert claim.returned_why == "U hebt gelijk."


def reclaimed(them):
    claim = lowered_claim(them, "5000.00", paid=True)
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="3000.00")
    ask = {"ground": ReclaimGround.REVISED, "explanation": "De vaststelling is lager."}
    return services.decide_reclaim(by=them.decider, claim=claim, amount=D("3000.00"), **ask)


def test_a_reclaim_is_annulled_but_not_by_who_decided_it():
    them = case()
    reclaim = reclaimed(them)
    objection = objection_to(them, DecisionKind.RECLAIM)
    with pytest.raises(Refused) as refused:
        services.uphold(by=reclaim.decision.decided_by, objection=objection, answer="Ja.")
    assert ObjectionReason.HAND_IN_DECISION in codes(refused)
    uphold(objection)
    reclaim.refresh_from_db()
    assert (reclaim.state, reclaim.end_reason) == (ReclaimState.ANNULLED, "U hebt gelijk.")


def test_a_reclaim_that_was_paid_back_is_not_annulled_but_determined_again():
    them = case()
    reclaim = services.notify_reclaim(by=them.payer, reclaim=reclaimed(them))
    services.receive_back(by=them.payer, reclaim=reclaim, received_on=clock.today())
    with pytest.raises(Refused) as refused:
        uphold(objection_to(them, DecisionKind.RECLAIM))
    assert codes(refused) == [ObjectionReason.RECLAIM_ENDED]
    assert Objection.objects.get().state == ObjectionState.RECEIVED


def test_an_award_whose_vouchers_are_out_stands():
    them = case()
    with pytest.raises(Refused) as refused:
        uphold(objection_to(them, DecisionKind.AWARD))
    assert codes(refused) == [ObjectionReason.AWARD_STANDS]
    assert Objection.objects.get().state == ObjectionState.RECEIVED


def test_a_payment_on_its_way_is_waited_for():
    them = case()
    paid = paid_claim(them)
    claim = services.return_funds(by=them.payer, claim=paid, payout_ref=paid.payout_ref)
    services.payment_sent(by=them.payer, claim=claim, payout_ref="uuid-2")
    with pytest.raises(Refused):
        uphold(objection_to(them, DecisionKind.DETERMINATION))
    claim.refresh_from_db()
    assert (claim.state, Objection.objects.get().state) == (ClaimState.DETERMINED, ObjectionState.RECEIVED)
