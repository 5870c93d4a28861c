"""The pages of vouchers and claims with nonsense in them, and their lists."""

from decimal import Decimal

import pytest

from tests.factories.claims import (
    announced,
    case,
    delivered,
    determined_claim,
    draft_claim,
    invoice,
    paid_claim,
    submitted_claim,
)
from tests.factories.providers import pdf
from tests.factories.vouchers import programme_with
from tests.vouchers.pages import as_, of_claim, url
from vouchers import services
from vouchers.enums import ClaimState, DecisionKind, LowerGround, RevocationGround
from vouchers.models import Claim, Voucher

D = Decimal
REVOKES = {"kind": DecisionKind.REVOCATION, "grounds": [RevocationGround.FALSE_DATA]}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]


def invoice_form(**changes) -> dict:
    """A good invoice of 100 euros and VAT as the form sends it, with these fields otherwise."""
    return {
        "number": "F-77",
        "dated": "2026-11-23",
        "excl": "100",
        "incl": "121",
        "description": "Werk",
        "is_last": "yes",
        "file": pdf("factuur.pdf"),
        **changes,
    }


# --- bad input --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "amount",
    [
        "",
        "-1",
        "0",
        "0.001",
        "NaN",
        "Infinity",
        "1e400",
        "1e5",
        "١٢",
        "１２",
        "9" * 400,
        "12,345.67",
        "abc",
        "1.00,00",
    ],
)
@pytest.mark.parametrize("field", ["excl", "incl"])
def test_an_amount_that_is_no_amount_is_refused_in_words_and_keeps_what_was_typed(client, them, field, amount):
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    posted = invoice_form(**{field: amount})
    answer = as_(client, them.member).post(of_claim("claim_invoice", claim), posted)
    assert answer.status_code == 422
    assert "F-77" in answer.content.decode()
    assert Claim.objects.get(pk=claim.pk).invoice_key == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""),
        ("number", "x" * 61),
        ("number", "\x00"),
        ("dated", ""),
        ("dated", "2026-02-30"),
        ("dated", "morgen"),
        ("dated", "٢٠٢٦-١١-٢٣"),
        ("dated", "2027-01-01"),
        ("dated", "0000-00-00"),
        ("description", "x" * 301),
        ("kvk", "1234567"),
        ("kvk", "<script>alert(1)</script>"),
        ("vat_id", "x" * 21),
        ("vat_id", "ＮＬ１２"),
        ("is_last", "misschien"),
        ("file", "geen bestand"),
    ],
)
def test_a_wrong_invoice_is_refused_in_words(client, them, field, value):
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    posted = invoice_form(**{field: value})
    answer = as_(client, them.member).post(of_claim("claim_invoice", claim), posted)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert Claim.objects.get(pk=claim.pk).invoice_file is None


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"ordered_on": "gisteren", "times_per_week": "1", "minutes_before": "1"},
        {"ordered_on": "2026-11-23"},
        {"ordered_on": "2026-11-23", "times_per_week": "0", "minutes_before": "1"},
        {"ordered_on": "2026-11-23", "times_per_week": "-3", "minutes_before": "1"},
        {"ordered_on": "2026-11-23", "times_per_week": "NaN", "minutes_before": "1"},
        {"ordered_on": "2026-11-23", "times_per_week": "1e400", "minutes_before": "1"},
        {"ordered_on": "2026-11-23", "times_per_week": "999999", "minutes_before": "999999"},
        {"ordered_on": "2026-11-22", "times_per_week": "1", "minutes_before": "1"},
        {"ordered_on": "9999-12-31", "times_per_week": "1", "minutes_before": "1"},
    ],
)
def test_a_wrong_order_is_refused_and_nothing_is_written(client, them, posted):
    answer = as_(client, them.member).post(url("voucher_order", them.voucher.number), {"task": "Facturen", **posted})
    assert answer.status_code == 422
    assert them.again().ordered_on is None
    assert not them.voucher.solution.baselines.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {"payee": "mij"},
        {"payee": "sme", "account": "999999"},
        {"payee": "sme", "account": "' OR 1=1"},
        {"payee": "sme"},
        {"payee": "provider"},
    ],
)
def test_a_wrong_account_is_refused(client, them, posted):
    claim = draft_claim(them)
    assert as_(client, them.member).post(of_claim("claim_payment", claim), posted).status_code == 422


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"rows": "999999999999", "name_1": "A", "email_1": "geen"},
        {"rows": "-1", "name_1": "A"},
        {"rows": "٣", "name_1": "", "email_1": "a@b.example"},
        {"rows": "2", "name_1": "A", "email_1": "a@b.example", "name_2": "B"},
        {"rows": "2", "name_1": "A", "email_1": "a@b.example", "name_2": "B", "email_2": "A@B.example"},
        {"rows": "1", "name_1": "x" * 121, "email_1": "a@b.example"},
    ],
)
def test_wrong_end_users_are_refused(client, them, posted):
    claim = draft_claim(them)
    assert as_(client, them.member).post(of_claim("claim_users", claim), posted).status_code == 422
    assert claim.end_users.get().email == "robin@bedrijf.example"


@pytest.mark.parametrize("amount", ["-1", "NaN", "1e400", "8000,01", "0.001", "٥", "99999999999999999"])
def test_a_wrong_advice_or_decision_amount_is_refused(client, them, amount):
    claim = submitted_claim(them)
    as_(client, them.assessor).post(url("claim_take_up", claim.pk))
    posted = {"text": "Lager.", "ground": LowerGround.NOT_DONE.value, "amount": amount}
    assert client.post(url("claim_advise", claim.pk), posted).status_code == 422
    services.advise_claim(by=them.assessor, claim=claim, text="Goed.")
    posted = {"explanation": "Lager.", "ground": LowerGround.NOT_DONE.value, "amount": amount}
    assert as_(client, them.decider).post(url("claim_decide", claim.pk), posted).status_code == 422
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ADVISED


