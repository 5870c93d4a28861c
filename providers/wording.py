"""How grounds are written for people: the numbers in them follow the language of the page, 11,4 in Dutch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format

from core.reasons import Reason


def written(value: Any) -> str:
    """A number in the notation of the active language, whole or with one decimal; nothing for nothing."""
    if value is None:
        return ""
    number = Decimal(str(value))
    places = 0 if number == number.to_integral_value() else 1
    return number_format(number, decimal_pos=places, use_l10n=True)


@dataclass(frozen=True)
class Ground:
    """A ground that turns into words only where it is shown, so that a letter speaks the language of its reader."""

    reason: Reason

    def __str__(self) -> str:
        shown = {name: _written_if_number(value) for name, value in self.reason.params.items()}
        return str(replace(self.reason, params=shown))


def grounds_of(reasons: Iterable[Reason | Mapping[str, Any]]) -> list[Ground]:
    """Grounds as reasons or as stored rows, ready to be shown."""
    return [Ground(one if isinstance(one, Reason) else Reason.from_json(one)) for one in reasons]


def _written_if_number(value: Any) -> Any:
    try:
        return written(value)
    except InvalidOperation:
        return value
