"""Two people behind every amount, whoever proposes it, and the conditions that bind both (DESIGN 4.8, 4.12)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core.enums import HandRole
from core.hands import role_on
from core.reasons import CoreReason
from tests.factories.accounts import MembershipFactory, official
from tests.factories.claims import (
    advised_claim,
    announced,
    delivered,
    determined_claim,
    lowered_claim,
    proven,
    submitted_claim,
)
from tests.moments import on
from tests.refusals import refusal, refusal_set
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, DecisionKind, LowerGround, ObjectionState
from vouchers.models import Claim, Decision
from vouchers.services.conditions import in_the_way, open_steps

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


def refused_claim(them) -> Claim:
    """Determined at nothing: another supplier's invoice, for a delivery that nobody confirmed."""
    delivered(them, confirmed=False)
    claim = proven(them, services.take_up_claim(by=them.assessor, claim=submitted_claim(them, kvk="99999990")))
    judged = {"supplier": (False, "Een andere leverancier.")}
    lower = {"amount": D("0.00"), "ground": LowerGround.NOT_DONE}
    claim = services.advise_claim(by=them.assessor, claim=claim, text="Niets.", judgements=judged, **lower)
    announced(them, claim, DecisionKind.DETERMINATION, LowerGround.NOT_DONE, amount="0.00")
    return services.determine(by=them.decider, claim=claim)


def test_who_revised_a_claim_does_not_determine_it(them):
    claim = lowered_claim(them, "4000.00")
    claim = services.revise_claim(by=them.decider, claim=claim, amount=D("8000.00"), why="Toch geleverd.")
    assert refusal(services.determine, by=them.decider, claim=claim) == [ClaimReason.OWN_ADVICE]
    assert "determine" not in open_steps(claim, them.decider)
    assert [reason.code for reason in in_the_way(claim, them.decider)] == [ClaimReason.OWN_ADVICE]
    other = official(Role.DECIDER)
    assert "determine" in open_steps(claim, other)
    claim = services.determine(by=other, claim=claim)
    assert (claim.determined_amount, claim.decision.assessed_by) == (D("8000.00"), them.decider)


def test_a_revision_is_an_act_of_a_decider_on_the_file(them):
    claim = determined_claim(them)
    reviser = official(Role.DECIDER)
    services.revise_claim(by=reviser, claim=claim, amount=D("8000.00"), why="Nog eens.")
    assert role_on(claim.file(), reviser) == HandRole.DECIDER


@pytest.mark.parametrize("act", [services.revise_claim, services.withhold_claim, services.return_claim])
def test_who_is_linked_to_a_party_decides_nothing_on_a_claim(them, act):
    claim = advised_claim(them) if act is services.return_claim else determined_claim(them)
    linked = official(Role.DECIDER)
    MembershipFactory(organisation=them.sme, person=linked)
    more = {"amount": D("8000.00")} if act is services.revise_claim else {}
    assert refusal(act, by=linked, claim=claim, why="Zomaar.", **more) == [CoreReason.LINKED]


def test_who_is_linked_to_a_party_releases_no_payment(them):
    claim = services.withhold_claim(by=them.decider, claim=determined_claim(them), why="Onderzoek.")
    linked = official(Role.DECIDER)
    MembershipFactory(organisation=them.sme, person=linked)
    assert refusal(services.release_claim, by=linked, claim=claim) == [CoreReason.LINKED]
    assert services.release_claim(by=them.decider, claim=claim).state == ClaimState.DETERMINED


def test_two_deciders_do_not_pay_what_the_checks_and_the_provider_do_not_bear_out(them):
    claim = refused_claim(them)
    claim = services.revise_claim(by=them.decider, claim=claim, amount=D("8000.00"), why="Toch.")
    found = refusal_set(services.determine, by=official(Role.DECIDER), claim=claim)
    assert found == {ClaimReason.CHECK_REFUSED, ClaimReason.NOT_CONFIRMED}
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ADVISED


def test_a_decider_does_not_raise_the_advice_to_the_full_amount(them):
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    lower = {"amount": D("5000.00"), "ground": LowerGround.NOT_DONE}
    claim = services.advise_claim(by=them.assessor, claim=claim, text="De training ontbrak.", **lower)
    act = {"by": them.decider, "claim": claim, "amount": D("8000.00")}
    assert refusal(services.determine, **act) == [ClaimReason.ABOVE_ADVICE]


