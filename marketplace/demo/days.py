"""The demo's sense of time: every day of its story is counted back from the day on which it is loaded."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from core import clock


class Days:
    """Days of the story. `ago(3)` is three days before today in Amsterdam; nothing happens today or later."""

    def __init__(self, today: dt.date):
        self.today = today

    def ago(self, days: int) -> dt.date:
        return self.today - dt.timedelta(days=days)

    @contextmanager
    def at(self, days: int, hour: int = 10, minute: int = 0) -> Iterator[dt.date]:
        """Within this block it is so many days ago, at that hour in Amsterdam. Gives the day.

        Raises ValueError for today or later: then a moment of the story could lie in the future.
        """
        if days < 1:
            raise ValueError("the story ends yesterday")
        day = self.ago(days)
        with clock.fixed(dt.datetime.combine(day, dt.time(hour, minute), tzinfo=clock.AMSTERDAM)):
            yield day
