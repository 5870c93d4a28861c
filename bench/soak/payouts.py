"""Workers killed at any moment while the payment service drops, fails and forgets keys: every payment once; and people's work
on bank files killed at any moment: every payment under one name, every file the same (RELIABILITY c2, invariants 12 to 14, 20
and 21, table e). The workers are tests/payouts/kills.py and sepa_kills.py, the service is the contract server.
"""

import json
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
        numbers = {"url": stripe.url, "payouts": payouts, "kills": kills, "blind": blind}
        told = answer_of(
            child("tests.run", "payouts.kills", json.dumps(numbers), environment={"DATABASE_URL": url}), patience=7200
        )
        times = Counter(row["transfer_group"] for row in stripe.transfers())
    return told | {
        "transfers": sum(times.values()),
        "paid_twice": sum(number - 1 for number in times.values()),
        "violations": stripe.violations,
    }


def kill_at_the_bank(asked: Asked, *, batches: int, payouts: int, kills: int, careless: bool = False) -> dict[str, Any]:
    """Batches of so many payments on a fresh database; `careless` people hand a file in before the books know of it."""
    numbers = {"batches": batches, "payouts": payouts, "kills": kills, "careless": careless}
    with copy_of(asked) as url:
        work = child("tests.run", "payouts.sepa_kills", json.dumps(numbers), environment={"DATABASE_URL": url})
        return dict(answer_of(work, patience=7200))


def run(asked: Asked) -> Report:
    migrated(asked, reference=False)
    report = Report()
    _over_stripe(asked, report)
    _over_sepa(asked, report)
    return report


def _over_stripe(asked: Asked, report: Report) -> None:
    rounds = []
    number, payouts, kills = asked.pick(quick=(1, 6, 12), full=(30, 100, 40))
    for each in range(number):
        rounds.append(kill(asked, payouts=payouts, kills=kills, seed=2026 + each))
        asked.tell(f"round {each + 1} of {number}: {rounds[-1]['kills']} kills, {rounds[-1]['transfers']} transfers")
    states: Counter[str] = Counter()
    for told in rounds:
        states.update(told["states"])
    wanted = number * payouts
    report.measured["stripe"] = {
        "payouts": wanted,
        "kills": sum(told["kills"] for told in rounds),
        "attempts": sum(told["attempts"] for told in rounds),
        "transfers": sum(told["transfers"] for told in rounds),
        "states": dict(states),
        "service": CHAOS,
    }
    report.promise("paid twice", wanted=0, found=sum(told["paid_twice"] for told in rounds))
    report.promise("every payment arrived", wanted=wanted, found=report.measured["stripe"]["transfers"])
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


def _over_sepa(asked: Asked, report: Report) -> None:
    batches, payouts, kills = asked.pick(quick=(2, 2, 5), full=(100, 5, 12))
    asked.tell(f"{batches} batches of {payouts} payments, each killed {kills} times at most")
    told = kill_at_the_bank(asked, batches=batches, payouts=payouts, kills=kills)
    wanted = batches * payouts
    report.measured["sepa"] = {
        "batches": batches,
        "payouts": wanted,
        "kills": told["kills"],
        "handed_in": told["handed_in"],
    }
    report.promise("payments at the bank under two names", wanted=0, found=told["under_two_names"])
    report.promise("names of files at the bank", wanted=batches, found=told["messages"])
    report.promise("files with other bytes under the same name", wanted=0, found=told["other_bytes"])
    report.promise("files that cannot be made the same again", wanted=0, found=told["not_made_the_same_again"])
    report.promise("every payment in a file is known as paid", wanted={"paid": wanted}, found=told["states"])
    report.promise("payments in files posted once each", wanted=wanted, found=told["posted"])
    asked.tell("the control: people who hand a file in before the books know of it")
    careless = kill_at_the_bank(
        asked, batches=asked.pick(quick=2, full=10), payouts=payouts, kills=kills, careless=True
    )
    report.controlled(
        "a file handed in before the books know of it brings some payments to the bank under two names",
        shown=careless["under_two_names"] > 0,
        under_two_names=careless["under_two_names"],
        handed_in=careless["handed_in"],
    )
