"""Objections to decisions (Awb chapters 6 and 7). Thin: file, hear, decide, reopen."""

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from core.enums import HandRole
from core.state import StateField, StatefulModel, transition
from vouchers.enums import ObjectionState as State
from vouchers.models.decision import Decision

OPEN = (State.RECEIVED, State.HEARING)
UPHELD = (State.UPHELD, State.UPHELD_IN_PART)


class ObjectionQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Not decided yet, first due first."""
        return self.filter(state__in=OPEN).order_by("decide_by", "pk")


class Objection(StatefulModel):
    """Somebody disagrees with a decision. A file of its own: who had a hand in the decision does not decide it (DESIGN 4.8)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="objections")
    state = StateField(choices=State, default=State.RECEIVED, max_length=16)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    text = models.TextField()
    in_time = models.BooleanField()
    decide_by = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(blank=True)
    #: The decision on this objection, with its letter; `decision` is the one it is about.
    ruling = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="ruled")

    objects = ObjectionQuerySet.as_manager()

    MEMBER_VERBS: ClassVar = {"file", "withdraw"}
    HANDS: ClassVar = {
        "uphold": HandRole.DECIDER,
        "uphold_in_part": HandRole.DECIDER,
        "reject": HandRole.DECIDER,
        "declare_inadmissible": HandRole.DECIDER,
    }

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(state__in=OPEN), name="one_open_objection_per_decision"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="objection_state_known"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, state__in=[*OPEN, State.WITHDRAWN])
                | (Q(decided_at__isnull=False) & ~Q(state__in=[*OPEN, State.WITHDRAWN])),
                name="objection_decided_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.state}"

    def case(self) -> str:
        return self.decision.application.case()

    def may(self, verb: str, by: Any) -> bool:
        """The applicant files and withdraws; a decider hears and decides."""
        if verb in self.MEMBER_VERBS:
            return by.is_member_of(self.decision.application.organisation_id)
        return by.holds(Role.DECIDER)

    def is_linked(self, by: Any) -> bool:
        return self.decision.application.is_linked(by)

    @transition(field="state", source=State.RECEIVED, target=State.HEARING)
    def hear(self) -> None:
        """The applicant is heard (Awb 7:2)."""

    @transition(field="state", source=OPEN, target=State.UPHELD)
    def uphold(self, *, at: datetime.datetime, decider: int) -> None:
        """The objection is right: the case is looked at again."""
        self._decide(at, decider)

    @transition(field="state", source=OPEN, target=State.UPHELD_IN_PART)
    def uphold_in_part(self, *, at: datetime.datetime, decider: int) -> None:
        """The objection is right in part: the case is looked at again."""
        self._decide(at, decider)

    @transition(field="state", source=OPEN, target=State.REJECTED)
    def reject(self, *, at: datetime.datetime, decider: int) -> None:
        """The decision stands."""
        self._decide(at, decider)

    @transition(field="state", source=OPEN, target=State.INADMISSIBLE)
    def declare_inadmissible(self, *, at: datetime.datetime, decider: int) -> None:
        """Too late, or by somebody the decision is not about (Awb 6:6, 6:11)."""
        self._decide(at, decider)

    @transition(field="state", source=OPEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Whoever objected takes it back."""

    def _decide(self, at: datetime.datetime, decider: int) -> None:
        self.decided_at, self.decided_by_id = at, decider
