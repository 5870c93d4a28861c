"""The pages of vouchers and claims: who gets in, what is shown, and what happens to bad input."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from core import clock
from tests.factories.accounts import UserFactory, official
from tests.factories.claims import (
    advised_claim,
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
from vouchers import services
from vouchers.enums import ClaimState, DecisionKind, LowerGround
from vouchers.models import Claim, Voucher

D = Decimal
pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_sample(monkeypatch):
    monkeypatch.setattr("vouchers.services.claim.sampled", lambda *_args: False)


@pytest.fixture(autouse=True)
def _monday():
    with clock.fixed(START):
        yield


@pytest.fixture
def them():
    return case()


def url(name: str, *args) -> str:
    return reverse(f"vouchers:{name}", args=args)


def of_claim(name: str, claim: Claim) -> str:
    return url(name, claim.voucher.number, claim.seq)


def as_(client, user):
    client.force_login(user)
    return client


SME_PAGES = ["voucher", "voucher_order", "voucher_delivery", "voucher_extend", "voucher_cancel"]
CLAIM_PAGES = ["claim", "claim_invoice", "claim_payment", "claim_users", "claim_proof", "claim_withdraw"]
REVIEW_PAGES = [
    "claim_review",
    "claim_ask",
    "claim_advise",
    "claim_decide",
    "claim_return",
    "claim_intend",
    "claim_withhold",
]


# --- who gets in ------------------------------------------------------------------------------------------------------------


def test_strangers_are_sent_to_the_login(client, them):
    claim = submitted_claim(them)
    number = them.voucher.number
    pages = [url(name, number) for name in SME_PAGES] + [of_claim(name, claim) for name in CLAIM_PAGES]
    pages += [url(name, claim.pk) for name in REVIEW_PAGES]
    pages += [url("vouchers"), url("provider_vouchers"), url("provider_voucher", number), url("claim_queue")]
    for page in pages:
        assert client.get(page).status_code == 302, page


@pytest.mark.parametrize("who", ["other business", "provider", "assessor", "nobody"])
def test_somebody_elses_voucher_and_claim_do_not_exist(client, them, who):
    claim = submitted_claim(them)
    user = {
        "other business": lambda: case(programme=them.voucher.application.programme).member,
        "provider": lambda: them.provider_member,
        "assessor": lambda: them.assessor,
        "nobody": UserFactory,
    }[who]()
    as_(client, user)
    pages = [url(name, them.voucher.number) for name in SME_PAGES] + [of_claim(name, claim) for name in CLAIM_PAGES]
    for page in pages:
        assert client.get(page).status_code == 404, page
    posts = [url("claim_start", them.voucher.number), of_claim("claim_send", claim), of_claim("claim_respond", claim)]
    for page in posts:
        assert client.post(page).status_code == 404, page


def test_a_provider_sees_only_vouchers_for_its_own_solutions_and_no_amounts_of_the_business(client, them):
    other = case(programme=them.voucher.application.programme)
    as_(client, them.provider_member)
    listed = client.get(url("provider_vouchers")).content.decode()
    assert them.voucher.number in listed
    assert other.voucher.number not in listed
    assert client.get(url("provider_voucher", other.voucher.number)).status_code == 404
    assert client.post(url("provider_confirm_order", other.voucher.number)).status_code == 404
    page = client.get(url("provider_voucher", them.voucher.number)).content.decode()
    assert them.voucher.code not in page
    assert "8.000,00" not in page


@pytest.mark.parametrize("name", REVIEW_PAGES)
def test_the_authoritys_pages_ask_for_a_role(client, them, name):
    claim = submitted_claim(them)
    for user in (them.member, them.provider_member, UserFactory()):
        assert as_(client, user).get(url(name, claim.pk)).status_code == 403
    if name in {"claim_decide", "claim_return", "claim_withhold"}:
        assert as_(client, them.assessor).get(url(name, claim.pk)).status_code == 403
    if name in {"claim_ask", "claim_advise"}:
        assert as_(client, them.decider).get(url(name, claim.pk)).status_code == 403


def test_a_draft_is_nobodys_business_but_the_businesss(client, them):
    claim = draft_claim(them)
    assert as_(client, them.assessor).get(url("claim_review", claim.pk)).status_code == 404
    file = url("claim_file", claim.voucher.number, claim.seq, claim.invoice_file_id)
    assert client.get(file).status_code == 404
    assert as_(client, them.member).get(file).status_code == 200


def test_a_file_is_served_with_its_own_claim_only(client, them):
    claim = submitted_claim(them)
    other = submitted_claim(case(programme=them.voucher.application.programme))
    as_(client, them.assessor)
    answer = client.get(url("claim_file", claim.voucher.number, claim.seq, claim.invoice_file_id))
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer["Content-Disposition"]
    assert client.get(url("claim_file", claim.voucher.number, claim.seq, other.invoice_file_id)).status_code == 404
    assert (
        as_(client, them.provider_member)
        .get(url("claim_file", claim.voucher.number, claim.seq, claim.invoice_file_id))
        .status_code
        == 404
    )


def test_the_auditor_reads_and_changes_nothing(client, them):
    claim = submitted_claim(them)
    as_(client, official(Role.AUDITOR))
    assert client.get(url("claim_queue")).status_code == 200
    page = client.get(url("claim_review", claim.pk))
    assert page.status_code == 200
    assert url("claim_take_up", claim.pk) not in page.content.decode()
    assert client.post(url("claim_take_up", claim.pk)).status_code == 403
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.SUBMITTED


def test_no_page_behind_the_login_is_kept_by_a_cache(client, them):
    answer = as_(client, them.member).get(url("voucher", them.voucher.number))
    assert "no-store" in answer["Cache-Control"]


# --- the whole way ------------------------------------------------------------------------------------------------------------


def test_the_business_provider_assessor_and_decider_do_it_all_by_page(client, them):
    number = them.voucher.number
    as_(client, them.member)
    assert url("voucher_order", number) in client.get(url("voucher", number)).content.decode()
    order = {"ordered_on": "2026-11-23", "times_per_week": "20", "minutes_before": "7,5"}
    assert client.post(url("voucher_order", number), order).status_code == 302
    assert client.post(url("voucher_delivery", number), {"delivered_on": "2026-11-23"}).status_code == 302
    as_(client, them.provider_member)
    page = client.get(url("provider_voucher", number)).content.decode()
    assert url("provider_confirm_delivery", number) in page
    assert client.post(url("provider_confirm_delivery", number)).status_code == 302
    as_(client, them.member)
    assert client.post(url("claim_start", number)).status_code == 302
    assert client.post(url("claim_start", number)).status_code == 302
    claim = Claim.objects.get()
    assert client.get(of_claim("claim", claim)).status_code == 200
    written = invoice(them)
    posted = {
        **{name: written[name] for name in ("number", "description", "kvk", "vat_id", "file")},
        "dated": "23-11-2026",
        "excl": "10000,00",
        "incl": "12100.00",
        "is_last": "yes",
    }
    assert client.post(of_claim("claim_invoice", claim), posted).status_code == 302
    account = them.sme.bank_accounts.get().pk
    assert client.post(of_claim("claim_payment", claim), {"payee": "sme", "account": account}).status_code == 302
    people = {"rows": "3", "name_1": "Robin", "email_1": "robin@bedrijf.example"}
    more = client.post(of_claim("claim_users", claim), {**people, "more": "1"})
    assert more.status_code == 200
    assert 'name="name_4"' in more.content.decode()
    assert "robin@bedrijf.example" in more.content.decode()
    assert client.post(of_claim("claim_users", claim), people).status_code == 302
    assert of_claim("claim_send", claim) in client.get(of_claim("claim", claim)).content.decode()
    assert client.post(of_claim("claim_send", claim)).status_code == 302
    assert client.post(of_claim("claim_send", claim)).status_code == 302
    as_(client, them.assessor)
    assert claim.number in client.get(url("claim_queue")).content.decode()
    assert client.post(url("claim_take_up", claim.pk)).status_code == 302
    assert client.post(url("claim_advise", claim.pk), {"text": "Alles gezien."}).status_code == 302
    as_(client, them.decider)
    assert client.get(url("claim_decide", claim.pk)).status_code == 200
    assert client.post(url("claim_decide", claim.pk), {"ground": "", "amount": ""}).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.determined_amount) == (ClaimState.DETERMINED, D("8000.00"))
    for user in (them.member, them.decider):
        letter = as_(client, user).get(of_claim("claim_letter", claim))
        assert letter.status_code == 200
        assert "8.000,00" in letter.content.decode()
        assert claim.iban not in letter.content.decode()


def test_asking_answering_and_sending_back_work_by_page(client, them):
    claim = submitted_claim(them, kvk="")
    as_(client, them.assessor)
    client.post(url("claim_take_up", claim.pk))
    assert client.post(url("claim_ask", claim.pk), {"text": "Wat is regel 2?"}).status_code == 302
    as_(client, them.member)
    assert "Wat is regel 2?" in client.get(of_claim("claim", claim)).content.decode()
    assert client.post(of_claim("claim_proof", claim), {"text": "De training."}).status_code == 302
    assert client.post(of_claim("claim_send", claim)).status_code == 302
    as_(client, them.assessor)
    client.post(url("claim_take_up", claim.pk))
    half = client.post(url("claim_advise", claim.pk), {"text": "Goed."})
    assert half.status_code == 422
    judged = {"text": "Goed.", "accept_supplier": "yes", "note_supplier": "Staat onderaan."}
    assert client.post(url("claim_advise", claim.pk), judged).status_code == 302
    as_(client, them.decider)
    assert client.post(url("claim_return", claim.pk), {"text": "Kijk nog naar regel 3."}).status_code == 302
    assert "Kijk nog naar regel 3." in as_(client, them.assessor).get(url("claim_review", claim.pk)).content.decode()


def test_a_lower_amount_runs_through_notice_and_reaction_by_page(client, them):
    claim = submitted_claim(them)
    as_(client, them.assessor)
    client.post(url("claim_take_up", claim.pk))
    lower = {"text": "De training ontbrak.", "ground": "not_done", "amount": "5000"}
    assert client.post(url("claim_advise", claim.pk), lower).status_code == 302
    as_(client, them.decider)
    decision = {"ground": "not_done", "amount": "5000,00", "explanation": "De training ontbrak."}
    early = client.post(url("claim_decide", claim.pk), decision)
    assert early.status_code == 422
    assert client.post(url("claim_intend", claim.pk), {"text": "Wij willen 5.000 betalen."}).status_code == 302
    as_(client, them.member)
    assert of_claim("claim_respond", claim) in client.get(of_claim("claim", claim)).content.decode()
    assert client.post(of_claim("claim_respond", claim), {"text": "Die was online."}).status_code == 302
    assert client.get(of_claim("claim_respond", claim)).status_code == 404
    as_(client, them.decider)
    assert client.post(url("claim_decide", claim.pk), decision).status_code == 302
    claim.refresh_from_db()
    assert claim.determined_amount == D("5000.00")


def test_withholding_and_releasing_work_by_page(client, them):
    claim = determined_claim(them)
    as_(client, them.decider)
    assert client.post(url("claim_withhold", claim.pk), {"text": "Onderzoek."}).status_code == 302
    assert "Onderzoek." in as_(client, them.member).get(of_claim("claim", claim)).content.decode()
    assert as_(client, them.decider).post(url("claim_release", claim.pk)).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.DETERMINED


def test_a_person_with_both_roles_is_told_before_trying(client, them):
    them.assessor = official(Role.ASSESSOR, Role.DECIDER)
    claim = advised_claim(them)
    as_(client, them.assessor)
    page = client.get(url("claim_review", claim.pk)).content.decode()
    assert url("claim_decide", claim.pk) not in page
    assert client.post(url("claim_decide", claim.pk), {}).status_code == 422
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ADVISED


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
        "1.000,00",
    ],
)
@pytest.mark.parametrize("field", ["excl", "incl"])
def test_an_amount_that_is_no_amount_is_refused_in_words_and_keeps_what_was_typed(client, them, field, amount):
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    posted = {
        "number": "F-77",
        "dated": "2026-11-23",
        "excl": "100",
        "incl": "121",
        "description": "Werk",
        "is_last": "yes",
        "file": pdf("factuur.pdf"),
        field: amount,
    }
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
        ("file", SimpleUploadedFile("factuur.pdf", b"<html>geen pdf</html>", content_type="application/pdf")),
        ("file", SimpleUploadedFile("factuur.pdf", b"", content_type="application/pdf")),
        (
            "file",
            SimpleUploadedFile(
                "factuur.pdf", b"%PDF-1.4\n" + b"0" * (10 * 1024 * 1024), content_type="application/pdf"
            ),
        ),
        ("file", "geen bestand"),
    ],
)
def test_a_wrong_invoice_is_refused_in_words(client, them, field, value):
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    posted = {
        "number": "F-77",
        "dated": "2026-11-23",
        "excl": "100",
        "incl": "121",
        "description": "Werk",
        "is_last": "yes",
        "file": pdf("factuur.pdf"),
        field: value,
    }
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
    answer = as_(client, them.member).post(url("voucher_order", them.voucher.number), posted)
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
    posted = {"text": "Lager.", "ground": "not_done", "amount": amount}
    assert client.post(url("claim_advise", claim.pk), posted).status_code == 422
    services.advise_claim(by=them.assessor, claim=claim, text="Goed.")
    posted = {"explanation": "Lager.", "ground": "not_done", "amount": amount}
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
    from vouchers.models import NoticeOfIntent

    NoticeOfIntent.objects.create(
        application=them.voucher.application,
        subject=them.voucher.reference(),
        kind="revocation",
        text="Wij trekken in.",
        sent_at=clock.now() - dt.timedelta(days=20),
        sent_by=them.decider,
        answer_by=clock.today() - dt.timedelta(days=5),
    )
    services.revoke_voucher(
        by=them.decider, voucher=them.voucher, ground=LowerGround.FALSE_DATA, explanation="De opgave klopte niet."
    )
    page = as_(client, them.member).get(url("voucher", them.voucher.number)).content.decode()
    assert url("application", them.voucher.application_id) in page
    assert Voucher.objects.get(pk=them.voucher.pk).held == 0


def test_the_business_reads_and_answers_a_notice_about_its_voucher(client, them):
    notice = services.announce(
        by=them.decider, subject=them.voucher, kind=DecisionKind.REVOCATION, text="De opgave klopt niet."
    )
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
    services.announce(by=them.decider, subject=them.voucher, kind=DecisionKind.REVOCATION, text="De opgave klopt niet.")
    answer = as_(client, them.member).get(url("application", them.voucher.application_id))
    assert answer.status_code == 200
    assert "De opgave klopt niet." not in answer.content.decode()
