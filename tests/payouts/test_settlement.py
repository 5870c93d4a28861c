"""What people say about payments: booked, came back, found out by two."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from core.reasons import CoreReason
from core.workflow import NotAuthorised
from payouts import selectors, services
from payouts.enums import BatchState, PayoutState
from payouts.models import Payout, Resolution
from payouts.reasons import PayoutReason
from payouts.services import settlement
from tests.factories.accounts import official
from tests.factories.payouts import decider_of, prepared, released
from tests.moments import later
from tests.refusals import refusal
from vouchers import services as vouchers
from vouchers.enums import ClaimState, LedgerKind
from vouchers.models import Budget, Claim, LedgerTransaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(programme, payable_claim):
    """A released batch of two payments."""
    return released(programme, payable_claim(programme), payable_claim(programme, "1250.00"))


def money(programme):
    budget = Budget.objects.get(programme=programme, province=None)
    return budget.committed, budget.paid


@pytest.mark.database
def test_a_booked_batch_pays_every_claim_once(programme, sent):
    committed, paid = money(programme)
    done = services.confirm_paid(by=official(Role.TREASURER), batch=sent, booked_on=clock.today())
    assert {row.state for row in done} == {PayoutState.PAID}
    assert {row.paid_on for row in done} == {clock.today()}
    assert {row.claim.state for row in Payout.objects.select_related("claim")} == {ClaimState.PAID}
    assert money(programme) == (committed - Decimal("9000.00"), paid + Decimal("9000.00"))
    posted = LedgerTransaction.objects.filter(kind=LedgerKind.PAY).values_list("ref", flat=True)
    assert {ref.split(":")[-1] for ref in posted} == {row.number.hex for row in done}
    sent.refresh_from_db()
    assert sent.state == BatchState.CLOSED
    assert refusal(services.confirm_paid, by=official(Role.APPROVER), batch=sent, booked_on=clock.today()) == [
        PayoutReason.NOTHING_TO_CONFIRM
    ]
    assert money(programme) == (committed - Decimal("9000.00"), paid + Decimal("9000.00"))


def test_one_payment_of_a_batch_can_be_booked_by_itself(sent):
    first, second = sent.payouts()
    services.confirm_paid(by=official(Role.APPROVER), payout=first, booked_on=clock.today())
    first.refresh_from_db()
    second.refresh_from_db()
    sent.refresh_from_db()
    assert (first.state, second.state, sent.state) == (PayoutState.PAID, PayoutState.SENDING, BatchState.RELEASED)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.DECIDER, Role.ASSESSOR])
def test_only_who_handles_money_reads_the_bank(sent, role):
    with pytest.raises(NotAuthorised):
        services.confirm_paid(by=official(role), batch=sent, booked_on=clock.today())
    assert not Payout.objects.filter(state=PayoutState.PAID).exists()


def test_the_day_in_the_statement_is_checked(sent):
    asked = {"by": official(Role.TREASURER), "batch": sent}
    tomorrow, yesterday = clock.today() + dt.timedelta(1), clock.today() - dt.timedelta(1)
    assert refusal(services.confirm_paid, **asked, booked_on=tomorrow) == [PayoutReason.BOOKED_IN_FUTURE]
    assert refusal(services.confirm_paid, **asked, booked_on=yesterday) == [PayoutReason.BOOKED_TOO_EARLY]
    assert refusal(services.confirm_paid, **asked, booked_on=dt.date(1, 1, 1)) == [PayoutReason.BOOKED_TOO_EARLY]


def test_nothing_is_booked_before_the_day_of_payment_in_the_file(programme, payable_claim):
    """The bank has the file and a date in it: before that day it cannot have paid, whoever says so."""
    claim, thursday = payable_claim(programme), clock.today() + dt.timedelta(3)
    batch = services.prepare_batch(
        by=official(Role.TREASURER), programme=programme, claims=[claim], execution_date=thursday
    ).batch
    services.release_batch(by=official(Role.APPROVER), batch=batch, seen_sha256=batch.fingerprint())
    asked, [payout] = {"by": official(Role.TREASURER)}, batch.payouts()
    for days in (0, 2):
        with later(days):
            today = {"booked_on": clock.today()}
            assert refusal(services.confirm_paid, **asked, **today, batch=batch) == [PayoutReason.BOOKED_TOO_EARLY]
            assert refusal(services.confirm_paid, **asked, **today, payout=payout) == [PayoutReason.BOOKED_TOO_EARLY]
    services.report_trouble(**asked, payout=payout)
    with later(2):
        found = refusal(said, payout=payout, by=asked["by"], verdict="settle", happened_on=clock.today())
        assert found == [PayoutReason.BOOKED_TOO_EARLY], "not by two people either"
    with later(3):
        resolution = said(payout, asked["by"], "settle", happened_on=thursday)
        done = services.confirm_resolution(by=official(Role.APPROVER), resolution=resolution)
    assert (done.state, done.paid_on) == (PayoutState.PAID, thursday)


def test_banks_book_on_bank_days(sent):
    with later(6):
        saturday = clock.today() - dt.timedelta(1)
        found = refusal(services.confirm_paid, by=official(Role.TREASURER), batch=sent, booked_on=saturday)
        assert found == [PayoutReason.BOOKED_WHEN_CLOSED]
        friday = saturday - dt.timedelta(1)
        assert services.confirm_paid(by=official(Role.TREASURER), batch=sent, booked_on=friday)


def test_what_was_not_released_cannot_be_booked(programme, payable_claim):
    batch = prepared(programme, payable_claim(programme))
    assert refusal(services.confirm_paid, by=official(Role.TREASURER), batch=batch, booked_on=clock.today()) == [
        PayoutReason.NOTHING_TO_CONFIRM
    ]


def test_name_a_batch_or_a_payment_not_both(sent):
    with pytest.raises(ValueError, match="batch or a payout"):
        services.confirm_paid(by=official(Role.TREASURER), booked_on=clock.today())


def withheld(claim):
    return vouchers.withhold_claim(by=decider_of(claim), claim=claim, why="Onderzoek")


@pytest.mark.database
def test_when_one_claim_was_withheld_meanwhile_the_others_are_paid_and_people_look_at_that_one(programme, sent):
    """The money may be gone, but the books do not say so by themselves."""
    first, second = sent.payouts()
    committed, paid = money(programme)
    withheld(first.claim)
    done = services.confirm_paid(by=official(Role.TREASURER), batch=sent, booked_on=clock.today())
    assert {row.pk: (row.state, row.because) for row in done} == {
        first.pk: (PayoutState.MANUAL, "claim_withheld"),
        second.pk: (PayoutState.PAID, ""),
    }
    assert money(programme) == (committed - Decimal("1000.00"), paid + Decimal("1000.00"))
    sent.refresh_from_db()
    assert sent.state == BatchState.RELEASED
    assert list(selectors.troubled(clock.today())) == [first]
    told = AuditEntry.objects.get(subject=first.reference(), action="escalate")
    assert clock.today().isoformat() in told.body, "the day that was read in the statement is not lost"

    vouchers.release_claim(by=decider_of(first.claim), claim=first.claim)
    found = said(first, official(Role.TREASURER), "settle", happened_on=clock.today())
    services.confirm_resolution(by=official(Role.APPROVER), resolution=found)
    assert money(programme) == (committed - Decimal("9000.00"), paid + Decimal("9000.00"))
    assert services.close_batches() == 1


@pytest.mark.database
@pytest.mark.parametrize("change", ["withheld", "amount"])
def test_one_payment_whose_claim_stands_otherwise_now_is_not_paid_and_goes_to_people(programme, sent, change):
    first, _second = sent.payouts()
    before = money(programme)
    if change == "withheld":
        withheld(first.claim)
    else:
        Claim.objects.filter(pk=first.claim_id).update(determined_amount=Decimal("7000.00"))
    [done] = services.confirm_paid(by=official(Role.TREASURER), payout=first, booked_on=clock.today())
    wanted = "claim_withheld" if change == "withheld" else "claim_changed"
    assert (done.state, done.because, money(programme)) == (PayoutState.MANUAL, wanted, before)
    assert Claim.objects.get(pk=first.claim_id).sent_payout_ref == first.number.hex


def test_a_payment_reported_at_the_same_moment_is_not_settled_by_one_person(programme, sent, monkeypatch):
    """Between the look at the batch and the lock somebody else reports trouble: from then on it takes two."""
    first, second = sent.payouts()
    look = settlement.rules.booked_on

    def reported_meanwhile(facts):
        Payout.objects.filter(pk=first.pk).update(state=PayoutState.MANUAL)
        return look(facts)

    monkeypatch.setattr(settlement.rules, "booked_on", reported_meanwhile)
    done = services.confirm_paid(by=official(Role.TREASURER), batch=sent, booked_on=clock.today())
    assert {row.pk: row.state for row in done} == {first.pk: PayoutState.MANUAL, second.pk: PayoutState.PAID}


@pytest.fixture
def trouble(sent):
    """A payment that people must look at."""
    return services.report_trouble(by=official(Role.TREASURER), payout=sent.payouts()[0])


def said(payout, by, verdict="decline", **more):
    return services.propose_resolution(by=by, payout=payout, verdict=verdict, evidence="Afschrift 231, regel 7", **more)


def test_trouble_takes_the_payment_off_the_easy_road(sent, trouble):
    assert trouble.state == PayoutState.MANUAL
    assert refusal(services.confirm_paid, by=official(Role.TREASURER), payout=trouble, booked_on=clock.today()) == [
        PayoutReason.NOTHING_TO_CONFIRM
    ]


@pytest.mark.parametrize(
    ("verdict", "more", "state", "claim_state"),
    [
        ("decline", {}, PayoutState.REJECTED, ClaimState.DETERMINED),
        ("absent", {}, PayoutState.CANCELLED, ClaimState.DETERMINED),
        ("settle", {"happened_on": "today"}, PayoutState.PAID, ClaimState.PAID),
    ],
)
def test_two_people_together_say_what_happened(programme, trouble, verdict, more, state, claim_state):
    more = {"happened_on": clock.today()} if more else {}
    resolution = said(trouble, official(Role.TREASURER), verdict, **more)
    done = services.confirm_resolution(by=official(Role.APPROVER), resolution=resolution)
    assert (done.state, done.claim.state) == (state, claim_state)
    can_be_paid_again = done.claim in services.payable_claims(programme)
    assert can_be_paid_again is (claim_state == ClaimState.DETERMINED)


@pytest.mark.database
def test_one_person_cannot_be_both(trouble):
    both = official(Role.TREASURER, Role.APPROVER)
    resolution = said(trouble, both)
    assert refusal(services.confirm_resolution, by=both, resolution=resolution) == [PayoutReason.TWO_PEOPLE]
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.filter(pk=resolution.pk).update(confirmed_by=both, confirmed_at=clock.now())
    trouble.refresh_from_db()
    assert trouble.state == PayoutState.MANUAL


def test_one_may_not_prove_paid_twice_alone_either(trouble):
    both = official(Role.TREASURER)
    resolution = said(trouble, both, "settle", happened_on=clock.today())
    assert refusal(services.confirm_resolution, by=both, resolution=resolution) == [PayoutReason.TWO_PEOPLE]
    trouble.refresh_from_db()
    assert (trouble.state, trouble.claim.state) == (PayoutState.MANUAL, ClaimState.DETERMINED)


def test_a_resolution_needs_evidence_and_a_payment_in_trouble(sent, trouble):
    treasurer = official(Role.TREASURER)
    asked = {"by": treasurer, "payout": trouble}
    assert refusal(services.propose_resolution, **asked, verdict="decline", evidence=" ") == [PayoutReason.NO_EVIDENCE]
    assert refusal(services.propose_resolution, **asked, verdict="settle", evidence="x") == [PayoutReason.NO_EVIDENCE]
    other = sent.payouts()[1]
    assert refusal(services.propose_resolution, by=treasurer, payout=other, verdict="decline", evidence="x") == [
        CoreReason.WRONG_STATE
    ]
    said(trouble, treasurer)
    assert refusal(said, payout=trouble, by=official(Role.APPROVER)) == [PayoutReason.ALREADY_PROPOSED]


def test_a_resolution_can_be_taken_back_once(trouble):
    treasurer = official(Role.TREASURER)
    resolution = said(trouble, treasurer)
    services.withdraw_resolution(by=treasurer, resolution=resolution)
    assert refusal(services.withdraw_resolution, by=treasurer, resolution=resolution) == [CoreReason.CHANGED]
    assert refusal(services.confirm_resolution, by=official(Role.APPROVER), resolution=resolution) == [
        CoreReason.CHANGED
    ]
    trouble.refresh_from_db()
    assert trouble.state == PayoutState.MANUAL
    said(trouble, treasurer)
