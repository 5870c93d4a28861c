"""A door that is opened by one person and closed by another, with money behind it."""

from typing import Any

from django.db import models

from core.enums import HandRole
from core.fields import MoneyField
from core.state import StateField, StatefulModel, transition


class DoorState(models.TextChoices):
    SHUT = "shut"
    OPEN = "open"
    LOCKED = "locked"


class Door(StatefulModel):
    state = StateField(choices=DoorState, default=DoorState.SHUT, max_length=10)
    opened_on = models.DateField(null=True, blank=True)
    behind = MoneyField(default=0)
    owner_id = models.IntegerField(null=True, blank=True)

    HANDS = {"open": HandRole.ASSESSOR, "lock": HandRole.DECIDER}

    class Meta:
        app_label = "door"

    def __str__(self) -> str:
        return f"door {self.pk}"

    def may(self, verb: str, by: Any) -> bool:
        return by.pk is not None and by.is_active

    def is_linked(self, by: Any) -> bool:
        return by.pk == self.owner_id

    @transition(field="state", source=DoorState.SHUT, target=DoorState.OPEN)
    def open(self, *, on: Any) -> None:
        self.opened_on = on

    @transition(field="state", source=[DoorState.OPEN, DoorState.SHUT], target=DoorState.LOCKED)
    def lock(self) -> None:
        pass
