"""A handler of money who belongs to the business or to the supplier does nothing with its payments (DESIGN 4.8)."""

from functools import partial

import pytest

from accounts.enums import Role
from core import clock
from core.reasons import CoreReason
from payouts import services
from payouts.enums import BatchState, PayoutState
from payouts.models import Payout, Resolution
from tests.factories.accounts import official
from tests.factories.payouts import payout_of, prepared, released
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(programme, payable_claim):
    return payable_claim(programme)


@pytest.fixture(params=["sme", "supplier"])
def own(claim, request):
    """A treasurer and approver who is also a member of a party."""
    person = official(Role.TREASURER, Role.APPROVER)
    voucher = claim.voucher
    party = voucher.sme if request.param == "sme" else voucher.provider.organisation
    person.memberships.create(organisation=party, role=Role.MEMBER)
    return type(person).objects.get(pk=person.pk)


def on_its_way(programme, claim):
    batch = released(programme, claim)
    return batch, payout_of(claim)


def in_trouble(programme, claim):
    _batch, payout = on_its_way(programme, claim)
    return services.report_trouble(by=official(Role.TREASURER), payout=payout)


def said(payout):
    return services.propose_resolution(
        by=official(Role.TREASURER), payout=payout, verdict="decline", evidence="Afschrift 231"
    )


def test_nobody_takes_out_or_cancels_what_is_their_own(programme, claim, own):
    batch = prepared(programme, claim)
    payout = payout_of(claim)
    assert refusal(services.cancel_payout, by=own, payout=payout) == [CoreReason.LINKED]
    assert refusal(services.cancel_batch, by=own, batch=batch) == [CoreReason.LINKED]
    batch.refresh_from_db()
    assert (payout_of(claim).state, batch.state) == (PayoutState.PREPARED, BatchState.PREPARED)


def test_nobody_says_what_happened_to_what_is_their_own(programme, claim, own):
    batch, payout = on_its_way(programme, claim)
    assert refusal(services.report_trouble, by=own, payout=payout) == [CoreReason.LINKED]
    booked = partial(services.confirm_paid, by=own, booked_on=clock.today())
    assert refusal(booked, batch=batch) == [CoreReason.LINKED]
    assert refusal(booked, payout=payout) == [CoreReason.LINKED]
    assert payout_of(claim).state == PayoutState.SENDING
    services.confirm_paid(by=official(Role.TREASURER), batch=batch, booked_on=clock.today())
    told = {"payout": payout, "returned_on": clock.today(), "because": "account_closed", "evidence": "Afschrift 232"}
    assert refusal(services.report_return, by=own, **told) == [CoreReason.LINKED]
    reported = services.report_return(by=official(Role.TREASURER), **told)
    assert refusal(services.confirm_resolution, by=own, resolution=reported) == [CoreReason.LINKED]
    assert refusal(services.withdraw_resolution, by=own, resolution=reported) == [CoreReason.LINKED]
    assert payout_of(claim).state == PayoutState.PAID


def test_nobody_is_one_of_the_two_people_for_what_is_their_own(programme, claim, own):
    payout = in_trouble(programme, claim)
    found = {"verdict": "decline", "evidence": "Afschrift 231"}
    assert refusal(services.propose_resolution, by=own, payout=payout, **found) == [CoreReason.LINKED]
    resolution = said(payout)
    assert refusal(services.confirm_resolution, by=own, resolution=resolution) == [CoreReason.LINKED]
    assert refusal(services.withdraw_resolution, by=own, resolution=resolution) == [CoreReason.LINKED]
    assert payout_of(claim).state == PayoutState.MANUAL
    assert Resolution.objects.filter(confirmed_at=None, withdrawn_at=None).count() == 1


def test_nobody_prepares_or_releases_what_is_their_own(programme, claim, own):
    asked = {"programme": programme, "claims": [claim]}
    assert refusal(services.prepare_batch, by=own, **asked) == [CoreReason.LINKED]
    assert not Payout.objects.exists()
    batch = prepared(programme, claim)
    found = refusal(services.release_batch, by=own, batch=batch, seen_sha256=batch.fingerprint())
    assert found[0] == CoreReason.LINKED
    assert payout_of(claim).state == PayoutState.PREPARED
