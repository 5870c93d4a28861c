"""Taking back an award and asking back money, as the authority does it page by page."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import Role
from core import clock
from tests.factories.accounts import official
from tests.factories.claims import case, delivered, determined_claim
from tests.vouchers.pages import login, seen_on, url
from vouchers.enums import DecisionKind, ReclaimState, RevocationGround, VoucherState
from vouchers.models import Claim, Reclaim
from vouchers.services.notices import notices_of

pytestmark = pytest.mark.django_db

REVOKED = {"ground": RevocationGround.NOT_DONE.value, "text": "U hebt niets besteld."}
ASKED_BACK = {"ground": "vouchers.reclaim.revised", "amount": "100,00", "text": "Er is te veel betaald."}


def test_a_voucher_is_announced_and_then_revoked():
    under = case()
    where, browser = url("voucher_review", under.voucher.number), login(official(Role.DECIDER))
    announcing = login(official(Role.DECIDER, Role.ASSESSOR))
    assert b'value="announce"' in browser.get(where).content
    assert b'value="revoke"' not in browser.get(where).content
    early = browser.post(where, {"action": "revoke", **REVOKED})
    assert early.status_code == 422
    assert announcing.post(where, {"action": "announce", **REVOKED}).status_code == 302
    [notice] = notices_of(under.voucher, DecisionKind.REVOCATION)
    with clock.fixed(clock.now() + dt.timedelta(weeks=4)):
        assert b'value="revoke"' not in announcing.get(where).content
        alone = announcing.post(where, {"action": "revoke", **REVOKED})
        assert (alone.status_code, under.again().state) == (422, VoucherState.ISSUED), "nobody announces and revokes"
    with clock.fixed(clock.now() + dt.timedelta(weeks=4)):
        assert browser.post(where, {"action": "revoke", **REVOKED}).status_code == 302
    assert under.again().state == VoucherState.REVOKED
    assert notice.text in browser.get(where).content.decode()


@pytest.mark.parametrize("asked", [{"ground": ""}, {"ground": "vouchers.lower.not_done"}, {"text": " "}])
def test_a_notice_needs_a_ground_and_words(asked):
    under = case()
    page = login(official(Role.ASSESSOR)).post(
        url("voucher_review", under.voucher.number), {"action": "announce", **REVOKED, **asked}
    )
    assert page.status_code == 422
    assert not notices_of(under.voucher, DecisionKind.REVOCATION).exists()


@pytest.fixture
def overpaid():
    """A claim of which 500 euros more was paid than was determined in the end."""
    under = case()
    delivered(under)
    claim = determined_claim(under)
    Claim.objects.filter(pk=claim.pk).update(paid_amount=claim.determined_amount + Decimal("500.00"))
    claim.refresh_from_db()
    return claim


def test_money_is_announced_decided_told_and_annulled(overpaid):
    where, decider, treasurer = url("claim_reclaim", overpaid.pk), official(Role.DECIDER), official(Role.TREASURER)
    deciding, paying = login(decider), login(treasurer)
    assert "€\N{NO-BREAK SPACE}500,00" in deciding.get(where).content.decode()
    assert deciding.post(where, {"action": "decide", **ASKED_BACK}).status_code == 422
    announcing = login(official(Role.DECIDER, Role.ASSESSOR))
    assert announcing.post(where, {"action": "announce", **ASKED_BACK}).status_code == 302
    with clock.fixed(clock.now() + dt.timedelta(weeks=4)):
        assert announcing.post(where, {"action": "decide", **ASKED_BACK}).status_code == 422, "nobody does both"
        assert b'value="decide"' not in announcing.get(where).content
        twice = seen_on(deciding.get(where))
        half = {"action": "decide", **ASKED_BACK, "amount": "50,00", "seen": twice}
        assert deciding.post(where, half).status_code == 302
        assert deciding.post(where, half).status_code == 409, "a double click asks back once"
        reclaim = Reclaim.objects.get(claim=overpaid)
        assert deciding.post(where, {"action": "notify", "reclaim": reclaim.pk}).status_code == 403
        assert paying.post(where, {"action": "notify", "reclaim": reclaim.pk}).status_code == 302
        reclaim.refresh_from_db()
        assert reclaim.state == ReclaimState.DUE
        assert deciding.post(where, {"action": "annul", "reclaim": reclaim.pk, "text": ""}).status_code == 422
        assert deciding.post(where, {"action": "annul", "reclaim": reclaim.pk, "text": "Onterecht."}).status_code == 302
    reclaim.refresh_from_db()
    assert reclaim.state == ReclaimState.ANNULLED


def test_a_reclaim_of_another_claim_is_not_found(overpaid):
    browser = login(official(Role.TREASURER))
    for key in ("0", "99999", "x", "9" * 30):
        assert browser.post(url("claim_reclaim", overpaid.pk), {"action": "notify", "reclaim": key}).status_code == 404


def test_an_action_that_does_not_exist_is_refused(overpaid):
    browser = login(official(Role.DECIDER))
    assert browser.post(url("claim_reclaim", overpaid.pk), {"action": "weg"}).status_code == 400
    assert browser.post(url("voucher_review", overpaid.voucher.number), {}).status_code == 400
