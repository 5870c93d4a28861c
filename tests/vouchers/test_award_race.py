"""200 awards at once from eight processes, a ceiling that fits 40: exactly 40. With the guard off the same race overspends."""

from decimal import Decimal

import pytest

AWARD = Decimal("8000.00")

pytestmark = pytest.mark.database

RACE = {"cases": 200, "fits": 40, "processes": 8}


def test_200_awards_at_once_against_a_ceiling_for_40_are_exactly_40(raced_by):
    seen = raced_by("vouchers.race_awards", **RACE)
    assert seen["other"] == []
    assert seen["lock_errors"] == 0
    assert sum(seen["awarded"]) == 40
    assert seen["refused"] == 160
    assert max(seen["awarded"]) < 40, "the race was a race"
    books = seen["books"]
    assert books["awarded"] == books["decisions"] == books["vouchers"] == 40
    assert books["worth"] == books["ceiling"] == books["committed"] == str(AWARD * 40)
    assert books["differences"] == []


def test_with_the_guard_off_the_same_race_overspends(raced_by):
    seen = raced_by("vouchers.race_awards", **RACE, unguarded=True)
    assert seen["other"] == []
    books = seen["books"]
    assert books["awarded"] > 40, "a control that cannot fail proves nothing"
    assert Decimal(books["worth"]) > Decimal(books["ceiling"])
    assert books["differences"] != []
