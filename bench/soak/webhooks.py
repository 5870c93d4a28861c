"""Messages that arrive one to five times, shuffled, some forged, over real HTTP: one effect each, nothing forged accepted
(RELIABILITY invariants 17 to 19, table e). Every payment's reply was lost, so that only the messages tell what became of it.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from bench.frame import ROOT, Asked, Report
from bench.load import server
from bench.scratch import copy_of, migrated

VISITORS = 8
FORGED = 0.05
"""Share of the messages that nobody at Stripe signed now."""

WAYS = ({"secret": "whsec_forged"}, {"offset": -400}, {"offset": 400}, {"header": "t=1,v1=00"})


@dataclass(frozen=True)
class Delivery:
    """A message and how it was signed."""

    event: dict[str, Any]
    forged: dict[str, Any] | None = None


def deliveries(stripe: Any, number: int, chance: random.Random) -> list[Delivery]:
    """About so many deliveries about the transfers at the service, each message one to five times, in any order."""
    transfers, made = stripe.transfers(), []
    while len(made) < number:
        event = stripe.event(chance.choice(["transfer.created", "transfer.updated"]), chance.choice(transfers))
        forged = chance.choice(WAYS) if chance.random() < FORGED else None
        if forged:
            event["id"] = event["id"].replace("evt_", "evt_forged_")
        made += [Delivery(event, forged)] * chance.randint(1, 5)
    chance.shuffle(made)
    return made


def send(port: int, waiting: Sequence[Delivery]) -> Counter[str]:
    """Delivers them all, several at once; how many of which kind got which status."""
    from http.client import HTTPConnection

    from tests.stripe_contract.server import SECRET, ContractServer

    queue: SimpleQueue[Delivery] = SimpleQueue()
    for delivery in waiting:
        queue.put(delivery)
    statuses: Counter[str] = Counter()
    lock = threading.Lock()

    def deliver() -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            try:
                delivery = queue.get_nowait()
            except Empty:
                line.close()
                return
            forged = delivery.forged or {}
            body = json.dumps(delivery.event).encode()
            at = time.time() + forged.get("offset", 0)
            header = forged.get("header") or ContractServer.sign(body, secret=forged.get("secret", SECRET), at=at)
            try:
                line.request(
                    "POST", "/hooks/stripe/", body, {"Content-Type": "application/json", "Stripe-Signature": header}
                )
                answer = line.getresponse()
                answer.read()
                status = str(answer.status)
            except OSError as error:
                line.close()
                status = type(error).__name__
            with lock:
                statuses[f"{'forged' if delivery.forged else 'genuine'} {status}"] += 1

    threads = [threading.Thread(target=deliver) for _number in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def lost_payments(stripe: Any, number: int) -> Any:
    """So many payments that were sent and of which the reply was lost; the gateway that asks the service."""
    from payouts import services
    from payouts.gateways.stripe import StripeGateway
    from payouts.models import Payout
    from tests.factories.payouts import STRIPE_ACCOUNT, payable_claim, released, stripe_programme
    from tests.stripe_contract.server import KEY

    stripe.account(STRIPE_ACCOUNT)
    gateway = StripeGateway(api_key=KEY, base=stripe.url, timeout=(5, 30))
    programme = stripe_programme()
    released(programme, *[payable_claim(programme) for _each in range(number)])
    stripe.chaos = {"drop_after": 1.0}
    services.dispatch_due(gateway=gateway, worker="w1")
    stripe.chaos = {}
    states = Counter(Payout.objects.values_list("state", flat=True))
    if states != {"unknown": number}:
        raise RuntimeError(f"the replies were to be lost, and the payments are {dict(states)}")
    return gateway


def run(asked: Asked) -> Report:
    migrated(asked, reference=False)
    from django.conf import settings

    from payouts import services
    from tests.stripe_contract.server import KEY, SECRET, ContractServer

    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = KEY, [SECRET]
    payments, number = asked.pick(quick=(5, 150), full=(100, 10_000))
    with ContractServer() as stripe:
        for_children = {"STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRETS": SECRET, "STRIPE_API_BASE": stripe.url}
        asked.tell(f"{payments} payments of which the reply is lost")
        gateway = lost_payments(stripe, payments)
        waiting = deliveries(stripe, number, random.Random(2026))
        forged = [delivery for delivery in waiting if delivery.forged]
        with copy_of(asked) as copy:
            asked.tell("the control: the same forged messages at a door that believes everybody")
            believed = _believed(asked, copy, for_children, forged[:20])
        asked.tell(f"{len(waiting)} deliveries, {len(forged)} of them forged")
        statuses, took = _arrive(asked, waiting, gateway, for_children)
        while services.process_due(gateway=gateway):
            asked.tell("handling what is left")
        violations = stripe.violations[:5]
    report = _judged(waiting, statuses)
    report.measured |= {"payments": payments, "deliveries_per_second": round(len(waiting) / took, 1)}
    report.promise("requests that depart from Stripe's description", wanted=[], found=violations)
    report.controlled(
        "without the check of signatures forged messages are kept", shown=believed > 0, forged_kept=believed
    )
    return report


def _arrive(
    asked: Asked, waiting: Sequence[Delivery], gateway: Any, environment: dict[str, str]
) -> tuple[Counter[str], float]:
    """Everything is delivered while two workers handle what arrives: statuses, and seconds until the last answer."""
    from payouts import services

    with server(asked, environment=environment) as port:
        done = threading.Event()
        statuses: Counter[str] = Counter()

        def sender() -> None:
            try:
                statuses.update(send(port, waiting))
            finally:
                done.set()

        began = time.perf_counter()
        threading.Thread(target=sender).start()
        workers: list[subprocess.Popen[bytes]] = []
        while not done.wait(0.2):
            services.process_due(gateway=gateway)
            if not workers or workers[-1].poll() is not None:
                workers.append(_worker(environment))  # somebody else handles the same messages
        took = time.perf_counter() - began
        for worker in workers:
            worker.wait(120)
    return statuses, took


def _judged(waiting: Sequence[Delivery], statuses: Counter[str]) -> Report:
    from core.models import AuditEntry
    from payouts.models import InboxEvent, Payout
    from vouchers.models import LedgerTransaction

    report = Report()
    genuine = {delivery.event["id"] for delivery in waiting if not delivery.forged}
    forged = sum(1 for delivery in waiting if delivery.forged)
    # A payment that no genuine message is about stays unknown: there is nothing to learn it from.
    told_about = len({each.event["data"]["object"]["id"] for each in waiting if not each.forged})
    kept = list(InboxEvent.objects.values_list("event_id", flat=True))
    paid = [payout.reference() for payout in Payout.objects.filter(state="paid")]
    settled = AuditEntry.objects.filter(action="settle", subject__startswith="payouts.")
    report.measured = {
        "deliveries": len(waiting),
        "messages": len(genuine),
        "forged_deliveries": forged,
        "statuses": dict(statuses),
        "ended": dict(Counter(InboxEvent.objects.values_list("state", flat=True))),
        "codes": dict(Counter(InboxEvent.objects.values_list("code", flat=True))),
    }
    report.promise("forged messages kept", wanted=0, found=len(set(kept) - genuine))
    report.promise(
        "every genuine message is kept once", wanted=len(genuine), found=len([each for each in kept if each in genuine])
    )
    wanted = {"genuine 200": len(waiting) - forged, "forged 400": forged}
    report.promise("every answer is the right one", wanted=wanted, found=dict(statuses))
    report.promise("every message was handled", wanted={"processed": len(genuine)}, found=report.measured["ended"])
    report.promise("every payment that was told about is paid", wanted=told_about, found=len(paid))
    report.promise("each settled once", wanted=sorted(paid), found=sorted(settled.values_list("subject", flat=True)))
    posted = LedgerTransaction.objects.filter(kind="pay").count()
    report.promise("each posted once", wanted=told_about, found=posted)
    return report


def _worker(environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "process_inbox"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _believed(asked: Asked, url: str, environment: dict[str, str], forged: Sequence[Delivery]) -> int:
    """How many forged messages an unsigned door keeps."""
    with server(asked, app="bench.soak.unsigned", environment={**environment, "DATABASE_URL": url}) as port:
        return send(port, forged)["forged 200"]
