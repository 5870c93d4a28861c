"""Objections as the authority lists and decides them."""

import datetime as dt

import pytest
from django.utils.formats import date_format

from accounts.enums import Role
from core import clock
from tests.factories import vouchers as make
from tests.factories.accounts import MembershipFactory, official
from tests.vouchers.pages import login, url
from vouchers import services
from vouchers.enums import ApplicationState, ObjectionState
from vouchers.selectors import objections_open_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def objection():
    decision = make.refused()
    return services.file_objection(
        by=decision.application.created_by, decision=decision, text="Ik ben het er niet mee eens."
    )


@pytest.fixture
def decider():
    return official(Role.DECIDER)


def ruling(action, verb="uphold", answer="U hebt gelijk."):
    return {"action": action, "ruling": verb, "answer": answer}


def test_the_home_of_a_decider_names_the_case_the_business_and_the_decision(objection, decider):
    application = objection.decision.application
    page = login(decider).get("/mijn/")
    [task] = next(part for part in page.context["sections"] if part.title == "Bezwaren").tasks
    assert task.title == f"{application.number} · {application.organisation}"
    assert task.meta == f"Afwijzing van {date_format(clock.day_of(objection.decision.decided_at), 'j F Y')}"
    assert (task.badge, task.due) == ("ontvangen", objection.decide_by)


def test_who_had_a_hand_in_the_decision_finds_no_task_and_no_button():
    took_part = {"assessor": official(Role.ASSESSOR, Role.DECIDER), "decider": official(Role.DECIDER)}
    decision = make.refused(**took_part)
    objection = services.file_objection(by=decision.application.created_by, decision=decision, text="Nee.")
    for person in took_part.values():
        assert list(objections_open_to(person)) == []
        page = login(person).get(url("objection", objection.pk))
        assert 'name="action"' not in page.content.decode()
        assert page.context["barred"]


def test_who_belongs_to_the_business_or_its_supplier_does_not_decide(objection, decider):
    assert list(objections_open_to(decider)) == [objection]
    supplier = objection.decision.application.lines.first().provider.organisation
    MembershipFactory(person=decider, organisation=supplier)
    decider.refresh_from_db()
    assert list(objections_open_to(decider)) == []


def test_nothing_is_decided_before_the_ruling_is_repeated(objection, decider):
    browser, where = login(decider), url("objection", objection.pk)
    page = browser.get(where).content.decode()
    assert 'type="radio"' in page
    assert "checked" not in page
    shown = browser.post(where, ruling("check"))
    assert shown.status_code == 200
    assert "Gegrond" in shown.context["ruling"]
    assert (
        shown.context["effect"]
        == "De aanvraag gaat weer open. Een beoordelaar kijkt er opnieuw naar, binnen een nieuwe termijn."
    )
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RECEIVED
    back = browser.post(where, ruling("change"))
    assert "U hebt gelijk." in back.content.decode()
    assert browser.post(where, ruling("decide")).status_code == 302
    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD


@pytest.mark.parametrize("asked", [{"ruling": ""}, {"answer": "  "}, {"ruling": "award"}])
def test_a_ruling_needs_a_choice_and_reasons(objection, decider, asked):
    for action in ("check", "decide"):
        page = login(decider).post(url("objection", objection.pk), {**ruling(action), **asked})
        assert page.status_code == 422
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RECEIVED


def test_a_hearing_is_recorded_by_itself(objection, decider):
    assert login(decider).post(url("objection", objection.pk), {"action": "hear"}).status_code == 302
    objection.refresh_from_db()
    assert objection.state == ObjectionState.HEARING


def test_a_file_that_was_opened_again_says_so_to_its_assessor(objection, decider):
    application = objection.decision.application
    services.uphold(by=decider, objection=objection, answer="U hebt gelijk.")
    application.refresh_from_db()
    assert application.state == ApplicationState.IN_REVIEW
    page = login(official(Role.ASSESSOR)).get(url("assess_case", application.pk))
    assert page.context["reopened"] == objection
    assert url("objection", objection.pk) in page.content.decode()


def test_the_list_searches_filters_sorts_and_downloads(objection, decider):
    with clock.fixed(clock.now() + dt.timedelta(days=3)):
        later = make.refused(programme=objection.decision.application.programme)
        second = services.file_objection(by=later.application.created_by, decision=later, text="Nee.")
    browser, where = login(decider), url("objections")

    def listed(**asked):
        return list(browser.get(where, asked).context["page"].object_list)

    assert listed() == [objection, second]
    assert listed(ordering="-filed_at") == [second, objection]
    assert listed(q=second.decision.application.number) == [second]
    services.reject(by=decider, objection=second, answer="Het besluit klopt.")
    assert listed() == [objection]
    assert listed(state="rejected") == [second]
    assert set(listed(state="all")) == {objection, second}
    lines = browser.get(where, {"format": "csv", "state": "all"}).content.decode().splitlines()
    assert len(lines) == 3
