"""Who decides on a claim, what may be lower, what is paid, returned, withheld and revised."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import Role
from core import clock
from core.enums import HandRole
from core.models import Hand
from core.reasons import CoreReason, Refused
from tests.factories.accounts import official
from tests.factories.claims import (
    advised_claim,
    case,
    delivered,
    determined_claim,
    draft_claim,
    paid_claim,
    proven,
    submitted_claim,
)
from tests.moments import MONDAY, later
from tests.refusals import code_set
from tests.vouchers.money import parts
from vouchers import services
from vouchers.claim_reasons import ClaimReason
from vouchers.enums import ClaimState, LowerGround, VoucherState
from vouchers.models import Claim, Decision

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


# --- the whole way -------------------------------------------------------------------------------------------------------


# --- who checks and decides -----------------------------------------------------------------------------------------------------


def test_who_assessed_the_application_does_not_check_the_claim():
    them = case()
    claim = submitted_claim(them)
    with pytest.raises(Refused) as refused:
        services.take_up_claim(by=them.application_assessor, claim=claim)
    assert code_set(refused) == {ClaimReason.SAME_ASSESSOR}


@pytest.mark.database
def test_a_second_role_on_the_file_is_refused_by_the_service_and_by_the_database():
    from django.db import IntegrityError, transaction

    them = case()
    everything = official(Role.ASSESSOR, Role.DECIDER, is_superuser=True)
    them.assessor = everything
    claim = advised_claim(them)
    with pytest.raises(Refused) as refused:
        services.determine(by=everything, claim=claim)
    assert code_set(refused) == {CoreReason.OTHER_HAND}
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ADVISED
    assert not Decision.objects.filter(subject=claim.reference()).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(file=claim.file(), person=everything, role=HandRole.DECIDER)


def test_who_belongs_to_a_party_touches_nothing():
    from tests.factories.accounts import MembershipFactory, OrganisationFactory

    them = case()
    claim = submitted_claim(them)
    for organisation in (them.sme, them.voucher.provider.organisation):
        linked = official(Role.ASSESSOR)
        MembershipFactory(person=linked, organisation=organisation)
        with pytest.raises(Refused) as refused:
            services.take_up_claim(by=linked, claim=claim)
        assert CoreReason.LINKED in code_set(refused)
    namesake = official(Role.ASSESSOR)
    MembershipFactory(person=namesake, organisation=OrganisationFactory(kind="provider", kvk=them.sme.kvk))
    with pytest.raises(Refused) as refused:
        services.take_up_claim(by=namesake, claim=claim)
    assert code_set(refused) == {CoreReason.LINKED}


def test_a_check_that_did_not_pass_must_be_judged_in_words():
    them = case()
    claim = proven(them, services.take_up_claim(by=them.assessor, claim=submitted_claim(them, kvk="", vat_id="")))
    with pytest.raises(Refused) as refused:
        services.advise_claim(by=them.assessor, claim=claim, text="Goed.", judgements={"supplier": (True, "  ")})
    assert [reason.code for reason in refused.value.reasons] == [ClaimReason.CHECK_NOT_JUDGED] * 2
    with pytest.raises(Refused) as refused:
        services.advise_claim(
            by=them.assessor,
            claim=claim,
            text="Goed.",
            judgements={"supplier": (False, "Ander bedrijf."), "vat_id": (True, "Gezien.")},
        )
    assert code_set(refused) == {ClaimReason.CHECK_REFUSED}


def test_what_the_provider_did_not_confirm_is_not_paid():
    them = case()
    delivered(them, confirmed=False)
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    with pytest.raises(Refused) as refused:
        services.advise_claim(by=them.assessor, claim=claim, text="Goed.")
    assert code_set(refused) == {ClaimReason.NOT_CONFIRMED}
    services.confirm_delivery(by=them.provider_member, voucher=them.voucher)
    claim = Claim.objects.get(pk=claim.pk)
    assert services.advise_claim(by=them.assessor, claim=claim, text="Goed.").advised_amount == D("8000.00")


def test_an_approval_does_not_survive_a_change_of_what_was_approved():
    them = case()
    claim = advised_claim(them)
    claim.bank_account.iban = "NL44RABO0123456789"
    claim.bank_account.save()
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=Claim.objects.get(pk=claim.pk))
    assert code_set(refused) == {ClaimReason.CHANGED_SINCE_ADVICE}


def test_the_account_is_frozen_at_the_determination():
    them = case()
    claim = determined_claim(them)
    claim.bank_account.iban = "NL44RABO0123456789"
    claim.bank_account.save()
    again = Claim.objects.get(pk=claim.pk)
    assert again.iban == "NL91ABNA0417164300"
    assert list(Claim.objects.payable()) == [again]


# --- lower than the arithmetic -------------------------------------------------------------------------------------------------


def lower(them, amount="5000.00"):
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    return services.advise_claim(
        by=them.assessor, claim=claim, text="De training ontbrak.", amount=D(amount), ground=LowerGround.NOT_DONE
    )


def test_a_lower_determination_waits_for_the_answer_to_a_notice():
    them = case()
    claim = lower(them)
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=claim)
    assert code_set(refused) == {ClaimReason.NOTICE_NEEDED}
    notice = services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen 5.000 euro betalen.")
    assert notice.answer_by == dt.date(2026, 12, 7)
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=claim)
    assert code_set(refused) == {ClaimReason.NOTICE_RUNNING}
    services.answer_claim_notice(by=them.member, claim=claim, text="De training was digitaal.")
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.determined_amount, claim.ground) == (D("5000.00"), LowerGround.NOT_DONE)
    assert claim.decision.legal_ground == "Awb 4:46"
    assert parts() == (D(0), D("5000.00"), D(0))


def test_a_notice_that_nobody_answers_runs_out_after_its_last_day():
    them = case()
    claim = lower(them)
    services.send_claim_notice(by=them.decider, claim=claim, text="Wij willen minder betalen.")
    with later(14), pytest.raises(Refused):
        services.determine(by=them.decider, claim=claim)
    with later(15):
        assert services.determine(by=them.decider, claim=claim).determined_amount == D("5000.00")


def test_a_determination_at_nothing_closes_claim_and_voucher_and_frees_the_money():
    them = case()
    claim = lower(them, "0.00")
    services.send_claim_notice(by=them.decider, claim=claim, text="Er is niets geleverd.")
    with later(15):
        claim = services.determine(by=them.decider, claim=claim)
    assert claim.state == ClaimState.CLOSED
    assert them.again().state == VoucherState.SETTLED
    assert parts() == (D(0), D(0), D(0))
    assert services.differences() == []


def test_more_than_the_arithmetic_is_refused_to_assessor_and_decider():
    them = case()
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    with pytest.raises(Refused) as refused:
        services.advise_claim(by=them.assessor, claim=claim, text="Meer.", amount=D("8000.01"))
    assert code_set(refused) == {ClaimReason.ABOVE_ARITHMETIC}
    claim = services.advise_claim(by=them.assessor, claim=claim, text="Goed.")
    with pytest.raises(Refused) as refused:
        services.determine(by=them.decider, claim=claim, amount=D("8000.01"))
    assert code_set(refused) == {ClaimReason.ABOVE_ARITHMETIC}


# --- paying, returning, withholding, revising -------------------------------------------------------------------------------------


@pytest.mark.database
def test_a_claim_is_paid_once_and_a_payout_counts_once():
    them = case()
    claim = paid_claim(them, ref="uuid-1")
    with pytest.raises(Refused) as refused:
        services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-2")
    assert code_set(refused) == {CoreReason.WRONG_STATE}
    assert parts() == (D(0), D(0), D("8000.00"))


@pytest.mark.database
def test_returned_money_is_awarded_again_and_paid_by_a_new_payout():
    them = case()
    claim = paid_claim(them, ref="uuid-1")
    with pytest.raises(Refused):
        services.return_funds(by=them.payer, claim=claim, payout_ref="uuid-9")
    claim = services.return_funds(by=them.payer, claim=claim, payout_ref="uuid-1")
    assert (claim.state, claim.paid_amount, parts()) == (ClaimState.DETERMINED, D(0), (D(0), D("8000.00"), D(0)))
    with pytest.raises(Refused):
        services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-1")
    claim = services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-2")
    assert (claim.state, parts()) == (ClaimState.PAID, (D(0), D(0), D("8000.00")))
    assert services.differences() == []


@pytest.mark.parametrize("paid_on", [dt.date(2026, 11, 22), dt.date(2026, 11, 24)])
def test_the_day_of_payment_lies_between_decision_and_today(paid_on):
    them = case()
    claim = determined_claim(them)
    with pytest.raises(Refused):
        services.mark_paid(by=them.payer, claim=claim, paid_on=paid_on, payout_ref="uuid-1")
    assert parts() == (D(0), D("8000.00"), D(0))


def test_a_withheld_claim_is_not_payable_until_it_is_released_by_hand_or_after_13_weeks():
    them = case()
    claim = determined_claim(them)
    claim = services.withhold_claim(by=them.decider, claim=claim, why="Er loopt een onderzoek.")
    assert claim.withheld_until == dt.date(2027, 2, 22)
    assert not Claim.objects.payable().exists()
    with pytest.raises(Refused):
        services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-1")
    with clock.fixed(MONDAY + dt.timedelta(weeks=13)):
        assert services.sweep_terms().released == 0
    with clock.fixed(MONDAY + dt.timedelta(weeks=13, days=1)):
        assert services.sweep_terms().released == 1
    assert Claim.objects.payable().get() == claim


def test_a_revision_pays_only_the_difference():
    them = case()
    claim = lower(them)
    services.send_claim_notice(by=them.decider, claim=claim, text="Minder.")
    services.answer_claim_notice(by=them.member, claim=claim, text="Niet terecht.")
    services.determine(by=them.decider, claim=claim)
    claim = services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-1")
    assert parts() == (D(0), D(0), D("5000.00"))
    other = official(Role.DECIDER)
    claim = services.revise_claim(by=other, claim=claim, amount=D("8000.00"), why="Bezwaar gegrond.")
    claim = services.determine(by=them.decider, claim=claim)
    assert (claim.state, claim.payable_amount) == (ClaimState.DETERMINED, D("3000.00"))
    assert parts() == (D(0), D("3000.00"), D("5000.00"))
    claim = services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref="uuid-2")
    assert (claim.paid_amount, parts()) == (D("8000.00"), (D(0), D(0), D("8000.00")))
    assert services.differences() == []


# --- numbers and races --------------------------------------------------------------------------------------------------------------


def test_codes_are_secret_and_differ():
    from vouchers.services.voucher import new_code

    made = {new_code() for _number in range(500)}
    assert len(made) == 500
    assert all(len(code.replace("-", "")) >= 26 for code in made)  # 26 base32 letters are 130 bits


@pytest.mark.database
def test_a_voucher_has_one_open_claim_says_the_database():
    from django.db import IntegrityError, transaction

    them = case()
    claim = draft_claim(them)
    with pytest.raises(IntegrityError, match=r"one_open_claim_per_voucher|voucher_id"), transaction.atomic():
        Claim.objects.create(
            voucher=them.voucher, seq=9, number="x", created_at=clock.now(), supplier_ref=claim.supplier_ref
        )


@pytest.mark.database
def test_an_invoice_counts_once_says_the_database_itself():
    from django.db import IntegrityError, transaction

    one = case()
    other = case(programme=one.voucher.application.programme, package=one.voucher.package)
    first, second = submitted_claim(one, number="F-1"), submitted_claim(other, number="F-2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=second.pk).update(invoice_key=first.invoice_key)


@pytest.mark.database
@pytest.mark.parametrize(
    "change",
    [
        {"determined_amount": D("8000.01")},
        {"determined_amount": D("-0.01")},
        {"iban": ""},
        {"state": ClaimState.PAID},
        {"state": ClaimState.ADVISED},
        {"state": "anything"},
        {"invoice_file": None},
    ],
)
def test_the_database_refuses_a_claim_that_cannot_be(change):
    from django.db import IntegrityError, transaction

    claim = determined_claim(case())
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**change)


def test_nothing_is_claimed_after_the_term():
    them = case()
    delivered(them)
    with clock.fixed(dt.datetime(2027, 1, 19, 10, tzinfo=dt.UTC)), pytest.raises(Refused) as refused:
        services.start_claim(by=them.member, voucher=them.voucher)
    assert code_set(refused) == {ClaimReason.CLAIM_TOO_LATE}


def test_a_suspended_provider_never_touches_a_running_voucher():
    from providers.enums import ProviderState
    from providers.models import Provider

    them = case()
    delivered(them)
    Provider.objects.filter(pk=them.voucher.provider_id).update(
        state=ProviderState.SUSPENDED, suspended_on=clock.today()
    )
    assert paid_claim(them).state == ClaimState.PAID


def test_both_sides_of_a_case_see_only_what_is_theirs():
    from vouchers.models import Voucher

    them = case()
    other = case(programme=them.voucher.application.programme)
    claim = draft_claim(them)
    seen = {user: set(Voucher.objects.visible_to(user)) for user in (them.member, them.provider_member, them.decider)}
    assert seen[them.member] == seen[them.provider_member] == {them.voucher}
    assert seen[them.decider] == {them.voucher, other.voucher}
    assert set(Claim.objects.visible_to(them.member)) == {claim}
    assert not Claim.objects.visible_to(them.provider_member).exists()
    assert not Claim.objects.visible_to(them.decider).exists()
    assert not Claim.objects.visible_to(other.member).exists()
