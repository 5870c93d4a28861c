"""Why something cannot happen: a code with parameters, whose words come from the locale.

A rule never writes a sentence. It returns `Reason`s; a page, a letter or the API turns each into words in the reader's
language, and a decision stores the codes, so that it can be replayed and read in either language years later.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Self

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core import wording
from core.canonical import plain


class ReasonCode(models.TextChoices):
    """Base of every room's reason codes: value `room.code`, label the sentence with `%(name)s` parameters."""


class CoreReason(ReasonCode):
    """Reasons that any verb of any machine may be refused for."""

    WRONG_STATE = "core.wrong_state", _("This is not possible while the status is “%(state)s”.")
    OTHER_HAND = (
        "core.other_hand",
        _("You already worked on this file as %(role)s. Somebody else has to take this step."),
    )
    LINKED = "core.linked", _("You are connected to one of the parties, so you may not handle this file.")
    CHANGED = (
        "core.changed",
        _("This was changed after you opened it, maybe by yourself. Look at it again before you continue."),
    )
    FILE_MISSING = "core.file_missing", _("Choose a file.")
    FILE_EMPTY = "core.file_empty", _("The file is empty.")
    FILE_TOO_LARGE = "core.file_too_large", _("The file is larger than %(limit)s MB.")
    FILE_KIND = "core.file_kind", _("Only PDF, PNG and JPEG files are accepted. This file is something else.")
    AMOUNT_FORMAT = (
        "core.amount_format",
        _("Write an amount in euros with at most two decimals, for example 1250.00."),
    )
    AMOUNT_NEGATIVE = "core.amount_negative", _("The amount must be more than zero.")
    AMOUNT_TOO_LARGE = "core.amount_too_large", _("The amount is too large.")


@cache
def _codes() -> dict[str, ReasonCode]:
    return {code.value: code for family in ReasonCode.__subclasses__() for code in family}


def _shown(value: Any) -> Any:
    """A parameter as people read it: days in words and numbers in the notation of the active language."""
    if isinstance(value, datetime.date):
        return wording.long_date(value)
    return number_format(value, use_l10n=True, force_grouping=True) if isinstance(value, Decimal) else value


#: What JSON has no type for. A stored reason says which of its values were these, so that none is guessed from its looks: a
#: quote may well be numbered 2026-11-23.
_KINDS: dict[str, tuple[type, Callable[[str], Any]]] = {
    "moment": (datetime.datetime, datetime.datetime.fromisoformat),  # before the day, which every moment is as well
    "day": (datetime.date, datetime.date.fromisoformat),
    "number": (Decimal, Decimal),
}


def _kinds(params: Mapping[str, Any]) -> dict[str, str]:
    """Per parameter that is a moment, a day or a decimal number: which of them."""
    return {
        name: next(kind for kind, (made, _read) in _KINDS.items() if isinstance(value, made))
        for name, value in params.items()
        if isinstance(value, datetime.date | Decimal)
    }


@dataclass(frozen=True)
class Reason:
    """One reason: its code, the values its sentence needs, and the legal ground where there is one.

    Days go in as dates and amounts as Decimals; the sentence shows them as the pages do. A sentence with an amount in euros
    has the sign before it (`€ %(left)s`), which is written together with the amount, in the order of the language.
    """

    code: ReasonCode
    params: Mapping[str, Any] = field(default_factory=dict)
    ground: str = ""

    def __str__(self) -> str:
        text = str(self.code.label)
        if not self.params:
            return text
        words = {}
        for name, value in self.params.items():
            amount = f"€ %({name})s"
            if isinstance(value, Decimal) and amount in text:
                text = text.replace(amount, f"%({name})s")
                words[name] = wording.euro(value)
            else:
                words[name] = _shown(value)
        return text % words

    def as_json(self) -> dict[str, Any]:
        """The reason as a decision or an audit entry stores it."""
        stored = {"code": self.code.value, "params": dict(self.params), "ground": self.ground}
        if kinds := _kinds(self.params):
            stored["kinds"] = kinds
        return plain(stored)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The reason behind a stored row, its days and amounts days and amounts again.

        Raises KeyError for a code no room knows any more.
        """
        params = dict(stored.get("params", {}))
        for name, kind in stored.get("kinds", {}).items():
            params[name] = _KINDS[kind][1](params[name])
        return cls(_codes()[stored["code"]], params, stored.get("ground", ""))


class Refused(Exception):
    """The verb exists and the person may ask, but not now. Carries every unmet reason, never only the first."""

    def __init__(self, reasons: Iterable[Reason] | Reason):
        self.reasons = [reasons] if isinstance(reasons, Reason) else list(reasons)
        super().__init__("; ".join(reason.code.value for reason in self.reasons))
