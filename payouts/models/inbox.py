"""Messages from a rail: kept as they came, once each, and acted on only by what the rail shows when asked (invariants 17, 18)."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.state import StateField, StatefulModel, transition
from payouts.actors import HANDLERS, is_rails, may_read
from payouts.enums import InboxState
from payouts.models.payout import Payout
from payouts.wording import said


class InboxQuerySet(models.QuerySet["InboxEvent"]):
    """Named selections."""

    def visible_to(self, user: Any) -> "InboxQuerySet":
        """Who handles money, the manager and the auditor see every message; nobody else sees one."""
        return self.all() if may_read(user) else self.none()

    def due(self, now: dt.datetime) -> "InboxQuerySet":
        """What is still to be handled and may be tried now, in order of arrival."""
        waiting = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
        return self.filter(waiting, state=InboxState.RECEIVED).order_by("pk")


class InboxEvent(StatefulModel):
    """A signed message. It is a hint: the effect comes from the object fetched afterwards."""

    provider = models.CharField(max_length=8, default="stripe")
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField()
    body = models.TextField()
    received_at = models.DateTimeField(default=clock.now)
    state = StateField(choices=InboxState, default=InboxState.RECEIVED, max_length=12)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, db_index=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=120, blank=True)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")

    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="message_kept_once"),
            models.CheckConstraint(condition=Q(state__in=InboxState.values), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(state=InboxState.RECEIVED, handled_at__isnull=True)
                | (~Q(state=InboxState.RECEIVED) & Q(handled_at__isnull=False)),
                name="handled_message_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.event_id

    @property
    def why(self) -> str:
        """What was wrong with it, in words."""
        return said(self.code)

    def may(self, verb: str, by: Any) -> bool:
        if verb == "clear":
            return by.holds(*HANDLERS)
        return verb in {"receive", "process", "ignore", "quarantine"} and is_rails(by)

    @transition(field="state", source=InboxState.RECEIVED, target=InboxState.PROCESSED)
    def process(self, *, at: dt.datetime, code: str, payout: Any = None) -> None:
        self._handled(at, code, payout)

    @transition(field="state", source=InboxState.RECEIVED, target=InboxState.IGNORED)
    def ignore(self, *, at: dt.datetime, code: str) -> None:
        self._handled(at, code, None)

    @transition(field="state", source=InboxState.RECEIVED, target=InboxState.QUARANTINED)
    def quarantine(self, *, at: dt.datetime, code: str, payout: Any = None) -> None:
        self._handled(at, code, payout)

    @transition(field="state", source=InboxState.QUARANTINED, target=InboxState.CLEARED)
    def clear(self, *, at: dt.datetime) -> None:
        self.handled_at = at

    def _handled(self, at: dt.datetime, code: str, payout: Any) -> None:
        self.handled_at = at
        self.code = code
        self.payout = payout
        self.next_try_at = None
