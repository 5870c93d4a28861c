"""How a voucher runs on: a last call for each term, another provider, and the rest that nobody asked for."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from core import clock
from providers.enums import Benefit, SolutionState
from tests.factories.accounts import MembershipFactory, official
from tests.factories.claims import (
    BASELINES,
    case,
    determined_claim,
    draft_claim,
    lowered_claim,
    paid_claim,
    submitted_claim,
)
from tests.factories.vouchers import PackageFactory, SolutionFactory, programme_with
from tests.moments import on
from tests.refusals import refusal, refusal_set
from tests.vouchers.money import parts
from tests.vouchers.pages import as_, url
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, DecisionKind, ObjectionState, ReminderKind, VoucherState
from vouchers.models import Decision
from vouchers.reasons import ApplicationReason
from vouchers.reasons import EligibilityReason as Why
from vouchers.services.sweep import TERMS

D = Decimal
ZERO = D("0.00")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


# --- a last call for each term ----------------------------------------------------------------------------------------------------


def test_who_orders_after_the_last_call_gets_one_again_for_the_delivery(them):
    with on("2027-01-19"):
        assert services.sweep_terms().last_calls == 1
    baseline = BASELINES[Benefit(them.voucher.solution.category.benefit)]
    with on("2027-02-01"):
        services.record_order(by=them.member, voucher=them.voucher, ordered_on=clock.today(), baseline=baseline)
    assert (them.again().deliver_by, them.voucher.last_call_until) == (dt.date(2027, 5, 24), None)
    course = [("2027-05-25", 1, 0), ("2027-06-08", 0, 0), ("2027-06-09", 0, 1)]
    for day, called, lapsed in course:
        with on(day):
            done = services.sweep_terms()
        assert (done.last_calls, done.lapsed) == (called, lapsed), day
    kinds = [reminder.kind for reminder in them.voucher.reminders.all()]
    assert kinds == [ReminderKind.LAST_CALL, ReminderKind.LAST_CALL]


def test_how_long_the_last_term_is_and_when_one_is_reminded_is_the_programmes(django_capture_on_commit_callbacks):
    them = case(programme=programme_with(rules={"last_call_weeks": 3, "reminder_days": 7}))
    for day, reminded in (("2027-01-10", 0), ("2027-01-11", 1)):
        with on(day):
            assert services.sweep_terms().reminded == reminded, day
    with on("2027-01-19"):
        services.sweep_terms()
    assert them.again().last_call_until == dt.date(2027, 2, 9)


def test_how_many_people_are_named_is_the_programmes():
    them = case(programme=programme_with(rules={"most_end_users": 1}))
    claim = draft_claim(them)
    two = [("Robin", "robin@bedrijf.example"), ("Sam", "sam@bedrijf.example")]
    found = refusal(services.name_end_users, by=them.member, claim=claim, people=two)
    assert found == [ClaimReason.USERS_NEEDED]


# --- another provider --------------------------------------------------------------------------------------------------------------


def replacing(them, package, **more) -> dict:
    return {"by": them.assessor, "voucher": them.voucher, "package": package, "why": "Hij stopt ermee.", **more}


def test_another_solution_has_to_stand_where_an_application_asks_it_to(them):
    listed = PackageFactory(solution=SolutionFactory(state=SolutionState.LISTED, preferred_at=None), price="9000.00")
    assert refusal(services.replace_provider, **replacing(them, listed)) == [Why.NOT_PREFERRED]


def test_another_provider_has_to_be_independent_of_the_business(them):
    package = PackageFactory(price="9000.00")
    MembershipFactory(organisation=package.solution.provider.organisation, person=them.member)
    found = refusal_set(services.replace_provider, **replacing(them, package))
    assert Why.SAME_PERSON in found
    assert them.again().package != package


def test_a_provider_close_to_the_business_takes_over_when_a_person_accepts_that(them):
    package = PackageFactory(price="9000.00")
    here = {"street": "Grote Markt 1", "postcode": "9712 HN"}
    for organisation in (package.solution.provider.organisation, them.sme):
        type(organisation).objects.filter(pk=organisation.pk).update(**here)
    assert refusal(services.replace_provider, **replacing(them, package)) == [Why.SAME_ADDRESS]
    voucher = services.replace_provider(**replacing(them, package, accepted=["near"]))
    assert voucher.package == package


def test_hardware_does_not_make_another_package_dearer(them):
    package = PackageFactory(price="12000.00")
    package.prices.update(hardware=D("2000.01"))
    voucher = services.replace_provider(**replacing(them, package))
    assert (voucher.package, voucher.amount) == (package, D("8000.00"))


def test_another_package_is_not_had_more_often_than_it_is_sold(them):
    line = them.voucher.line
    type(line).objects.filter(pk=line.pk).update(quantity=3)
    package = PackageFactory(price="3000.00", max_quantity=2)
    assert refusal(services.replace_provider, **replacing(them, package)) == [ApplicationReason.QUANTITY_CAP]


# --- the rest that nobody asked for ------------------------------------------------------------------------------------------------


@pytest.fixture
def partly(them):
    """A voucher of 8,000 euros of which 2,000 were paid, on a claim that was not the last."""
    paid_claim(them, "2500.00", is_last=False)
    return them


def test_the_rest_ends_by_a_decision_after_a_last_call_in_time(partly, django_capture_on_commit_callbacks):
    assert partly.again().claim_by == dt.date(2027, 1, 18)
    with on("2027-01-19"):
        rest = {"by": TERMS, "voucher": partly.voucher}
        assert refusal(services.settle_unclaimed_rest, **rest) == [ClaimReason.LAST_CALL_NEEDED]
        assert services.sweep_terms().last_calls == 1
        assert refusal(services.settle_unclaimed_rest, **rest) == [ClaimReason.NOTICE_RUNNING]
    mail.outbox.clear()
    with on("2027-02-03"), django_capture_on_commit_callbacks(execute=True):
        assert services.sweep_terms().settled == 1
    decision = Decision.objects.get(kind=DecisionKind.REMAINDER)
    assert (decision.amount, decision.legal_ground, decision.decided_by) == (ZERO, "Awb 4:47", None)
    assert decision.inputs["rest"] == "6000.00"
    assert decision.objection_until == dt.date(2027, 3, 17)
    assert decision.fingerprint() == decision.content_hash
    assert [message.to for message in mail.outbox] == [[partly.member.email]]
    assert "6.000,00" in mail.outbox[0].body
    assert (partly.again().state, partly.voucher.held) == (VoucherState.SETTLED, D("2000.00"))
    assert services.differences() == []


def test_the_last_call_says_what_is_left(partly, django_capture_on_commit_callbacks):
    with on("2027-01-19"), django_capture_on_commit_callbacks(execute=True):
        mail.outbox.clear()
        services.sweep_terms()
    assert "6.000,00" in mail.outbox[0].body
    assert "blijft van u" in mail.outbox[0].body


def test_within_the_last_call_the_rest_can_still_be_asked_for(partly):
    with on("2027-01-19"):
        services.sweep_terms()
    with on("2027-02-02"):
        claim = submitted_claim(partly, "7500.00", number="F-2")
    with on("2027-02-20"):
        assert services.sweep_terms().settled == 0
    assert claim.state == ClaimState.SUBMITTED


def test_an_objection_to_the_end_of_the_rest_is_read_on_the_page_and_brings_it_back(partly, client):
    for day in ("2027-01-19", "2027-02-03"):
        with on(day):
            services.sweep_terms()
    decision = Decision.objects.get(kind=DecisionKind.REMAINDER)
    page = url("voucher", partly.voucher.number)
    with on("2027-02-10"):
        shown = as_(client, partly.member).get(page).content.decode()
        assert url("object", partly.voucher.application_id, decision.pk) in shown
        objection = services.file_objection(by=partly.member, decision=decision, text="Ik was ziek.")
        services.uphold(by=official(Role.DECIDER), objection=objection, answer="U hebt gelijk.")
    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD
    voucher = partly.again()
    assert (voucher.state, voucher.held, voucher.last_call_until) == (
        VoucherState.ISSUED,
        D("8000.00"),
        dt.date(2027, 2, 24),
    )
    assert parts() == (ZERO, D("6000.00"), D("2000.00"))
    assert services.differences() == []


def test_of_a_voucher_that_was_used_up_nothing_is_decided_and_nothing_comes_back(them):
    paid_claim(them, is_last=False)
    with on("2027-01-19"):
        assert services.sweep_terms().settled == 1
    assert not Decision.objects.filter(kind=DecisionKind.REMAINDER).exists()
    act = {"by": official(Role.DECIDER), "voucher": them.again(), "why": "Toch."}
    assert refusal(services.reinstate_voucher, **act) == [ClaimReason.NOTHING_TAKEN]


def test_what_was_taken_back_is_not_held_again_when_a_claim_is_revised(partly):
    claim = partly.voucher.claims.get()
    for day in ("2027-01-19", "2027-02-03"):
        with on(day):
            services.sweep_terms()
    claim = services.revise_claim(by=official(Role.DECIDER), claim=claim, amount=D("2000.00"), why="Nog eens bekeken.")
    claim = services.determine(by=partly.decider, claim=claim)
    assert (claim.state, partly.again().held) == (ClaimState.CLOSED, D("2000.00"))
    assert services.differences() == []


def test_a_closed_voucher_closes_what_was_paid_on_it(them):
    claim = paid_claim(them)
    with on("2027-11-24"):
        assert services.sweep_terms().closed == 1
    claim.refresh_from_db()
    assert (claim.state, them.again().state) == (ClaimState.CLOSED, VoucherState.CLOSED)


def test_the_page_of_a_voucher_asks_the_database_the_same_whatever_was_claimed(them, client):
    pages = []
    as_(client, them.member)
    for number in ("F-1", "F-2", "F-3"):
        claim = submitted_claim(them, number=number)
        services.withdraw_claim(by=them.member, claim=claim)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url("voucher", them.voucher.number)).status_code == 200
        pages.append(len(asked))
    assert len(set(pages)) == 1, pages


# --- the decision on an objection ------------------------------------------------------------------------------------------------


def test_the_decision_on_an_objection_is_a_decision_with_a_letter(them, client, django_capture_on_commit_callbacks):
    claim = lowered_claim(them, "5000.00")
    objection = services.file_objection(by=them.member, decision=claim.decision, text="Alles is geleverd.")
    who = official(Role.DECIDER)
    with django_capture_on_commit_callbacks(execute=True):
        objection = services.reject(by=who, objection=objection, answer="De training is niet gegeven.")
    ruling = objection.ruling
    assert (ruling.kind, ruling.subject, ruling.decided_by) == (DecisionKind.OBJECTION, objection.reference(), who)
    assert (ruling.legal_ground, ruling.explanation) == ("Awb 7:11", "De training is niet gegeven.")
    assert ruling.inputs["outcome"] == ObjectionState.REJECTED
    assert ruling.inputs["content"] == claim.decision.content_hash
    assert ruling.objection_until == dt.date(2027, 1, 4), "six weeks to go to the court"
    assert ruling.fingerprint() == ruling.content_hash
    page = url("letter", them.voucher.application_id, ruling.pk)
    assert page in mail.outbox[-1].body
    letter = as_(client, them.member).get(page)
    assert letter.status_code == 200
    assert "De training is niet gegeven." in letter.content.decode()
    assert "Awb 8:1" in letter.content.decode()
    assert page in client.get(url("claim_letter", them.voucher.number, claim.seq)).content.decode()


def test_what_is_too_late_rests_on_another_article(them):
    claim = lowered_claim(them, "5000.00")
    objection = services.file_objection(by=them.member, decision=claim.decision, text="Te laat.")
    objection = services.declare_inadmissible(by=official(Role.DECIDER), objection=objection, answer="U was te laat.")
    assert objection.ruling.legal_ground == "Awb 6:6, 6:9"


def test_with_the_decision_on_an_objection_one_goes_to_the_court(them):
    claim = determined_claim(them)
    objection = services.file_objection(by=them.member, decision=claim.decision, text="Te weinig.")
    objection = services.reject(by=official(Role.DECIDER), objection=objection, answer="Nee.")
    act = {"by": them.member, "decision": objection.ruling, "text": "Nog eens."}
    assert [code.name for code in refusal(services.file_objection, **act)] == ["TO_COURT"]
