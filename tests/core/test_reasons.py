"""Reasons: stored as codes and values, read back as they were, shown as the pages show days and amounts."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.utils import translation

from core.reasons import Reason, _codes
from payouts.reasons import PayoutReason
from providers.rules.vetting import VettingReason
from vouchers.claim_reasons import ClaimReason, SeenReason
from vouchers.reasons import AmountReason, BudgetReason, EligibilityReason

DAY = dt.date(2026, 11, 24)
SPACE = "\N{NO-BREAK SPACE}"


def stored(reason: Reason) -> Reason:
    """Through JSON and back, as a decision keeps it."""
    return Reason.from_json(json.loads(json.dumps(reason.as_json())))


@pytest.mark.parametrize(
    ("reason", "dutch", "english"),
    [
        (
            Reason(EligibilityReason.QUOTE_EXPIRED, {"number": "2026-14", "valid_until": DAY}),
            "Offerte 2026-14 was geldig tot en met 24 november 2026.",
            "Quote 2026-14 was valid until 24 November 2026.",
        ),
        (
            Reason(AmountReason.BELOW_MINIMUM, {"award": Decimal("400.00"), "minimum": Decimal("1500.50")}),
            f"De voucher zou €{SPACE}400,00 zijn. Een voucher is minstens €{SPACE}1.500,50.",
            "The voucher would be €400.00. A voucher is at least €1,500.50.",
        ),
        (
            Reason(ClaimReason.SOMETHING_TO_PAY, {"amount": Decimal("18000.00")}),
            f"Er is nog €{SPACE}18.000,00 te betalen op dit verzoek.",
            "There is still €18,000.00 to pay on this claim.",
        ),
        (
            Reason(SeenReason.MORE_THAN_QUOTED, {"invoiced": Decimal("10000.01"), "quoted": Decimal("10000.00")}),
            f"De facturen zijn samen €{SPACE}10.000,01, de offerte was €{SPACE}10.000,00.",
            "The invoices come to €10,000.01, the quote was €10,000.00.",
        ),
        (
            Reason(PayoutReason.NO_BANK_DAY, {"date": dt.date(2026, 12, 25)}),
            "Op 25 december 2026 zijn de banken dicht. Kies een werkdag.",
            "Banks are closed on 25 December 2026. Choose a working day.",
        ),
    ],
    ids=lambda value: value.code.name if isinstance(value, Reason) else "",
)
def test_a_stored_reason_reads_as_people_write_days_and_amounts(reason, dutch, english):
    for one in (reason, stored(reason)):
        with translation.override("nl"):
            assert str(one) == dutch
        with translation.override("en"):
            assert str(one) == english


def test_what_is_stored_comes_back_the_same():
    moment = dt.datetime(2026, 11, 24, 22, 30, tzinfo=dt.UTC)
    params = {"day": DAY, "moment": moment, "left": Decimal("8000.00"), "n": 3, "yes": True, "text": "x", "none": None}
    reason = Reason(BudgetReason.SHORT, params, "Awb 4:25")
    assert stored(reason) == reason
    assert stored(reason).as_json() == reason.as_json()
    assert "kinds" not in Reason(BudgetReason.TWICE).as_json()


@pytest.mark.parametrize("number", ["2026-11-24", "1250.00"])
def test_a_number_that_looks_like_a_day_or_an_amount_stays_what_it_is(number):
    reason = Reason(EligibilityReason.QUOTE_SIGNED, {"number": number})
    assert stored(reason) == reason
    with translation.override("en"):
        assert str(stored(reason)) == f"It was not confirmed that quote {number} is unsigned."


def test_a_moment_is_shown_as_its_day_in_amsterdam():
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    with translation.override("nl"):
        assert "24 november 2026" in str(Reason(VettingReason.INTENT_OVER, {"until": late}))


def test_an_amount_that_comes_as_text_is_left_as_it_is():
    reason = Reason(AmountReason.BELOW_MINIMUM, {"award": "400.00", "minimum": "500.00"})
    with translation.override("en"):
        assert str(reason) == "The voucher would be € 400.00. A voucher is at least € 500.00."


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sentence_has_the_same_signs_in_both_languages(language):
    """A translation that loses the sign before an amount would show a bare number."""
    for code in _codes().values():
        with translation.override("en"):
            english = str(code.label)
        with translation.override(language):
            assert str(code.label).count("€ %(") == english.count("€ %("), code.value
