"""200 awards at once from eight processes, a ceiling that fits 40: exactly 40. With the guard off the same race overspends."""

from decimal import Decimal

import pytest

AWARD = Decimal("8000.00")

pytestmark = pytest.mark.database


@pytest.fixture
def race(told_by):
    """The race in a process of its own, on a scratch database."""

    def run(cases: int, fits: int, *more: str) -> dict:
        asked = {"--cases": cases, "--fits": fits, "--processes": 8}
        words = [str(word) for pair in asked.items() for word in pair]
        return told_by("-m", "tests.vouchers.race_awards", *words, *more)

    return run


def test_200_awards_at_once_against_a_ceiling_for_40_are_exactly_40(race):
    seen = race(200, 40)
    assert seen["other"] == []
    assert seen["lock_errors"] == 0
    assert sum(seen["awarded"]) == 40
    assert seen["refused"] == 160
    assert max(seen["awarded"]) < 40, "the race was a race"
    books = seen["books"]
    assert books["awarded"] == books["decisions"] == books["vouchers"] == 40
    assert books["worth"] == books["ceiling"] == books["committed"] == str(AWARD * 40)
    assert books["differences"] == []


def test_with_the_guard_off_the_same_race_overspends(race):
    seen = race(32, 8, "--unguarded")
    assert seen["other"] == []
    books = seen["books"]
    assert books["awarded"] > 8, "a control that cannot fail proves nothing"
    assert Decimal(books["worth"]) > Decimal(books["ceiling"])
    assert books["differences"] != []
