"""How long the clock stands still, and by which version of the rules a case is judged (Awb 4:15, DESIGN 4)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from tests.factories import vouchers as make
from tests.factories.accounts import official
from vouchers import services
from vouchers.rules import terms

pytestmark = [pytest.mark.django_db, pytest.mark.database]

D = Decimal


def on(day: str):
    return clock.fixed(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), clock.AMSTERDAM))


@pytest.mark.parametrize(
    ("answered", "days"),
    [("2026-11-30", 7), ("2026-12-07", 14), ("2026-12-08", 14), ("2027-03-01", 14)],
    ids=["early", "the last day", "a day late", "months late"],
)
def test_the_clock_stands_still_until_the_answer_or_the_last_day_for_it(answered, days):
    with on("2026-11-23"):
        case = make.reviewed_application()
        question = services.ask_more(by=official(Role.ASSESSOR), application=case, question="Welke modules?")
        assert question.answer_by == dt.date(2026, 12, 7)
    with on(answered):
        case = services.submit_application(by=case.created_by, application=case, answer="Alle drie.")
    assert case.suspended_days == days
    assert case.decide_by == terms.decide_by(dt.date(2026, 11, 23), 8, days)


def half(programme, valid_from: str):
    rules = {"valid_from": dt.date.fromisoformat(valid_from), "rate": D("50.00")}
    return services.new_rules(by=SystemActor("test"), programme=programme, **rules)


def test_a_draft_follows_the_rules_and_the_first_sending_fixes_them(client):
    programme = make.programme_with()
    with on("2026-11-23"):
        case = make.filled_application(programme)
    second = half(programme, "2026-12-01")
    with on("2027-01-15"):
        client.force_login(case.created_by)
        assert "5.000,00" in client.get(reverse("vouchers:application", args=[case.pk])).text
        case = services.submit_application(by=case.created_by, application=case)
        assert (case.rule_set, case.requested) == (second, D("5000.00"))


def test_what_was_sent_keeps_its_rules_also_when_it_is_sent_again():
    programme = make.programme_with()
    with on("2026-11-23"):
        case = make.submitted_application(programme)
        services.ask_more(by=official(Role.ASSESSOR), application=case, question="Welke modules?")
    half(programme, "2026-11-24")
    with on("2026-11-30"):
        case = services.submit_application(by=case.created_by, application=case, answer="Alle drie.")
    assert (case.rule_set.version, case.requested) == (1, D("8000.00"))
