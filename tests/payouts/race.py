"""Real processes on a scratch database: several workers, the same message several times, two people at once.

    python -m tests.run payouts.race '{"url": "<address of the contract server>"}'

Run by `test_races.py` on a scratch database. Prints what happened as one JSON object. With `naive` the dispatcher takes a payment as careless code would (read, then
write), so that the test can show that it would see a second payment. With `unguarded` messages and people believe what was
true before the race, and the database has lost the constraints that would catch it.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings

from accounts.enums import Role
from accounts.models import User
from core.models import AuditEntry
from payouts import claims as claims_of
from payouts import services
from payouts.enums import AttemptKind, PayoutState
from payouts.gateways.protocol import Answer, Outcome
from payouts.gateways.stripe import StripeGateway
from payouts.models import Batch, BatchFile, InboxEvent, Payout, PayoutAttempt
from payouts.services import batch as batching
from payouts.services import dispatch as dispatching
from payouts.services import inbox as receiving
from tests.factories.accounts import official
from tests.factories.payouts import payable_claim, payout_of, released, stripe_programme
from tests.factories.vouchers import programme_with
from tests.races import answers_at_once
from tests.stripe_contract.server import KEY, SECRET, ContractServer
from tests.unguarded import believe, several, without
from vouchers.models import Claim, ClaimPayment, LedgerTransaction

WORKERS = 5


def at_once(act: Any, *asked: Any) -> list[Any]:
    """`act(n, *asked)` for every n below WORKERS at the same moment; what each answered."""
    return answers_at_once(*[partial(act, n, *asked) for n in range(WORKERS)])


def gateway(url: str) -> StripeGateway:
    return StripeGateway(api_key=KEY, base=url, timeout=(5, 10))


def naive_take(*, pk: int, worker: str) -> Any:
    """What a careless worker does: look whether it is ready, then take it. The database helps nobody."""
    payout = Payout.objects.get(pk=pk)
    if payout.state != PayoutState.READY:
        return None
    time.sleep(0.5)
    Payout.objects.filter(pk=pk).update(state="sending", first_sent_at=payout.released_at)
    number = PayoutAttempt.objects.filter(payout=payout).count() + 1 + int(worker[1:]) * 10
    attempt = PayoutAttempt.objects.create(payout=payout, n=number, kind=AttemptKind.SEND, fence=0)
    payout.refresh_from_db()
    return dispatching.Work(payout=payout, fence=0, attempt=attempt, resend=False)


def dispatch(n: int, url: str) -> dict[str, int]:
    return dict(services.dispatch_due(gateway=gateway(url), worker=f"w{n}"))


def post(_n: int, _url: str, body: str) -> int:
    from django.test import Client

    header = ContractServer.sign(body.encode())
    response = Client().post(
        "/hooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header}
    )
    return response.status_code


def message(n: int, url: str, body: str) -> list[Any]:
    return [post(n, url, body), dict(services.process_due(gateway=gateway(url)))]


def handle(n: int, url: str, messages: list[int]) -> str:
    found = InboxEvent.objects.get(pk=messages[n])
    return receiving.process_message(message=found, gateway=gateway(url))


def release(n: int, batch: int, people: list[int]) -> str:
    found = Batch.objects.get(pk=batch)
    by = User.objects.get(pk=people[n])
    return services.release_batch(by=by, batch=found, seen_sha256=found.fingerprint()).batch.state


def prepare(n: int, claim: int, people: list[int]) -> str:
    found = Claim.objects.get(pk=claim)
    by = User.objects.get(pk=people[n])
    made = services.prepare_batch(by=by, programme=found.voucher.application.programme, claims=[found])
    return made.batch.state


def main(*, url: str, naive: bool = False, unguarded: bool = False) -> None:
    print(json.dumps(race(url, naive=naive, unguarded=unguarded)))


def race(url: str, *, naive: bool, unguarded: bool) -> dict[str, Any]:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = KEY, [SECRET]
    if unguarded:
        without(InboxEvent, "message_kept_once")
        without(Payout, "one_live_payout_per_claim")
        fast = stripe_programme()
        payable_claim(fast)  # awarded, so that there is money to pay a second time from
        return _messages(url, payable_claim(fast), guarded=False) | _people(guarded=False)
    if naive:
        dispatching._take = naive_take
    fast = stripe_programme()
    first = payable_claim(fast)
    released(fast, first)
    told: dict[str, Any] = {"workers": at_once(dispatch, url)}
    if naive:
        return told
    told["payout"] = payout_of(first).state
    told["sends"] = PayoutAttempt.objects.filter(kind=AttemptKind.SEND).count()

    return told | _messages(url, payable_claim(fast)) | _people()


def _messages(url: str, claim: Claim, *, guarded: bool = True) -> dict[str, Any]:
    """The reply to a payment is lost; then the same message about it arrives in every process at once."""
    released(claim.voucher.application.programme, claim)
    seen = []

    class Lossy:
        look_up = staticmethod(gateway(url).look_up)

        @staticmethod
        def send(instruction: Any) -> Answer:
            seen.append(gateway(url).send(instruction).provider_id)
            return Answer(outcome=Outcome.UNKNOWN, code="no_reply")

    services.dispatch_due(gateway=Lossy, worker="w0")
    event = {
        "id": "evt_race",
        "object": "event",
        "type": "transfer.created",
        "livemode": False,
        "data": {"object": {"id": seen[0], "object": "transfer"}},
    }
    payout = payout_of(claim)
    if guarded:
        told: dict[str, Any] = {"messages": at_once(message, url, json.dumps(event))}
        services.process_due(gateway=gateway(url))
    else:
        told = {"messages": at_once(post, url, json.dumps(event))}
        with _nobody_looks_again(payout):
            told["messages"] += at_once(handle, url, list(InboxEvent.objects.values_list("pk", flat=True)))
    told["kept"] = InboxEvent.objects.count()
    told["handled"] = list(InboxEvent.objects.values_list("state", flat=True))
    payout.refresh_from_db()
    told["settled"] = AuditEntry.objects.filter(action="settle", subject=payout.reference()).count()
    told["posted"] = LedgerTransaction.objects.filter(ref__endswith=payout.number.hex).count()
    told["message_payout"] = payout.state
    return told


@contextmanager
def _nobody_looks_again(payout: Payout) -> Iterator[None]:
    """Who settles this payment believes of it and of its claim what was true before."""
    without(LedgerTransaction, "ledger_event_booked_once")
    several(ClaimPayment, "payout_ref")
    believe(payout, Claim.objects.get(pk=payout.claim_id))
    lock, whose = claims_of.lock, receiving._whose
    claims_of.lock = lambda keys: [Claim.objects.get(pk=key) for key in keys]
    receiving._whose = lambda _transfer: (Payout.objects.get(pk=payout.pk), "")
    yield
    claims_of.lock, receiving._whose = lock, whose


def _people(*, guarded: bool = True) -> dict[str, Any]:
    slow = programme_with()
    claim = payable_claim(slow)
    treasurers = [official(Role.TREASURER).pk for _n in range(WORKERS)]
    approvers = [official(Role.APPROVER).pk for _n in range(WORKERS)]
    if not guarded:
        batching.LIVE_PAYOUT = []  # nobody was paying the claim when they looked
    told: dict[str, Any] = {"prepared": at_once(prepare, claim.pk, treasurers)}
    told["live"] = Payout.objects.filter(claim=claim).live().count()
    batch = payout_of(claim).lines.get().batch
    if not guarded:
        believe(batch, payout_of(claim), Claim.objects.get(pk=claim.pk))
        batching._seal = lambda *_asked: None  # the file would catch it: it has the key of its batch
    told["released"] = at_once(release, batch.pk, approvers)
    told["files"] = BatchFile.objects.count()
    told["approvals"] = AuditEntry.objects.filter(action="approve", subject=payout_of(claim).reference()).count()
    return told
