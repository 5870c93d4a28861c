"""The Monday on which most tests happen, and the clock set to other days."""

import datetime as dt

from core import clock

MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
TODAY = MONDAY.date()
"""The day that Monday is, in UTC and in Amsterdam."""


def later(days: int):
    """The clock set to the same hour, so many days after that Monday."""
    return clock.fixed(MONDAY + dt.timedelta(days=days))


def on(day: str, hour: int = 12):
    """The clock set to that day, at this hour in Amsterdam."""
    return clock.fixed(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), clock.AMSTERDAM))
