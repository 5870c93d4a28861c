"""The pages: who sees what, what each person can do, what a wrong input says; never a 500, and no more queries per row."""

import html
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from core import clock
from core.exports import neutral
from core.models import AuditEntry
from core.reasons import Reason
from payouts import services
from payouts.enums import BatchState, PayoutState
from payouts.models import Batch, InboxEvent, Payout, Resolution
from payouts.reasons import PayoutReason
from payouts.selectors import programmes_to_pay, tasks_for
from payouts.services import payable_claims
from tests.factories.accounts import UserFactory, member_of, official
from tests.factories.payouts import decider_of, prepared, released
from tests.factories.vouchers import programme_with
from vouchers import services as vouchers
from vouchers.models import Claim

pytestmark = pytest.mark.django_db

LISTS = ["overview", "payable", "batches", "payouts", "work"]


def logged_in(client, *roles):
    person = official(*roles)
    client.force_login(person)
    return person


@pytest.fixture
def batch(programme, payable_claim):
    return prepared(programme, payable_claim(programme), payable_claim(programme, "1250.00"))


@pytest.fixture
def sent(programme, payable_claim):
    return released(programme, payable_claim(programme))


def every_page(batch):
    payout = batch.payouts()[0]
    pages = [reverse(f"payouts:{name}") for name in LISTS]
    return [*pages, batch.get_absolute_url(), payout.get_absolute_url()]


@pytest.mark.parametrize("role", [Role.TREASURER, Role.APPROVER, Role.MANAGER, Role.AUDITOR])
def test_who_handles_money_or_looks_over_their_shoulder_sees_every_page(client, sent, role):
    logged_in(client, role)
    for url in [*every_page(sent), "/en" + sent.get_absolute_url()]:
        response = client.get(url)
        assert response.status_code == 200, url
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("who", ["assessor", "member"])
def test_for_everybody_else_the_pages_are_closed(client, sent, who):
    payout = sent.payouts()[0]
    person = official(Role.ASSESSOR) if who == "assessor" else member_of(payout.payee)
    client.force_login(person)
    posts = [
        reverse("payouts:release", args=[sent.number]),
        reverse("payouts:bank_file", args=[sent.number]),
        reverse("payouts:confirm", args=[payout.number]),
        reverse("payouts:payable"),
    ]
    for url in every_page(sent):
        assert client.get(url).status_code == 403, url
    for url in posts:
        assert client.post(url).status_code == 403, url
    payout.refresh_from_db()
    assert payout.state == PayoutState.SENDING


def test_who_is_not_logged_in_is_asked_to(client, sent):
    for url in every_page(sent):
        response = client.get(url)
        assert response.status_code == 302
        assert "login" in response.url


def test_what_is_not_there_is_not_found(client, treasurer):
    client.force_login(treasurer)
    for name in ("batch", "payout"):
        assert client.get(reverse(f"payouts:{name}", args=[uuid.uuid4()])).status_code == 404
    assert client.post(reverse("payouts:bank_file", args=[uuid.uuid4()])).status_code == 404
    assert client.post(reverse("payouts:clear_message", args=[10**12])).status_code == 404


def test_the_whole_way_by_page(client, programme, payable_claim):
    """Treasurer prepares, approver releases, treasurer reads the bank."""
    claims = [payable_claim(programme), payable_claim(programme, "1250.00")]
    logged_in(client, Role.TREASURER)
    page = client.get(reverse("payouts:payable"))
    assert all(claim.number in page.text for claim in claims)
    form = page.context["form"]
    asked = {
        "claims": [claim.pk for claim in claims],
        "execution_date": form["execution_date"].value().isoformat(),
        "once": form["once"].value(),
    }
    response = client.post(reverse("payouts:payable"), asked)
    batch = Batch.objects.get()
    assert response.url == batch.get_absolute_url()
    again = client.post(reverse("payouts:payable"), asked)
    assert (again.url, Batch.objects.count()) == (response.url, 1), "a double click makes one batch"

    page = client.get(batch.get_absolute_url())
    assert reverse("payouts:release", args=[batch.number]) not in page.text, "who made it cannot release it"
    logged_in(client, Role.APPROVER)
    page = client.get(batch.get_absolute_url())
    seen = page.context["release_form"]["seen_sha256"].value()
    response = client.post(reverse("payouts:release", args=[batch.number]), {"seen_sha256": seen, "looked": "on"})
    assert response.status_code == 302
    assert "vrijgegeven, bankbestand nog niet gedownload" in client.get(batch.get_absolute_url()).text
    download = client.post(reverse("payouts:bank_file", args=[batch.number]))
    assert download["Content-Type"] == "application/xml"
    assert "attachment" in download["Content-Disposition"]
    assert download.content == bytes(Batch.objects.get().file_row.content)
    assert "nog niet gedownload" not in client.get(batch.get_absolute_url()).text

    logged_in(client, Role.TREASURER)
    url = reverse("payouts:confirm_batch", args=[batch.number])
    assert client.post(url, {"booked_on": clock.today().isoformat()}).status_code == 302
    assert set(Payout.objects.values_list("state", flat=True)) == {PayoutState.PAID}
    assert client.get(batch.get_absolute_url()).status_code == 200


