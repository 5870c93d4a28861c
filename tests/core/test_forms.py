"""Numbers as people write them, and nothing else (RELIABILITY, invariant 7)."""

from decimal import Decimal

import pytest
from django import forms

from core.forms import NumberField, WholeNumberField
from vouchers.forms.application import EuroOrNothingField

ODD = ["١٢", "1e3", "+4", "-0", "1_000", "½", "NaN", "inf", "0x10", "1 2", "1,234", "..", ".", ",", "9" * 12]


@pytest.mark.parametrize("written", ODD)
@pytest.mark.parametrize("field", [NumberField(), WholeNumberField()], ids=["number", "whole number"])
def test_what_is_not_a_plain_number_is_refused_in_words(field, written):
    with pytest.raises(forms.ValidationError, match="bijvoorbeeld"):
        field.clean(written)


@pytest.mark.parametrize(
    ("written", "number"), [("12", "12"), ("7,5", "7.5"), ("7.5", "7.5"), (" 0,05 ", "0.05"), ("0", "0")]
)
def test_a_number_has_a_comma_or_a_point(written, number):
    assert NumberField().clean(written) == Decimal(number)


def test_a_whole_number_is_whole():
    assert WholeNumberField(max_value=999).clean(" 12 ") == 12
    for wrong in ("1,5", "1000"):
        with pytest.raises(forms.ValidationError):
            WholeNumberField(max_value=999).clean(wrong)


@pytest.mark.parametrize("written", [".", ",", "0.", "0,000", "€ .", "00.000"])
def test_a_dot_is_not_nought(written):
    with pytest.raises(forms.ValidationError):
        EuroOrNothingField().clean(written)


@pytest.mark.parametrize("written", ["0", "0,00", "0.0", "€ 0", "", "000"])
def test_nought_is_nought(written):
    assert EuroOrNothingField().clean(written) == Decimal("0.00")
