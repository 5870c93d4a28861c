"""The file the bank gets: what is in it, who fetches it, and what the pages say until somebody did."""

import datetime as dt
import hashlib
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from lxml import etree

from accounts.enums import Role
from core import clock
from core.models import AuditEntry
from core.wording import in_fours
from core.workflow import NotAuthorised
from payouts import services
from payouts.models import Batch, BatchFile
from payouts.reasons import PayoutReason
from tests.factories.accounts import official
from tests.factories.payouts import STRIPE_ACCOUNT, bank_day, prepared, released
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


def logged_in(client, role):
    client.force_login(official(role))


@pytest.fixture
def sent(programme, payable_claim):
    return released(programme, payable_claim(programme))


def test_the_day_of_payment_that_was_seen_is_the_day_in_the_file(programme, approver, payable_claim):
    """When the day has passed, the page shows the next bank day; who looked before that looks again."""
    batch = prepared(programme, payable_claim(programme))
    seen, asked_for = batch.fingerprint(), batch.pay_on
    with clock.fixed(clock.now() + dt.timedelta(days=9)):
        assert batch.pay_on == bank_day(clock.today()) > asked_for
        assert refusal(services.release_batch, by=approver, batch=batch, seen_sha256=seen) == [
            PayoutReason.BATCH_CHANGED
        ]
        done = services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint()).batch
    tree = etree.fromstring(bytes(done.file_row.content))
    in_file = tree.xpath("string(//*[local-name()='ReqdExctnDt'])")
    with clock.fixed(clock.now() + dt.timedelta(days=30)):
        assert done.pay_on.isoformat() == in_file.strip()
        assert done.fingerprint() == done.released_sha256


def test_the_bank_file_is_kept_once_and_comes_out_the_same(programme, treasurer, payable_claim):
    batch = released(programme, payable_claim(programme), payable_claim(programme, "1250.00"))
    first = services.batch_file(by=treasurer, batch=batch)
    again = services.batch_file(by=official(Role.APPROVER), batch=batch)
    assert bytes(first.content) == bytes(again.content)
    assert hashlib.sha256(bytes(first.content)).hexdigest() == first.sha256
    assert (first.n, first.total) == (2, Decimal("9000.00"))
    tree = etree.fromstring(bytes(first.content))
    assert tree.xpath("string(//*[local-name()='MsgId'])") == batch.number.hex
    ids = tree.xpath("//*[local-name()='EndToEndId']/text()")
    assert ids == [row.number.hex for row in batch.payouts()]
    downloads = AuditEntry.objects.filter(subject=batch.reference(), action="download")
    assert downloads.count() == 2


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER, Role.DECIDER, Role.ASSESSOR])
def test_only_who_handles_money_gets_the_bank_file(programme, payable_claim, role):
    batch = released(programme, payable_claim(programme))
    with pytest.raises(NotAuthorised):
        services.batch_file(by=official(role), batch=batch)
    batch.refresh_from_db()
    assert batch.fetched_at is None


def test_the_first_download_is_remembered(programme, treasurer, payable_claim):
    batch = released(programme, payable_claim(programme))
    assert batch.waits_for_bank
    services.batch_file(by=treasurer, batch=batch)
    first = Batch.objects.get(pk=batch.pk)
    assert (first.waits_for_bank, first.fetched_at is None) == (False, False)
    services.batch_file(by=treasurer, batch=batch)
    assert Batch.objects.get(pk=batch.pk).fetched_at == first.fetched_at
    assert first.fingerprint() == first.released_sha256


@pytest.mark.database
def test_the_database_refuses_a_change_of_what_the_bank_got(programme, payable_claim):
    batch = released(programme, payable_claim(programme))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BatchFile.objects.filter(batch=batch).update(content=b"other")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BatchFile.objects.filter(batch=batch).delete()


def test_a_batch_released_late_is_paid_on_the_first_bank_day(programme, approver, payable_claim):
    batch = prepared(programme, payable_claim(programme))
    later = clock.now() + dt.timedelta(days=9)
    with clock.fixed(later):
        services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
        wanted = bank_day(clock.today())
    content = bytes(BatchFile.objects.get().content)
    assert f"<Dt>{wanted.isoformat()}</Dt>".encode() in content


def test_the_bank_file_is_fetched_with_a_button_by_who_handles_money(client, sent):
    url = reverse("payouts:bank_file", args=[sent.number])
    for role in (Role.AUDITOR, Role.MANAGER):
        logged_in(client, role)
        assert url not in client.get(sent.get_absolute_url()).text
        assert client.post(url).status_code == 403
    assert not AuditEntry.objects.filter(subject=sent.reference(), action="download").exists()
    for role in (Role.TREASURER, Role.APPROVER):
        logged_in(client, role)
        assert client.get(url).status_code == 405, "a link that is followed by itself leaves no mark"
        assert f'<form method="post" action="{url}">' in client.get(sent.get_absolute_url()).text
        assert client.post(url).content == bytes(sent.file_row.content)
    assert AuditEntry.objects.filter(subject=sent.reference(), action="download").count() == 2
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(official(Role.TREASURER))
    assert strict.post(url).status_code == 403


def test_until_the_bank_file_was_downloaded_once_every_page_says_so(client, sent, fast_programme, payable_claim):
    logged_in(client, Role.TREASURER)
    payout, waits = sent.payouts()[0], "vrijgegeven, bankbestand nog niet gedownload"
    pages = [sent.get_absolute_url(), payout.get_absolute_url(), reverse("payouts:batches"), reverse("payouts:payouts")]
    pages += [f"{url}?format=csv" for url in pages[2:]]
    assert [waits in client.get(url).content.decode() for url in pages] == [True] * len(pages)
    assert client.post(reverse("payouts:bank_file", args=[sent.number])).status_code == 200
    assert [waits in client.get(url).content.decode() for url in pages] == [False] * len(pages)
    assert "verstuurd, wacht op bericht" in client.get(payout.get_absolute_url()).text
    fast = released(fast_programme, payable_claim(fast_programme))
    assert waits not in client.get(fast.get_absolute_url()).text, "Stripe has no file"


def test_accounts_are_written_as_on_a_bank_card(client, sent, fast_programme, payable_claim):
    logged_in(client, Role.TREASURER)
    payout = sent.payouts()[0]
    for url in (sent.get_absolute_url(), payout.get_absolute_url()):
        text = client.get(url).text
        assert in_fours(payout.destination) in text
        assert payout.destination not in text
    fast = prepared(fast_programme, payable_claim(fast_programme))
    for url in (fast.get_absolute_url(), fast.payouts()[0].get_absolute_url()):
        assert STRIPE_ACCOUNT in client.get(url).text
