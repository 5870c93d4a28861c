"""Two people let money go: what goes in, what falls out, what is bound, what the bank gets."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from accounts.enums import Role
from accounts.models import BankAccount
from core import clock
from core.enums import HandRole
from core.models import AuditEntry, Hand
from core.reasons import CoreReason
from core.workflow import NotAuthorised
from payouts import selectors, services
from payouts.enums import BatchState, PayoutState
from payouts.models import Batch, BatchFile, BatchLine, Payout
from payouts.reasons import PayoutReason
from tests.factories.accounts import member_of, official
from tests.factories.payouts import bank_day, decider_of, handlers, payout_of, prepared, released
from tests.refusals import refusal
from vouchers import services as vouchers
from vouchers.enums import ClaimState
from vouchers.models import Claim

pytestmark = pytest.mark.django_db


@pytest.mark.database
def test_a_batch_freezes_one_payment_per_claim(programme, treasurer, payable_claim):
    claims = [payable_claim(programme), payable_claim(programme, "1250.00")]
    made = services.prepare_batch(by=treasurer, programme=programme, claims=claims)
    assert made.dropped == []
    rows = list(made.batch.payouts())
    assert [row.amount for row in rows] == [Decimal("8000.00"), Decimal("1000.00")]
    assert [row.destination for row in rows] == [claim.iban for claim in claims]
    assert all(row.content_sha256 == row.fingerprint() for row in rows)
    assert [line.end_to_end_id for line in made.batch.lines.all()] == [row.number.hex for row in rows]
    assert {hand.role for hand in Hand.objects.filter(person=treasurer)} == {HandRole.PREPARER}
    assert made.batch.execution_date == bank_day(clock.today())


def test_the_trail_has_amounts_and_fingerprints_but_no_account_or_name(programme, payable_claim):
    claim = payable_claim(programme)
    batch = released(programme, claim)
    told = "".join(AuditEntry.objects.filter(subject__startswith="payouts.").values_list("body", flat=True))
    assert claim.iban not in told
    assert claim.holder not in told
    assert batch.file_row.sha256 in told
    assert payout_of(claim).content_sha256 in told


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MANAGER, Role.AUDITOR, Role.DECIDER, Role.ASSESSOR])
def test_only_a_treasurer_prepares(programme, role, payable_claim):
    claim = payable_claim(programme)
    with pytest.raises(NotAuthorised):
        services.prepare_batch(by=official(role), programme=programme, claims=[claim])
    assert not Payout.objects.exists()


@pytest.mark.parametrize("role", [Role.TREASURER, Role.MANAGER, Role.AUDITOR, Role.DECIDER, Role.ASSESSOR])
def test_only_an_approver_releases(programme, role, payable_claim):
    batch = prepared(programme, payable_claim(programme))
    with pytest.raises(NotAuthorised):
        services.release_batch(by=official(role), batch=batch, seen_sha256=batch.fingerprint())
    batch.refresh_from_db()
    assert batch.state == BatchState.PREPARED


def test_a_superuser_without_a_role_can_do_nothing(programme, payable_claim):
    batch = prepared(programme, payable_claim(programme))
    boss = member_of(programme.batches.get().payouts()[0].payee)
    boss.is_superuser = boss.is_staff = True
    boss.save()
    for verb in (
        lambda: services.release_batch(by=boss, batch=batch, seen_sha256=batch.fingerprint()),
        lambda: services.cancel_batch(by=boss, batch=batch),
        lambda: services.batch_file(by=boss, batch=batch),
        lambda: services.confirm_paid(by=boss, batch=batch, booked_on=clock.today()),
    ):
        with pytest.raises(NotAuthorised):
            verb()


def test_who_prepared_cannot_release_even_with_both_roles(programme, payable_claim):
    both = official(Role.TREASURER, Role.APPROVER)
    batch = prepared(programme, payable_claim(programme), by=both)
    assert refusal(services.release_batch, by=both, batch=batch, seen_sha256=batch.fingerprint()) == [
        PayoutReason.SAME_PERSON
    ]
    assert not BatchFile.objects.exists()


@pytest.mark.database
def test_the_database_refuses_one_person_in_two_roles(programme, treasurer, payable_claim):
    claim = payable_claim(programme)
    batch = prepared(programme, claim, by=treasurer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(file=claim.file(), person=treasurer, role=HandRole.RELEASER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(
            state="released", released_by=treasurer, released_at=clock.now(), released_sha256="a" * 64
        )


def test_a_claim_on_which_the_treasurer_worked_stays_out_with_the_reason(programme, payable_claim):
    claim, other = payable_claim(programme), payable_claim(programme)
    decider = decider_of(claim)
    treasurer = _also(decider, Role.TREASURER)
    made = services.prepare_batch(by=treasurer, programme=programme, claims=[claim, other])
    assert [row.claim_id for row in made.batch.payouts()] == [other.pk]
    [dropped] = made.dropped
    assert dropped.claim == claim.number
    assert [reason.code for reason in dropped.reasons] == [CoreReason.OTHER_HAND]


def _also(person, role):
    """The same person with one role more."""
    membership = person.memberships.first()
    person.memberships.create(organisation=membership.organisation, role=role)
    return type(person).objects.get(pk=person.pk)


def test_a_line_on_which_the_releaser_worked_falls_out_and_waits_for_the_next_batch(
    programme, treasurer, payable_claim
):
    claim, other = payable_claim(programme), payable_claim(programme)
    decider = decider_of(claim)
    approver = _also(decider, Role.APPROVER)
    batch = prepared(programme, claim, other, by=treasurer)
    done = services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert [each.claim for each in done.dropped] == [claim.number]
    assert [row.claim_id for row in done.batch.payouts()] == [other.pk]
    assert payout_of(claim).state == PayoutState.CANCELLED
    assert done.batch.file_row.n == 1
    assert claim in services.payable_claims(programme)
    again = released(programme, claim)
    assert payout_of(claim).seq == 2
    assert again.file_row.n == 1


def test_when_every_line_falls_out_nothing_is_released(programme, treasurer, payable_claim):
    claim = payable_claim(programme)
    decider = decider_of(claim)
    batch = prepared(programme, claim, by=treasurer)
    found = refusal(
        services.release_batch, by=_also(decider, Role.APPROVER), batch=batch, seen_sha256=batch.fingerprint()
    )
    assert found == [CoreReason.OTHER_HAND, PayoutReason.NOTHING_LEFT]
    batch.refresh_from_db()
    assert (batch.state, payout_of(claim).state) == (BatchState.PREPARED, PayoutState.PREPARED)


def test_a_person_of_the_business_neither_prepares_nor_releases_nor_confirms(programme, payable_claim):
    claim = payable_claim(programme)
    sme = claim.voucher.sme
    treasurer, approver = handlers()
    for person in (treasurer, approver):
        person.memberships.create(organisation=sme, role=Role.MEMBER)
    treasurer, approver = (type(person).objects.get(pk=person.pk) for person in (treasurer, approver))
    assert refusal(services.prepare_batch, by=treasurer, programme=programme, claims=[claim]) == [CoreReason.LINKED]
    batch = prepared(programme, claim)
    found = refusal(services.release_batch, by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert CoreReason.LINKED in found
    batch = services.release_batch(by=official(Role.APPROVER), batch=batch, seen_sha256=batch.fingerprint()).batch
    assert refusal(services.confirm_paid, by=approver, batch=batch, booked_on=clock.today()) == [CoreReason.LINKED]


def test_the_release_binds_what_was_seen(programme, approver, payable_claim):
    one, two = payable_claim(programme), payable_claim(programme)
    batch = prepared(programme, one, two)
    seen = batch.fingerprint()
    services.cancel_payout(by=official(Role.TREASURER), payout=payout_of(one))
    assert refusal(services.release_batch, by=approver, batch=batch, seen_sha256=seen) == [PayoutReason.BATCH_CHANGED]
    assert refusal(services.release_batch, by=approver, batch=batch, seen_sha256="0" * 64) == [
        PayoutReason.BATCH_CHANGED
    ]
    done = services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert done.batch.released_sha256 == batch.fingerprint()
    assert payout_of(two).agreed_sha256 == payout_of(two).content_sha256


@pytest.mark.parametrize(
    "change",
    [
        {"payer_name": "Ander Fonds"},
        {"payer_iban": "NL44RABO0123456789"},
        {"payer_bic": "RABONL2U"},
        {"execution_date": dt.date(2027, 3, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_release_binds_everything_the_bank_file_is_made_of(programme, approver, payable_claim, change):
    batch = prepared(programme, payable_claim(programme))
    seen = batch.fingerprint()
    Batch.objects.filter(pk=batch.pk).update(**change)
    assert refusal(services.release_batch, by=approver, batch=batch, seen_sha256=seen) == [PayoutReason.BATCH_CHANGED]
    assert not BatchFile.objects.exists()


@pytest.mark.database
@pytest.mark.parametrize("field", ["amount", "destination", "holder", "remittance"])
def test_a_row_changed_behind_our_back_is_never_released(programme, approver, field, payable_claim):
    claim = payable_claim(programme)
    batch = prepared(programme, claim)
    forged = {"amount": Decimal("9999.00"), "destination": "NL44RABO0123456789", "holder": "Dief", "remittance": "x"}
    Payout.objects.update(**{field: forged[field]})
    batch = Batch.objects.get(pk=batch.pk)
    done = services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert [reason.code for each in done.dropped for reason in each.reasons] == [PayoutReason.PAYOUT_CHANGED]
    assert (done.batch.state, payout_of(claim).state) == (BatchState.CANCELLED, PayoutState.CANCELLED)
    assert not BatchFile.objects.exists()


@pytest.mark.parametrize("verb", ["withhold", "account"])
def test_a_claim_that_changed_since_it_was_prepared_falls_out(programme, approver, verb, payable_claim):
    claim, other = payable_claim(programme), payable_claim(programme)
    batch = prepared(programme, claim, other)
    if verb == "withhold":
        decider = decider_of(claim)
        vouchers.withhold_claim(by=decider, claim=claim, why="Onderzoek")
    else:
        account = claim.bank_account
        account.ended_at = clock.now()
        account.save()
    done = services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert [reason.code for each in done.dropped for reason in each.reasons] == [PayoutReason.PAYOUT_CHANGED]
    assert payout_of(claim).state == PayoutState.CANCELLED
    assert payout_of(other).state == PayoutState.SENDING


@pytest.mark.database
def test_a_batch_of_which_every_claim_has_changed_is_cancelled(programme, approver, payable_claim):
    claim = payable_claim(programme)
    batch = prepared(programme, claim)
    BankAccount.objects.filter(pk=claim.bank_account_id).update(ended_at=clock.now())
    done = services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert [reason.code for each in done.dropped for reason in each.reasons] == [PayoutReason.PAYOUT_CHANGED]
    batch.refresh_from_db()
    assert (done.batch.pk, batch.state, payout_of(claim).state) == (
        batch.pk,
        BatchState.CANCELLED,
        PayoutState.CANCELLED,
    )
    assert (batch.released_by, BatchFile.objects.exists()) == (None, False)
    assert not Hand.objects.filter(person=approver).exists()
    assert claim in services.payable_claims(programme), "it waits for its account to be put right"


def test_who_may_not_touch_a_claim_does_not_end_its_batch_either(programme, treasurer, payable_claim):
    claim = payable_claim(programme)
    batch = prepared(programme, claim, by=treasurer)
    BankAccount.objects.filter(pk=claim.bank_account_id).update(ended_at=clock.now())
    own = _also(decider_of(claim), Role.APPROVER)
    assert refusal(services.release_batch, by=own, batch=batch, seen_sha256=batch.fingerprint()) == [
        CoreReason.OTHER_HAND,
        PayoutReason.PAYOUT_CHANGED,
        PayoutReason.NOTHING_LEFT,
    ]
    batch.refresh_from_db()
    assert batch.state == BatchState.PREPARED


def test_a_claim_is_in_one_batch_at_a_time(programme, treasurer, payable_claim):
    claim = payable_claim(programme)
    batch = prepared(programme, claim)
    assert refusal(services.prepare_batch, by=treasurer, programme=programme, claims=[claim]) == [
        PayoutReason.ALREADY_IN_BATCH
    ]
    services.cancel_batch(by=treasurer, batch=batch)
    assert services.prepare_batch(by=treasurer, programme=programme, claims=[claim]).batch.lines.count() == 1


@pytest.mark.database
def test_the_database_knows_one_live_payment_and_one_live_line(programme, treasurer, payable_claim):
    claim = payable_claim(programme)
    batch = prepared(programme, claim)
    first = payout_of(claim)
    twin = Payout.objects.get(pk=first.pk)
    twin.pk, twin.number, twin.seq, twin.idempotency_key = None, "0" * 32, 2, "payout-other"
    with pytest.raises(IntegrityError, match=r"one_live_payout_per_claim|UNIQUE"), transaction.atomic():
        twin.save(force_insert=True)
    other = prepared(programme, payable_claim(programme))
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchLine.objects.create(batch=other, payout=first, position=9, end_to_end_id="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchLine.objects.create(batch=other, payout=first, position=9, end_to_end_id=first.number.hex, live=False)
    assert batch.lines.count() == 1


@pytest.mark.database
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"amount": 0}, "payout_amount_positive"),
        ({"currency": "USD"}, "payout_in_euro"),
        ({"state": "lost"}, r"payout_state_known|agreed_payout_is_what_was_agreed"),
        ({"state": "approved"}, "agreed_payout_is_what_was_agreed"),
        ({"state": "ready", "agreed_sha256": "b" * 64}, "agreed_payout_is_what_was_agreed"),
        ({"paid_on": "2026-01-01"}, "paid_payout_has_day"),
        ({"returned_on": "2026-01-01"}, "returned_payout_has_day"),
    ],
)
def test_the_database_restates_the_machine(programme, change, name, payable_claim):
    prepared(programme, payable_claim(programme))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Payout.objects.update(**change)


def test_a_batch_is_released_once(programme, approver, payable_claim):
    batch = prepared(programme, payable_claim(programme))
    seen = batch.fingerprint()
    services.release_batch(by=approver, batch=batch, seen_sha256=seen)
    assert refusal(services.release_batch, by=official(Role.APPROVER), batch=batch, seen_sha256=seen) == [
        CoreReason.WRONG_STATE
    ]
    assert refusal(services.cancel_batch, by=approver, batch=batch) == [CoreReason.WRONG_STATE]
    assert BatchFile.objects.count() == 1


def test_a_day_the_bank_cannot_pay_is_refused(programme, treasurer, payable_claim):
    claim = payable_claim(programme)
    asked = {"by": treasurer, "programme": programme, "claims": [claim]}
    past = clock.today() - dt.timedelta(days=1)
    assert refusal(services.prepare_batch, **asked, execution_date=past) == [PayoutReason.DATE_IN_PAST]
    assert refusal(services.prepare_batch, **asked, execution_date=dt.date(9999, 12, 31)) == [PayoutReason.DATE_TOO_FAR]
    assert not Batch.objects.exists()


def test_without_claims_or_with_claims_that_are_not_there_there_is_no_batch(programme, treasurer):
    asked = {"by": treasurer, "programme": programme}
    assert refusal(services.prepare_batch, **asked, claims=[]) == [PayoutReason.NOTHING_CHOSEN]
    assert refusal(services.prepare_batch, **asked, claims=[10**9]) == [PayoutReason.NOTHING_CHOSEN]


def test_a_claim_of_another_programme_stays_out(programme, fast_programme, treasurer, payable_claim):
    claim = payable_claim(fast_programme)
    assert refusal(services.prepare_batch, by=treasurer, programme=programme, claims=[claim]) == [
        PayoutReason.OTHER_PROGRAMME
    ]


def test_without_an_account_of_our_own_nothing_is_prepared(programme, treasurer, settings, payable_claim):
    settings.SEPA_DEBTOR_IBAN = ""
    claim = payable_claim(programme)
    assert refusal(services.prepare_batch, by=treasurer, programme=programme, claims=[claim]) == [PayoutReason.NO_PAYER]


def test_a_payee_whose_name_no_bank_can_read_stays_out(programme, treasurer, payable_claim):
    claim = payable_claim(programme)
    Claim.objects.filter(pk=claim.pk).update(holder="漢字")
    assert refusal(services.prepare_batch, by=treasurer, programme=programme, claims=[claim]) == [
        PayoutReason.UNREADABLE_HOLDER
    ]
    [row] = selectors.stuck()
    assert (row["claim"], [reason.code for reason in row["reasons"]]) == (claim, [PayoutReason.UNREADABLE_HOLDER])


def test_a_payee_with_a_greek_name_is_paid_under_it_in_latin_letters(programme, payable_claim):
    claim = payable_claim(programme)
    Claim.objects.filter(pk=claim.pk).update(holder="Ω Ελλάς")
    batch = released(programme, claim)
    tree = etree.fromstring(bytes(batch.file_row.content))
    assert tree.xpath("string(//*[local-name()='Cdtr']/*[local-name()='Nm'])") == "O Ellas"
    assert payout_of(claim).holder == "Ω Ελλάς"
    assert selectors.stuck() == []


def test_a_claim_whose_account_ended_waits_on_the_work_list_until_it_is_put_right(programme, payable_claim):
    claim = payable_claim(programme)
    account = claim.bank_account
    account.ended_at = clock.now()
    account.save()
    assert [row["claim"] for row in selectors.stuck()] == [claim]
    account.ended_at = None
    account.save()
    assert selectors.stuck() == []


def test_cancelling_gives_every_claim_back(programme, treasurer, payable_claim):
    claims = [payable_claim(programme), payable_claim(programme)]
    batch = services.cancel_batch(by=treasurer, batch=prepared(programme, *claims))
    assert batch.state == BatchState.CANCELLED
    assert {payout_of(claim).state for claim in claims} == {PayoutState.CANCELLED}
    assert set(services.payable_claims(programme)) >= set(claims)
    assert all(claim.state == ClaimState.DETERMINED for claim in Claim.objects.all())
