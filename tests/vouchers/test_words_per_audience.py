"""Officials, applicants and providers each read a state as it is for them; what is too late is marked and on top."""

import datetime as dt

import pytest

from accounts.enums import Role
from core import clock
from tests.factories import vouchers as make
from tests.factories.accounts import MembershipFactory, official
from tests.factories.claims import case, delivered, submitted_claim
from tests.moments import MONDAY
from tests.vouchers.pages import login, url
from vouchers import services
from vouchers.enums import ApplicationState
from vouchers.models import Application, Claim
from vouchers.selectors import applications_open_to, claims_open_to

pytestmark = pytest.mark.django_db


def words(response):
    return " ".join(response.content.decode().split())


def test_who_is_asked_reads_your_answer_and_everybody_else_who_is_asked():
    assessor, application = official(Role.ASSESSOR), make.submitted_application()
    services.ask_more(by=assessor, application=application, question="Hebt u een nieuwere offerte?")
    lists = words(login(assessor).get(url("assess_queue")))
    assert "wacht op de aanvrager" in lists
    assert "wacht op uw antwoord" not in lists
    own = login(application.created_by)
    assert "wacht op uw antwoord" in words(own.get(url("applications")))
    assert "antwoord" in words(own.get("/mijn/"))
    download = login(assessor).get(url("assess_queue"), {"format": "csv"}).content.decode()
    assert "wacht op de aanvrager" in download


def test_every_case_has_words_for_its_own_party():
    claim = Claim(state="more_information")
    assert (claim.state_words(), claim.state_words(own=True)) == ("wacht op de aanvrager", "wacht op uw antwoord")
    claim = Claim(state="submitted")
    assert claim.state_words() == claim.state_words(own=True)


def test_what_waited_for_money_that_is_there_now_stands_on_top_for_the_assessor_and_other_cases_do_not():
    with clock.fixed(MONDAY):
        late = make.submitted_application()
    with clock.fixed(MONDAY + dt.timedelta(weeks=9)):
        fresh = make.submitted_application(programme=late.programme)
        waiting = Application.objects.filter(pk=late.pk)
        waiting.update(state=ApplicationState.WAITING_LIST, held=0)
        tasks = login(official(Role.ASSESSOR)).get("/mijn/").context["sections"][0].tasks
        assert [task.title.split(" · ")[0] for task in tasks] == [fresh.number], (
            "nobody can do anything about the other"
        )
        waiting.update(held=late.requested)
        page = login(official(Role.ASSESSOR)).get("/mijn/")
        tasks = page.context["sections"][0].tasks
        assert [task.title.split(" · ")[0] for task in tasks] == [late.number, fresh.number]
        assert "dagen te laat" in words(page)
        assert "trede-badge--bad" in words(page)


def test_what_somebody_may_not_do_does_not_wait_for_them():
    both = official(Role.ASSESSOR, Role.DECIDER)
    advised = make.advised_application(assessor=both)
    section = {part.title: part.tasks for part in login(both).get("/mijn/").context["sections"]}
    assert section["Aanvragen om over te beslissen"] == []
    other = official(Role.DECIDER)
    assert list(applications_open_to(other, "decider")) == [advised]
    MembershipFactory(person=other, organisation=advised.organisation)
    other.refresh_from_db()
    assert list(applications_open_to(other, "decider")) == []


def test_who_assessed_the_application_finds_no_claim_under_it_to_check():
    voucher = case()
    delivered(voucher)
    claim = submitted_claim(voucher)
    assessor = claim.voucher.application.advised_by
    assert list(claims_open_to(assessor, "assessor")) == []
    assert list(claims_open_to(official(Role.ASSESSOR), "assessor")) == [claim]