def test_after_the_hearing_a_decider_may_be_milder_than_was_announced(them):
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    lower = {"amount": D("5000.00"), "ground": LowerGround.NOT_DONE}
    claim = services.advise_claim(by=them.assessor, claim=claim, text="De training ontbrak.", **lower)
    services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen 5.000 euro betalen.")
    services.answer_claim_notice(by=them.member, claim=claim, text="De helft is wel gegeven.")
    claim = services.determine(by=them.decider, claim=claim, amount=D("6000.00"), explanation="De helft ontbrak.")
    assert claim.determined_amount == D("6000.00")


def test_an_objection_that_was_upheld_has_weighed_the_evidence(them):
    claim = refused_claim(them)
    objection = services.file_objection(by=them.member, decision=claim.decision, text="Wel geleverd.")
    who = official(Role.DECIDER)
    services.uphold(by=who, objection=objection, answer="U hebt gelijk.")
    claim.refresh_from_db()
    assert refusal(services.determine, by=who, claim=claim) == [ClaimReason.OWN_ADVICE]
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.determined_amount, claim.decision.assessed_by) == (D("8000.00"), who)


def test_once_an_assessor_advises_anew_the_usual_conditions_hold_again(them):
    claim = refused_claim(them)
    objection = services.file_objection(by=them.member, decision=claim.decision, text="Wel geleverd.")
    services.uphold(by=official(Role.DECIDER), objection=objection, answer="Deels.", in_part=True)
    claim.refresh_from_db()
    act = {"by": them.assessor, "claim": claim, "text": "Toch alles.", "judgements": {"supplier": (True, "Gezien.")}}
    assert refusal(services.advise_claim, **act) == [ClaimReason.NOT_CONFIRMED]
    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD_IN_PART


def test_a_decision_names_who_advised_not_who_took_the_claim_up(them):
    adviser = official(Role.ASSESSOR)
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    claim = services.advise_claim(by=adviser, claim=claim, text="Alles gezien.")
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.assessor, claim.decision.assessed_by) == (them.assessor, adviser)


@pytest.mark.database
def test_the_database_refuses_a_decision_by_who_advised_on_it(them):
    decision = determined_claim(them).decision
    alone = {**{f.attname: getattr(decision, f.attname) for f in Decision._meta.concrete_fields}, "id": None}
    with pytest.raises(IntegrityError, match="decision_takes_two_people"), transaction.atomic():
        Decision.objects.create(**{**alone, "assessed_by_id": decision.decided_by_id})


# --- a question and its term ----------------------------------------------------------------------------------------------------


def asked(them) -> Claim:
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    return services.ask_more_claim(by=them.assessor, claim=claim, question="Waar is de handleiding?")


def test_nothing_is_advised_while_the_business_can_answer(them):
    claim = asked(them)
    assert (claim.answer_by, claim.determine_by) == (dt.date(2026, 12, 7), dt.date(2027, 1, 4))
    advice = {"by": them.assessor, "text": "Niets.", "amount": D("0.00"), "ground": LowerGround.NOT_DONE}
    with on("2026-12-07"):
        assert refusal(services.advise_claim, claim=claim, **advice) == [ClaimReason.ASKED_TERM_OPEN]
        assert open_steps(claim, them.assessor) == set()
    with on("2026-12-08"):
        assert "advise" in open_steps(claim, them.assessor)
        claim = services.advise_claim(claim=claim, **advice)
    assert claim.state == ClaimState.ADVISED
    assert (claim.suspended_days, claim.determine_by) == (14, dt.date(2027, 1, 18)), "the question stopped the clock"


@pytest.mark.parametrize(("day", "stood_still"), [("2026-11-30", 7), ("2026-12-07", 14), ("2027-02-01", 14)])
def test_the_clock_stands_still_until_the_answer_but_not_past_its_term(them, day, stood_still):
    claim = asked(them)
    with on(day):
        services.answer_question(by=them.member, claim=claim, text="Die staat online.")
        claim = services.submit_claim(by=them.member, claim=claim)
    assert claim.suspended_days == stood_still
    assert claim.determine_by == dt.date(2027, 1, 4) + dt.timedelta(days=stood_still)


def test_a_revision_reckons_with_what_stands_under_the_lock(them):
    """Whoever looked at the claim before it changed would still revise it to what its invoice was then."""
    first = determined_claim(them, "2500.00", is_last=False)
    stale = Claim.objects.get(pk=first.pk)
    Claim.objects.filter(pk=first.pk).update(invoice_excl=D("1000.00"), invoice_incl=D("1210.00"))
    act = {"by": official(Role.DECIDER), "claim": stale, "amount": D("2000.00"), "why": "Meer."}
    assert refusal(services.revise_claim, **act) == [ClaimReason.ABOVE_ARITHMETIC]
