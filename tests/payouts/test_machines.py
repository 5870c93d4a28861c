"""The machines of this room, against tables written by hand from DESIGN 3."""

import pytest

from core.state import transitions_of
from payouts.models import Batch, InboxEvent, Payout
from tests.machines import every_step, take_step

PAYOUT = {
    ("prepared", "approve", "approved"),
    ("approved", "release", "ready"),
    ("ready", "send", "sending"),
    ("unknown", "send", "sending"),
    ("sending", "settle", "paid"),
    ("unknown", "settle", "paid"),
    ("manual", "settle", "paid"),
    ("paid", "return_funds", "returned"),
    ("sending", "decline", "rejected"),
    ("unknown", "decline", "rejected"),
    ("manual", "decline", "rejected"),
    ("sending", "lose", "unknown"),
    ("sending", "escalate", "manual"),
    ("unknown", "escalate", "manual"),
    ("unknown", "absent", "ready"),
    ("manual", "absent", "ready"),
    ("approved", "void", "prepared"),
    ("ready", "void", "prepared"),
    ("prepared", "cancel", "cancelled"),
    ("approved", "cancel", "cancelled"),
    ("ready", "cancel", "cancelled"),
}
BATCH = {
    ("prepared", "release", "released"),
    ("prepared", "cancel", "cancelled"),
    ("released", "close", "closed"),
}
INBOX = {
    ("received", "process", "processed"),
    ("received", "ignore", "ignored"),
    ("received", "quarantine", "quarantined"),
    ("quarantined", "clear", "cleared"),
}


@pytest.mark.parametrize(("model", "table"), [(Payout, PAYOUT), (Batch, BATCH), (InboxEvent, INBOX)])
def test_the_machine_is_the_table(model, table):
    assert transitions_of(model) == table


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Payout, PAYOUT))
def test_every_step_of_a_payout(source, verb, target):
    assert take_step(Payout, source, verb, target).state == (target or source)


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Batch, BATCH))
def test_every_step_of_a_batch(source, verb, target):
    assert take_step(Batch, source, verb, target).state == (target or source)


@pytest.mark.parametrize(("source", "verb", "target"), every_step(InboxEvent, INBOX))
def test_every_step_of_a_message(source, verb, target):
    payout = {"payout": None} if verb in {"process", "quarantine"} else {}
    assert take_step(InboxEvent, source, verb, target, **payout).state == (target or source)


def test_nothing_leads_from_sending_to_ready_and_rejected_is_final():
    """Unknown is not failed, and a retry after a refusal is a new payout."""
    assert ("sending", "absent", "ready") not in transitions_of(Payout)
    for final in ("rejected", "returned", "cancelled"):
        assert not [arrow for arrow in transitions_of(Payout) if arrow[0] == final]
