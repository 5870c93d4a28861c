"""What the public sees of the evidence: too coarse and too seldom to give one person's answer away (DESIGN 4.16)."""

import datetime as dt
from fractions import Fraction

import pytest

from core import clock
from providers import services
from providers.enums import Benefit
from providers.models import StandingRun
from providers.rules.published import published
from providers.rules.rulesets import STANDARD
from providers.services.standing import STANDING
from tests.factories.catalogue import BackupFactory, SolutionFactory, answered
from tests.providers.test_preferred import judged


def shown(*gains, **more):
    return published(judged(*gains, **more).as_json(), STANDARD.as_json())


def number(figures, condition):
    return next(finding for finding in figures["findings"] if finding["condition"] == condition)


def test_the_mean_is_a_whole_percent_rounded_down_so_that_it_never_reads_as_met_when_it_is_not():
    figures = shown(*[Fraction(1499, 100)] * 5)
    assert figures["mean"] == "7/50"
    assert number(figures, "mean")["value"] == "14.0"
    assert number(figures, "mean")["outcome"] == "not_met"
    assert shown(*[15] * 5)["mean"] == "3/20"


def test_bounds_are_whole_percents_that_promise_no_more():
    for bounds in (shown(20, 22, 31, 18, 16)[name] for name in ("interval", "between")):
        assert all(len(bound) <= len("0.00") for bound in bounds.values())
    exact = judged(20, 22, 31, 18, 16).between
    kept = shown(20, 22, 31, 18, 16)["between"]
    assert 0 <= Fraction(exact.low) - Fraction(kept["low"]) < Fraction(1, 100)
    assert 0 <= Fraction(kept["high"]) - Fraction(exact.high) < Fraction(1, 100)


def test_without_the_best_is_only_an_outcome():
    finding = number(shown(20, 22, 31, 18, 16), "without_best")
    assert finding["outcome"] == "met"
    assert finding["value"] is None


def test_businesses_are_dots_in_steps_of_five_and_only_from_five_on():
    assert shown(20, 22, 31, 18)["gains"] == []
    assert shown(20, 22, 31, 18)["reach"] == 4
    assert shown(20, 22, 31, 18, 16)["gains"] == ["3/20", "3/20", "1/5", "1/5", "3/10"]


def test_below_three_businesses_nothing_is_said_however_many_people_answer():
    outcome = {**judged(20, 40).as_json(), "users": 9}
    figures = published(outcome, STANDARD.as_json())
    hidden = ("mean", "satisfaction", "interval", "between", "reach")
    assert [figures[name] for name in hidden] == [None] * 5
    assert number(figures, "mean")["outcome"] == "unknown"
    assert number(figures, "enough")["value"] == 2


def test_marks_are_halves():
    figures = published(
        {**judged(20, 20, 20).as_json(), "satisfaction": "22/5", "benefit": Benefit.ASSURANCE.value}, STANDARD.as_json()
    )
    assert figures["satisfaction"] == "4"


# --- at most once a month -------------------------------------------------------------------------------------------------


def on(day):
    return clock.fixed(dt.datetime.combine(day, dt.time(10), tzinfo=dt.UTC))


def answer(solution, day, *gains):
    with on(day):
        for gain in gains:
            answered(solution, gain)
        services.recompute_standing(by=STANDING, solution=solution)
    solution.refresh_from_db()
    return solution.shown_run


@pytest.fixture
def listed(db):
    return SolutionFactory(listed=True)


def test_an_answer_of_this_month_shows_nowhere_until_the_next(listed):
    last = answer(listed, dt.date(2026, 3, 20), 20, 20, 20, 20, 20)
    assert answer(listed, dt.date(2026, 4, 2), 55) == last
    assert answer(listed, dt.date(2026, 4, 30), -20) == last
    assert listed.shown_run.figures_shown()["mean"] == "1/5"
    run = answer(listed, dt.date(2026, 5, 1))
    assert run.on == dt.date(2026, 4, 30)
    assert run.figures_shown()["smes"] == 7


def test_the_first_figures_come_when_five_businesses_answered_and_then_stay_for_the_month(listed):
    assert answer(listed, dt.date(2026, 3, 2), 20, 20, 20).figures_shown()["smes"] == 3
    five = answer(listed, dt.date(2026, 3, 9), 20, 20)
    assert five.figures_shown()["smes"] == 5
    assert answer(listed, dt.date(2026, 3, 10), 60) == five


def test_three_answers_of_this_month_are_not_followed_one_by_one(listed):
    first = answer(listed, dt.date(2026, 3, 2), 20)
    assert answer(listed, dt.date(2026, 3, 3), 20, 20) == first
    assert answer(listed, dt.date(2026, 3, 4), 20) == first
    assert first.figures_shown()["mean"] is None


def test_what_protects_a_business_is_shown_once_a_month_too(db):
    solution = SolutionFactory(listed=True, category=BackupFactory())
    with on(dt.date(2026, 3, 20)):
        for _business in range(5):
            answered(solution, satisfaction=5, test_passed=True)
        services.recompute_standing(by=STANDING, solution=solution)
    with on(dt.date(2026, 4, 1)):
        answered(solution, satisfaction=1, test_passed=True)
        services.recompute_standing(by=STANDING, solution=solution)
    solution.refresh_from_db()
    assert solution.shown_run.figures_shown()["satisfaction"] == "5"
    assert StandingRun.objects.get(on=dt.date(2026, 4, 1)).figures_shown()["smes"] == 6
