"""Below three end users nothing tells what anybody answered, on the page and in the API alike (DESIGN 4.16)."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from providers import services
from providers.enums import ConditionOutcome
from providers.models import StandingRun
from providers.services.standing import STANDING
from providers.views.evidence import evidence_of
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import SolutionFactory, answered
from tests.moments import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def solution():
    return SolutionFactory(listed=True)


def judged(solution):
    run = services.recompute_standing(by=STANDING, solution=solution)
    solution.refresh_from_db()
    return run


def outcomes(findings):
    return {finding["condition"]: finding["outcome"] for finding in findings}


def test_two_people_give_no_outcome_that_tells_what_they_answered(solution, client):
    for gain in (2, 3):
        answered(solution, gain)
    run = judged(solution)
    unknown = dict.fromkeys(("response", "mean", "share", "without_best"), ConditionOutcome.UNKNOWN.value)
    expected = {"enough": ConditionOutcome.NOT_MET.value, **unknown, "clean": ConditionOutcome.MET.value}
    assert outcomes(run.figures_shown()["findings"]) == expected
    told = client.get(f"/api/v1/solutions/{solution.slug}/").json()["evidence"]
    assert outcomes(told["findings"]) == expected
    tones = {row.label: row.tone for row in evidence_of(solution).conditions}
    assert "bad" not in tones.values()
    page = client.get(reverse("providers:solution", args=[solution.slug]))
    assertContains(page, "als minstens 3 mensen")
    assertNotContains(page, "trede-badge--bad")


def test_three_people_give_outcomes(solution):
    for gain in (2, 3, 4):
        answered(solution, gain)
    assert outcomes(judged(solution).figures_shown()["findings"])["mean"] == ConditionOutcome.NOT_MET.value


def test_one_person_at_five_businesses_is_one_person(solution):
    for _n in range(5):
        answered(solution, 2, organisation=OrganisationFactory(), email="kim@kantoor.example")
    run = judged(solution)
    assert (run.outcome["smes"], run.outcome["users"]) == (5, 1)
    shown = run.figures_shown()
    assert (shown["mean"], shown["gains"], shown["grounds"]) == (None, [], [])
    assert not shown["enough"]


# --- a row of losing runs ------------------------------------------------------------------------------------------------


def test_a_popular_solution_can_lose_its_place_however_many_runs_a_month_has():
    solution = SolutionFactory(preferred=True)
    for _n in range(5):
        answered(solution, 2)
    first = judged(solution)
    assert first.losing
    kept = {field.name: getattr(first, field.name) for field in StandingRun._meta.fields if not field.primary_key}
    good = {**kept, "on": TODAY.replace(month=9), "losing": False}
    StandingRun.objects.bulk_create([StandingRun(**good)])
    StandingRun.objects.bulk_create([StandingRun(**{**kept, "on": TODAY.replace(month=10)}) for _n in range(70)])
    StandingRun.objects.bulk_create([StandingRun(**kept) for _n in range(70)])
    assert judged(solution).move == "warn"


def test_a_good_run_on_the_same_day_starts_the_row_anew():
    solution = SolutionFactory(preferred=True)
    for _n in range(5):
        answered(solution, 2)
    first = judged(solution)
    kept = {field.name: getattr(first, field.name) for field in StandingRun._meta.fields if not field.primary_key}
    old = {**kept, "on": TODAY.replace(month=10)}
    StandingRun.objects.bulk_create([StandingRun(**old), StandingRun(**{**old, "losing": False})])
    assert judged(solution).move == "stay"
    StandingRun.objects.bulk_create([StandingRun(**old)])
    assert judged(solution).move == "warn"
