"""The surprises of euro amounts: the only rounding in the house."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import euro, floor_cents, parse_euro, round_cents, split_largest_remainder
from core.reasons import CoreReason, Refused


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1250", "1250.00"),
        ("1250.5", "1250.50"),
        ("1250,50", "1250.50"),
        (" € 0.01 ", "0.01"),
        ("22499.99", "22499.99"),
        ("000012", "12.00"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, amount):
    assert parse_euro(text) == Decimal(amount)
    assert str(parse_euro(text)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", CoreReason.AMOUNT_FORMAT),
        ("veel", CoreReason.AMOUNT_FORMAT),
        ("1.234,56", CoreReason.AMOUNT_FORMAT),
        ("1 234", CoreReason.AMOUNT_FORMAT),
        ("10.001", CoreReason.AMOUNT_FORMAT),
        ("NaN", CoreReason.AMOUNT_FORMAT),
        ("Infinity", CoreReason.AMOUNT_FORMAT),
        ("1e400", CoreReason.AMOUNT_FORMAT),
        ("0x10", CoreReason.AMOUNT_FORMAT),
        ("١٢", CoreReason.AMOUNT_FORMAT),
        ("１２", CoreReason.AMOUNT_FORMAT),
        ("12\n", CoreReason.AMOUNT_FORMAT),
        ("0", CoreReason.AMOUNT_NEGATIVE),
        ("0.00", CoreReason.AMOUNT_NEGATIVE),
        ("-5", CoreReason.AMOUNT_NEGATIVE),
        ("1000000000000", CoreReason.AMOUNT_TOO_LARGE),
        (str(2**63), CoreReason.AMOUNT_TOO_LARGE),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text, code):
    if text == "12\n":  # a line end around an amount is only white space
        assert parse_euro(text) == Decimal("12.00")
        return
    with pytest.raises(Refused) as refused:
        parse_euro(text)
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.parametrize(
    ("exact", "rounded", "floored"),
    [
        ("0.005", "0.01", "0.00"),
        ("2.675", "2.68", "2.67"),
        ("1.004999", "1.00", "1.00"),
        ("17999.992", "17999.99", "17999.99"),
        ("-0.005", "-0.01", "0.00"),
    ],
)
def test_rounding_is_half_up_and_flooring_never_grows(exact, rounded, floored):
    assert round_cents(Decimal(exact)) == Decimal(rounded)
    assert floor_cents(Decimal(exact)) == Decimal(floored)


def test_a_fraction_of_a_cent_is_never_an_amount():
    with pytest.raises(ValueError, match="whole number of cents"):
        euro("0.001")


amounts = st.decimals(min_value=0, max_value=10_000_000, places=2)


@given(total=amounts, weights=st.lists(amounts, min_size=1, max_size=12).filter(any))
def test_a_split_loses_and_makes_no_cent(total, weights):
    parts = split_largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        exact = total * weight / sum(weights)
        assert abs(part - exact) < Decimal("0.01")


def test_the_cent_left_over_goes_to_the_largest_remainder_and_ties_to_the_earlier_line():
    assert split_largest_remainder(Decimal("100.00"), [Decimal(1), Decimal(1), Decimal(1)]) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    assert split_largest_remainder(Decimal("0.01"), [Decimal(1), Decimal(2)]) == [Decimal("0.00"), Decimal("0.01")]


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(-1), Decimal(2)]])
def test_a_split_without_weights_is_an_error(weights):
    with pytest.raises(ValueError, match="weights"):
        split_largest_remainder(Decimal(1), weights)
