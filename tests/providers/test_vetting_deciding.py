"""Checking and deciding a dossier: verdicts, hands, reasons, and what a decision leads to (DESIGN 4.4, 4.8)."""

import datetime as dt
import json

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core.models import AuditEntry, AuditPayload, Hand
from providers import services
from providers.enums import DossierState, Outcome, ProviderState, RejectGround, Verdict
from providers.models import Dossier, Provider, VettingDecision
from providers.services.facts import stored_checks
from tests.factories.accounts import MembershipFactory, OrganisationFactory, official
from tests.factories.providers import (
    admitted_by_the_book,
    advised_dossier,
    judged_dossier,
    pdf,
    provider_member,
    submitted_dossier,
)
from tests.moments import MONDAY, later
from tests.refusals import refusal_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checklist", "monday")]


# --- checking ---------------------------------------------------------------------------------------------------------


def test_a_verdict_has_a_person_a_day_and_an_end(provider, member, assessor):
    dossier = services.take_up(by=assessor, dossier=submitted_dossier(provider, by=member))
    item = services.give_verdict(by=assessor, dossier=dossier, code="ORG-03", verdict="met")
    assert (item.verdict_by, item.verdict_on, item.valid_until) == (
        assessor,
        dt.date(2026, 11, 23),
        dt.date(2027, 11, 23),
    )
    lasting = services.give_verdict(by=assessor, dossier=dossier, code="ORG-02", verdict="met")
    assert lasting.valid_until is None
    shorter = services.give_verdict(
        by=assessor, dossier=dossier, code="INS-01", verdict="met", valid_until=dt.date(2027, 1, 31)
    )
    assert shorter.valid_until == dt.date(2027, 1, 31)


def test_an_unknown_check_asks_the_assessor_what_he_saw(provider, member, assessor):
    dossier = services.take_up(by=assessor, dossier=submitted_dossier(provider, by=member))
    verdict = {"by": assessor, "dossier": dossier, "code": "ORG-05", "verdict": "met"}
    assert refusal_names(lambda: services.give_verdict(**verdict)) == ["NOTE_NEEDED"]
    assert services.give_verdict(**verdict, note="Site geopend, oplossing staat erop.").verdict == Verdict.MET


def test_no_verdict_before_the_dossier_is_taken_up_or_after_the_advice(provider, member, assessor):
    dossier = submitted_dossier(provider, by=member)
    early = {"by": assessor, "dossier": dossier, "code": "ORG-03", "verdict": "met"}
    assert refusal_names(lambda: services.give_verdict(**early)) == ["NOT_UNDER_REVIEW"]
    assert not Hand.objects.filter(person=assessor).exists(), "a refused verdict lays no hand"


def test_more_is_asked_once_per_round_and_an_answer_takes_the_verdict_back(provider, member, assessor):
    dossier = judged_dossier(provider, by=member, assessor=assessor)
    dossier = services.ask_more(by=assessor, dossier=dossier, text="Graag een nieuw uittreksel.")
    assert (dossier.state, dossier.answer_due_on) == (DossierState.MORE_INFORMATION, dt.date(2026, 12, 7))
    assert dossier.first_answered_at == MONDAY
    services.answer_item(by=member, dossier=dossier, code="ORG-01", statement="Nieuw uittreksel", uploads=[pdf()])
    assert dossier.items.get(code="ORG-01").verdict == ""
    assert dossier.items.get(code="ORG-03").verdict == Verdict.MET
    dossier = services.submit_dossier(by=member, dossier=dossier, reply="Zie ORG-01.")
    assert dossier.reply_text == "Zie ORG-01."
    dossier = services.take_up(by=assessor, dossier=dossier)
    assert refusal_names(lambda: services.ask_more(by=assessor, dossier=dossier, text="Nog iets")) == ["ASKED_BEFORE"]


def test_a_dossier_is_set_aside_only_after_the_term_and_by_somebody_else(provider, member, assessor, decider):
    dossier = services.take_up(by=assessor, dossier=submitted_dossier(provider, by=member))
    dossier = services.ask_more(by=assessor, dossier=dossier, text="Graag een nieuw uittreksel.")
    aside = {"dossier": dossier, "text": "Geen antwoord gekregen."}
    assert refusal_names(lambda: services.dismiss(by=decider, **aside)) == ["TERM_RUNNING"]
    with later(15):
        both = official(Role.ASSESSOR, Role.DECIDER)
        MembershipFactory(person=assessor, organisation=both.memberships.first().organisation, role=Role.DECIDER)
        assessor.__dict__.pop("_known_memberships", None)
        assert refusal_names(lambda: services.dismiss(by=assessor, **aside)) == ["OTHER_HAND"]
        assert services.dismiss(by=decider, **aside).state == DossierState.DISMISSED
    assert VettingDecision.objects.get(dossier=dossier).kind == "dismiss"


