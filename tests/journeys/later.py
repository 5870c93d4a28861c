"""The site as it will be `DAYS_LATER` days from now. Terms of weeks pass in a journey of minutes; only tests move the clock."""

import datetime as dt
import os
from collections.abc import Callable, Iterable
from typing import Any

from core import clock
from marketplace.wsgi import application as today

DAYS = dt.timedelta(days=int(os.environ["DAYS_LATER"]))


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers a request as on that day."""
    with clock.fixed(clock.now() + DAYS):
        return today(environ, start_response)
