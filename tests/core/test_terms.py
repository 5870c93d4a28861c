"""Terms in calendar days, and the days on which none ends."""

import datetime as dt

import pytest

from core.clock import day_of
from core.terms import add_months, add_weeks, is_workday, shift_to_workday


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", 6, "2026-09-30"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_end_on_the_last_day_that_exists(start, months, end):
    assert add_months(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(end)


@pytest.mark.parametrize(
    ("last", "shifted"),
    [
        ("2026-11-21", "2026-11-23"),  # Saturday
        ("2026-11-22", "2026-11-23"),  # Sunday
        ("2026-11-23", "2026-11-23"),
        ("2026-04-03", "2026-04-07"),  # Good Friday to after Easter Monday
        ("2026-04-27", "2026-04-28"),  # King's Day
        ("2026-05-05", "2026-05-06"),  # Liberation Day
        ("2026-05-14", "2026-05-15"),  # Ascension
        ("2026-12-25", "2026-12-28"),  # Christmas and the weekend after
        ("2027-01-01", "2027-01-04"),
    ],
)
def test_a_term_never_ends_on_a_day_off(last, shifted):
    assert shift_to_workday(dt.date.fromisoformat(last)) == dt.date.fromisoformat(shifted)
    assert is_workday(dt.date.fromisoformat(shifted))


def test_weeks_keep_the_weekday():
    assert add_weeks(dt.date(2026, 11, 23), 6).weekday() == 0


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-30T21:59:59", "2026-06-30"),
        ("2026-06-30T22:00:00", "2026-07-01"),
        ("2026-12-31T23:00:00", "2027-01-01"),
    ],
)
def test_the_day_turns_at_midnight_in_amsterdam(moment, day):
    assert day_of(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)) == dt.date.fromisoformat(day)
