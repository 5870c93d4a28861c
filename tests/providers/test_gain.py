"""Productivity gain (DESIGN 4.5): one definition, exact, capped."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.enums import Benefit
from providers.rules.gain import AnswerReason, answer_reasons, before_reasons, gain_of, mean, output_gain, time_gain

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine may pause in the middle of an example; that says nothing about the rule."""

LIMITS = {"floor": Fraction(-1, 2), "cap": Fraction(3, 5)}


def codes(reasons):
    return {reason.code for reason in reasons}


def test_fifteen_percent_less_time_is_a_gain_of_three_seventeenths():
    gain = time_gain(100, 85, **LIMITS)
    assert gain == Fraction(3, 17)
    assert round(float(gain) * 100, 1) == 17.6


def test_fifteen_percent_gain_is_exactly_fifteen_percent():
    assert time_gain(115, 100, **LIMITS) == Fraction(15, 100)
    assert time_gain(Decimal("11.5"), Decimal(10), **LIMITS) == Fraction(15, 100)


def test_output_gain_compares_results_per_hour():
    assert output_gain(before=(10, 5), after=(12, 5), **LIMITS) == Fraction(1, 5)
    assert output_gain(before=(10, 5), after=(20, 10), **LIMITS) == 0


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (60, 1, Fraction(3, 5)),
        (60, 0, Fraction(3, 5)),
        (1, 60, Fraction(-1, 2)),
    ],
)
def test_an_extreme_answer_is_capped(before, after, expected):
    assert time_gain(before, after, **LIMITS) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((0, 5), (3, 5), Fraction(3, 5)),
        ((0, 5), (0, 5), Fraction(0)),
        ((4, 5), (0, 5), Fraction(-1, 2)),
        ((4, 5), (4, 0), Fraction(3, 5)),
    ],
)
def test_nothing_before_or_after_has_a_defined_gain(before, after, expected):
    assert output_gain(before=before, after=after, **LIMITS) == expected


def test_without_hours_before_there_is_no_gain():
    with pytest.raises(ValueError, match="nothing to compare"):
        output_gain(before=(4, 0), after=(4, 2), **LIMITS)


def test_assurance_has_no_gain():
    assert gain_of(Benefit.ASSURANCE, {"satisfaction": 5, "test_passed": True}, **LIMITS) is None


def test_gain_of_reads_the_answers_of_its_benefit():
    time = {"times_per_week": 10, "minutes_before": 30, "minutes_after": 25}
    output = {"results_before": 8, "hours_before": 4, "results_after": 9, "hours_after": 4}
    assert gain_of(Benefit.TIME, time, **LIMITS) == Fraction(1, 5)
    assert gain_of(Benefit.OUTPUT, output, **LIMITS) == Fraction(1, 8)


@CALM
@given(
    before=st.fractions(min_value=Fraction(1, 100), max_value=10_080), after=st.fractions(min_value=0, max_value=10_080)
)
def test_every_gain_lies_within_the_caps(before, after):
    assert LIMITS["floor"] <= time_gain(before, after, **LIMITS) <= LIMITS["cap"]


def test_the_mean_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        mean([])


def test_a_missing_answer_is_named_and_never_a_zero():
    reasons = answer_reasons(Benefit.TIME, {"times_per_week": 3, "minutes_before": 10})
    assert codes(reasons) == {AnswerReason.MISSING}
    assert len(reasons) == 2  # minutes now, and satisfaction


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"minutes_before": 0}, AnswerReason.NOT_POSITIVE),
        ({"minutes_before": -1}, AnswerReason.NEGATIVE),
        ({"minutes_after": Decimal("-0.01")}, AnswerReason.NEGATIVE),
        ({"minutes_after": 10_081}, AnswerReason.TOO_LARGE),
        ({"satisfaction": 6}, AnswerReason.SCALE),
        ({"satisfaction": 0}, AnswerReason.SCALE),
    ],
)
def test_an_impossible_answer_is_refused(answers, code):
    whole = {"times_per_week": 3, "minutes_before": 10, "minutes_after": 8, "satisfaction": 4} | answers
    assert codes(answer_reasons(Benefit.TIME, whole)) == {code}


def test_zero_minutes_now_is_an_answer():
    whole = {"times_per_week": 3, "minutes_before": 10, "minutes_after": 0, "satisfaction": 4}
    assert answer_reasons(Benefit.TIME, whole) == []


def test_assurance_asks_whether_the_test_worked():
    assert codes(answer_reasons(Benefit.ASSURANCE, {"satisfaction": 4})) == {AnswerReason.MISSING}
    assert answer_reasons(Benefit.ASSURANCE, {"satisfaction": 4, "test_passed": False}) == []


def test_the_numbers_from_before_are_checked_by_themselves():
    assert before_reasons(Benefit.OUTPUT, {"results_before": 0, "hours_before": 4}) == []
    assert codes(before_reasons(Benefit.OUTPUT, {"results_before": 3, "hours_before": 0})) == {
        AnswerReason.NOT_POSITIVE
    }
