"""The only clock. Moments are aware and in UTC; days are calendar days in Europe/Amsterdam.

Only the demo loader and the tests set it (`fixed`); `tests/house` refuses any other reading of the time.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed", default=None)


def now() -> dt.datetime:
    """This moment, in UTC."""
    return _fixed.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The calendar day in Europe/Amsterdam, by which every term is counted."""
    return day_of(now())


def day_of(moment: dt.datetime) -> dt.date:
    """The calendar day in Europe/Amsterdam on which `moment` falls."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: dt.date) -> dt.datetime:
    """The moment, in UTC, at which a calendar day begins in Europe/Amsterdam. Raises OverflowError at the end of time."""
    return dt.datetime.combine(day, dt.time.min, AMSTERDAM).astimezone(dt.UTC)


@contextmanager
def fixed(moment: dt.datetime) -> Iterator[None]:
    """Within this block it is `moment`. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _fixed.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
