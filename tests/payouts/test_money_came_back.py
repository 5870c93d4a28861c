"""Money that came back: one person reports it, another confirms it, and only then its claim can be paid again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from core.reasons import CoreReason
from core.wording import long_date
from core.workflow import NotAuthorised
from payouts import selectors, services
from payouts.enums import BatchState, PayoutState, ResolutionVerdict
from payouts.models import Payout, Resolution
from payouts.reasons import PayoutReason
from tests.factories.accounts import official
from tests.factories.payouts import came_back, payout_of, prepared, released
from tests.moments import later
from tests.refusals import refusal
from vouchers.enums import ClaimState, LedgerKind
from vouchers.models import Budget, Claim, LedgerTransaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(programme, payable_claim):
    return payable_claim(programme, "1250.00")


@pytest.fixture
def payout(programme, claim):
    """A payment of 1,000 euros that the bank booked."""
    batch = released(programme, claim)
    services.confirm_paid(by=official(Role.TREASURER), batch=batch, booked_on=clock.today())
    return payout_of(claim)


def reported(payout, by, **said):
    told = {"returned_on": clock.today(), "because": "account_closed", "evidence": "Afschrift 232, regel 1"}
    return services.report_return(by=by, payout=payout, **{**told, **said})


def money(programme):
    budget = Budget.objects.get(programme=programme, province=None)
    return budget.committed, budget.paid


@pytest.mark.database
def test_the_word_of_one_person_moves_nothing(programme, payout, claim, treasurer):
    before = money(programme)
    resolution = reported(payout, treasurer)
    assert payout_of(claim).state == PayoutState.PAID
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.PAID
    assert claim not in services.payable_claims(programme)
    assert money(programme) == before
    assert refusal(services.prepare_batch, by=official(Role.TREASURER), programme=programme, claims=[claim]) == [
        PayoutReason.NOT_PAYABLE
    ]
    assert (resolution.verdict, resolution.happened_on, resolution.because) == (
        ResolutionVerdict.RETURNED,
        clock.today(),
        "account_closed",
    )


@pytest.mark.database
def test_who_reports_it_does_not_confirm_it_whatever_roles_they_have(payout):
    both = official(Role.TREASURER, Role.APPROVER)
    resolution = reported(payout, both)
    assert refusal(services.confirm_resolution, by=both, resolution=resolution) == [PayoutReason.TWO_PEOPLE]
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.filter(pk=resolution.pk).update(confirmed_by=both, confirmed_at=clock.now())
    payout.refresh_from_db()
    assert payout.state == PayoutState.PAID


@pytest.mark.database
def test_with_two_people_it_is_posted_anew_and_paid_by_a_new_payout(programme, payout, claim, treasurer, approver):
    committed, paid = money(programme)
    back = services.confirm_resolution(by=approver, resolution=reported(payout, treasurer))
    assert (back.state, back.returned_on, back.because) == (PayoutState.RETURNED, clock.today(), "account_closed")
    assert back.claim.state == ClaimState.DETERMINED
    assert money(programme) == (committed + Decimal("1000.00"), paid - Decimal("1000.00"))
    assert LedgerTransaction.objects.filter(kind=LedgerKind.RETURN, ref__endswith=back.number.hex).count() == 1
    assert refusal(reported, payout=back, by=treasurer) == [CoreReason.WRONG_STATE]
    again = released(programme, back.claim)
    services.confirm_paid(by=treasurer, batch=again, booked_on=clock.today())
    new = payout_of(claim)
    assert (new.seq, new.state) == (2, PayoutState.PAID)
    assert new.number != back.number
    assert money(programme) == (committed, paid)


def test_the_trail_names_both(payout, treasurer, approver):
    services.confirm_resolution(by=approver, resolution=reported(payout, treasurer))
    entries = AuditEntry.objects.filter(subject=payout.reference(), action__in=["report_return", "return_funds"])
    assert [(entry.action, entry.actor) for entry in entries.order_by("pk")] == [
        ("report_return", f"user:{treasurer.pk}"),
        ("return_funds", f"user:{approver.pk}"),
    ]
    assert "Afschrift 232" not in "".join(entry.body for entry in entries), "what somebody wrote stays out of the trail"


def test_a_second_person_may_reject_it_and_then_it_can_be_reported_again(payout, treasurer, approver):
    resolution = reported(payout, treasurer)
    services.withdraw_resolution(by=approver, resolution=resolution)
    assert refusal(services.confirm_resolution, by=approver, resolution=resolution) == [CoreReason.CHANGED]
    payout.refresh_from_db()
    assert (payout.state, payout.claim.state) == (PayoutState.PAID, ClaimState.PAID)
    assert reported(payout, treasurer).pk != resolution.pk


def test_it_is_confirmed_once(payout, treasurer, approver):
    resolution = reported(payout, treasurer)
    services.confirm_resolution(by=approver, resolution=resolution)
    assert refusal(services.confirm_resolution, by=official(Role.APPROVER), resolution=resolution)
    assert LedgerTransaction.objects.filter(kind=LedgerKind.RETURN).count() == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.DECIDER, Role.ASSESSOR])
def test_only_who_handles_money_reports_and_confirms(payout, treasurer, role):
    with pytest.raises(NotAuthorised):
        reported(payout, official(role))
    resolution = reported(payout, treasurer)
    with pytest.raises(NotAuthorised):
        services.confirm_resolution(by=official(role), resolution=resolution)


def test_a_report_needs_evidence_a_possible_day_and_a_payment_that_was_made(
    programme, payable_claim, payout, treasurer
):
    assert refusal(reported, payout=payout, by=treasurer, evidence=" ") == [PayoutReason.NO_EVIDENCE]
    tomorrow, last_week = clock.today() + dt.timedelta(1), clock.today() - dt.timedelta(7)
    assert refusal(reported, payout=payout, by=treasurer, returned_on=tomorrow) == [PayoutReason.BOOKED_IN_FUTURE]
    assert refusal(reported, payout=payout, by=treasurer, returned_on=last_week) == [PayoutReason.BACK_TOO_EARLY]
    with later(6):
        saturday = clock.today() - dt.timedelta(1)
        assert refusal(reported, payout=payout, by=treasurer, returned_on=saturday) == [PayoutReason.BOOKED_WHEN_CLOSED]
    reported(payout, treasurer)
    assert refusal(reported, payout=payout, by=official(Role.APPROVER)) == [PayoutReason.ALREADY_PROPOSED]
    released(programme, payable_claim(programme))
    on_its_way = Payout.objects.get(state=PayoutState.SENDING)
    assert refusal(reported, payout=on_its_way, by=treasurer) == [CoreReason.WRONG_STATE]


def test_over_stripe_the_service_tells_it(fast_programme, payable_claim, treasurer):
    released(fast_programme, payable_claim(fast_programme))
    assert refusal(reported, payout=Payout.objects.get(), by=treasurer) == [PayoutReason.WRONG_RAIL]


def test_what_two_people_say_of_an_unsettled_payment_is_not_that_it_came_back(programme, payout, treasurer):
    with pytest.raises(ValueError, match="nobody can say that"):
        services.propose_resolution(by=treasurer, payout=payout, verdict=ResolutionVerdict.RETURNED, evidence="x")


@pytest.mark.database
@pytest.mark.parametrize("change", [{"happened_on": None}, {"because": ""}])
def test_the_database_wants_a_day_and_a_reason(payout, treasurer, change):
    resolution = reported(payout, treasurer)
    with pytest.raises(IntegrityError, match="reported_return_has_day_and_reason"), transaction.atomic():
        Resolution.objects.filter(pk=resolution.pk).update(**change)


# --- on the pages ---------------------------------------------------------------------------------------------------------


def test_by_page_it_takes_two(client, programme, payout, claim, treasurer, approver):
    client.force_login(treasurer)
    url = reverse("payouts:returned", args=[payout.number])
    asked = {"returned_on": clock.today().isoformat(), "because": "account_closed", "evidence": "Afschrift 232 <b>"}
    for wrong in ({"returned_on": "x"}, {"because": "y"}, {"evidence": " "}):
        assert client.post(url, {**asked, **wrong}).status_code == 422
    assert client.post(url, asked).status_code == 302
    assert client.post(url, asked).status_code == 422, "once"
    resolve = reverse("payouts:resolve", args=[payout.number, Resolution.objects.get().pk])
    page = client.get(payout.get_absolute_url()).text
    assert "Iemand anders moet dit bevestigen." in page
    assert 'value="confirm"' not in page
    assert url not in page, "it is not reported twice"
    assert client.post(resolve, {"action": "confirm"}).status_code == 422
    assert payout_of(claim).state == PayoutState.PAID

    client.force_login(approver)
    work = client.get(reverse("payouts:work")).text
    assert claim.number in work
    assert "een tweede moet dat bevestigen" in work
    page = client.get(payout.get_absolute_url()).text
    assert "Afschrift 232 &lt;b&gt;" in page
    assert "de rekening is opgeheven" in page
    assert client.post(resolve, {"action": "confirm"}).status_code == 302
    assert payout_of(claim).state == PayoutState.RETURNED
    assert claim.number not in client.get(reverse("payouts:work")).text
    assert client.get(payout.get_absolute_url()).status_code == 200


def test_by_page_a_second_person_rejects_it(client, payout, treasurer, approver):
    resolution = reported(payout, treasurer)
    client.force_login(approver)
    url = reverse("payouts:resolve", args=[payout.number, resolution.pk])
    answer = client.post(url, {"action": "withdraw"}, follow=True)
    assert "Afgewezen. Er is niets veranderd." in answer.text
    payout.refresh_from_db()
    assert payout.state == PayoutState.PAID
    assert list(selectors.troubled(clock.today())) == []


def test_who_only_reads_sees_what_was_reported_and_has_no_button(client, payout, treasurer):
    resolution = reported(payout, treasurer)
    client.force_login(official(Role.AUDITOR))
    page = client.get(payout.get_absolute_url()).text
    assert "Afschrift 232" in page
    assert reverse("payouts:resolve", args=[payout.number, resolution.pk]) not in page


@pytest.mark.parametrize("told_by", ["people", "service"])
def test_who_prepares_and_who_releases_sees_that_it_was_paid_before(
    client, programme, payout, claim, treasurer, approver, told_by
):
    back = came_back(payout)
    told = Resolution.objects.get()
    first, second = told.proposed_by, told.confirmed_by
    if told_by == "service":
        told.delete()
    day = long_date(back.returned_on)
    wanted = f"Eerder betaald op {day}, teruggekomen op {day} ("
    wanted += (
        f"gemeld door {first}, bevestigd door {second})" if told_by == "people" else "gemeld door de betaaldienst)"
    )
    client.force_login(treasurer)
    assert client.get(reverse("payouts:payable")).text.count(wanted) == 1
    batch = prepared(programme, claim)
    assert batch.state == BatchState.PREPARED
    client.force_login(approver)
    assert client.get(batch.get_absolute_url()).text.count(wanted) == 1
    earlier = back.lines.get().batch
    assert wanted not in client.get(earlier.get_absolute_url()).text, "the first payment was the first"


def test_what_was_paid_before_costs_two_queries_however_many_claims_there_are(
    programme, payable_claim, django_assert_num_queries
):
    claims = [payable_claim(programme), payable_claim(programme)]
    batch = released(programme, *claims)
    services.confirm_paid(by=official(Role.TREASURER), batch=batch, booked_on=clock.today())
    for row in batch.payouts():
        came_back(row)
    with django_assert_num_queries(2):
        found = selectors.paid_before(claim.pk for claim in claims)
        assert {str(row.told_by.confirmed_by) for rows in found.values() for row in rows}
    assert {key: len(rows) for key, rows in found.items()} == {claim.pk: 1 for claim in claims}
