"""The webhook: what Stripe did not sign now changes nothing; what it signed is a hint, kept once (invariants 17-19)."""

import json

import pytest

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from core.workflow import NotAuthorised
from payouts import services
from payouts.enums import InboxState, PayoutState
from payouts.models import InboxEvent
from tests.factories.accounts import official
from tests.factories.payouts import payout_of, released
from tests.stripe_contract.server import SECRET, ContractServer
from vouchers.enums import ClaimState
from vouchers.models import LedgerTransaction

pytestmark = pytest.mark.django_db

URL = "/hooks/stripe/"


@pytest.fixture
def payout(fast_programme, payable_claim):
    claim = payable_claim(fast_programme)
    released(fast_programme, claim)
    return payout_of(claim)


@pytest.fixture
def unknown(stripe, gateway, payout):
    """The money left, the reply was lost."""
    stripe.fail_next("drop_after")
    services.dispatch_due(gateway=gateway, worker="w1")
    payout.refresh_from_db()
    assert payout.state == PayoutState.UNKNOWN
    return payout


def post(client, event, *, secret=SECRET, offset=0, header=None, body=None):
    body = json.dumps(event).encode() if body is None else body
    header = header or ContractServer.sign(body, secret=secret, at=clock.now().timestamp() + offset)
    return client.post(URL, body, content_type="application/json", headers={"Stripe-Signature": header})


def created(stripe, **changes):
    return stripe.event("transfer.created", stripe.transfers()[0], **changes)


def test_a_message_settles_what_was_unknown(client, stripe, gateway, unknown):
    assert post(client, created(stripe)).status_code == 200
    unknown.refresh_from_db()
    assert unknown.state == PayoutState.UNKNOWN, "the door keeps, it does not act"
    assert services.process_due(gateway=gateway) == {"processed": 1}
    unknown.refresh_from_db()
    assert (unknown.state, unknown.claim.state) == (PayoutState.PAID, ClaimState.PAID)
    assert unknown.provider_id == stripe.transfers()[0]["id"]


def test_the_same_message_five_times_has_one_effect(client, stripe, gateway, unknown):
    event = created(stripe)
    assert [post(client, event).status_code for _each in range(5)] == [200] * 5
    assert InboxEvent.objects.count() == 1
    for _round in range(3):
        services.process_due(gateway=gateway)
    assert LedgerTransaction.objects.filter(ref__endswith=unknown.number.hex).count() == 1
    assert AuditEntry.objects.filter(action="settle", subject=unknown.reference()).count() == 1
    assert AuditEntry.objects.filter(action="receive").count() == 1


def test_other_messages_about_the_same_transfer_have_no_second_effect(client, stripe, gateway, unknown):
    for kind in ("transfer.updated", "transfer.created", "transfer.updated"):
        post(client, stripe.event(kind, stripe.transfers()[0]))
    assert services.process_due(gateway=gateway) == {"processed": 3}
    assert set(InboxEvent.objects.values_list("code", flat=True)) == {"settled", "known"}
    assert LedgerTransaction.objects.filter(ref__endswith=unknown.number.hex).count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "whsec_other"},
        {"offset": -301},
        {"offset": 301},
        {"header": "t=1,v1=abc"},
        {"header": "nothing"},
    ],
)
def test_a_forged_or_stale_message_writes_nothing(client, stripe, unknown, forged):
    entries = AuditEntry.objects.count()
    assert post(client, created(stripe), **forged).status_code == 400
    assert not InboxEvent.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_without_a_signature_or_a_secret_nothing_is_accepted(client, stripe, unknown, settings):
    body = json.dumps(created(stripe))
    assert client.post(URL, body, content_type="application/json").status_code == 400
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert post(client, created(stripe)).status_code == 400
    assert not InboxEvent.objects.exists()


def test_a_body_that_was_written_anew_is_refused(client, stripe, unknown):
    body = json.dumps(created(stripe)).encode()
    header = ContractServer.sign(body, at=clock.now().timestamp())
    assert post(client, None, header=header, body=body.replace(b": ", b":")).status_code == 400
    assert not InboxEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"id": 5, "type": "transfer.created", "livemode": false, "data": {"object": {"id": "tr_1"}}}',
        b'{"id": "", "type": "transfer.created", "livemode": false, "data": {"object": {"id": "tr_1"}}}',
        b'{"id": "evt", "type": "t", "livemode": "no", "data": {"object": {"id": "tr_1"}}}',
        b'{"id": "evt", "type": "t", "livemode": false, "data": []}',
        b'{"id": "evt", "type": "t", "livemode": false, "data": {"object": {"id": {"x": 1}}}}',
        b'{"id": "evt\\u0000", "type": "t", "livemode": false, "data": {"object": {}}}',
        b'{"id": "evt\\ud800", "type": "t", "livemode": false, "data": {"object": {}}}',
        b'{"id": "' + b"e" * 300 + b'", "type": "t", "livemode": false, "data": {"object": {}}}',
        b"[" * 100_000,
    ],
)
def test_a_signed_message_that_is_no_event_is_refused_and_never_an_error(client, body):
    assert post(client, None, body=body).status_code == 400
    assert not InboxEvent.objects.exists()


