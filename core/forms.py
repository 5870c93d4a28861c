"""Form parts that every room uses."""

import re
import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.files import check_upload
from core.money import parse_euro
from core.reasons import Refused


class EuroField(forms.CharField):
    """An amount as people write it; cleaned to a Decimal with two places, refused in words otherwise."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any):
        for option in ("min_value", "max_value"):
            kwargs.pop(option, None)
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return parse_euro(text)
        except Refused as refused:
            raise ValidationError([str(reason) for reason in refused.reasons]) from refused

    def run_validators(self, value: Any) -> None:
        pass  # parse_euro has judged the text; the length validators of CharField do not fit a Decimal

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Decimal) else value


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