def test_what_is_decided_cannot_be_changed_or_sent_again(client, them):
    claim = determined_claim(them)
    as_(client, them.member)
    written = {**invoice(them), "dated": "2026-11-23", "is_last": "yes"}
    assert client.post(of_claim("claim_invoice", claim), written).status_code == 409
    assert client.post(of_claim("claim_send", claim)).status_code == 409
    assert client.post(of_claim("claim_withdraw", claim)).status_code == 409
    assert client.post(url("voucher_cancel", them.voucher.number)).status_code == 422
    assert client.post(url("claim_start", them.voucher.number)).status_code == 422


def test_an_address_that_is_no_voucher_is_not_found(client, them):
    as_(client, them.member)
    for address in [
        "/vouchers/DT-2026-999999-1/",
        "/vouchers/x/uitbetaling/99999999999999999999/",
        "/vouchers/x/uitbetaling/1/bestand/x/",
    ]:
        assert client.get(address).status_code == 404


def test_filters_of_the_queue_survive_nonsense(client, them):
    submitted_claim(them)
    as_(client, them.assessor)
    for question in ["state=zzz", "ordering=password", "page=zzz", "page=-1", "q=" + "x" * 5000, "q=%00", "mine=%27"]:
        assert client.get(url("claim_queue") + "?" + question).status_code == 200, question


# --- lists -------------------------------------------------------------------------------------------------------------------------


def test_the_queue_finds_filters_and_downloads_without_formulas(client, them):
    them.sme.legal_name = "=HYPERLINK(1) BV"
    them.sme.save()
    claim = submitted_claim(them)
    as_(client, them.assessor)
    assert claim.number in client.get(url("claim_queue"), {"q": "2026-0417"}).content.decode()
    assert claim.number not in client.get(url("claim_queue"), {"q": "bestaat niet"}).content.decode()
    assert claim.number not in client.get(url("claim_queue"), {"mine": "on"}).content.decode()
    assert claim.number not in client.get(url("claim_queue"), {"state": "paid"}).content.decode()
    csv = client.get(url("claim_queue"), {"format": "csv"})
    assert csv["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK" in csv.content.decode()


def test_lists_ask_the_database_the_same_whatever_their_length(client, django_assert_max_num_queries):
    programme = programme_with()
    one = case(programme=programme)
    submitted_claim(one)
    counts = []
    for _round in range(2):
        for user, page in [
            (one.assessor, "claim_queue"),
            (one.provider_member, "provider_vouchers"),
            (one.member, "vouchers"),
        ]:
            as_(client, user)
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert client.get(url(page)).status_code == 200
            counts.append(len(seen))
        for number in range(3):
            submitted_claim(case(programme=programme, package=one.voucher.package), number=f"F-{_round}{number}")
    assert counts[:3] == counts[3:]


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_shows_in_both_languages_in_every_state(client, language, monkeypatch):
    them = case()
    number = them.voucher.number
    as_(client, them.member)
    assert client.get(f"{language}/vouchers/{number}/").status_code == 200
    for name in ("bestelling", "levering", "verlengen", "annuleren"):
        assert client.get(f"{language}/vouchers/{number}/{name}/").status_code == 200
    paid_claim(them)
    claim = Claim.objects.get()
    for path in ["", "factuur/", "rekening/", "gebruikers/", "bewijs/", "intrekken/", "besluit/"]:
        assert client.get(f"{language}/vouchers/{number}/uitbetaling/{claim.seq}/{path}").status_code == 200
    assert client.get(f"{language}/vouchers/").status_code == 200
    as_(client, them.decider)
    for path in ["", "besluiten/", "terug/", "voornemen/", "aanhouden/"]:
        assert client.get(f"{language}/beoordelen/uitbetalingen/{claim.pk}/{path}").status_code == 200
    as_(client, them.assessor)
    for path in ["vraag/", "advies/"]:
        assert client.get(f"{language}/beoordelen/uitbetalingen/{claim.pk}/{path}").status_code == 200


def test_a_lapsed_and_a_revoked_voucher_say_what_can_be_done(client, them):
    announced(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.FALSE_DATA)
    services.revoke_voucher(
        by=them.decider, voucher=them.voucher, ground=RevocationGround.FALSE_DATA, explanation="De opgave klopte niet."
    )
    page = as_(client, them.member).get(url("voucher", them.voucher.number)).content.decode()
    assert url("application", them.voucher.application_id) in page
    assert Voucher.objects.get(pk=them.voucher.pk).held == 0


def test_the_business_reads_and_answers_a_notice_about_its_voucher(client, them):
    notice = services.announce(by=them.decider, subject=them.voucher, text="De opgave klopt niet.", **REVOKES)
    page = url("voucher_respond", them.voucher.number, notice.pk)
    stranger = case(programme=them.voucher.application.programme).member
    assert as_(client, stranger).get(page).status_code == 404
    as_(client, them.member)
    assert page in client.get(url("voucher", them.voucher.number)).content.decode()
    assert client.post(page, {"text": " "}).status_code == 422
    assert client.post(page, {"text": "Die klopt wel."}).status_code == 302
    assert client.get(page).status_code == 404
    notice.refresh_from_db()
    assert notice.answer == "Die klopt wel."


def test_a_notice_about_a_voucher_does_not_look_like_a_refusal_of_the_application(client, them):
    services.announce(by=them.decider, subject=them.voucher, text="De opgave klopt niet.", **REVOKES)
    answer = as_(client, them.member).get(url("application", them.voucher.application_id))
    assert answer.status_code == 200
    assert "De opgave klopt niet." not in answer.content.decode()