def test_a_message_that_is_too_long_is_refused_unread(client):
    assert post(client, None, body=b"x" * (256 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_the_door_takes_only_post(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_the_door_gives_no_session_and_no_cookie(client, stripe, unknown):
    response = post(client, created(stripe))
    assert not response.cookies


def test_a_message_of_the_other_mode_or_account_is_set_apart(client, stripe, gateway, unknown):
    post(client, created(stripe, livemode=True))
    post(client, created(stripe, account="acct_other"))
    assert set(InboxEvent.objects.values_list("state", "code")) == {
        (InboxState.QUARANTINED, "other_mode"),
        (InboxState.QUARANTINED, "other_account"),
    }
    assert services.process_due(gateway=gateway) == {}
    unknown.refresh_from_db()
    assert unknown.state == PayoutState.UNKNOWN


def test_the_effect_comes_from_the_fetched_object_not_from_the_message(client, stripe, gateway, unknown):
    lie = created(stripe)
    lie["data"]["object"] |= {"amount": 1, "reversed": True, "amount_reversed": 1}
    post(client, lie)
    services.process_due(gateway=gateway)
    unknown.refresh_from_db()
    assert unknown.state == PayoutState.PAID


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 1}, "differs_in_amount"),
        ({"destination": "acct_thief"}, "differs_in_destination"),
        ({"metadata": {"payout": "x"}}, "differs_in_payout"),
        ({"livemode": True}, "other_mode"),
        ({"transfer_group": None}, "unknown_payout"),
        ({"transfer_group": "0" * 32}, "unknown_payout"),
        ({"amount_reversed": 5}, "partly_reversed"),
    ],
)
def test_what_does_not_fit_our_books_is_set_apart_and_changes_nothing(client, stripe, gateway, unknown, change, code):
    event = created(stripe)
    next(iter(stripe.ledger.transfers.values())).update(change)
    post(client, event)
    assert services.process_due(gateway=gateway) == {"quarantined": 1}
    assert InboxEvent.objects.get().code == code
    unknown.refresh_from_db()
    assert (unknown.state, unknown.claim.state) == (PayoutState.UNKNOWN, ClaimState.DETERMINED)


def test_a_transfer_that_is_not_there_is_set_apart(client, stripe, gateway, unknown):
    event = created(stripe)
    event["data"]["object"] = {"id": "tr_gone", "object": "transfer"}
    post(client, event)
    assert services.process_due(gateway=gateway) == {"quarantined": 1}
    assert InboxEvent.objects.get().code == "not_found"


def test_a_transfer_for_a_payment_that_was_not_sent_is_set_apart(client, stripe, gateway, payout):
    gateway.send(payout.instruction())
    post(client, created(stripe))
    services.process_due(gateway=gateway)
    assert InboxEvent.objects.get().code == "while_ready"
    payout.refresh_from_db()
    assert payout.state == PayoutState.READY


def test_a_second_transfer_for_a_paid_payment_raises_the_alarm(client, stripe, gateway, payout):
    services.dispatch_due(gateway=gateway, worker="w1")
    stripe.prune_keys()
    gateway.send(payout.instruction())
    post(client, created(stripe))
    services.process_due(gateway=gateway)
    assert InboxEvent.objects.get().code == "second_transfer"


def test_a_reversal_is_posted_anew_and_once(client, stripe, gateway, payout):
    services.dispatch_due(gateway=gateway, worker="w1")
    [made] = stripe.transfers()
    stripe.reverse(made["id"])
    for _each in range(2):
        post(client, stripe.event("transfer.reversed", made))
    services.process_due(gateway=gateway)
    payout.refresh_from_db()
    assert (payout.state, payout.claim.state) == (PayoutState.RETURNED, ClaimState.DETERMINED)
    assert set(InboxEvent.objects.values_list("code", flat=True)) == {"returned", "known"}
    assert LedgerTransaction.objects.filter(ref__endswith=payout.number.hex).count() == 2


def test_a_reversal_that_comes_before_the_payment_is_known_is_both(client, stripe, gateway, unknown):
    [made] = stripe.transfers()
    stripe.reverse(made["id"])
    post(client, stripe.event("transfer.reversed", made))
    services.process_due(gateway=gateway)
    unknown.refresh_from_db()
    assert (unknown.state, unknown.claim.state) == (PayoutState.RETURNED, ClaimState.DETERMINED)


def test_when_stripe_is_silent_the_message_waits(client, stripe, gateway, unknown):
    from payouts.gateways.stripe import StripeGateway

    post(client, created(stripe))
    deaf = StripeGateway(api_key="sk_test_x", base="http://127.0.0.1:9", timeout=(0.2, 0.2))
    assert services.process_due(gateway=deaf) == {"received": 1}
    message = InboxEvent.objects.get()
    assert (message.tries, message.code) == (1, "no_reply")
    assert services.process_due(gateway=gateway) == {}, "it waits before it asks again"
    message.next_try_at = clock.now()
    message.save()
    assert services.process_due(gateway=gateway) == {"processed": 1}


def test_messages_of_other_kinds_are_not_for_us(client, stripe, gateway, unknown):
    post(client, stripe.event("customer.created", {"id": "cus_1", "object": "customer"}))
    post(client, stripe.event("transfer.created", {"id": "po_1", "object": "payout"}))
    services.process_due(gateway=gateway)
    assert list(InboxEvent.objects.order_by("pk").values_list("state", "code")) == [
        (InboxState.IGNORED, "other_kind"),
        (InboxState.QUARANTINED, "no_transfer_named"),
    ]


def test_people_clear_what_was_set_apart(client, stripe, gateway, unknown):
    post(client, created(stripe, livemode=True))
    message = InboxEvent.objects.get()
    with pytest.raises(NotAuthorised):
        services.clear_message(by=official(Role.AUDITOR), message=message)
    assert services.clear_message(by=official(Role.TREASURER), message=message).state == InboxState.CLEARED
