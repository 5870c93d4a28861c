"""The provider's pages of vetting: who sees what, bad input and double clicks."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from core.models import StoredFile
from providers import services
from providers.enums import DossierState
from providers.models import Dossier, Evidence, Provider
from tests.factories.accounts import UserFactory, official
from tests.factories.providers import (
    ProviderFactory,
    advised_dossier,
    filled_dossier,
    pdf,
    provider_member,
    submitted_dossier,
)
from tests.moments import MONDAY
from tests.providers.pages import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checklist", "monday")]

REGISTRATION = {
    "legal_name": "Webwinkelbouw Voorbeeld B.V.",
    "legal_form": "company",
    "country": "NL",
    "kvk": "12345678",
    "vat_id": "NL002455799B11",
    "founded_on": "2020-01-01",
    "street": "Voorbeeldstraat 1",
    "postcode": "9712 HV",
    "city": "Groningen",
    "website": "https://webwinkelbouw.example",
    "contact_name": "Jo Voorbeeld",
    "contact_email": "jo@webwinkelbouw.example",
}


# --- registering ------------------------------------------------------------------------------------------------------


def test_a_person_without_provider_reads_what_to_do(as_):
    page = as_(UserFactory()).get(at("provider_home"))
    assert page.status_code == 200
    assert at("provider_register") in page.content.decode()


def test_registering_twice_with_the_same_form_registers_once(as_):
    client = as_(UserFactory())
    form = {**REGISTRATION, "once": str(uuid.uuid4())}
    first, second = client.post(at("provider_register"), form), client.post(at("provider_register"), form)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url == at("provider_page", Provider.objects.get().slug)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kvk": "1234"}, "kvk"),
        ({"kvk": ""}, "kvk"),
        ({"kvk": "١٢٣٤٥٦٧٨"}, "kvk"),
        ({"vat_id": "NL002455799B12"}, "vat_id"),
        ({"country": "US"}, "country"),
        ({"country": "DE", "kvk": ""}, "foreign_registration"),
        ({"postcode": "0000 AA"}, "postcode"),
        ({"founded_on": "2027-01-01"}, "founded_on"),
        ({"founded_on": "0001-01-01"}, "founded_on"),
        ({"founded_on": "morgen"}, "founded_on"),
        ({"contact_email": "x"}, "contact_email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"legal_name": "x" * 161}, "legal_name"),
        ({"legal_name": ""}, "legal_name"),
        ({"legal_form": "pirate"}, "legal_form"),
        ({"once": "no"}, "once"),
    ],
)
def test_a_wrong_registration_is_shown_again_with_what_is_wrong(as_, wrong, field):
    form = {**REGISTRATION, "once": str(uuid.uuid4()), **wrong}
    page = as_(UserFactory()).post(at("provider_register"), form)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert Provider.objects.count() == 0


def test_a_kvk_number_that_is_registered_already_is_refused_in_words(as_):
    ProviderFactory(organisation__kvk="12345678")
    page = as_(UserFactory()).post(at("provider_register"), {**REGISTRATION, "once": str(uuid.uuid4())})
    assert page.status_code == 422
    assert [reason.code.name for reason in page.context["reasons"]] == ["KVK_TAKEN"]
    assert "Webwinkelbouw Voorbeeld" in page.content.decode(), "the input is kept"


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_pages_behind_the_login_send_a_stranger_to_it(client, provider):
    for url in (at("provider_home"), at("provider_page", provider.slug), at("vetting_queue"), at("review", 1)):
        answer = client.get(url)
        assert answer.status_code == 302
        assert "login" in answer.url


def test_another_providers_pages_do_not_exist(as_, provider, member):
    dossier = filled_dossier(provider, by=member)
    evidence = Evidence.objects.filter(item__dossier=dossier).first()
    client = as_(provider_member(ProviderFactory()))
    urls = [
        at("provider_page", provider.slug),
        at("provider_profile", provider.slug),
        at("provider_leave", provider.slug),
        at("dossier", dossier.pk),
        at("dossier_item", dossier.pk, "ORG-01"),
        at("dossier_submit", dossier.pk),
        at("dossier_withdraw", dossier.pk),
        at("evidence", evidence.pk),
    ]
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 404)
    posts = [
        at("dossier_start", provider.slug),
        at("provider_leave", provider.slug),
        at("provider_reapply", provider.slug),
        at("dossier_item", dossier.pk, "ORG-01"),
        at("dossier_drop_file", dossier.pk, evidence.pk),
        at("dossier_submit", dossier.pk),
        at("dossier_withdraw", dossier.pk),
    ]
    answers = {url: client.post(url, {"kind": "admission", "true": "on"}).status_code for url in posts}
    assert answers == dict.fromkeys(posts, 404)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.DRAFT


def test_the_authoritys_pages_are_forbidden_to_a_provider(as_, provider, member):
    dossier = submitted_dossier(provider, by=member)
    client = as_(member)
    urls = [
        at("vetting_queue"),
        at("vetting_queue_csv"),
        at("vetting_providers"),
        at("vetting_providers_csv"),
        at("review", dossier.pk),
        at("review_item", dossier.pk, "ORG-01"),
        at("review_act", dossier.pk, "oppakken"),
        at("vetting_provider", provider.slug),
        at("vetting_provider_act", provider.slug, "schorsen"),
    ]
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 403)


def test_an_auditor_reads_everything_and_changes_nothing(as_, provider, member):
    dossier = submitted_dossier(provider, by=member)
    client = as_(official(Role.AUDITOR))
    for url in (
        at("review", dossier.pk),
        at("review_item", dossier.pk, "ORG-01"),
        at("vetting_provider", provider.slug),
    ):
        assert client.get(url).status_code == 200
    assert client.post(at("review_act", dossier.pk, "oppakken")).status_code == 403
    assert client.post(at("review_item", dossier.pk, "ORG-01"), {"verdict": "met"}).status_code == 403
    dossier.refresh_from_db()
    assert dossier.state == DossierState.SUBMITTED


def test_roles_do_each_their_own_steps(as_, provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    assert as_(assessor).get(at("review_act", dossier.pk, "goedkeuren")).status_code == 403
    assert as_(decider).get(at("review_act", dossier.pk, "advies")).status_code == 403
    assert as_(decider).get(at("review_act", dossier.pk, "onzin")).status_code == 404
    assert as_(decider).get(at("review_act", 999999, "goedkeuren")).status_code == 404


def test_a_draft_is_the_providers_own(as_, provider, member, assessor):
    dossier = filled_dossier(provider, by=member)
    client = as_(assessor)
    evidence = Evidence.objects.filter(item__dossier=dossier).first()
    for url in (at("review", dossier.pk), at("review_item", dossier.pk, "ORG-01"), at("evidence", evidence.pk)):
        assert client.get(url).status_code == 404
    assert dossier.number not in client.get(at("vetting_queue") + "?state=all").content.decode()


def test_evidence_is_a_download_and_gone_when_taken_back(as_, provider, member, assessor):
    dossier = submitted_dossier(provider, by=member)
    evidence = Evidence.objects.filter(item__dossier=dossier).first()
    answer = as_(assessor).get(at("evidence", evidence.pk))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    evidence.removed_at = MONDAY
    evidence.save()
    assert as_(assessor).get(at("evidence", evidence.pk)).status_code == 404


# --- filling in -------------------------------------------------------------------------------------------------------


def test_starting_twice_opens_the_dossier_that_runs(as_, provider, member):
    client = as_(member)
    first = client.post(at("dossier_start", provider.slug), {"kind": "admission"})
    second = client.post(at("dossier_start", provider.slug), {"kind": "admission"})
    assert first.url == second.url == at("dossier", Dossier.objects.get().pk)
    assert client.post(at("dossier_start", provider.slug), {"kind": "listing"}).status_code == 404


def test_a_renewal_before_the_admission_is_refused_on_the_page(as_, provider, member):
    page = as_(member).post(at("dossier_start", provider.slug), {"kind": "renewal"})
    assert page.status_code == 422
    assert [reason.code.name for reason in page.context["reasons"]] == ["NOT_ADMITTED"]


def test_an_answer_with_a_file_is_kept_once_however_often_it_is_sent(as_, provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    client, url, key = as_(member), at("dossier_item", dossier.pk, "FIN-05"), str(uuid.uuid4())
    for _time in range(2):
        form = {"once": key, "iban": "nl91 abna 0417 1643 00", "holder": "Voorbeeld", "statement": "Zie afschrift"}
        assert client.post(url, {**form, "file": pdf()}).status_code == 302
    item = dossier.items.get(code="FIN-05")
    assert item.figures == {"iban": "NL91ABNA0417164300", "holder": "Voorbeeld"}
    assert item.evidence.count() == 1
    assert client.post(url, {**form, "statement": "Anders"}).status_code == 422, "the key was for another answer"


@pytest.mark.parametrize(
    ("code", "wrong", "field"),
    [
        ("FIN-05", {"iban": "NL00ABNA0417164300"}, "iban"),
        ("FIN-05", {"iban": "NL20INGB0001234567"}, "iban"),  # the account that vouchers are paid from
        ("FIN-05", {"holder": "x" * 200}, "holder"),
        ("FIN-01", {"applies": "yes", "total_assets": "1.000.00"}, "total_assets"),
        ("FIN-01", {"applies": "yes", "total_assets": "1,005"}, "total_assets"),
        ("FIN-01", {"applies": "yes", "total_assets": "NaN"}, "total_assets"),
        ("FIN-01", {"applies": "yes", "total_assets": "9" * 30}, "total_assets"),
        ("FIN-01", {}, "applies"),
        ("FIN-01", {"applies": "maybe"}, "applies"),
        ("FIN-01", {"applies": "no"}, "applies_reason"),
        ("FIN-01", {"applies": "no", "applies_reason": "x" * 1001}, "applies_reason"),
        ("FIN-04", {"issued_on": "31-02-2026"}, "issued_on"),
        ("FIN-04", {"issued_on": "9999-12-31"}, "issued_on"),
        ("ORG-05", {"url": "http://169.254.169.254/"}, "url"),
        ("ORG-01", {"statement": "x" * 4001}, "statement"),
        ("ORG-01", {"file": SimpleUploadedFile("x.pdf", b"MZ not a pdf")}, "file"),
        ("ORG-01", {"file": SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}, "file"),
        ("ORG-01", {"file": SimpleUploadedFile("leeg.pdf", b"")}, "file"),
        ("ORG-01", {"once": ""}, "once"),
    ],
)
def test_a_wrong_answer_is_shown_again_and_nothing_is_kept(as_, provider, member, code, wrong, field):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    page = as_(member).post(at("dossier_item", dossier.pk, code), {"once": str(uuid.uuid4()), **wrong})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert dossier.items.get(code=code).answered_at is None
    assert StoredFile.objects.count() == 0


def test_a_file_over_ten_megabytes_is_refused_in_words(as_, provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    big = SimpleUploadedFile("groot.pdf", b"%PDF-1.4" + b"0" * (10 * 1024 * 1024))
    page = as_(member).post(at("dossier_item", dossier.pk, "ORG-01"), {"once": str(uuid.uuid4()), "file": big})
    assert page.status_code == 422
    assert "10 MB" in page.content.decode()


def test_an_item_of_another_dossier_is_not_there(as_, provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    client = as_(member)
    assert client.get(at("dossier_item", dossier.pk, "REF-01")).status_code == 404
    other = ProviderFactory()
    theirs = filled_dossier(other, by=provider_member(other))
    foreign = Evidence.objects.filter(item__dossier=theirs).first()
    assert client.post(at("dossier_drop_file", dossier.pk, foreign.pk)).status_code == 404


def test_negative_equity_can_be_filled_in_with_a_comma(as_, provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    form = {"once": str(uuid.uuid4()), "applies": "yes", "total_assets": "-1250,5", "total_liabilities": "0"}
    assert as_(member).post(at("dossier_item", dossier.pk, "FIN-01"), form).status_code == 302
    assert dossier.items.get(code="FIN-01").figures == {"total_assets": "-1250.50", "total_liabilities": "0.00"}


def test_what_a_provider_writes_is_inert_on_every_page(as_, provider, member, assessor):
    dossier = filled_dossier(provider, by=member)
    evil = "<script>alert(1)</script>{{ 7|add:7 }}"
    services.answer_item(by=member, dossier=dossier, code="ORG-03", statement=evil)
    services.update_profile(by=member, provider=provider, contact_name=evil)
    dossier = services.submit_dossier(by=member, dossier=dossier, reply=evil)
    pages = [
        as_(member).get(at("dossier_item", dossier.pk, "ORG-03")),
        as_(member).get(at("provider_page", provider.slug)),
        as_(assessor).get(at("review_item", dossier.pk, "ORG-03")),
        as_(assessor).get(at("review", dossier.pk)),
        as_(assessor).get(at("vetting_provider", provider.slug)),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_handing_in_shows_what_is_missing_and_then_what_the_machine_sees(as_, provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    client = as_(member)
    page = client.get(at("dossier_submit", dossier.pk))
    shown = [row["url"] for row in page.context["gaps"]]
    assert len(shown) >= 20
    assert len(set(shown)) == len(shown)
    start = client.get(at("dossier", dossier.pk))
    in_order = [task["url"] for chapter in start.context["chapters"] for task in chapter["tasks"]]
    assert shown == [url for url in in_order if url in shown]
    assert (start.context["done"], start.context["total"], start.context["missing"]) == (0, len(shown), len(shown))
    assert f"0 van de {len(shown)} onderdelen zijn klaar." in start.content.decode()
    assert client.post(at("dossier_submit", dossier.pk), {"true": "on"}).status_code == 422
    services.withdraw_dossier(by=member, dossier=dossier)
    whole = filled_dossier(provider, by=member)
    page = client.get(at("dossier_submit", whole.pk))
    assert page.context["gaps"] == []
    assert page.context["tally"]["fail"] == 0
    assert client.post(at("dossier_submit", whole.pk), {}).status_code == 422
    for _time in range(2):
        answer = client.post(at("dossier_submit", whole.pk), {"true": "on"})
        assert (answer.status_code, answer.url) == (302, at("dossier", whole.pk))
    whole.refresh_from_db()
    assert whole.state == DossierState.SUBMITTED


def test_a_dossier_is_withdrawn_after_a_question_and_twice_is_harmless(as_, provider, member):
    dossier = submitted_dossier(provider, by=member)
    client = as_(member)
    assert client.get(at("dossier_withdraw", dossier.pk)).status_code == 200
    dossier.refresh_from_db()
    assert dossier.state == DossierState.SUBMITTED
    for _time in range(2):
        assert client.post(at("dossier_withdraw", dossier.pk)).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == DossierState.WITHDRAWN


def test_removing_a_file_asks_once(as_, provider, member):
    dossier = filled_dossier(provider, by=member)
    evidence = Evidence.objects.filter(item__dossier=dossier).first()
    client, where = as_(member), at("dossier_drop_file", dossier.pk, evidence.pk)
    page = client.get(at("dossier_item", dossier.pk, evidence.item.code)).content.decode()
    assert f'href="{where}"' in page
    assert "(niet verplicht)" not in page  # what is asked in the end is not called optional here
    asked = client.get(where)
    assert asked.status_code == 200
    assert evidence.file.name in asked.content.decode()
    assert Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=True).exists()
    assert client.post(where).status_code == 302
    assert not Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=True).exists()


def test_who_is_not_admitted_is_not_asked_to_add_a_solution(as_, provider, member):
    client = as_(member)
    for page in (at("my_solutions"), reverse("marketplace:my_trede")):
        assert "Voeg een oplossing toe" not in client.get(page).content.decode()
    assert "Eerst uw bedrijf, dan uw oplossingen" in client.get(at("my_solutions")).content.decode()
