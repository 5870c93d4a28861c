"""What a programme manager sees of a programme, and the ceiling."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.moments import MONDAY
from tests.vouchers.pages import login, url
from vouchers import figures
from vouchers.models import Budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    """One awarded after ten days, one refused after twenty, one still waiting."""
    with clock.fixed(MONDAY):
        first = make.advised_application(net="10000.00")
        second = make.advised_application(programme=first.programme, advice="refuse")
        waiting = make.submitted_application(programme=first.programme)
    return first, second, waiting


def test_the_figures_count_per_state_and_say_what_is_late(decided):
    first, _second, waiting = decided
    programme = first.programme
    rows = {row["state"].value: (row["number"], row["amount"]) for row in figures.applications_by_state(programme)}
    assert rows["advised"][0] == 2
    assert rows["submitted"] == (1, waiting.requested)
    with clock.fixed(MONDAY + dt.timedelta(weeks=7)):
        assert figures.overdue() == {}
    with clock.fixed(MONDAY + dt.timedelta(weeks=9)):
        assert figures.overdue() == {programme.pk: {"applications": 3}}


@pytest.mark.parametrize(("days", "told"), [([0, 1], 1), ([1, 2], 2), ([2, 3], 3), ([4], 4), ([1, 2, 9], 2)], ids=str)
def test_half_a_day_counts_as_a_day(days, told):
    start = dt.date(2026, 3, 2)
    assert figures._median([(start, start + dt.timedelta(days=number)) for number in days]) == told


def test_an_amount_says_what_it_adds_up():
    rows = [{"number": 2, "decided": decided} for decided in (0, 1, 2)]
    assert [figures._what(row, "asked", "given") for row in rows] == ["asked", "asked + given", "given"]


def test_the_median_is_counted_in_days():
    with clock.fixed(MONDAY):
        assert figures.lead_times(make.submitted_application().programme)["decide"] is None
        decision = make.refused()
    assert figures.lead_times(decision.application.programme)["decide"] == 0


def test_the_manager_reads_the_numbers_and_changes_the_ceiling(decided):
    programme = decided[0].programme
    where, budget = url("programme", programme.code), programme.budgets.get(province__isnull=True)
    browser = login(official(Role.MANAGER))
    page = browser.get(where).content.decode()
    assert f"{programme.rules_on(clock.today()).name}" in page
    assert browser.get(url("programmes")).status_code == 200
    assert browser.post(where, {"ceiling": "2000000,00"}).status_code == 302
    budget.refresh_from_db()
    assert budget.ceiling == Decimal("2000000.00")
    assert AuditEntry.objects.filter(action="set_ceiling", subject=f"vouchers.budget:{budget.pk}").exists()


def test_a_ceiling_below_what_is_reserved_is_refused_in_words(decided):
    programme = decided[0].programme
    before = Budget.objects.get(programme=programme, province__isnull=True)
    page = login(official(Role.MANAGER)).post(url("programme", programme.code), {"ceiling": "1,00"})
    assert page.status_code == 422
    assert "Het plafond kan niet lager zijn" in page.content.decode()
    after = Budget.objects.get(pk=before.pk)
    assert after.ceiling == before.ceiling


@pytest.mark.parametrize("written", ["", "veel", "-5", "0,001"])
def test_what_is_no_amount_is_refused(decided, written):
    page = login(official(Role.MANAGER)).post(url("programme", decided[0].programme.code), {"ceiling": written})
    assert page.status_code == 422
    assert page.context["wrong"].errors["ceiling"]
    assert 'href="#id_all_ceiling"' in page.content.decode(), "the summary leads to the field"


def test_only_the_manager_changes_a_ceiling(decided):
    for role in (Role.DECIDER, Role.AUDITOR):
        browser = login(official(role))
        assert browser.get(url("programme", decided[0].programme.code)).status_code == 200
        assert browser.post(url("programme", decided[0].programme.code), {"ceiling": "9"}).status_code == 403


def test_the_list_of_programmes_asks_the_database_the_same_whatever_their_number(
    decided, django_assert_max_num_queries
):
    browser = login(official(Role.MANAGER))
    browser.get(url("programmes"))
    with CaptureQueriesContext(connection) as before:
        browser.get(url("programmes"))
    more = make.submitted_application(programme=make.programme_with(code="tweede"))
    assert more.programme != decided[0].programme
    with django_assert_max_num_queries(len(before)):
        assert "tweede" in browser.get(url("programmes")).content.decode()
