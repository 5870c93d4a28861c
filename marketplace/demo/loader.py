"""Loads the whole demo in one unit: all of it or nothing."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from accounts.models import User
from core import clock
from core.workflow import unit
from marketplace.demo.accounts import address
from marketplace.demo.businesses import Businesses
from marketplace.demo.cases import Cases
from marketplace.demo.days import Days
from marketplace.demo.money import Money
from marketplace.demo.people import OFFICIALS, Cast
from marketplace.demo.providers import Providers
from marketplace.demo.solutions import Solutions
from payouts.models import Payout
from providers.models import FeedbackReport
from providers.rules.rulesets import RULE_SETS
from vouchers.models import Application, Claim
from vouchers.services import send_feedback_invitations

Tell = Callable[[str], None]

OLDEST_ANSWER = 275
"""How many days ago the first reference customers were asked: the preferred rule has to be in force by then."""


def is_loaded() -> bool:
    """Whether the demo is there; it is there whole or not at all."""
    return User.objects.filter(email=address(OFFICIALS[0][0])).exists()


def too_early() -> dt.date | None:
    """The first day on which the demo can be loaded, when that is still to come: its story needs the rules to be in force."""
    first = min(rules.valid_from for rules in RULE_SETS) + dt.timedelta(days=OLDEST_ANSWER)
    return first if clock.today() < first else None


def load(tell: Tell = lambda _line: None) -> dict[str, int]:
    """Makes everything and returns how many there are of what.

    Nobody gets a letter about the past. What the sweep of today sends goes out: links for end users that work.
    """
    with letters_set_aside(), little_collecting():
        counts = _load(tell=tell)
    send_feedback_invitations()
    return counts


@unit
def _load(*, tell: Tell) -> dict[str, int]:
    days = Days(clock.today())
    cast = Cast(days)
    with days.at(800):
        cast.set_up()
    providers = Providers(cast, days)
    providers.make()
    tell(f"{len(providers.by_code)} providers")
    solutions = Solutions(cast, days, providers)
    solutions.make()
    tell(f"{len(solutions.by_code)} solutions")
    businesses = Businesses(cast, days)
    businesses.make()
    tell(f"{len(businesses.by_code)} businesses")
    cases = Cases(cast, days, providers, solutions, businesses)
    cases.make()
    tell(f"{Application.objects.count()} applications, {Claim.objects.count()} claims")
    Money(cast, days, cases).make()
    providers.measures()
    solutions.later()
    return {
        "providers": len(providers.by_code),
        "solutions": len(solutions.by_code),
        "businesses": len(businesses.by_code),
        "applications": Application.objects.count(),
        "payouts": Payout.objects.count(),
        "answers": FeedbackReport.objects.count(),
    }


@contextmanager
def letters_set_aside() -> Iterator[None]:
    """Within this block letters are written but not sent: nobody needs those of last year in today's mailbox."""
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = backend


@contextmanager
def little_collecting() -> Iterator[None]:
    """Within this block Python looks for garbage seldom: nearly everything made here is kept until the end of the unit."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