def test_approval_is_not_advised_while_something_is_unmet(provider, member, assessor):
    dossier = judged_dossier(provider, by=member, assessor=assessor)
    services.give_verdict(by=assessor, dossier=dossier, code="FIN-04", verdict="not_met", note="Belastingschuld.")
    advice = {"by": assessor, "dossier": dossier, "text": "Alles gezien."}
    assert refusal_names(lambda: services.advise(**advice, advice="approve")) == ["NOT_MET"]
    assert services.advise(**advice, advice="reject").state == DossierState.ADVISED


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_an_approved_admission_admits_the_provider_for_a_year(provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    dossier = services.approve(by=decider, dossier=dossier, text="Voldoet.")
    provider.refresh_from_db()
    assert (dossier.state, provider.state) == (DossierState.APPROVED, ProviderState.ADMITTED)
    assert (provider.admitted_on, provider.valid_until) == (dt.date(2026, 11, 23), dt.date(2027, 11, 23))
    decision = VettingDecision.objects.get(dossier=dossier)
    assert (decision.kind, decision.decided_by, decision.valid_until) == ("approve", decider, dt.date(2027, 11, 23))
    assert decision.objection_until == dt.date(2027, 1, 4)
    assert decision.inputs_sha256 == dossier.content_sha256
    assert Provider.objects.visible(dt.date(2026, 11, 23)).filter(pk=provider.pk).exists()
    assert not Provider.objects.visible(dt.date(2027, 11, 24)).filter(pk=provider.pk).exists()


def test_assessor_and_decider_are_two_people_whatever_their_roles(provider, member):
    both = official(Role.ASSESSOR, Role.DECIDER, is_superuser=True, is_staff=True)
    dossier = advised_dossier(provider, by=member, assessor=both)
    for act in (
        lambda: services.approve(by=both, dossier=dossier, text="Voldoet."),
        lambda: services.reject(by=both, dossier=dossier, grounds=["not_met"], text="Nee"),
        lambda: services.return_to_assessor(by=both, dossier=dossier, text="Nee"),
    ):
        assert "OTHER_HAND" in refusal_names(act)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.ADVISED


@pytest.mark.database
def test_the_database_refuses_a_second_role_of_the_same_person_on_a_dossier(provider, member, assessor):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(file=dossier.file(), person=assessor, role="decider")


def test_who_belongs_to_the_provider_or_its_kvk_number_judges_nothing(provider, member, assessor):
    dossier = submitted_dossier(provider, by=member)
    MembershipFactory(person=assessor, organisation=provider.organisation)
    assert refusal_names(lambda: services.take_up(by=assessor, dossier=dossier)) == ["LINKED"]
    twin = official(Role.ASSESSOR)
    MembershipFactory(person=twin, organisation=OrganisationFactory(kvk=provider.organisation.kvk))
    assert refusal_names(lambda: services.take_up(by=twin, dossier=dossier)) == ["LINKED"]


def test_the_machine_sees_an_official_inside_the_provider(provider, member, assessor):
    MembershipFactory(person=assessor, organisation=provider.organisation)
    dossier = submitted_dossier(provider, by=member)
    seen = {outcome.check: outcome for outcome in stored_checks(dossier)}
    assert (seen["no_linked_official"].outcome, seen["no_linked_official"].saw["count"]) == (Outcome.FAIL, "1")


def test_an_approval_is_bound_to_what_was_advised_on(provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    dossier.items.filter(code="ORG-03").update(statement="Stiekem veranderd.")
    assert refusal_names(lambda: services.approve(by=decider, dossier=dossier, text="Voldoet.")) == ["CHANGED_SINCE"]


def test_evidence_that_ends_before_the_decision_stops_the_approval(provider, member, assessor, decider):
    dossier = judged_dossier(provider, by=member, assessor=assessor)
    services.give_verdict(by=assessor, dossier=dossier, code="INS-01", verdict="met", valid_until=dt.date(2026, 11, 30))
    dossier = services.advise(by=assessor, dossier=dossier, advice="approve", text="Goed.")
    with later(8):
        assert refusal_names(lambda: services.approve(by=decider, dossier=dossier, text="Voldoet.")) == ["EXPIRED"]


def test_no_decision_without_reasons(provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    assert refusal_names(lambda: services.approve(by=decider, dossier=dossier, text="  ")) == ["TEXT_NEEDED"]
    assert "TEXT_NEEDED" in refusal_names(
        lambda: services.reject(by=decider, dossier=dossier, grounds=[RejectGround.NOT_MET], text="")
    )


def rejected(provider, member, assessor, decider):
    dossier = judged_dossier(provider, by=member, assessor=assessor)
    services.give_verdict(by=assessor, dossier=dossier, code="FIN-04", verdict="not_met", note="Belastingschuld.")
    dossier = services.advise(by=assessor, dossier=dossier, advice="reject", text="Belastingschuld.")
    return services.reject(by=decider, dossier=dossier, grounds=[RejectGround.NOT_MET], text="Belastingschuld.")


def test_a_rejection_on_the_providers_own_evidence_is_kept_with_what_was_not_met(provider, member, assessor, decider):
    dossier = rejected(provider, member, assessor, decider)
    decision = dossier.decisions.get()
    assert (decision.grounds, [reason["params"]["item"] for reason in decision.reasons]) == (["not_met"], ["FIN-04"])
    provider.refresh_from_db()
    assert provider.state == ProviderState.APPLICANT


def test_a_rejection_on_disputable_facts_waits_for_the_provider(provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    no = {"by": decider, "dossier": dossier, "grounds": [RejectGround.INTEGRITY], "text": "Signaal van derden."}
    assert refusal_names(lambda: services.reject(**no)) == ["INTENT_NEEDED"]
    dossier = services.announce_rejection(by=assessor, dossier=dossier, text="Wij kregen een signaal.")
    assert dossier.intent_due_on == dt.date(2026, 12, 7)
    assert refusal_names(lambda: services.reject(**no)) == ["INTENT_RUNNING"]
    services.react(by=member, subject=dossier, text="Dat klopt niet.")
    assert refusal_names(lambda: services.react(by=member, subject=dossier, text="En nog iets.")) == ["INTENT_ANSWERED"]
    dossier = services.reject(**no)
    assert dossier.state == DossierState.REJECTED
    assert dossier.intent_sent_at is None


def test_a_reaction_after_the_term_is_too_late_and_the_decision_goes_on(provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    dossier = services.announce_rejection(by=assessor, dossier=dossier, text="Wij kregen een signaal.")
    with later(15):
        assert refusal_names(lambda: services.react(by=member, subject=dossier, text="Te laat")) == ["INTENT_OVER"]
        no = {"grounds": [RejectGround.OTHER_SOURCE], "text": "Signaal van derden."}
        assert services.reject(by=decider, dossier=dossier, **no).state == DossierState.REJECTED


def test_an_upheld_objection_reopens_in_a_new_round_by_a_fresh_decider(provider, member, assessor, decider):
    dossier = rejected(provider, member, assessor, decider)
    assert refusal_names(lambda: services.reopen(by=decider, dossier=dossier, text="Bezwaar gegrond")) == ["OTHER_HAND"]
    dossier = services.reopen(by=official(Role.DECIDER), dossier=dossier, text="Bezwaar gegrond.")
    assert (dossier.state, dossier.round, dossier.decided_at) == (DossierState.IN_REVIEW, 2, None)
    assert services.ask_more(by=assessor, dossier=dossier, text="Nieuwe verklaring graag.").asked_in_round == 2
    assert dossier.decisions.count() == 1, "the first decision stays"


def test_a_decider_sends_a_dossier_back_and_the_advice_starts_anew(provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    dossier = services.return_to_assessor(by=decider, dossier=dossier, text="Kijk nog eens naar FIN-02.")
    assert (dossier.state, dossier.advice, dossier.content_sha256) == (DossierState.IN_REVIEW, "", "")
    dossier = services.advise(by=assessor, dossier=dossier, advice="approve", text="Gekeken, in orde.")
    assert services.approve(by=decider, dossier=dossier, text="Voldoet.").state == DossierState.APPROVED


def test_a_renewal_starts_from_last_years_answers_and_adds_a_year(provider, member):
    provider = admitted_by_the_book(provider, by=member)
    with later(330):
        renewal = services.start_dossier(by=member, provider=provider, kind="renewal")
        assert renewal.items.get(code="ORG-03").statement == "Ons antwoord op ORG-03."
        assert renewal.items.get(code="INS-01").evidence.count() == 1
        assert not renewal.items.exclude(verdict="").exists()
        assert renewal.items.filter(code="REV-01").exists()
        services.withdraw_dossier(by=member, dossier=renewal)
        dossier = advised_dossier(provider, by=member, assessor=official(Role.ASSESSOR), kind="renewal")
        services.approve(by=official(Role.DECIDER), dossier=dossier, text="Voldoet nog.")
    provider.refresh_from_db()
    assert provider.valid_until == dt.date(2028, 11, 23)


# --- the database knows too -------------------------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("dossier_state_known", {"state": "wonderful"}),
        ("dossier_kind_fits_subject", {"kind": "listing"}),
        ("dossier_submitted_when_past_draft", {"state": "submitted"}),
        ("dossier_asked_once_per_round", {"state": "more_information"}),
        ("dossier_advised_before_decision", {"state": "advised"}),
        ("dossier_decided_at_iff_decided", {"decided_at": MONDAY}),
        ("dossier_intent_whole", {"intent_sent_at": MONDAY}),
    ],
)
def test_the_database_knows_the_machine_of_a_dossier(provider, member, name, fields):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    handed_in = {"submitted_at": MONDAY, "checked_at": MONDAY, "first_answer_due": MONDAY.date()}
    if name in {"dossier_asked_once_per_round", "dossier_advised_before_decision"}:
        fields = {**fields, **handed_in}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(**fields)


@pytest.mark.database
@pytest.mark.parametrize(
    ("name", "code", "fields"),
    [
        ("item_verdict_has_person_and_day", "ORG-03", {"verdict": "met"}),
        ("mandatory_item_not_skipped", "ORG-03", {"verdict": "not_applicable", "verdict_note": "x"}),
        ("item_not_applicable_has_reason", "FIN-01", {"verdict": "not_applicable"}),
        ("item_applies_not_has_reason", "FIN-01", {"applies": False}),
    ],
)
def test_the_database_knows_what_a_verdict_needs(provider, member, assessor, name, code, fields):
    dossier = services.start_dossier(by=member, provider=provider, kind="admission")
    if name != "item_verdict_has_person_and_day":
        fields = {**fields, **({"verdict_by": assessor, "verdict_on": MONDAY.date()} if "verdict" in fields else {})}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        dossier.items.filter(code=code).update(**fields)


# --- trail and mail ---------------------------------------------------------------------------------------------------


def test_the_trail_holds_no_words_of_people_and_no_account_number(provider, member, assessor, decider):
    dossier = advised_dossier(provider, by=member, assessor=assessor)
    services.approve(by=decider, dossier=dossier, text="Geheime motivering.")
    bodies = "".join(AuditEntry.objects.values_list("body", flat=True))
    assert "Geheime motivering" not in bodies
    assert "NL91ABNA0417164300" not in bodies
    assert provider.organisation.legal_name not in bodies
    private = "".join(AuditPayload.objects.values_list("body", flat=True))
    assert "Geheime motivering" in private
    actions = list(AuditEntry.objects.filter(stream=dossier.case()).order_by("seq").values_list("action", flat=True))
    assert [actions[0], actions[-1]] == ["start", "approve"]


def test_the_provider_gets_mail_about_every_turn_in_its_own_language(
    provider, assessor, decider, django_capture_on_commit_callbacks
):
    member = provider_member(provider, language="en", email=provider.contact_email)
    with django_capture_on_commit_callbacks(execute=True):
        dossier = judged_dossier(provider, by=member, assessor=assessor)
        services.ask_more(by=assessor, dossier=dossier, text="An extract, please.")
    assert [message.to for message in mail.outbox] == [[provider.contact_email]] * 2
    assert "We need something more" in mail.outbox[1].subject
    assert "An extract, please." in mail.outbox[1].body
    assert f"/en/mijn/aanbieder/dossier/{dossier.pk}/" in mail.outbox[1].body


def test_stored_facts_are_json_that_reads_back(provider, member):
    dossier = submitted_dossier(provider, by=member)
    entry = AuditEntry.objects.filter(stream=dossier.case(), action="submit").order_by("seq").first()
    items = json.loads(entry.body)["facts"]["items"]
    assert {item["code"] for item in items} == set(dossier.items.values_list("code", flat=True))
