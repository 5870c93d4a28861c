"""Terms in calendar days of Europe/Amsterdam, shifted as the Algemene termijnenwet says."""

import calendar
import datetime as dt
from functools import cache

import holidays


def add_weeks(start: dt.date, weeks: int) -> dt.date:
    """The same weekday, `weeks` weeks later."""
    return start + dt.timedelta(weeks=weeks)


def add_months(start: dt.date, months: int) -> dt.date:
    """The same day of the month, `months` later; the last day of a shorter month (31 January + 1 = 28 or 29 February)."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def is_workday(day: dt.date) -> bool:
    """Whether no term is shifted from this day: not a Saturday, a Sunday or a public holiday (Algemene termijnenwet, art. 1, 3)."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def shift_to_workday(day: dt.date) -> dt.date:
    """The last day of a term: `day` itself, or the next day that is no Saturday, Sunday or public holiday."""
    while not is_workday(day):
        day += dt.timedelta(days=1)
    return day


@cache
def _public_holidays(year: int) -> holidays.HolidayBase:
    # The act names Good Friday too, which is no day off for most people and so stands in the optional category.
    return holidays.country_holidays("NL", years=year, categories=("public", "optional"))
