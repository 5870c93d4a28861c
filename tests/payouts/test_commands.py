"""The commands a timer runs, with the settings of an installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from payouts.enums import PayoutState
from payouts.models import InboxEvent
from tests.factories.payouts import payout_of, released

pytestmark = pytest.mark.django_db


def run(name, **options):
    out = StringIO()
    call_command(name, stdout=out, **options)
    return out.getvalue().strip()


def test_a_house_that_pays_by_bank_only_needs_no_key(settings):
    settings.STRIPE_SECRET_KEY = ""
    assert run("dispatch_payouts") == "nothing due; batches closed 0"
    assert run("process_inbox") == "nothing due"


def test_a_payment_that_waits_for_a_missing_key_is_no_silence(settings, fast_programme, payable_claim):
    settings.STRIPE_SECRET_KEY = ""
    released(fast_programme, payable_claim(fast_programme))
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        run("dispatch_payouts")


def test_a_message_that_waits_for_a_missing_key_is_no_silence(settings):
    settings.STRIPE_SECRET_KEY = ""
    InboxEvent.objects.create(
        event_id="evt_1", kind="transfer.created", object_id="tr_1", livemode=False, body="{}", received_at=clock.now()
    )
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        run("process_inbox")


def test_a_round_sends_closes_and_tells(stripe, settings, fast_programme, payable_claim):
    settings.STRIPE_API_BASE = stripe.url
    claim = payable_claim(fast_programme)
    released(fast_programme, claim)
    assert run("dispatch_payouts") == "paid 1; batches closed 1"
    assert run("dispatch_payouts") == "nothing due; batches closed 0"
    assert payout_of(claim).state == PayoutState.PAID
    assert run("process_inbox") == "nothing due"


def test_a_message_set_apart_makes_the_command_fail_so_that_somebody_looks(stripe, settings, db):
    settings.STRIPE_API_BASE = stripe.url
    InboxEvent.objects.create(
        event_id="evt_1",
        kind="transfer.created",
        object_id="tr_gone",
        livemode=False,
        body="{}",
        received_at=clock.now(),
    )
    with pytest.raises(CommandError, match="1 set apart"):
        run("process_inbox")
    assert InboxEvent.objects.get().code == "not_found"
