"""Messages from Stripe: kept once, and only a hint. The effect comes from the transfer as fetched (invariants 17-19)."""

import logging
import random
import uuid
from collections import Counter
from typing import Any

from django.db import IntegrityError, transaction

from core import clock
from core.reasons import Refused
from core.workflow import perform, record, unit
from payouts import rails, rules
from payouts.actors import RAILS
from payouts.enums import InboxState, PayoutState
from payouts.gateways.protocol import Transfer, Unavailable
from payouts.models import InboxEvent, Payout
from payouts.services.settlement import settle, take_back

log = logging.getLogger("payouts.inbox")

HANDLED = frozenset({"transfer.created", "transfer.updated", "transfer.reversed"})


@unit
def receive_message(
    *, event_id: str, kind: str, object_id: str, livemode: bool, body: str, account: str = ""
) -> tuple[InboxEvent, bool]:
    """Keeps a message whose signature was checked. The same message again changes nothing. Returns it and whether it is new.

    A message of the other mode (test or live), or of an account that is not ours, is kept apart and never acted on.
    """
    try:
        with transaction.atomic():
            message = InboxEvent.objects.create(
                event_id=event_id, kind=kind, object_id=object_id, livemode=livemode, body=body
            )
    except IntegrityError:
        return InboxEvent.objects.get(provider="stripe", event_id=event_id), False
    message = record(message, "receive", by=RAILS, facts={"event": event_id, "kind": kind, "object": object_id})
    if livemode != rails.stripe_is_live():
        message = perform(message, "quarantine", by=RAILS, at=clock.now(), code="other_mode")
    elif account:
        message = perform(message, "quarantine", by=RAILS, at=clock.now(), code="other_account")
    return message, True


def process_due(*, gateway: Any, limit: int = 500) -> Counter[str]:
    """Handles what arrived and what can be tried again, once each. Returns how many ended how."""
    ended: Counter[str] = Counter()
    for message in list(InboxEvent.objects.due(clock.now())[:limit]):
        try:
            ended[process_message(message=message, gateway=gateway)] += 1
        except Exception:
            log.exception("message %s was not handled", message.event_id)
            ended["failed"] += 1
    return ended


def process_message(*, message: InboxEvent, gateway: Any) -> str:
    """Fetches the object the message is about and acts on that. Returns the state of the message afterwards."""
    if message.kind not in HANDLED:
        return _finish(message=message, verb="ignore", code="other_kind")
    if not message.object_id.startswith("tr_"):
        return _finish(message=message, verb="quarantine", code="no_transfer_named")
    try:
        transfer = gateway.fetch(message.object_id)
    except Unavailable as silence:
        return _later(message=message, code=silence.code)
    if transfer is None:
        return _finish(message=message, verb="quarantine", code="not_found")
    code = ""
    for _chance in range(2):  # somebody may settle the same payment at this moment: judge once more on what is then
        try:
            return _act(message=message, transfer=transfer)
        except Refused as refused:
            code = refused.reasons[0].code.value
    return _finish(message=message, verb="quarantine", code=code)


@unit
def clear_message(*, by: Any, message: InboxEvent) -> InboxEvent:
    """A person looked at a message that was set apart and took care of it. Raises NotAuthorised or Refused."""
    return perform(message, "clear", by=by, at=clock.now())


@unit
def _act(*, message: InboxEvent, transfer: Transfer) -> str:
    payout, code = _whose(transfer)
    if code:
        return _close(message, "quarantine", code, payout)
    assert payout is not None
    if payout.provider_id not in (None, transfer.id):
        return _close(message, "quarantine", "second_transfer", payout)
    if transfer.reversed_cents and not transfer.is_reversed:
        return _close(message, "quarantine", "partly_reversed", payout)
    match payout.state:
        case PayoutState.SENDING | PayoutState.UNKNOWN:
            payout = settle(payout, by=RAILS, paid_on=clock.today(), provider_id=transfer.id)
            code = "settled"
        case PayoutState.PAID | PayoutState.RETURNED:
            code = "known"
        case _:
            return _close(message, "quarantine", f"while_{payout.state}", payout)
    if transfer.is_reversed and payout.state == PayoutState.PAID:
        payout = take_back(payout, by=RAILS, returned_on=clock.today(), because="reversed")
        code = "returned"
    return _close(message, "process", code, payout)


def _whose(transfer: Transfer) -> tuple[Payout | None, str]:
    """The payout of a transfer, and what is wrong between them, if anything."""
    if transfer.livemode != rails.stripe_is_live():
        return None, "other_mode"
    try:
        number = uuid.UUID(hex=transfer.reference)
    except ValueError:
        return None, "unknown_payout"
    payout = Payout.objects.filter(number=number).select_related("claim").first()
    if payout is None:
        return None, "unknown_payout"
    differences = transfer.differences(payout.instruction())
    return payout, f"differs_in_{'_'.join(differences)}" if differences else ""


def _close(message: InboxEvent, verb: str, code: str, payout: Payout | None) -> str:
    details = {} if verb == "ignore" else {"payout": payout}
    return str(perform(message, verb, by=RAILS, at=clock.now(), code=code, **details).state)


@unit
def _finish(*, message: InboxEvent, verb: str, code: str) -> str:
    message = InboxEvent.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state != InboxState.RECEIVED:
        return str(message.state)
    return _close(message, verb, code, None)


@unit
def _later(*, message: InboxEvent, code: str) -> str:
    message = InboxEvent.objects.select_for_update(of=("self",)).get(pk=message.pk)
    message.tries += 1
    message.code = code
    message.next_try_at = clock.now() + rules.wait(message.tries, random.random())  # noqa: S311 - jitter, not a secret
    message.save()
    return str(message.state)
