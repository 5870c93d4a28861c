"""Workers that are killed at any moment, while the payment service drops, fails and forgets (RELIABILITY c2, invariant 12).

    python -m tests.run payouts.kills '{"url": "<address>", "payouts": 8, "kills": 20}'

Each round forks a dispatcher, three hours later by the clock than the one before, that is killed before or after a random one
of its statements; counted in statements and not in seconds, a kill falls as early on a fast machine as on a slow one. Then
rounds without kills until everything has its word. Prints one JSON object. `blind` is the control: no look before a resend.
"""

import datetime as dt
import json
import os
import random
import signal
import time
from collections import Counter
from contextlib import nullcontext
from typing import Any

from django.db import connection, connections

from accounts.enums import Role
from core import clock
from payouts import services
from payouts.gateways.protocol import Answer, Outcome
from payouts.gateways.stripe import StripeGateway
from payouts.models import Payout, PayoutAttempt
from tests.factories.accounts import official
from tests.factories.payouts import payable_claim, released, stripe_programme
from tests.stripe_contract.server import KEY
from vouchers.models import LedgerTransaction

STEP = dt.timedelta(hours=3)
LONGEST = 90  # moments before and after a statement that a worker lives at most; one payment takes about a hundred
FORGETTING = 0.06  # seconds between rounds: longer than the service of the test remembers a key
PATIENCE = 40  # rounds without kills


class Blind(StripeGateway):
    """Never sees what it sent before."""

    def look_up(self, instruction: Any) -> Answer:
        return Answer(outcome=Outcome.ABSENT)


class Mortal:
    """Kills its own process, as `kill -9` does, when it has lived for so many moments before and after statements."""

    def __init__(self, moments: int):
        self.left = moments

    def moment(self) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, execute: Any, *statement: Any) -> Any:
        self.moment()
        done = execute(*statement)
        self.moment()
        return done


def work(url: str, start: dt.datetime, n: int, *, blind: bool, moments: int | None = None) -> int:
    """Forks one dispatcher for the moment of round `n`, that lives for so many moments if they are given; its process id."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        rail = (Blind if blind else StripeGateway)(api_key=KEY, base=url, timeout=(2, 2))
        fate = nullcontext() if moments is None else connection.execute_wrapper(Mortal(moments))
        with fate, clock.fixed(start + STEP * n):
            services.dispatch_due(gateway=rail, worker=f"w{n}")
    finally:
        os._exit(0)


def main(*, url: str, payouts: int, kills: int, blind: bool = False) -> None:
    print(json.dumps(rounds_of(url, payouts=payouts, kills=kills, blind=blind)))


def rounds_of(url: str, *, payouts: int, kills: int, blind: bool) -> dict[str, Any]:
    chance = random.Random(2026)
    programme = stripe_programme()
    released(programme, *[payable_claim(programme) for _n in range(payouts)], by=official(Role.APPROVER))
    start, killed, rounds = clock.now(), 0, 0
    while killed < kills and Payout.objects.live().exists():
        rounds += 1
        child = work(url, start, rounds, blind=blind, moments=chance.randint(1, LONGEST))
        _pid, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        time.sleep(FORGETTING)
    for _round in range(PATIENCE):
        if not Payout.objects.live().exists():
            break
        rounds += 1
        os.waitpid(work(url, start, rounds, blind=blind), 0)
    return {
        "payouts": payouts,
        "kills": killed,
        "rounds": rounds,
        "states": Counter(Payout.objects.values_list("state", flat=True)),
        "attempts": PayoutAttempt.objects.count(),
        "posted": LedgerTransaction.objects.filter(kind="pay").count(),
    }
