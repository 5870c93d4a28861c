"""The closed lists of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PayoutState(models.TextChoices):
    """Where a payout stands (DESIGN 3). Unknown is not failed."""

    PREPARED = "prepared", _("prepared")
    APPROVED = "approved", pgettext_lazy("payout", "approved")
    READY = "ready", _("ready to be sent")
    SENDING = "sending", _("sent, waiting for word")
    UNKNOWN = "unknown", _("no word: look it up")
    MANUAL = "manual", _("people must look")
    PAID = "paid", _("paid")
    REJECTED = "rejected", pgettext_lazy("payout", "refused by the bank")
    RETURNED = "returned", _("came back")
    CANCELLED = "cancelled", _("cancelled")


#: On its way: a claim has at most one payout in these; a partial UNIQUE index says so. (A claim whose determination was
#: raised after an objection gets a second payout, for the difference.)
LIVE_PAYOUT = (
    PayoutState.PREPARED,
    PayoutState.APPROVED,
    PayoutState.READY,
    PayoutState.SENDING,
    PayoutState.UNKNOWN,
    PayoutState.MANUAL,
)

#: A person bound the content of these by its fingerprint.
AGREED_PAYOUT = (
    PayoutState.APPROVED,
    PayoutState.READY,
    PayoutState.SENDING,
    PayoutState.UNKNOWN,
    PayoutState.MANUAL,
    PayoutState.PAID,
    PayoutState.REJECTED,
    PayoutState.RETURNED,
)

#: Money may have moved, and nobody knows yet.
IN_FLIGHT = (PayoutState.SENDING, PayoutState.UNKNOWN, PayoutState.MANUAL)

#: These left the house at least once.
SENT_PAYOUT = (*IN_FLIGHT, PayoutState.PAID, PayoutState.REJECTED, PayoutState.RETURNED)

#: Nothing more happens to these by themselves.
FINAL_PAYOUT = (PayoutState.PAID, PayoutState.REJECTED, PayoutState.RETURNED, PayoutState.CANCELLED)


class BatchState(models.TextChoices):
    """Where a batch stands: made by one person, released by another, closed when every line has its word."""

    PREPARED = "prepared", _("waiting for release")
    RELEASED = "released", _("released")
    CLOSED = "closed", _("done")
    CANCELLED = "cancelled", _("cancelled")


class AttemptKind(models.TextChoices):
    """What was asked of the rail."""

    SEND = "send", _("sent")
    LOOK_UP = "look_up", _("looked up")


class AttemptOutcome(models.TextChoices):
    """What the rail said; the same six as `gateways.protocol.Outcome`."""

    PAID = "paid", _("paid")
    PENDING = "pending", _("handed over")
    ABSENT = "absent", _("not known there")
    REJECTED = "rejected", pgettext_lazy("payout", "refused by the bank")
    UNKNOWN = "unknown", _("no answer")
    CONFLICT = "conflict", _("something else under this name")


class InboxState(models.TextChoices):
    """Where a message from a rail stands."""

    RECEIVED = "received", _("received")
    PROCESSED = "processed", _("handled")
    IGNORED = "ignored", _("not for us")
    QUARANTINED = "quarantined", _("set apart: people must look")
    CLEARED = "cleared", _("looked at")


class ResolutionVerdict(models.TextChoices):
    """What two people together may find about a payout: one that a machine could not settle, or one that was paid."""

    SETTLE = "settle", _("It was paid")
    ABSENT = "absent", _("It was never sent: send it again")
    DECLINE = "decline", _("It was refused: no money left")
    RETURNED = "returned", _("The money came back")


#: What is asked about a payout in the hands of people; only what was paid can come back.
UNSETTLED_VERDICTS = (ResolutionVerdict.SETTLE, ResolutionVerdict.ABSENT, ResolutionVerdict.DECLINE)
