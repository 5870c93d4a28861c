"""Before money leaves, what can have changed since the award is asked again (DESIGN 4.9)."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.services import keep_bank_account, record_insolvency
from core import clock
from core.reasons import Reason
from core.workflow import unit
from tests.factories.accounts import MembershipFactory, official
from tests.factories.claims import advised_claim, case, determined_claim, provider_account
from vouchers import services
from vouchers.enums import DecisionKind, LowerGround, Payee, RevocationGround
from vouchers.models import Claim
from vouchers.reasons import EligibilityReason as Why
from vouchers.services.payable import payout_objections

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _monday():
    with clock.fixed(MONDAY):
        yield


@pytest.fixture
def them():
    return case()


@pytest.fixture
def claim(them) -> Claim:
    return determined_claim(them)


def against(claim: Claim) -> list[Reason]:
    return unit(payout_objections)(claim)


def codes(claim: Claim) -> list[str]:
    return [why.code for why in against(claim)]


def test_nothing_is_against_a_claim_as_it_was_determined(claim):
    assert against(claim) == []


def test_a_business_that_went_bankrupt_after_the_award_is_not_paid(them, claim):
    record_insolvency(by=official(Role.ASSESSOR), organisation=them.sme, since=dt.date(2026, 11, 20))
    assert against(claim) == [Reason(Why.INSOLVENT_SINCE, {"since": dt.date(2026, 11, 20)}, ground="Awb 4:35")]
    record_insolvency(by=official(Role.DECIDER), organisation=them.sme, since=None)
    assert against(claim) == []


def test_who_joined_the_supplier_after_the_award_makes_it_a_related_party(them, claim):
    MembershipFactory(organisation=them.voucher.provider.organisation, person=them.member)
    assert codes(claim) == [Why.SAME_PERSON]


def test_an_account_that_was_replaced_is_not_paid_to(them, claim):
    account = claim.bank_account
    keep_bank_account(by=them.member, organisation=them.sme, iban=account.iban, holder="Een ander")
    assert codes(claim) == [Why.PAYEE_ACCOUNT]


def test_an_account_that_nobody_checked_is_not_paid_to(claim):
    account = claim.bank_account
    account.verified_at = None
    account.save()
    assert codes(claim) == [Why.PAYEE_UNCHECKED]


def test_by_payment_instruction_the_account_is_the_providers(them, claim):
    """The row is changed behind the services' back: what is asked is whose account the money goes to."""
    theirs = provider_account(them)
    Claim.objects.filter(pk=claim.pk).update(bank_account=theirs, iban=theirs.iban)
    assert codes(claim) == [Why.PAYEE_ACCOUNT]
    Claim.objects.filter(pk=claim.pk).update(payee=Payee.PROVIDER)
    assert against(claim) == []


def test_while_taking_back_or_paying_less_was_announced_nothing_is_paid_for_thirteen_weeks(them, claim):
    why = {"grounds": [RevocationGround.FALSE_DATA], "text": "Wij twijfelen."}
    services.announce(by=them.assessor, subject=them.voucher, kind=DecisionKind.REVOCATION, **why)
    until = dt.date(2027, 2, 22)
    asked = {"announced": dt.date(2026, 11, 23), "until": until}
    assert against(claim) == [Reason(Why.SUSPICION, asked, ground="Awb 4:56")]
    services.respond(by=them.member, subject=them.voucher, kind=DecisionKind.REVOCATION, text="Onterecht.")
    assert codes(claim) == [Why.SUSPICION]
    for day, expected in ((until, [Why.SUSPICION]), (until + dt.timedelta(days=1), [])):
        with clock.fixed(dt.datetime.combine(day, dt.time(12), tzinfo=clock.AMSTERDAM)):
            assert codes(claim) == expected


def test_a_notice_that_was_decided_on_is_no_suspicion_any_more(them):
    claim = advised_claim(them)
    kind = DecisionKind.DETERMINATION
    less = {"grounds": [LowerGround.NOT_DONE], "amount": Decimal("5000.00")}
    services.announce(by=them.assessor, subject=claim, kind=kind, text="Wij bedoelen minder.", **less)
    services.respond(by=them.member, subject=claim, kind=kind, text="Gezien.")
    claim = services.determine(by=them.decider, claim=claim)
    assert against(claim) == []
    with clock.fixed(MONDAY + dt.timedelta(hours=1)):
        services.announce(by=them.assessor, subject=claim, kind=kind, text="Toch minder.", **less)
        assert codes(claim) == [Why.SUSPICION]
