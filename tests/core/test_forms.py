"""Numbers as people write them, and nothing else (RELIABILITY, invariant 7)."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from core.forms import DateField, EuroField, EuroOrNothingField, NumberField, WholeNumberField
from core.wording import euro
from providers.forms.fields import SignedAmountField


class Form(forms.Form):
    day = DateField()


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


DUTCH = [
    ("12.500", "12500.00"),
    ("12.500,00", "12500.00"),
    ("€ 1.234,56", "1234.56"),
    ("€1.234,5", "1234.50"),
    ("€\N{NO-BREAK SPACE}12.500", "12500.00"),
    ("\N{NARROW NO-BREAK SPACE}1.234.567,89 ", "1234567.89"),
    ("12500", "12500.00"),
    ("12500,00", "12500.00"),
    ("12500.00", "12500.00"),
    ("12,5", "12.50"),
]
ENGLISH = [("12,500.00", "12500.00"), ("€12,500", "12500.00"), ("1,234,567.8", "1234567.80")]
NEITHER = ["0.500", "00.500", "1.23.456", "12.5000", "1.234,567", "1.2345,00", ".500", "1 234", "12.500.00", "1,234.567", "1.234.56", "-1.234", "12..500", "1e3", "١.٢٣٤"]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("written", "amount"), DUTCH)
def test_an_amount_is_read_as_the_product_itself_prints_it(written, amount, language):
    with translation.override(language):
        assert str(EuroField().clean(written)) == amount


@pytest.mark.parametrize(("written", "amount"), ENGLISH)
def test_english_thousands_are_read_on_english_pages_only(written, amount):
    with translation.override("en"):
        assert str(EuroField().clean(written)) == amount
    with pytest.raises(forms.ValidationError):
        EuroField().clean(written)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("written", NEITHER)
def test_what_leaves_something_to_guess_is_no_amount(written, language):
    with translation.override(language), pytest.raises(forms.ValidationError):
        EuroField().clean(written)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("amount", ["0.01", "999.99", "1000.00", "12500.00", "1234567.89"])
def test_an_amount_that_was_shown_is_read_again(amount, language):
    with translation.override(language):
        for field in (EuroField(), EuroOrNothingField()):
            assert field.clean(field.prepare_value(Decimal(amount))) == Decimal(amount)
            assert field.clean(euro(amount)) == Decimal(amount)


def test_a_balance_may_be_negative_and_have_thousands():
    assert SignedAmountField().clean("€ 12.500,75") == Decimal("12500.75")
    assert SignedAmountField().clean("-1250,75") == Decimal("-1250.75")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("written", ["28-11-2026", "28/11/2026", "2026-11-28", " 28-11-2026 "])
def test_a_day_is_written_as_day_month_year_or_as_a_program_does(written, language):
    with translation.override(language):
        assert DateField().clean(written) == dt.date(2026, 11, 28)


def test_a_day_needs_no_leading_noughts_and_is_shown_with_them():
    assert DateField().clean("3-4-2026") == dt.date(2026, 4, 3)
    page = Form(initial={"day": dt.date(2026, 4, 3)}).as_p()
    assert 'type="text"' in page
    assert 'value="03-04-2026"' in page
    assert 'value="03-04-2026"' in Form(initial={"day": "2026-04-03"}).as_p()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("11/28/2026", "Deze datum bestaat niet"),
        ("31-02-2026", "Deze datum bestaat niet"),
        ("28-11-26", "dag-maand-jaar"),
        ("28-11/2026", "dag-maand-jaar"),
        ("28 november 2026", "dag-maand-jaar"),
        ("٢٨-١١-٢٠٢٦", "dag-maand-jaar"),
        ("morgen", "dag-maand-jaar"),
        ("28-11-0206", "jaar van deze datum"),
        ("28-11-9999", "jaar van deze datum"),
    ],
)
def test_what_is_no_day_is_refused_in_words(written, words):
    with pytest.raises(forms.ValidationError, match=words):
        DateField().clean(written)
