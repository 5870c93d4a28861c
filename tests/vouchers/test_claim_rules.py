"""What the machine sees on a claim, and what a claim comes to."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import ZERO
from vouchers.claim_reasons import ClaimReason, SeenReason
from vouchers.enums import CheckCode, CheckOutcome, LowerGround
from vouchers.rules.claim import (
    AwardFacts,
    Finding,
    InvoiceFacts,
    OtherClaims,
    counted_cost,
    determined_amount,
    invoice_key,
    lowering_reasons,
    machine_checks,
    needs_judgement,
    reclaim_reasons,
)

D = Decimal
TODAY = datetime.date(2026, 11, 23)
INVOICE = InvoiceFacts(
    number="2026-0417",
    dated=datetime.date(2026, 11, 2),
    excl=D("10000.00"),
    incl=D("12100.00"),
    description="Kassa Compleet, pakket Start, eerste jaar",
    supplier_kvk="12345678",
    supplier_vat_id="NL002455799B11",
)
AWARD = AwardFacts(
    applied_on=datetime.date(2026, 9, 1),
    ordered_on=datetime.date(2026, 10, 1),
    delivered_on=datetime.date(2026, 11, 1),
    claim_by=datetime.date(2026, 12, 28),
    provider_kvk="12345678",
    provider_vat_id="NL002455799B11",
    package="Start",
    solution="Kassa Compleet",
    quoted=D("10000.00"),
)


NOWHERE_ELSE = OtherClaims()


def outcomes(invoice=INVOICE, award=AWARD, *, verified=True, others=NOWHERE_ELSE):
    findings = machine_checks(invoice, award, account_verified=verified, others=others)
    return {finding.code: (finding.outcome, finding.seen.code) for finding in findings}


def test_a_tidy_claim_passes_every_check():
    assert {outcome for outcome, _seen in outcomes().values()} == {CheckOutcome.PASS}
    assert list(outcomes()) == list(CheckCode)


@pytest.mark.parametrize(
    ("change", "code", "outcome", "seen"),
    [
        ({"incl": D("10900.00")}, CheckCode.ARITHMETIC, CheckOutcome.PASS, SeenReason.ADDS_UP),
        ({"incl": D("10000.00")}, CheckCode.ARITHMETIC, CheckOutcome.PASS, SeenReason.ADDS_UP),
        ({"incl": D("12100.05")}, CheckCode.ARITHMETIC, CheckOutcome.PASS, SeenReason.ADDS_UP),
        ({"incl": D("12100.06")}, CheckCode.ARITHMETIC, CheckOutcome.UNKNOWN, SeenReason.VAT_UNUSUAL),
        ({"incl": D("11000.00")}, CheckCode.ARITHMETIC, CheckOutcome.UNKNOWN, SeenReason.VAT_UNUSUAL),
        ({"incl": D("9999.99")}, CheckCode.ARITHMETIC, CheckOutcome.FAIL, SeenReason.TOTAL_LOWER),
        (
            {"dated": datetime.date(2026, 8, 31)},
            CheckCode.DATES,
            CheckOutcome.FAIL,
            SeenReason.INVOICE_BEFORE_APPLYING,
        ),
        (
            {"dated": datetime.date(2026, 9, 30)},
            CheckCode.DATES,
            CheckOutcome.UNKNOWN,
            SeenReason.INVOICE_BEFORE_ORDER,
        ),
        ({"dated": datetime.date(2026, 12, 29)}, CheckCode.DATES, CheckOutcome.FAIL, SeenReason.INVOICE_AFTER_TERM),
        ({"supplier_kvk": ""}, CheckCode.SUPPLIER, CheckOutcome.UNKNOWN, SeenReason.NO_SUPPLIER_KVK),
        ({"supplier_kvk": "87654321"}, CheckCode.SUPPLIER, CheckOutcome.FAIL, SeenReason.OTHER_SUPPLIER),
        ({"description": "Werkzaamheden"}, CheckCode.PACKAGE, CheckOutcome.UNKNOWN, SeenReason.PACKAGE_NOT_NAMED),
        (
            {"excl": D("10000.01"), "incl": D("12100.01")},
            CheckCode.PACKAGE,
            CheckOutcome.UNKNOWN,
            SeenReason.MORE_THAN_QUOTED,
        ),
        ({"supplier_vat_id": ""}, CheckCode.VAT_ID, CheckOutcome.UNKNOWN, SeenReason.VAT_ID_NOT_GIVEN),
        ({"supplier_vat_id": "NL999999990B01"}, CheckCode.VAT_ID, CheckOutcome.FAIL, SeenReason.VAT_ID_OTHER),
    ],
)
def test_each_check_says_what_it_saw(change, code, outcome, seen):
    found = outcomes(replace(INVOICE, **change))
    assert found.pop(code) == (outcome, seen)
    assert {other for other, _seen in found.values()} == {CheckOutcome.PASS}


@pytest.mark.parametrize(("verified", "outcome"), [(True, "pass"), (False, "unknown"), (None, "fail")])
def test_an_account_is_verified_registered_or_missing(verified, outcome):
    assert outcomes(verified=verified)[CheckCode.IBAN][0] == outcome


def test_an_invoice_used_before_fails_and_a_lookalike_is_shown():
    assert outcomes(others=OtherClaims(same_number=1))[CheckCode.INVOICE_NUMBER][0] == CheckOutcome.FAIL
    lookalike = outcomes(others=OtherClaims(lookalikes=2))[CheckCode.INVOICE_NUMBER]
    assert lookalike == (CheckOutcome.UNKNOWN, SeenReason.LOOKALIKE)


def test_earlier_invoices_count_towards_the_quote():
    partly = replace(AWARD, invoiced_before=D("0.01"))
    assert outcomes(award=partly)[CheckCode.PACKAGE] == (CheckOutcome.UNKNOWN, SeenReason.MORE_THAN_QUOTED)


def test_whatever_did_not_pass_needs_a_persons_judgement():
    findings = machine_checks(
        replace(INVOICE, supplier_vat_id="", supplier_kvk="87654321"),
        AWARD,
        account_verified=True,
        others=OtherClaims(),
    )
    assert needs_judgement(findings) == [CheckCode.SUPPLIER, CheckCode.VAT_ID]


def test_a_finding_survives_storage_with_its_words():
    for finding in machine_checks(INVOICE, AWARD, account_verified=False, others=OtherClaims(lookalikes=1)):
        stored = Finding.from_json(finding.as_json())
        assert (stored.code, stored.outcome, str(stored.seen)) == (finding.code, finding.outcome, str(finding.seen))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INV-2026-001", "inv. 2026/001"),
        ("2026 001", "2026001"),
        ("Ａ１２", "a12"),
        ("f_12", "F-12"),
        ("F2026١", "F20261"),
        ("Fé 1", "FE1"),
    ],
)
def test_the_same_invoice_number_is_recognised_in_other_spellings(one, other):
    assert invoice_key(one) == invoice_key(other)


@pytest.mark.parametrize(("one", "other"), [("2026-001", "2026-01"), ("12", "112"), ("A1", "A2")])
def test_other_invoice_numbers_stay_apart(one, other):
    assert invoice_key(one) != invoice_key(other)


def test_a_number_without_letters_or_digits_has_no_key():
    assert invoice_key(" -/. ") == ""


# --- the arithmetic ---------------------------------------------------------------------------------------------------


def amount(award, eligible, invoiced, **more):
    return determined_amount(award=D(award), eligible=D(eligible), rate=D(80), invoiced=D(invoiced), **more).amount


@pytest.mark.parametrize(
    ("award", "eligible", "invoiced", "expected"),
    [
        ("8000.00", "10000.00", "10000.00", "8000.00"),
        ("8000.00", "10000.00", "9999.99", "7999.99"),
        ("8000.00", "10000.00", "10000.01", "8000.00"),
        ("8000.00", "10000.00", "99999.99", "8000.00"),
        ("18000.00", "30000.00", "30000.00", "18000.00"),
        ("18000.00", "30000.00", "22500.00", "18000.00"),
        ("18000.00", "30000.00", "22499.99", "17999.99"),
        ("17999.99", "22499.99", "22499.99", "17999.99"),
        ("500.00", "625.00", "0.01", "0.00"),
        ("500.00", "625.00", "0.02", "0.01"),
        ("500.00", "625.00", "0.00", "0.00"),
    ],
)
def test_a_claim_comes_to_the_rate_over_the_lower_of_invoice_and_award(award, eligible, invoiced, expected):
    assert amount(award, eligible, invoiced) == D(expected)


def test_a_claim_in_two_parts_comes_to_what_it_comes_to_at_once():
    first = amount("8000.00", "10000.00", "3333.33")
    second = amount("8000.00", "10000.00", "6666.67", invoiced_before=D("3333.33"), determined_before=first)
    assert (first, second) == (D("2666.66"), D("5333.34"))


cents = st.integers(min_value=0, max_value=10_000_000).map(lambda number: D(number) / 100)


@given(award=cents, eligible=cents, parts=st.lists(cents, min_size=1, max_size=6), rate=st.integers(0, 100))
def test_claims_never_come_to_more_than_the_award_whatever_the_parts(award, eligible, parts, rate):
    determined, invoiced = ZERO, ZERO
    for part in parts:
        found = determined_amount(
            award=award,
            eligible=eligible,
            rate=D(rate),
            invoiced=part,
            invoiced_before=invoiced,
            determined_before=determined,
        )
        assert found.amount >= 0
        determined += found.amount
        invoiced += part
    whole = determined_amount(award=award, eligible=eligible, rate=D(rate), invoiced=invoiced)
    assert determined == whole.amount <= award


@pytest.mark.parametrize("wrong", ["-0.01", "0.001", "NaN", "Infinity", "1e-3"])
def test_an_amount_that_is_no_amount_is_an_error(wrong):
    with pytest.raises((ValueError, ArithmeticError)):
        amount("8000.00", "10000.00", wrong)


def test_the_arithmetic_is_shown_line_by_line():
    found = determined_amount(award=D("8000.00"), eligible=D("10000.00"), rate=D(80), invoiced=D("9000.00"))
    assert [row.amount for row in found.arithmetic] == [
        D("9000.00"),
        D("10000.00"),
        D("9000.00"),
        D("7200.00"),
        D("8000.00"),
        D("7200.00"),
    ]
    assert all(str(row.label) for row in found.arithmetic)


@pytest.mark.parametrize(
    ("excl", "incl", "deductible", "expected"),
    [
        ("100.00", "121.00", "100", "100.00"),
        ("100.00", "121.00", "0", "121.00"),
        ("100.00", "121.00", "50", "110.50"),
        ("0.10", "0.13", "50", "0.11"),
    ],
)
def test_vat_counts_as_far_as_the_business_does_not_get_it_back(excl, incl, deductible, expected):
    assert counted_cost(D(excl), D(incl), D(deductible)) == D(expected)


def test_a_total_below_its_part_is_an_error():
    with pytest.raises(ValueError, match="lower"):
        counted_cost(D("100.00"), D("99.99"), D(100))


# --- lower than the arithmetic ------------------------------------------------------------------------------------------


def lowering(amount, *, ground=LowerGround.NOT_DONE, explanation="Half is missing."):
    return [reason.code for reason in lowering_reasons(D(amount), D("100.00"), ground=ground, explanation=explanation)]


def test_more_than_the_arithmetic_is_never_determined():
    assert lowering("100.01") == [ClaimReason.ABOVE_ARITHMETIC]


def test_less_needs_a_ground_and_words():
    assert lowering("100.00", ground=None, explanation="") == []
    assert lowering("99.99", ground=None) == [ClaimReason.GROUND_NEEDED]
    assert lowering("99.99", explanation="  ") == [ClaimReason.GROUND_NEEDED]
    assert lowering("99.99") == []


def test_a_reclaim_is_at_most_what_was_paid_and_within_five_years():
    def codes(amount, today):
        reasons = reclaim_reasons(
            D(amount),
            paid=D("100.00"),
            reclaimed=D("40.00"),
            determined_on=TODAY,
            last_day=datetime.date(2031, 11, 23),
            today=today,
        )
        return [reason.code for reason in reasons]

    assert codes("60.00", datetime.date(2031, 11, 23)) == []
    assert codes("60.01", TODAY) == [ClaimReason.RECLAIM_TOO_HIGH]
    assert codes("60.00", datetime.date(2031, 11, 24)) == [ClaimReason.RECLAIM_TOO_OLD]
