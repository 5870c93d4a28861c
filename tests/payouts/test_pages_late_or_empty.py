"""Pages of the lists of payments: what is late, and what became of a batch that ran empty."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import BankAccount
from core import clock
from core.reasons import Reason
from payouts.enums import BatchState
from payouts.reasons import PayoutReason
from tests.factories.accounts import official
from tests.factories.payouts import prepared
from vouchers.models import Claim

pytestmark = pytest.mark.django_db


def test_a_batch_that_ran_empty_says_that_it_is_cancelled_and_why(client, programme, payable_claim):
    claim = payable_claim(programme)
    batch = prepared(programme, claim)
    BankAccount.objects.filter(pk=claim.bank_account_id).update(ended_at=clock.now())
    client.force_login(official(Role.APPROVER))
    asked = {"seen_sha256": batch.fingerprint(), "looked": "on"}
    text = client.post(reverse("payouts:release", args=[batch.number]), asked, follow=True).text
    assert "Er bleef geen betaling over. De betaalbatch is daarom vervallen." in text
    assert text.count(str(Reason(PayoutReason.PAYOUT_CHANGED, {"claim": claim.number}))) == 2, "told, and kept"
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED


def test_a_claim_past_its_term_says_so_in_the_list(client, programme, payable_claim, treasurer):
    claim = payable_claim(programme)
    client.force_login(treasurer)
    page = client.get(reverse("payouts:payable"))
    assert "te laat" not in page.text
    assert "Haal het vinkje weg bij wat u nu niet wilt betalen." in page.text
    Claim.objects.filter(pk=claim.pk).update(pay_by=clock.today() - dt.timedelta(days=3))
    assert "3 dagen te laat" in client.get(reverse("payouts:payable")).text
