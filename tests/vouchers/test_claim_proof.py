"""From whom proof is asked: whom the lot chose, once per voucher, and whoever has a check that did not pass (DESIGN 4.12)."""

from decimal import Decimal

import pytest

from core.reasons import Reason
from tests.factories.claims import advised_claim, draft_claim, proven, submitted_claim
from tests.refusals import refusal
from vouchers import services
from vouchers.claim_reasons import ClaimReason, SeenReason
from vouchers.enums import CheckCode, CheckOutcome, ClaimState
from vouchers.models import Claim
from vouchers.rules.claim import Finding, flags
from vouchers.rules.sample import sampled

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def seed_for(reference: str, *, drawn: bool) -> str:
    """A seed under which one voucher in ten is drawn and this one is, or is not."""
    return next(seed for seed in map(str, range(1000)) if sampled(seed, reference, D(10)) is drawn)


@pytest.mark.parametrize("drawn", [True, False])
def test_who_takes_a_claim_back_and_sends_another_keeps_the_same_lot(them, drawn):
    programme = them.voucher.application.programme
    programme.sample_seed = seed_for(them.voucher.number, drawn=drawn)
    programme.save()
    lots = []
    for number in ("F-1", "F-2", "F-3"):
        claim = submitted_claim(them, number=number)
        lots.append(claim.sampled)
        services.withdraw_claim(by=them.member, claim=claim)
    assert lots == [drawn] * 3


def flagged(them) -> Claim:
    """In review, with an invoice that names another company than the voucher does."""
    return services.take_up_claim(by=them.assessor, claim=submitted_claim(them, kvk="99999990"))


ACCEPTED = {"supplier": (True, "Zelfde concern.")}


@pytest.mark.usefixtures("nobody_drawn")
def test_a_check_that_did_not_pass_asks_for_proof_however_it_is_judged(them):
    claim = flagged(them)
    assert claim.needs_proof
    advice = {"by": them.assessor, "text": "Goed.", "judgements": ACCEPTED}
    assert refusal(services.advise_claim, claim=claim, **advice) == [ClaimReason.PROOF_NEEDED]
    claim = services.advise_claim(claim=proven(them, claim), **advice)
    assert claim.advised_amount == D("8000.00")


@pytest.mark.usefixtures("nobody_drawn")
def test_for_proof_there_are_eight_weeks(them):
    claim = services.ask_more_claim(by=them.assessor, claim=flagged(them), question="Stuur een betaalbewijs.")
    assert claim.answer_by.isoformat() == "2027-01-18"


@pytest.mark.usefixtures("nobody_drawn")
def test_an_answer_without_proof_is_not_sent_unless_the_answer_takes_the_flag_away(them):
    claim = services.ask_more_claim(by=them.assessor, claim=flagged(them), question="Van wie is deze factuur?")
    services.answer_question(by=them.member, claim=claim, text="Van de aanbieder.")
    assert refusal(services.submit_claim, by=them.member, claim=claim) == [ClaimReason.PROOF_NEEDED]
    invoice = {"number": claim.invoice_number, "dated": claim.invoice_date, "excl": claim.invoice_excl}
    services.save_invoice(
        by=them.member,
        claim=claim,
        **invoice,
        incl=claim.invoice_incl,
        description=claim.invoice_description,
        kvk=them.voucher.provider.organisation.kvk,
        vat_id=them.voucher.provider.organisation.vat_id,
    )
    claim = services.submit_claim(by=them.member, claim=claim)
    assert (claim.state, claim.needs_proof) == (ClaimState.SUBMITTED, False)


@pytest.mark.usefixtures("nobody_drawn")
def test_a_first_claim_is_sent_without_proof_and_a_green_one_needs_none(them):
    claim = draft_claim(them)
    assert services.submit_claim(by=them.member, claim=claim).needs_proof is False
    assert claim.payment_proof_id is None


def test_an_account_that_nobody_verified_yet_is_no_flag():
    def seen(code, outcome, why):
        return Finding(code, outcome, Reason(why))

    unverified = seen(CheckCode.IBAN, CheckOutcome.UNKNOWN, SeenReason.ACCOUNT_UNVERIFIED)
    other = seen(CheckCode.SUPPLIER, CheckOutcome.FAIL, SeenReason.OTHER_SUPPLIER)
    unsure = seen(CheckCode.PACKAGE, CheckOutcome.UNKNOWN, SeenReason.PACKAGE_NOT_NAMED)
    fine = seen(CheckCode.VAT_ID, CheckOutcome.PASS, SeenReason.VAT_ID_SAME)
    assert flags([unverified, fine]) == []
    assert flags([unverified, other, unsure, fine]) == [CheckCode.SUPPLIER, CheckCode.PACKAGE]


def test_whom_the_lot_chose_gives_proof_before_anything_is_advised(them):
    programme = them.voucher.application.programme
    programme.sample_seed = seed_for(them.voucher.number, drawn=True)
    programme.save()
    claim = advised_claim(them)
    assert (claim.sampled, claim.has_proof) == (True, True)
