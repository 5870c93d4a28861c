"""The pages of vouchers and claims: who gets in, what is shown, and what happens to bad input."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import Role
from tests.factories.accounts import UserFactory, official
from tests.factories.claims import (
    advised_claim,
    case,
    determined_claim,
    draft_claim,
    invoice,
    submitted_claim,
)
from tests.factories.providers import pdf
from tests.vouchers.pages import as_, of_claim, url
from vouchers.enums import ClaimState, LowerGround
from vouchers.models import Claim

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]

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
    order = {"ordered_on": "2026-11-23", "task": "Facturen maken", "times_per_week": "20", "minutes_before": "7,5"}
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
    alone = client.post(of_claim("claim_proof", claim), {"text": "De training."})
    assert alone.status_code == 422, "a check did not pass, so proof is asked"
    assert of_claim("claim_send", claim) not in client.get(of_claim("claim", claim)).content.decode()
    proof = {"text": "De training.", "payment_proof": pdf("bank.pdf"), "use_proof": pdf("scherm.pdf")}
    assert client.post(of_claim("claim_proof", claim), proof).status_code == 302
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
    lower = {"text": "De training ontbrak.", "ground": LowerGround.NOT_DONE.value, "amount": "5000"}
    assert client.post(url("claim_advise", claim.pk), lower).status_code == 302
    as_(client, them.decider)
    decision = {"ground": LowerGround.NOT_DONE.value, "amount": "5000,00", "explanation": "De training ontbrak."}
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


def test_an_open_question_is_a_step_to_do_and_wants_an_answer_before_sending(client, them):
    claim = submitted_claim(them)
    as_(client, them.assessor)
    client.post(url("claim_take_up", claim.pk))
    client.post(url("claim_ask", claim.pk), {"text": "Wat is regel 2?"})
    as_(client, them.member)
    page = client.get(of_claim("claim", claim)).content.decode()
    first = page.split('<li class="trede-steps__item')[1]
    assert "Beantwoord de vraag" in first
    assert "Nog te doen" in first
    assert of_claim("claim_send", claim) not in page
    empty = client.post(of_claim("claim_proof", claim), {"text": " "})
    assert empty.status_code == 422
    assert client.post(of_claim("claim_proof", claim), {"text": "De training."}).status_code == 302
    page = client.get(of_claim("claim", claim)).content.decode()
    assert "Nog te doen" not in page
    assert of_claim("claim_send", claim) in page


def test_what_the_machine_will_reject_is_said_before_sending_and_stops_nobody(client, them):
    before = them.voucher.applied_on - dt.timedelta(days=10)
    claim = draft_claim(them, dated=before, kvk="12345678", number="2026-99")
    as_(client, them.member)
    page = client.get(of_claim("claim", claim)).content.decode()
    wrong = page.split("Dit klopt nog niet")[1].split("</ul>")[0]
    assert "ouder dan de aanvraag" in wrong
    assert "12345678" in wrong
    assert client.post(of_claim("claim_send", claim)).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.SUBMITTED


def test_a_claim_in_order_is_sent_without_warnings(client, them):
    as_(client, them.member)
    page = client.get(of_claim("claim", draft_claim(them))).content.decode()
    assert "Dit klopt nog niet" not in page
    assert of_claim("claim_send", Claim.objects.get()) in page


def test_who_only_looks_at_asking_for_payment_sees_the_voucher(client, them):
    before = them.voucher.claims.count()
    answer = as_(client, them.member).get(url("claim_start", them.voucher.number))
    assert (answer.status_code, answer["Location"]) == (302, url("voucher", them.voucher.number))
    assert them.voucher.claims.count() == before
