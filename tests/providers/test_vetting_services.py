"""A provider registers, fills in a dossier and hands it in (DESIGN 4.4)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import OrganisationKind
from accounts.models import BankAccount
from core.models import AuditEntry
from core.workflow import NotAuthorised
from providers import services
from providers.enums import DossierState, Outcome, ProviderState, Verdict
from providers.models import Dossier, DossierItem, Evidence, Provider
from providers.services.facts import stored_checks
from tests.factories.accounts import UserFactory
from tests.factories.providers import (
    ProviderFactory,
    filled_dossier,
    judged_dossier,
    pdf,
    provider_member,
    submitted_dossier,
)
from tests.moments import MONDAY
from tests.refusals import refusal_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checklist", "monday")]


# --- registering ------------------------------------------------------------------------------------------------------

BUSINESS = {
    "legal_name": "Webwinkelbouw Voorbeeld B.V.",
    "kvk": "12 34 56 78",
    "vat_id": "NL002455799B11",
    "street": "Voorbeeldstraat 1",
    "postcode": "9712hv",
    "city": "Groningen",
    "founded_on": dt.date(2020, 1, 1),
    "website": "https://webwinkelbouw.example",
    "contact_name": "Jo Voorbeeld",
    "contact_email": "jo@webwinkelbouw.example",
}


def test_a_business_registers_and_its_person_is_its_first_member():
    person = UserFactory()
    provider = services.register_provider(by=person, **BUSINESS)
    assert provider.state == ProviderState.APPLICANT
    assert provider.slug == "webwinkelbouw-voorbeeld-bv"
    assert (provider.organisation.kvk, provider.organisation.postcode) == ("12345678", "9712 HV")
    assert provider.organisation.kind == OrganisationKind.PROVIDER
    assert person.is_member_of(provider.organisation)
    assert AuditEntry.objects.filter(stream=f"providers.provider:{provider.pk}", action="register").count() == 1


def test_the_same_kvk_number_registers_once_and_names_are_told_apart():
    services.register_provider(by=UserFactory(), **BUSINESS)
    assert refusal_names(lambda: services.register_provider(by=UserFactory(), **BUSINESS)) == ["KVK_TAKEN"]
    other = services.register_provider(by=UserFactory(), **{**BUSINESS, "kvk": "87654321"})
    assert other.slug == "webwinkelbouw-voorbeeld-bv-2"


def test_registers_of_the_whole_economic_area_count_and_no_other():
    abroad = {**BUSINESS, "kvk": "", "country": "DE", "vat_id": "", "postcode": "26121"}
    assert refusal_names(lambda: services.register_provider(by=UserFactory(), **abroad)) == ["TRADE_REGISTER_NEEDED"]
    assert services.register_provider(by=UserFactory(), **abroad, foreign_registration="HRB 1").pk
    far = {**abroad, "country": "US", "foreign_registration": "1"}
    assert refusal_names(lambda: services.register_provider(by=UserFactory(), **far)) == ["NOT_IN_EEA"]
    assert refusal_names(lambda: services.register_provider(by=UserFactory(), **{**BUSINESS, "kvk": ""})) == [
        "TRADE_REGISTER_NEEDED"
    ]


@pytest.mark.parametrize("wrong", [{"kvk": "123"}, {"vat_id": "NL1"}, {"contact_email": "nobody"}])
def test_a_wrong_number_registers_nothing(wrong):
    with pytest.raises(ValidationError):
        services.register_provider(by=UserFactory(), **{**BUSINESS, **wrong})
    assert Provider.objects.count() == 0


# --- filling in and handing in ----------------------------------------------------------------------------------------


def test_a_dossier_asks_the_items_of_its_stage(provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    codes = set(dossier.items.values_list("code", flat=True))
    assert {"ORG-01", "FIN-04", "INT-01", "SEC-01"} <= codes
    assert not codes & {"REV-01", "REF-01", "REF-03", "PRC-01"}
    assert len(codes) == 22


def test_only_one_dossier_about_the_same_thing_runs_at_a_time(provider, member):
    services.start_dossier(by=member, provider=provider, kind="admission")
    assert refusal_names(lambda: services.start_dossier(by=member, provider=provider, kind="admission")) == [
        "OTHER_DOSSIER"
    ]


@pytest.mark.database
def test_the_database_refuses_a_second_live_dossier_itself(provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    copy = Dossier(provider=provider, kind="admission", rules_version="x", started_at=dossier.started_at)
    with pytest.raises(IntegrityError, match=r"one_live_dossier_per_provider|providers_dossier"), transaction.atomic():
        copy.save()


def test_a_stranger_starts_answers_and_hands_in_nothing(provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    stranger = provider_member(ProviderFactory())
    before = AuditEntry.objects.count()
    for act in (
        lambda: services.start_dossier(by=stranger, provider=provider, kind="admission"),
        lambda: services.answer_item(by=stranger, dossier=dossier, code="ORG-01", statement="x"),
        lambda: services.submit_dossier(by=stranger, dossier=dossier),
        lambda: services.withdraw_dossier(by=stranger, dossier=dossier),
        lambda: services.take_up(by=stranger, dossier=dossier),
        lambda: services.approve(by=stranger, dossier=dossier, text="x"),
    ):
        with pytest.raises(NotAuthorised):
            act()
    assert AuditEntry.objects.count() == before
    assert not dossier.items.exclude(statement="").exists()


def test_an_incomplete_dossier_is_not_handed_in_and_everything_missing_is_named(provider, member):
    dossier = filled_dossier(provider, by=member)
    dossier.items.filter(code="ORG-03").update(statement="")
    dossier.items.filter(code="FIN-01").update(applies=None)
    Evidence.objects.filter(item__code="INS-01").update(removed_at=MONDAY)
    assert refusal_names(lambda: services.submit_dossier(by=member, dossier=dossier)) == [
        "APPLIES_UNDECIDED",
        "FILE_NEEDED",
        "UNANSWERED",
    ]
    dossier.refresh_from_db()
    assert dossier.state == DossierState.DRAFT


def test_handing_in_keeps_what_the_machine_saw_and_starts_the_term(provider, member):
    dossier = submitted_dossier(provider, by=member)
    seen = {(outcome.code, outcome.check): outcome.outcome for outcome in stored_checks(dossier)}
    assert seen["ORG-01", "kvk_form"] == Outcome.PASS
    assert seen["FIN-05", "holder_matches"] == Outcome.PASS
    assert seen["ORG-05", "website_opens"] == Outcome.UNKNOWN
    assert dossier.first_answer_due == dt.date(2026, 12, 21)
    assert dossier.submitted_at == MONDAY


def test_a_failed_check_keeps_nobody_from_handing_in(provider, member):
    dossier = filled_dossier(provider, by=member)
    services.answer_item(
        by=member,
        dossier=dossier,
        code="FIN-01",
        applies=True,
        figures={"total_assets": "1.00", "total_liabilities": "2.00"},
    )
    dossier = services.submit_dossier(by=member, dossier=dossier)
    failed = [outcome for outcome in stored_checks(dossier) if outcome.outcome == Outcome.FAIL]
    assert [(seen.code, seen.saw["equity"]) for seen in failed] == [("FIN-01", "-1.00")]


def test_handing_in_registers_the_account_and_a_verdict_verifies_it(provider, member, assessor):
    dossier = judged_dossier(provider, by=member, assessor=assessor)
    account = BankAccount.objects.get(organisation=provider.organisation)
    assert (account.iban, account.verified_at) == ("NL91ABNA0417164300", MONDAY)
    assert dossier.items.get(code="FIN-05").verdict == Verdict.MET


def test_an_account_that_became_ours_is_not_handed_in(provider, member, settings):
    settings.SEPA_DEBTOR_IBAN = "NL91ABNA0417164300"
    dossier = filled_dossier(provider, by=member)
    assert refusal_names(lambda: services.submit_dossier(by=member, dossier=dossier)) == ["OUR_ACCOUNT"]
    assert not BankAccount.objects.exists()


def test_answers_are_fixed_while_the_dossier_is_handled(provider, member, assessor):
    dossier = services.take_up(by=assessor, dossier=submitted_dossier(provider, by=member))
    evidence = Evidence.objects.filter(item__dossier=dossier).first()
    for act in (
        lambda: services.answer_item(by=member, dossier=dossier, code="ORG-01", statement="anders"),
        lambda: services.remove_file(by=member, dossier=dossier, evidence_id=evidence.pk),
    ):
        assert refusal_names(act) == ["NOT_EDITABLE"]
    evidence.refresh_from_db()
    assert evidence.removed_at is None


def test_another_dossiers_item_and_file_do_not_exist_here(provider, member):
    mine = services.start_dossier(by=member, provider=provider, kind="admission")
    other = ProviderFactory()
    theirs = filled_dossier(other, by=provider_member(other))
    foreign = Evidence.objects.filter(item__dossier=theirs).first()
    with pytest.raises(DossierItem.DoesNotExist):
        services.answer_item(by=member, dossier=mine, code="REF-01", statement="x")
    with pytest.raises(Evidence.DoesNotExist):
        services.remove_file(by=member, dossier=mine, evidence_id=foreign.pk)


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (SimpleUploadedFile("x.pdf", b"<html>"), "FILE_KIND"),
        (SimpleUploadedFile("x.pdf", b""), "FILE_EMPTY"),
        (SimpleUploadedFile("x.pdf", b"%PDF-1.4" + b"0" * (10 * 1024 * 1024)), "FILE_TOO_LARGE"),
    ],
)
def test_a_file_that_is_not_acceptable_leaves_no_trace(provider, member, upload, why):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    before = AuditEntry.objects.count()
    answer = {"by": member, "dossier": dossier, "code": "ORG-01", "statement": "Zie bijlage"}
    assert refusal_names(lambda: services.answer_item(**answer, uploads=[upload])) == [why]
    assert dossier.items.get(code="ORG-01").statement == ""
    assert AuditEntry.objects.count() == before


def test_an_item_takes_ten_files_and_no_more(provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    services.answer_item(by=member, dossier=dossier, code="ORG-01", uploads=[pdf() for _n in range(10)])
    one_more = {"by": member, "dossier": dossier, "code": "ORG-01", "uploads": [pdf()]}
    assert refusal_names(lambda: services.answer_item(**one_more)) == ["TOO_MANY_FILES"]


def test_a_text_of_a_megabyte_is_refused_in_words(provider, member):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    long = {"by": member, "dossier": dossier, "code": "ORG-01", "statement": "x" * 1_000_000}
    assert refusal_names(lambda: services.answer_item(**long)) == ["TEXT_TOO_LONG"]