def test_the_release_wants_a_tick_and_what_was_seen(client, batch):
    logged_in(client, Role.APPROVER)
    url = reverse("payouts:release", args=[batch.number])
    for wrong in (
        {},
        {"seen_sha256": batch.fingerprint()},
        {"looked": "on"},
        {"looked": "on", "seen_sha256": "x"},
        {"looked": "on", "seen_sha256": "0" * 64},
    ):
        response = client.post(url, wrong)
        assert response.status_code == 422, wrong
        assert "trede-error-summary" in response.text
    batch.refresh_from_db()
    assert batch.state == BatchState.PREPARED


def test_a_treasurer_who_posts_a_release_is_told_no(client, batch, treasurer):
    client.force_login(treasurer)
    asked = {"seen_sha256": batch.fingerprint(), "looked": "on"}
    assert client.post(reverse("payouts:release", args=[batch.number]), asked).status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER])
def test_who_only_reads_cannot_change_anything(client, sent, role):
    logged_in(client, role)
    payout = sent.payouts()[0]
    entries = AuditEntry.objects.count()
    for name in ("confirm", "returned", "report", "cancel", "propose"):
        url = reverse(f"payouts:{name}", args=[payout.number])
        assert client.post(url, {"booked_on": clock.today().isoformat()}).status_code == 403, name
    for name in ("release", "cancel_batch", "confirm_batch", "bank_file"):
        url = reverse(f"payouts:{name}", args=[sent.number])
        assert client.post(url, {"booked_on": clock.today().isoformat()}).status_code == 403, name
    assert client.post(reverse("payouts:payable"), {"claims": [1]}).status_code == 403
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"claims": ["x"]},
        {"claims": ["99999999999999999999999"]},
        {"claims": ["-1"]},
        {"claims": ["١٢"]},
        {"claims": [10**9]},
        {"execution_date": "2026-02-30"},
        {"execution_date": "0001-01-01"},
        {"execution_date": "9999-12-31"},
        {"once": "no-uuid"},
    ],
)
def test_a_wrong_choice_says_what_is_wrong(client, programme, payable_claim, treasurer, wrong):
    claim = payable_claim(programme)
    client.force_login(treasurer)
    good = {"claims": [claim.pk], "execution_date": clock.today().isoformat(), "once": str(uuid.uuid4())}
    response = client.post(reverse("payouts:payable"), {**good, **wrong} if wrong else {})
    assert response.status_code == 422
    assert "trede-error-summary" in response.text
    assert not Batch.objects.exists()


@pytest.mark.parametrize("day", ["", "x", "2026-13-01", "9999-12-31", "0001-01-01", "٢٠٢٦-٠١-٠١"])
def test_a_wrong_day_in_the_statement_says_what_is_wrong(client, sent, treasurer, day):
    client.force_login(treasurer)
    payout = sent.payouts()[0]
    for url in (
        reverse("payouts:confirm_batch", args=[sent.number]),
        reverse("payouts:confirm", args=[payout.number]),
    ):
        response = client.post(url, {"booked_on": day})
        assert response.status_code == 422
        assert "trede-error-summary" in response.text
    payout.refresh_from_db()
    assert payout.state == PayoutState.SENDING


