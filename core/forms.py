"""Form parts that every room uses."""

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.files import check_upload
from core.identifiers import normalise_kvk, validate_kvk
from core.money import ZERO, parse_euro
from core.reasons import Refused
from core.wording import decimals

Field = TypeVar("Field", bound=forms.Field)
_DUTCH = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")
_NOUGHT = re.compile(r"0+(?:[.,]0{1,2})?")


def without_thousands(text: str) -> str:
    """An amount as people write it, without its sign of the euro and the marks between its thousands.

    `€ 12.500,00` and `12.500` become `12500,00` and `12500`; on English pages `12,500.00` becomes `12500.00` as well. An
    amount has at most two decimals, so three digits behind a mark can only be thousands. Whatever is left to guess about
    (`0.500`, `1,234` on a Dutch page, `12.5000`) comes back as it was written, for `parse_euro` to refuse.
    """
    written = text.strip().removeprefix("€").strip()
    if _DUTCH.fullmatch(written):
        return written.replace(".", "")
    if get_language() == "en" and _ENGLISH.fullmatch(written):
        return written.replace(",", "")
    return written


def only_when(field: Field, case: Any) -> Field:
    """A field that some have to fill in and others have not: its label says who ("only for ..."), instead of "(optional)"."""
    field.only_when = case  # type: ignore[attr-defined]
    return field


class EuroField(forms.CharField):
    """An amount as people write it, with or without thousands marked; a Decimal with two places, refused in words otherwise.

    With `zero=True` nought is an amount too; what it makes of nothing at all is `nothing`.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    shape = "euro"
    format_hint = _("For example 12,500 or 12,500.00.")

    def __init__(self, *, zero: bool = False, nothing: Decimal | None = None, **kwargs: Any):
        for option in ("min_value", "max_value"):
            kwargs.pop(option, None)
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.zero, self.nothing = zero, nothing

    def to_python(self, value: Any) -> Decimal | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None if self.required else self.nothing
        plain = without_thousands(text)
        if self.zero and _NOUGHT.fullmatch(plain):
            return ZERO
        try:
            return parse_euro(plain)
        except Refused as refused:
            raise ValidationError([str(reason) for reason in refused.reasons]) from refused

    def run_validators(self, value: Any) -> None:
        pass  # parse_euro has judged the text; the length validators of CharField do not fit a Decimal

    def prepare_value(self, value: Any) -> Any:
        return decimals(value) if isinstance(value, Decimal) else value


class EuroOrNothingField(EuroField):
    """An amount that may be nothing: empty, `0` and `0,00` all become 0.00."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"zero": True, "nothing": ZERO, "required": False, **kwargs})


class DateField(forms.DateField):
    """A day as people write it: `28-11-2026`, `28/11/2026`, or `2026-11-28` as programs do. Refused in words otherwise.

    One text field and no picker of the browser: a picker follows the language of the browser, so that on a Dutch page one
    person reads 11/28/2026 and the other 28-11-2026 (NL Design System, date input).
    """

    widget = forms.DateInput(
        format="%d-%m-%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "trede-date"}
    )
    shape = "date"
    format_hint = _("Day-month-year, for example 28-11-2026.")
    default_error_messages: ClassVar = {
        "invalid": _("Write the date as day-month-year, for example 28-11-2026."),
        "no_such_day": _("This date does not exist. Look at the day and the month."),
        "year": _("Check the year of this date."),
    }
    _written = re.compile(r"(?P<day>[0-9]{1,2})([-/])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})")
    _iso = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")

    def to_python(self, value: Any) -> dt.date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(None if isinstance(value, str) else value)
        parts = self._written.fullmatch(value.strip()) or self._iso.fullmatch(value.strip())
        if not parts:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            day = dt.date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        except ValueError as wrong:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from wrong
        if not 1800 <= day.year <= 2200:
            raise ValidationError(self.error_messages["year"], code="year")
        return day

    def prepare_value(self, value: Any) -> Any:
        kept = self._iso.fullmatch(value) if isinstance(value, str) else None  # how answers of a dossier are stored
        return "{day}-{month}-{year}".format(**kept.groupdict()) if kept else value


class NumberField(forms.DecimalField):
    """A number as people write it: plain digits, at most two decimals behind a comma or a point.

    Digits of other scripts, signs and exponents are refused (RELIABILITY, invariant 7): what one person writes, another
    has to read the same.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8})
    default_error_messages: ClassVar = {"invalid": _("Write a number, for example 12 or 7,5.")}
    _written = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?")

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str) and value.strip():
            if not self._written.fullmatch(value.strip()):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            value = value.replace(",", ".")
        return super().to_python(value)

    def widget_attrs(self, _widget: forms.Widget) -> dict[str, Any]:
        return {}  # min, max and step belong to type=number, which takes no comma everywhere


class WholeNumberField(forms.IntegerField):
    """A whole number in plain digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages: ClassVar = {"invalid": _("Write a whole number, for example 4.")}
    _written = re.compile(r"[0-9]{1,9}")

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip() and not self._written.fullmatch(value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def widget_attrs(self, _widget: forms.Widget) -> dict[str, Any]:
        return {}


class KvkField(forms.CharField):
    """A number of the trade register as people write it, with or without spaces and dots; eight digits."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"label": _("KvK number"), "max_length": 20, **kwargs})

    def clean(self, value: Any) -> str:
        number = normalise_kvk(super().clean(value))
        if number or self.required:
            validate_kvk(number)
        return number


class UploadField(forms.FileField):
    """A file of an accepted kind and size (see `core.files`)."""

    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload and upload is not initial:
            try:
                check_upload(upload)
            except Refused as refused:
                raise ValidationError([str(reason) for reason in refused.reasons]) from refused
        return upload


class OnceFormMixin(forms.Form):
    """A hidden key, fresh per shown page, so that a double click makes one thing (`core.idempotency.once`)."""

    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4

    def once_key(self) -> str:
        """The key to hand to `once`; a posted form has a valid one or is invalid."""
        return str(self.cleaned_data["once"])
