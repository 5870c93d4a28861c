"""A dossier is judged by the rules of the day it was started, whatever was published since (DESIGN 4)."""

import datetime as dt
from dataclasses import replace

import pytest

from accounts.enums import Role
from core import clock
from providers import services
from providers.models import Dossier, VettingDecision
from providers.rules.rulesets import VETTING_RULES, vetting_rules
from providers.services.facts import look, rules_of
from tests.factories.accounts import official
from tests.factories.catalogue import PackageFactory
from tests.factories.providers import ProviderFactory, filled_dossier, provider_member
from tests.moments import MONDAY, TODAY, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checklist", "monday")]

OLD = replace(
    VETTING_RULES[0],
    version="vetting-2025-1",
    valid_from=dt.date(2025, 1, 1),
    admission_months=6,
    listing_months=7,
    trial_months=8,
    trial_vouchers=4,
    objection_weeks=10,
    code_of_conduct="2025-1",
)
NEW = replace(VETTING_RULES[0], version="vetting-2026-2", valid_from=TODAY)


@pytest.fixture
def started(monkeypatch) -> Dossier:
    """A dossier that was started while the earlier rules were in force, the day before today's came."""
    monkeypatch.setattr("providers.rules.rulesets.VETTING_RULES", (OLD, NEW))
    provider = ProviderFactory()
    with later(-1):
        assert vetting_rules(clock.today()) == OLD
        return filled_dossier(provider, by=provider_member(provider))


def test_an_older_dossier_is_approved_by_its_own_rules(started):
    by = provider_member(started.provider)
    assessor, decider = official(Role.ASSESSOR), official(Role.DECIDER)
    dossier = services.take_up(by=assessor, dossier=services.submit_dossier(by=by, dossier=started))
    for item in dossier.items.all():
        services.give_verdict(by=assessor, dossier=dossier, code=item.code, verdict="met", note="Zelf gezien.")
    dossier = services.advise(by=assessor, dossier=dossier, advice="approve", text="In orde.")
    services.approve(by=decider, dossier=dossier, text="Voldoet.")
    decision = VettingDecision.objects.get()
    assert decision.rules_version == "vetting-2025-1"
    assert decision.valid_until == dt.date(2027, 5, 23)
    assert decision.objection_until == dt.date(2027, 2, 1)


def test_the_code_of_conduct_is_accepted_in_the_version_of_its_own_day(started):
    item = started.items.get(code="INT-04")
    assert item.figures == {"code_version": "2025-1"}
    assert "INT-04" not in {check.code for check in look(started, today=clock.today()) if check.outcome == "fail"}


def test_an_older_listing_gets_the_trial_of_its_own_rules(started):
    draft = PackageFactory(solution__first_year_price=600, solution__provider__admitted=True).solution
    dossier = Dossier.objects.create(
        provider=draft.provider, solution=draft, kind="listing", rules_version=OLD.version, started_at=MONDAY
    )
    listed = services.list_solution(
        by=official(Role.DECIDER), solution=draft, dossier=dossier, on_trial=True, rules=rules_of(dossier)
    )
    assert (listed.valid_until, listed.trial_until) == (dt.date(2027, 6, 23), dt.date(2027, 7, 23))
    assert listed.trial_vouchers == 4


def test_a_version_nobody_published_judges_nothing(started):
    Dossier.objects.update(rules_version="vetting-1999-1")
    with pytest.raises(LookupError):
        rules_of(Dossier.objects.get())
