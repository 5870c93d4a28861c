"""The digital ladder: score, level, weakest items, benchmark (DESIGN 4.1 and 4.2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap.enums import ScanReason
from roadmap.rules import answer_faults, compare, missing_answers, score, size_class
from tests.roadmap.reference_data import ladder

CODES = ladder().items
any_answers = st.fixed_dictionaries({code: st.integers(1, 5) for code in CODES})


def answers_summing_to(total: int) -> dict[str, int]:
    """Twelve answers with this sum, as even as they can be."""
    each, rest = divmod(total, len(CODES))
    return {code: each + (1 if place < rest else 0) for place, code in enumerate(CODES)}


@pytest.mark.parametrize(("total", "level"), [(12, 1), (23, 1), (24, 2), (35, 2), (36, 3), (47, 3), (48, 4), (60, 4)])
def test_levels_change_at_the_sums_of_the_ladder(total, level):
    assert score(answers_summing_to(total), ladder()).level == level


@pytest.mark.parametrize(
    ("total", "shown"),
    [(12, "2.00"), (23, "3.83"), (24, "4.00"), (25, "4.17"), (27, "4.50"), (47, "7.83"), (60, "10.00")],
)
def test_the_score_is_the_sum_over_six_with_two_decimals_half_up(total, shown):
    assert score(answers_summing_to(total), ladder()).score == Decimal(shown)


@given(any_answers)
def test_a_higher_answer_never_lowers_the_level(answers):
    before = score(answers, ladder())
    for code in CODES:
        if answers[code] < 5:
            after = score({**answers, code: answers[code] + 1}, ladder())
            assert after.level >= before.level
            assert after.total == before.total + 1


@given(any_answers)
def test_the_weakest_two_are_the_lowest_answers_and_of_equals_the_first_asked(answers):
    first, second = score(answers, ladder()).weakest
    assert answers[first] <= answers[second] <= min(answers[code] for code in CODES if code not in {first, second})
    if answers[first] == answers[second]:
        assert CODES.index(first) < CODES.index(second)


def test_with_all_answers_equal_the_first_two_questions_are_named():
    assert score(answers_summing_to(36), ladder()).weakest == ("A1", "A2")


def test_an_open_question_is_a_fault_and_not_a_zero():
    answers = answers_summing_to(36)
    del answers["B4"], answers["A2"]
    assert missing_answers(answers, ladder()) == ["A2", "B4"]
    assert [(fault.code, fault.params["code"]) for fault in answer_faults(answers, ladder())] == [
        (ScanReason.ANSWER_MISSING, "A2"),
        (ScanReason.ANSWER_MISSING, "B4"),
    ]
    assert answer_faults(answers, ladder(), complete=False) == []
    with pytest.raises(ValueError, match="faults"):
        score(answers, ladder())


@pytest.mark.parametrize("answer", [0, 6, -1, 3.0, "3", True, None, [3], 10**30])
def test_an_answer_that_is_not_a_whole_number_from_one_to_five_is_a_fault(answer):
    faults = answer_faults({**answers_summing_to(36), "A3": answer}, ladder())
    assert [fault.code for fault in faults] == [ScanReason.ANSWER_RANGE]
    assert "A3" in str(faults[0])


def test_an_unknown_question_is_a_fault():
    faults = answer_faults({**answers_summing_to(36), "C1": 3}, ladder())
    assert [fault.code for fault in faults] == [ScanReason.ANSWER_UNKNOWN]


@pytest.mark.parametrize("total", [11, 61, 0, -5])
def test_no_level_exists_for_a_sum_that_no_answers_have(total):
    with pytest.raises(ValueError, match="no set of answers"):
        ladder().level_of(total)


@pytest.mark.parametrize(
    ("headcount", "expected"),
    [(None, ""), (1, "1"), (2, "2-9"), (9, "2-9"), (10, "10-49"), (49, "10-49"), (50, "50-249"), (250, "250+")],
)
def test_size_classes_follow_the_number_of_people(headcount, expected):
    assert size_class(headcount) == expected


def test_a_benchmark_of_fewer_than_ten_is_not_shown():
    assert compare(n=9, total_sum=9 * 36, below=4, items=12) is None
    shown = compare(n=10, total_sum=10 * 36 + 1, below=4, items=12)
    assert (shown.n, shown.mean, shown.below) == (10, Decimal("6.02"), 4)
