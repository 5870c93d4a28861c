"""Objections: in time, once, and decided by somebody who had no hand in the decision (DESIGN 4.8)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core import clock
from core.reasons import CoreReason, Refused
from core.workflow import NotAuthorised
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.moments import MONDAY
from tests.refusals import codes
from vouchers import services
from vouchers.enums import ApplicationState, ObjectionState
from vouchers.models import Objection
from vouchers.reasons import ApplicationReason, EligibilityReason, ObjectionReason

pytestmark = pytest.mark.django_db


def objection_to(decision, text="Ik ben het er niet mee eens.") -> Objection:
    return services.file_objection(by=decision.application.created_by, decision=decision, text=text)


def test_an_objection_is_in_time_until_the_last_day_and_received_after_it():
    with clock.fixed(MONDAY):
        first, second = make.refused(), None
        second = make.refused(programme=first.application.programme)
    assert first.objection_until == dt.date(2027, 1, 4)
    with clock.fixed(dt.datetime(2027, 1, 4, 22, 59, tzinfo=dt.UTC)):
        assert objection_to(first).in_time
    with clock.fixed(dt.datetime(2027, 1, 4, 23, 1, tzinfo=dt.UTC)):
        assert not objection_to(second).in_time


def test_an_objection_needs_words_and_there_is_one():
    decision = make.refused()
    with pytest.raises(Refused) as refused:
        objection_to(decision, text="   ")
    assert codes(refused) == [ObjectionReason.TEXT_NEEDED]
    objection_to(decision)
    with pytest.raises(Refused) as refused:
        objection_to(decision)
    assert codes(refused) == [ObjectionReason.ALREADY]


def test_only_the_applicant_objects():
    decision = make.refused()
    for stranger in (make.business()[1], official(Role.DECIDER)):
        with pytest.raises(NotAuthorised):
            services.file_objection(by=stranger, decision=decision, text="x")
    assert Objection.objects.count() == 0


def test_nobody_with_a_hand_in_the_decision_decides_the_objection():
    assessor = official(Role.ASSESSOR, Role.DECIDER)
    decider = official(Role.DECIDER)
    decision = make.refused(assessor=assessor, decider=decider)
    objection = objection_to(decision)
    for person in (assessor, decider):
        for act in (services.uphold, services.reject, services.declare_inadmissible):
            with pytest.raises(Refused) as refused:
                act(by=person, objection=objection, answer="Nee.")
            assert ObjectionReason.HAND_IN_DECISION in codes(refused)
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RECEIVED


def test_an_upheld_objection_reopens_the_application_and_a_new_decision_follows():
    decision = make.refused()
    objection = services.hear(by=official(Role.DECIDER), objection=objection_to(decision))
    services.uphold(by=official(Role.DECIDER), objection=objection, answer="U voldoet toch.")
    case = decision.application
    case.refresh_from_db()
    assert case.state == ApplicationState.IN_REVIEW
    assert case.decided_at is None
    assessor = case.decisions.get(kind="refusal").assessed_by
    services.advise(by=assessor, application=case, advice="award", text="")
    services.award(by=official(Role.DECIDER), application=case)
    assert [row.kind for row in case.decisions.order_by("pk")] == ["refusal", "objection", "award"]
    assert services.differences() == []


def test_what_an_objection_reopens_has_a_term_of_its_own():
    with clock.fixed(MONDAY):
        decision = make.refused()
    with clock.fixed(dt.datetime(2026, 12, 21, 10, tzinfo=dt.UTC)):
        objection = objection_to(decision)
    with clock.fixed(dt.datetime(2027, 1, 18, 10, tzinfo=dt.UTC)):
        services.uphold(by=official(Role.DECIDER), objection=objection, answer="U voldoet toch.")
    case = decision.application
    case.refresh_from_db()
    assert (case.term_from, case.suspended_days) == (dt.date(2027, 1, 18), 0)
    assert case.decide_by == dt.date(2027, 3, 15), "eight weeks from the day it was opened again"


def test_a_rejected_objection_leaves_the_decision():
    decision = make.refused()
    objection = services.reject(by=official(Role.DECIDER), objection=objection_to(decision), answer="Nee, want.")
    assert objection.state == ObjectionState.REJECTED
    decision.application.refresh_from_db()
    assert decision.application.state == ApplicationState.REFUSED


def test_a_decision_on_an_objection_needs_its_reasons():
    objection = objection_to(make.refused())
    with pytest.raises(Refused) as refused:
        services.reject(by=official(Role.DECIDER), objection=objection, answer=" ")
    assert codes(refused) == [ApplicationReason.REASON_NEEDED]


def test_an_application_is_not_reopened_beside_a_new_one():
    decision = make.refused()
    case = decision.application
    objection = objection_to(decision)
    services.start_application(by=case.created_by, organisation=case.organisation, programme=case.programme)
    with pytest.raises(Refused) as refused:
        services.uphold(by=official(Role.DECIDER), objection=objection, answer="Ja.")
    assert codes(refused) == [EligibilityReason.OTHER_LIVE]
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RECEIVED


def test_an_objection_is_withdrawn_by_whoever_made_it():
    objection = objection_to(make.refused())
    with pytest.raises(NotAuthorised):
        services.withdraw_objection(by=official(Role.DECIDER), objection=objection)
    assert services.withdraw_objection(by=objection.filed_by, objection=objection).state == ObjectionState.WITHDRAWN
    with pytest.raises(Refused) as refused:
        services.reject(by=official(Role.DECIDER), objection=objection, answer="x")
    assert codes(refused) == [CoreReason.WRONG_STATE]


@pytest.mark.database
def test_the_database_keeps_a_decided_objection_dated():
    objection = services.reject(by=official(Role.DECIDER), objection=objection_to(make.refused()), answer="Nee, want.")
    with pytest.raises(IntegrityError, match="objection_decided_when_decided"), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(decided_at=None)
    assert Objection.objects.get(pk=objection.pk).decided_at is not None
