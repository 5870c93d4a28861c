"""Workers killed at any moment while the payment service drops, fails and forgets keys: every payment once
(RELIABILITY c2, invariants 12 to 14, table e). The workers are tests/payouts/kills.py, the service is the contract server.
"""

import random
from collections import Counter
from typing import Any

from bench.frame import Asked, Report, answer_of, child
from bench.scratch import copy_of, migrated

CHAOS = {"drop_before": 0.15, "drop_after": 0.25, "error_after": 0.15}
"""Share of requests that fail before the effect, after it, and with a 500 on top of it."""

KEY_LIFETIME = 0.05
"""Seconds: the 24 hours after which Stripe may forget a key, in the time of this measurement."""


def kill(asked: Asked, *, payouts: int, kills: int, seed: int, blind: bool = False) -> dict[str, Any]:
    """One round on a fresh database and a fresh service; `blind` workers never look before they send again."""
    from tests.factories.payouts import STRIPE_ACCOUNT
    from tests.stripe_contract.server import ContractServer

    with copy_of(asked) as url, ContractServer() as stripe:
        stripe.account(STRIPE_ACCOUNT)
        stripe.chaos, stripe.key_lifetime, stripe.random = CHAOS, KEY_LIFETIME, random.Random(seed)
        told = answer_of(
            child(
                "tests.payouts.kills",
                stripe.url,
                "--payouts",
                str(payouts),
                "--kills",
                str(kills),
                *(["--blind"] if blind else []),
                environment={"DATABASE_URL": url},
            ),
            patience=7200,
        )
        times = Counter(row["transfer_group"] for row in stripe.transfers())
    return told | {
        "transfers": sum(times.values()),
        "paid_twice": sum(number - 1 for number in times.values()),
        "violations": stripe.violations,
    }


def run(asked: Asked) -> Report:
    migrated(asked, reference=False)
    report, rounds = Report(), []
    number, payouts, kills = asked.pick(quick=(1, 6, 12), full=(30, 100, 40))
    for each in range(number):
        rounds.append(kill(asked, payouts=payouts, kills=kills, seed=2026 + each))
        asked.tell(f"round {each + 1} of {number}: {rounds[-1]['kills']} kills, {rounds[-1]['transfers']} transfers")
    states: Counter[str] = Counter()
    for told in rounds:
        states.update(told["states"])
    wanted = number * payouts
    report.measured = {
        "rail": "stripe",
        "payouts": wanted,
        "kills": sum(told["kills"] for told in rounds),
        "attempts": sum(told["attempts"] for told in rounds),
        "transfers": sum(told["transfers"] for told in rounds),
        "states": dict(states),
        "service": CHAOS,
    }
    report.promise("paid twice", wanted=0, found=sum(told["paid_twice"] for told in rounds))
    report.promise("every payment arrived", wanted=wanted, found=report.measured["transfers"])
    report.promise("every payment is known as paid", wanted={"paid": wanted}, found=dict(states))
    report.promise("posted once each", wanted=wanted, found=sum(told["posted"] for told in rounds))
    report.promise(
        "requests that depart from Stripe's description",
        wanted=[],
        found=[each for told in rounds for each in told["violations"]][:5],
    )
    asked.tell("the control: workers that do not look before they send again")
    blind = kill(
        asked, payouts=asked.pick(quick=6, full=40), kills=asked.pick(quick=12, full=60), seed=2026, blind=True
    )
    report.controlled(
        "workers with the stable key alone pay some twice when keys are forgotten",
        shown=blind["paid_twice"] > 0,
        paid_twice=blind["paid_twice"],
        payouts=blind["payouts"],
    )
    return report
