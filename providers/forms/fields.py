"""Fields that the forms of vetting share."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import validate_not_ours
from core.forms import EuroField, without_thousands
from core.identifiers import normalise_iban, validate_iban
from core.money import euro
from core.wording import in_fours
from providers.models.provider import LONG_TEXT
from providers.rules.checks import is_web_address


class SignedAmountField(forms.CharField):
    """An amount of a balance sheet: zero and below zero are possible. At most two decimals, point or comma."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    shape = EuroField.shape
    format_hint = EuroField.format_hint

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = without_thousands(super().clean(value))
        if not text:
            return None
        if not re.fullmatch(r"[-−]?[0-9]{1,12}(?:[.,][0-9]{1,2})?", text, re.ASCII):
            raise ValidationError(_("Write an amount in euros with at most two decimals, for example 1250.00."))
        return euro(text.replace(",", ".").replace("−", "-"))


class IbanField(forms.CharField):
    """An IBAN, with or without spaces; shown in groups of four."""

    def prepare_value(self, value: Any) -> Any:
        return in_fours(value)

    def clean(self, value: Any) -> str:
        iban = normalise_iban(super().clean(value))
        if iban:
            validate_iban(iban)
            validate_not_ours(iban)
        return iban


class WebAddressField(forms.CharField):
    """An https address."""

    def clean(self, value: Any) -> str:
        url = super().clean(value)
        if url and not is_web_address(url):
            raise ValidationError(
                _("Write a web address that starts with https://, for example https://www.example.nl.")
            )
        return url


def words(
    label: Any, *, limit: int = LONG_TEXT, required: bool = True, rows: int = 6, hint: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def capitals(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    return [(value, capfirst(str(label))) for value, label in choices]
