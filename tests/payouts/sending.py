"""A round of the dispatcher, at some moment after now."""

import datetime as dt

from core import clock
from payouts import services

LATER = dt.timedelta(hours=2)


def dispatch(gateway, after=dt.timedelta(0), worker="w1", **more):
    with clock.fixed(clock.now() + after):
        return dict(services.dispatch_due(gateway=gateway, worker=worker, **more))