def test_trouble_and_its_end_by_page(client, sent, payable_claim):
    payout = sent.payouts()[0]
    first = logged_in(client, Role.TREASURER)
    client.post(reverse("payouts:report", args=[payout.number]))
    assert payout.claim.number in client.get(reverse("payouts:work")).text
    url = reverse("payouts:propose", args=[payout.number])
    for wrong in (
        {},
        {"verdict": "x", "evidence": "y"},
        {"verdict": "settle", "evidence": "y"},
        {"verdict": "decline"},
    ):
        assert client.post(url, wrong).status_code == 422
    assert client.post(url, {"verdict": "decline", "evidence": "Afschrift 3 <b>"}).status_code == 302
    page = client.get(payout.get_absolute_url())
    assert "Afschrift 3 &lt;b&gt;" in page.text
    resolution = Resolution.objects.get()
    url = reverse("payouts:resolve", args=[payout.number, resolution.pk])
    response = client.post(url, {"action": "confirm"})
    assert response.status_code == 422, "not the same person"
    assert first.pk == resolution.proposed_by_id
    logged_in(client, Role.APPROVER)
    other = reverse("payouts:resolve", args=[payout.number, resolution.pk + 99])
    assert client.post(other, {"action": "confirm"}).status_code == 404
    assert client.post(url, {"action": "confirm"}).status_code == 302
    payout.refresh_from_db()
    assert payout.state == PayoutState.REJECTED
    assert client.get(payout.get_absolute_url()).status_code == 200


def test_taking_out_and_cancelling_by_page(client, batch, treasurer):
    client.force_login(treasurer)
    payout = batch.payouts()[0]
    url = reverse("payouts:cancel", args=[payout.number])
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 422
    assert payout.claim.number in client.get(batch.get_absolute_url()).text
    url = reverse("payouts:cancel_batch", args=[batch.number])
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 422
    assert not Payout.objects.live().exists()


def test_messages_set_apart_are_cleared_by_page(client, treasurer):
    message = InboxEvent.objects.create(
        event_id="evt_1", kind="transfer.created", livemode=True, body="{}", state="quarantined", handled_at=clock.now()
    )
    client.force_login(treasurer)
    assert "evt_1" in client.get(reverse("payouts:work")).text
    url = reverse("payouts:clear_message", args=[message.pk])
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 302
    assert "evt_1" not in client.get(reverse("payouts:work")).text


def test_empty_pages_say_what_to_do_next(client, db):
    logged_in(client, Role.TREASURER, Role.APPROVER)
    for name in LISTS:
        response = client.get(reverse(f"payouts:{name}"))
        assert response.status_code == 200
        assert "trede-empty" in response.text, name


@pytest.mark.parametrize(
    "question",
    [
        "?q=%00",
        "?q=DT-2026",
        "?state=x&rail=y&programme=z",
        "?state=sending&rail=sepa",
        "?ordering=-amount",
        "?ordering=;drop",
        "?page=99999999999999999999",
        "?page=x",
        "?q=" + "a" * 500,
        "?q=tr_1",
        "?q=" + "f" * 32,
        "?format=csv&q=x",
    ],
)
def test_strange_questions_to_a_list_are_answered(client, sent, treasurer, question):
    client.force_login(treasurer)
    for name in ("payouts", "batches", "payable", "work"):
        assert client.get(reverse(f"payouts:{name}") + question).status_code == 200, (name, question)


def test_search_and_filters_find_what_is_asked(client, batch, sent, treasurer):
    client.force_login(treasurer)
    payout = sent.payouts()[0]
    url = reverse("payouts:payouts")

    def found(question):
        return {row.pk for row in client.get(url + question).context["page"]}

    assert found(f"?q={payout.claim.number}") == {payout.pk}
    assert found(f"?q={payout.number}") == {payout.pk}
    assert found("?state=sending") == {payout.pk}
    assert len(found("?state=prepared")) == 2
    assert found("?rail=stripe") == set()
    assert {row.pk for row in client.get(reverse("payouts:batches") + "?state=prepared").context["page"]} == {batch.pk}


def test_lists_download_as_csv_that_no_spreadsheet_runs(client, sent, treasurer):
    payout = sent.payouts()[0]
    payout.payee.legal_name = "=HYPERLINK(1)"
    payout.payee.save()
    client.force_login(treasurer)
    text = client.get(reverse("payouts:payouts") + "?format=csv").content.decode("utf-8-sig")
    assert payout.claim.number in text
    assert "'=HYPERLINK(1)" in text
    assert "8000.00" in text
    assert sent.msg_id in client.get(reverse("payouts:batches") + "?format=csv").text
    assert [neutral(cell) for cell in ("+1", "-1", "@x", "\tx", "ok", None, -5)] == [
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "ok",
        "",
        "-5",
    ]


