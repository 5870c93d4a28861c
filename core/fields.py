"""Model fields with a meaning of their own."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value

from core.money import CENT, LARGEST, euro
from core.reasons import CoreReason, Reason


class MoneyField(models.BigIntegerField):
    """A euro amount: Decimal with two places in Python, whole cents in the database.

    SQLite keeps Django's DecimalField as a binary float, so sums and comparisons inside the database could lose a cent.
    Whole cents are exact on both databases, in Sum(), in F() arithmetic and in CHECK constraints (ADR 0005).
    """

    description = "Euro amount, stored in cents"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)) * CENT

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            amount = euro(value)
        except (ValueError, ArithmeticError, TypeError) as wrong:
            raise ValidationError(str(Reason(CoreReason.AMOUNT_FORMAT))) from wrong
        if abs(amount) > LARGEST:
            raise ValidationError(str(Reason(CoreReason.AMOUNT_TOO_LARGE)))
        return amount

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return int(euro(value) / CENT)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    @property
    def validators(self) -> list:
        return [*self._validators]  # BigIntegerField's own bounds count cents, these values are euros

    def formfield(self, **kwargs: Any) -> Any:
        from core.forms import EuroField

        return models.Field.formfield(self, **{"form_class": EuroField, **kwargs})


def money(amount: Decimal) -> Value:
    """`amount` inside a query expression: `F("reserved") + money(amount)`."""
    return Value(amount, output_field=MoneyField())
