"""What a voucher comes to (DESIGN 4.7), to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import CENT, ZERO
from vouchers.enums import VatPosition
from vouchers.reasons import AmountReason, Row
from vouchers.rules.amount import (
    ArithmeticRow,
    AwardTerms,
    Quote,
    award_for,
    deductible_percent,
    eligible_line,
    split_award,
)

TERMS = AwardTerms(rate=Decimal("80.00"), cap=Decimal("18000.00"), minimum=Decimal("500.00"))

cents = st.integers(min_value=0, max_value=10_000_000_00).map(lambda number: number * CENT)
rates = st.integers(min_value=1, max_value=10000).map(lambda number: number * CENT)


def codes(award):
    return [reason.code for reason in award.reasons]


@pytest.mark.parametrize(
    ("eligible", "awarded"),
    [
        ("10000.00", "8000.00"),
        ("22500.00", "18000.00"),
        ("22499.99", "17999.99"),
        ("30000.00", "18000.00"),
        ("625.00", "500.00"),
        ("624.99", "0.00"),
        ("0.00", "0.00"),
        ("0.01", "0.00"),
    ],
)
def test_the_published_examples_come_out_to_the_cent(eligible, awarded):
    award = award_for(Decimal(eligible), TERMS)
    assert award.award == Decimal(awarded)
    assert award.own_contribution == Decimal(eligible) - Decimal(awarded)


def test_below_the_minimum_the_award_is_nothing_and_the_reason_says_what_it_would_have_been():
    award = award_for(Decimal("600.00"), TERMS)
    assert award.award == ZERO
    assert codes(award) == [AmountReason.BELOW_MINIMUM]
    assert award.reasons[0].params == {"award": Decimal("480.00"), "minimum": Decimal("500.00")}


def test_what_was_awarded_before_in_the_window_counts_against_the_cap():
    award = award_for(Decimal("22500.00"), TERMS, already_awarded=Decimal("17000.01"))
    assert award.award == Decimal("999.99")
    assert codes(award) == [AmountReason.CAP_USED]


def test_a_used_up_cap_gives_nothing_and_both_reasons():
    award = award_for(Decimal("22500.00"), TERMS, already_awarded=Decimal("18000.00"))
    assert award.award == ZERO
    assert codes(award) == [AmountReason.BELOW_MINIMUM, AmountReason.CAP_USED]


def test_an_award_never_passes_the_state_aid_limit_by_one_cent():
    award = award_for(Decimal("22500.00"), TERMS, de_minimis_headroom=Decimal("17999.99"))
    assert award.award == Decimal("17999.99")
    assert codes(award) == [AmountReason.DE_MINIMIS_ROOM]


def test_a_state_aid_limit_that_does_not_bite_is_not_mentioned():
    award = award_for(Decimal("10000.00"), TERMS, de_minimis_headroom=Decimal("8000.00"))
    assert award.award == Decimal("8000.00")
    assert award.reasons == ()


def test_the_rest_of_the_ceiling_is_paid_with_the_ground_when_the_programme_says_so():
    award = award_for(Decimal("10000.00"), TERMS, ceiling_left=Decimal("3000.00"))
    assert award.award == Decimal("3000.00")
    assert award.reasons[0].code == AmountReason.PART_ONLY
    assert award.reasons[0].ground == "Awb 4:25"


def test_the_arithmetic_reads_from_cost_to_voucher_and_own_part():
    award = award_for(Decimal("10000.00"), TERMS)
    assert [(row.label.code, row.amount) for row in award.arithmetic] == [
        (Row.ELIGIBLE, Decimal("10000.00")),
        (Row.RATE, Decimal("8000.00")),
        (Row.CAP, Decimal("18000.00")),
        (Row.AWARD, Decimal("8000.00")),
        (Row.OWN, Decimal("2000.00")),
    ]


def test_an_arithmetic_row_survives_being_stored():
    row = award_for(Decimal("10000.00"), TERMS).arithmetic[1]
    assert ArithmeticRow.from_json(row.as_json()) == row
    assert "80 %" in str(row.label)


@pytest.mark.parametrize("wrong", ["-0.01", "NaN", "Infinity", "-Infinity", "1.005", "0.001"])
def test_an_amount_that_is_no_amount_is_never_repaired(wrong):
    with pytest.raises((ValueError, ArithmeticError)):
        award_for(Decimal(wrong), TERMS)


@given(eligible=cents, already=cents, headroom=st.none() | cents, rate=rates)
def test_an_award_stays_within_every_limit_and_the_sum_closes(eligible, already, headroom, rate):
    terms = AwardTerms(rate=rate, cap=Decimal("18000.00"), minimum=Decimal("500.00"))
    award = award_for(eligible, terms, already_awarded=already, de_minimis_headroom=headroom)
    assert award.award == award.award.quantize(CENT)
    assert award.award == 0 or award.award >= terms.minimum
    assert award.award * 100 <= rate * eligible
    assert award.award <= max(terms.cap - already, ZERO)
    assert headroom is None or award.award <= headroom
    assert award.award + award.own_contribution == eligible
    assert (award.award == 0) == any(code == AmountReason.BELOW_MINIMUM for code in codes(award))


@given(eligible=cents)
def test_one_cent_more_cost_never_lowers_the_award(eligible):
    assert award_for(eligible + CENT, TERMS).award >= award_for(eligible, TERMS).award


@given(eligible=cents, already=cents)
def test_nothing_is_lost_but_a_fraction_of_a_cent(eligible, already):
    award = award_for(eligible, TERMS, already_awarded=already)
    exact = min(TERMS.rate * eligible / 100, max(TERMS.cap - already, ZERO))
    assert award.award == 0 or exact - award.award < CENT


@given(total=cents, weights=st.lists(st.integers(1, 10**9).map(lambda n: n * CENT), min_size=1, max_size=12))
def test_a_split_adds_up_to_the_cent_and_is_fair_to_a_cent(total, weights):
    parts = split_award(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < CENT


def test_an_award_under_the_cap_is_never_more_than_the_cost_of_its_line():
    parts = split_award(Decimal("1000.00"), [Decimal("833.33"), Decimal("416.67")])
    assert parts == [Decimal("666.66"), Decimal("333.34")]


# --- the cost that counts --------------------------------------------------------------------------------------------


def test_a_quote_above_the_approved_price_counts_up_to_that_price():
    assert eligible_line(Quote(net=Decimal("1200.00"), approved_price=Decimal("1000.00"))) == Decimal("1000.00")


def test_a_discount_below_the_approved_price_counts_as_it_is():
    assert eligible_line(Quote(net=Decimal("900.00"), approved_price=Decimal("1000.00"))) == Decimal("900.00")


def test_vat_that_is_deducted_does_not_count():
    assert eligible_line(Quote(net=Decimal("1000.00"), vat=Decimal("210.00"))) == Decimal("1000.00")


def test_vat_that_nobody_gets_back_counts():
    quote = Quote(net=Decimal("1000.00"), vat=Decimal("210.00"), vat_deductible=Decimal(0))
    assert eligible_line(quote) == Decimal("1210.00")


def test_vat_that_is_deducted_in_part_counts_for_the_rest_rounded_down():
    quote = Quote(net=Decimal("1000.00"), vat=Decimal("210.01"), vat_deductible=Decimal("33.33"))
    assert eligible_line(quote) == Decimal("1140.01")


def test_vat_on_the_part_above_the_approved_price_does_not_count():
    quote = Quote(
        net=Decimal("2000.00"), vat=Decimal("420.00"), vat_deductible=Decimal(0), approved_price=Decimal("1000.00")
    )
    assert eligible_line(quote) == Decimal("1210.00")


def test_other_public_money_on_the_same_cost_is_taken_off_and_never_below_zero():
    assert eligible_line(Quote(net=Decimal("1000.00"), other_funding=Decimal("250.00"))) == Decimal("750.00")
    assert eligible_line(Quote(net=Decimal("1000.00"), other_funding=Decimal("2500.00"))) == ZERO


@pytest.mark.parametrize(
    ("position", "pro_rata", "percent"),
    [
        (VatPosition.FULL, None, 100),
        (VatPosition.NONE, None, 0),
        (VatPosition.REVERSED, None, 100),
        (VatPosition.PRO_RATA, Decimal(40), 40),
        (VatPosition.PRO_RATA, None, 0),
    ],
)
def test_the_vat_position_says_which_percentage_comes_back(position, pro_rata, percent):
    assert deductible_percent(position, pro_rata) == percent