def count(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_page_asks_the_database_as_often_for_three_rows_as_for_one(client, programme, payable_claim, treasurer):
    claims = [payable_claim(programme), payable_claim(programme, "1250.00"), payable_claim(programme)]
    client.force_login(treasurer)
    one = released(programme, claims[0])
    urls = [reverse("payouts:payouts"), reverse("payouts:batches"), reverse("payouts:overview")]
    client.get(urls[0])
    before = [count(client, url) for url in urls]
    batch_before = count(client, one.get_absolute_url())
    three = released(programme, *claims[1:])
    assert [count(client, url) for url in urls] == before
    assert count(client, three.get_absolute_url()) == batch_before


def test_the_list_of_claims_to_pay_does_not_ask_per_row(client, programme, payable_claim, treasurer):
    client.force_login(treasurer)
    url = reverse("payouts:payable")
    client.get(url)
    three = count(client, url)
    prepared(programme, payable_claim(programme), payable_claim(programme, "1250.00"))
    one = count(client, url)
    assert three == one


def test_what_waits_is_summed_in_two_queries_however_many_programmes_there_are(
    programme, fast_programme, payable_claim, django_assert_num_queries
):
    for number in range(3):
        programme_with(code=f"leeg-{number}", prefix=f"L{number}")
    with django_assert_num_queries(2):
        found = programmes_to_pay()
    assert [(row.code, row.waiting, row.amount) for row in found] == [
        (programme.code, 3, Decimal("17000.00")),
        (fast_programme.code, 3, Decimal("17000.00")),
    ]
    prepared(programme, *payable_claims(programme))
    assert [row.code for row in programmes_to_pay()] == [fast_programme.code]


def test_the_list_of_payments_is_read_in_its_own_order(sent):
    """By an index, not by sorting every payment that there ever was."""
    plan = Payout.objects.order_by("-prepared_at", "-pk").explain()
    assert "payout_by_moment" in plan
    assert "TEMP B-TREE" not in plan


def test_a_batch_of_which_one_claim_was_withheld_is_told_in_two_parts(client, programme, payable_claim, treasurer):
    sent = released(programme, payable_claim(programme), payable_claim(programme, "1250.00"))
    first, second = sent.payouts()
    decider = decider_of(first.claim)
    vouchers.withhold_claim(by=decider, claim=first.claim, why="Onderzoek")
    client.force_login(treasurer)
    answer = client.post(
        reverse("payouts:confirm_batch", args=[sent.number]), {"booked_on": clock.today().isoformat()}, follow=True
    )
    text = answer.content.decode()
    assert "1 betaling is uitgevoerd." in text
    assert f"De betaling van verzoek {first.claim.number} is niet op betaald gezet" in text
    work = client.get(reverse("payouts:work")).content.decode()
    assert first.claim.number in work
    assert second.claim.number not in work


def test_the_work_list_says_what_to_do_about_a_claim_that_cannot_be_paid(client, programme, payable_claim, treasurer):
    claim = payable_claim(programme)
    Claim.objects.filter(pk=claim.pk).update(holder="漢字")
    client.force_login(treasurer)
    work = client.get(reverse("payouts:work")).content.decode()
    assert claim.number in work
    assert str(Reason(PayoutReason.UNREADABLE_HOLDER, {"claim": claim.number})) in html.unescape(work)
    assert tasks_for(treasurer)[0]["url"] == reverse("payouts:work")
    page = client.get(f"{reverse('payouts:payable')}?programme={programme.code}").content.decode()
    assert f'value="{claim.pk}"' not in page, "it cannot be chosen"


def test_everybody_is_told_what_waits_for_them(programme, payable_claim, batch):
    treasurer, approver = official(Role.TREASURER), official(Role.APPROVER)
    assert [task["url"] for task in tasks_for(treasurer)] == [
        f"{reverse('payouts:payable')}?programme={programme.code}",
        f"{reverse('payouts:payable')}?programme=snelle-trede",
    ]
    assert [task["url"] for task in tasks_for(approver)] == [batch.get_absolute_url()]
    assert tasks_for(batch.prepared_by) != tasks_for(approver)
    assert tasks_for(official(Role.AUDITOR)) == []
    assert tasks_for(UserFactory()) == []
    services.release_batch(by=approver, batch=batch, seen_sha256=batch.fingerprint())
    assert batch.get_absolute_url() in [task["url"] for task in tasks_for(treasurer)]
    services.report_trouble(by=treasurer, payout=batch.payouts()[0])
    assert tasks_for(approver)[0]["url"] == reverse("payouts:work")
