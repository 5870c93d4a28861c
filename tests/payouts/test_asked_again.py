"""Before money leaves, what can have changed since the award is asked again; a claim in doubt is withheld (DESIGN 4.9)."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.services import record_insolvency
from core import clock
from core.models import AuditEntry, Hand
from payouts import services
from payouts.enums import BatchState, PayoutState
from payouts.models import Batch, BatchFile, Payout
from tests.factories.accounts import MembershipFactory, official
from tests.factories.payouts import payout_of, prepared, released
from vouchers import services as vouchers
from vouchers.enums import ClaimState
from vouchers.models import Claim
from vouchers.reasons import EligibilityReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(programme, payable_claim):
    return payable_claim(programme)


@pytest.fixture
def other(programme, payable_claim):
    return payable_claim(programme, "1250.00")


def bankrupt(claim, since="today"):
    day = clock.today() - dt.timedelta(days=1) if since == "today" else since
    record_insolvency(by=official(Role.ASSESSOR), organisation=claim.voucher.sme, since=day)


def now(claim):
    return Claim.objects.get(pk=claim.pk)


def codes(dropped):
    return [reason.code for each in dropped for reason in each.reasons]


@pytest.mark.database
def test_a_claim_in_doubt_stays_out_of_the_batch_and_is_withheld_by_the_machine(programme, claim, other):
    bankrupt(claim)
    treasurer = official(Role.TREASURER)
    made = services.prepare_batch(by=treasurer, programme=programme, claims=[claim, other])
    assert [row.claim_id for row in made.batch.payouts()] == [other.pk]
    assert codes(made.dropped) == [EligibilityReason.INSOLVENT_SINCE]
    held = now(claim)
    assert held.state == ClaimState.WITHHELD
    assert str(made.dropped[0].reasons[0]) in held.withheld_why
    told = AuditEntry.objects.get(subject=claim.reference(), action="withhold")
    assert told.actor == "system:payouts"
    assert not Hand.objects.filter(file=claim.file(), person=treasurer).exists()


def test_a_supplier_that_became_a_related_party_is_found_too(programme, claim, other):
    voucher = claim.voucher
    MembershipFactory(organisation=voucher.provider.organisation, person=voucher.application.created_by)
    made = services.prepare_batch(by=official(Role.TREASURER), programme=programme, claims=[claim, other])
    assert codes(made.dropped) == [EligibilityReason.SAME_PERSON]
    assert now(claim).state == ClaimState.WITHHELD


def test_when_no_claim_is_left_there_is_no_batch_and_the_payment_is_withheld_all_the_same(programme, claim):
    bankrupt(claim)
    made = services.prepare_batch(by=official(Role.TREASURER), programme=programme, claims=[claim])
    assert (made.batch, codes(made.dropped)) == (None, [EligibilityReason.INSOLVENT_SINCE])
    assert now(claim).state == ClaimState.WITHHELD
    assert not Batch.objects.exists()
    assert not Payout.objects.exists()


@pytest.mark.database
def test_a_line_in_doubt_falls_out_at_the_release_and_is_withheld(programme, claim, other):
    batch = prepared(programme, claim, other)
    bankrupt(claim)
    done = services.release_batch(by=official(Role.APPROVER), batch=batch, seen_sha256=batch.fingerprint())
    assert codes(done.dropped) == [EligibilityReason.INSOLVENT_SINCE]
    assert (payout_of(claim).state, payout_of(other).state) == (PayoutState.CANCELLED, PayoutState.SENDING)
    [stored] = payout_of(claim).lines.get().dropped_because
    assert stored["code"] == EligibilityReason.INSOLVENT_SINCE
    assert now(claim).state == ClaimState.WITHHELD
    assert done.batch.file_row.n == 1


def test_when_no_line_is_left_the_batch_is_cancelled(programme, claim):
    batch = prepared(programme, claim)
    bankrupt(claim)
    done = services.release_batch(by=official(Role.APPROVER), batch=batch, seen_sha256=batch.fingerprint())
    assert (done.batch.state, codes(done.dropped)) == (BatchState.CANCELLED, [EligibilityReason.INSOLVENT_SINCE])
    assert now(claim).state == ClaimState.WITHHELD
    assert not BatchFile.objects.exists()


def test_a_claim_that_a_decider_releases_is_asked_again_and_paid_when_the_doubt_is_gone(programme, claim):
    bankrupt(claim)
    asked = {"by": official(Role.TREASURER), "programme": programme, "claims": [claim]}
    services.prepare_batch(**asked)
    vouchers.release_claim(by=official(Role.DECIDER), claim=now(claim))
    assert services.prepare_batch(**asked).batch is None
    bankrupt(claim, since=None)
    vouchers.release_claim(by=official(Role.DECIDER), claim=now(claim))
    batch = released(programme, now(claim))
    services.confirm_paid(by=official(Role.TREASURER), batch=batch, booked_on=clock.today())
    assert now(claim).state == ClaimState.PAID


def test_the_pages_say_what_was_withheld(client, programme, claim, treasurer):
    bankrupt(claim)
    client.force_login(treasurer)
    url = f"{reverse('payouts:payable')}?programme={programme.code}"
    form = client.get(url).context["form"]
    sent = {
        "claims": [claim.pk],
        "execution_date": form["execution_date"].initial.isoformat(),
        "once": form["once"].initial,
    }
    page = client.post(url, sent, follow=True)
    assert page.status_code == 200
    assert f"Verzoek {claim.number} ging niet mee. De betaling is aangehouden" in page.content.decode()


def test_the_page_of_a_batch_of_which_nothing_is_left_says_so(client, programme, claim):
    batch = prepared(programme, claim)
    bankrupt(claim)
    client.force_login(official(Role.APPROVER))
    sent = {"seen_sha256": batch.fingerprint(), "looked": "on"}
    page = client.post(reverse("payouts:release", args=[batch.number]), sent, follow=True).content.decode()
    assert "Er bleef geen betaling over." in page
    assert f"Verzoek {claim.number} ging niet mee. De betaling is aangehouden" in page
