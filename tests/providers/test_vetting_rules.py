"""The approve rule, verdicts, completeness and notices of intent, as pure functions (DESIGN 4.4)."""

import datetime as dt

import pytest

from providers.enums import EvidenceKind, MeasureGround, Need, RejectGround, Verdict
from providers.rules.rulesets import VETTING_RULES, vetting_rules, vetting_version
from providers.rules.vetting import (
    IntentFacts,
    ItemFacts,
    VettingReason,
    advice_objections,
    answer_gaps,
    approval_objections,
    incomplete,
    intent_objections,
    measure_objections,
    on_trial,
    rejection_objections,
    reminder_due,
    renewed_until,
    stages_of,
    verdict_objections,
)

TODAY = dt.date(2026, 11, 23)


def item(**facts) -> ItemFacts:
    return ItemFacts(**{"code": "ORG-01", "need": Need.YES, "evidence_kind": EvidenceKind.SELF_DECLARATION, **facts})


def codes(reasons) -> list[str]:
    return [reason.code.name for reason in reasons]


# --- completeness -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, ["UNANSWERED"]),
        ({"statement": "   "}, ["UNANSWERED"]),
        ({"statement": "Ja"}, []),
        ({"files": 1}, []),
        ({"evidence_kind": EvidenceKind.POLICY, "statement": "Ja"}, ["FILE_NEEDED"]),
        ({"evidence_kind": EvidenceKind.POLICY, "files": 1}, []),
        (
            {"evidence_kind": EvidenceKind.POLICY, "figures_needed": ("insured_sum",)},
            ["FILE_NEEDED", "FIGURE_NEEDED"],
        ),
        ({"figures_needed": ("url",), "statement": "Zie onze site"}, ["FIGURE_NEEDED"]),
        ({"figures_needed": ("url",), "figures": {"url": "https://a.example"}}, []),
        ({"need": Need.CONDITIONAL}, ["APPLIES_UNDECIDED"]),
        ({"need": Need.CONDITIONAL, "applies": False}, ["APPLIES_REASON"]),
        ({"need": Need.CONDITIONAL, "applies": False, "applies_reason": "Geen groep"}, []),
        ({"need": Need.CONDITIONAL, "applies": True}, ["UNANSWERED"]),
        ({"need": Need.NO}, []),
        ({"need": Need.NO, "evidence_kind": EvidenceKind.POLICY}, []),
    ],
)
def test_what_is_missing_in_an_answer(facts, missing):
    assert codes(answer_gaps(item(**facts))) == missing


def test_a_dossier_names_everything_that_is_missing_at_once():
    gaps = incomplete([item(code="A"), item(code="B", statement="Ja"), item(code="C", need=Need.CONDITIONAL)])
    assert [(reason.params["item"], reason.code.name) for reason in gaps] == [
        ("A", "UNANSWERED"),
        ("C", "APPLIES_UNDECIDED"),
    ]


# --- the approve rule -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "objections"),
    [
        ({}, ["NO_VERDICT"]),
        ({"verdict": Verdict.MET}, []),
        ({"verdict": Verdict.MET, "valid_until": TODAY}, []),
        ({"verdict": Verdict.MET, "valid_until": TODAY - dt.timedelta(days=1)}, ["EXPIRED"]),
        ({"verdict": Verdict.NOT_MET, "verdict_note": "Nee"}, ["NOT_MET"]),
        ({"verdict": Verdict.NOT_APPLICABLE, "verdict_note": "Nvt"}, ["MANDATORY_SKIPPED"]),
        ({"need": Need.CONDITIONAL, "verdict": Verdict.MET}, ["CONDITION_OPEN"]),
        ({"need": Need.CONDITIONAL, "applies": True, "verdict": Verdict.MET}, []),
        ({"need": Need.CONDITIONAL, "applies": True}, ["NO_VERDICT"]),
        (
            {"need": Need.CONDITIONAL, "applies": True, "verdict": Verdict.NOT_APPLICABLE, "verdict_note": "x"},
            ["MANDATORY_SKIPPED"],
        ),
        ({"need": Need.CONDITIONAL, "applies": False, "applies_reason": "Nee"}, ["NO_VERDICT"]),
        (
            {"need": Need.CONDITIONAL, "applies": False, "verdict": Verdict.NOT_APPLICABLE, "verdict_note": "Klopt"},
            [],
        ),
        ({"need": Need.CONDITIONAL, "applies": False, "verdict": Verdict.NOT_MET, "verdict_note": "x"}, ["NOT_MET"]),
        ({"need": Need.NO}, []),
        ({"need": Need.NO, "verdict": Verdict.NOT_MET, "verdict_note": "x"}, []),
        ({"code": "REF-03"}, []),
    ],
)
def test_an_approval_wants_every_mandatory_item_met_and_in_date(facts, objections):
    assert codes(approval_objections([item(**facts)], today=TODAY)) == objections


def test_every_objection_is_named_not_only_the_first():
    items = [item(code="A"), item(code="B", verdict=Verdict.NOT_MET), item(code="C", verdict=Verdict.MET)]
    assert [reason.params["item"] for reason in approval_objections(items, today=TODAY)] == ["A", "B"]


def test_approval_is_not_advised_past_a_gap_but_rejection_is():
    gap = [item(verdict=Verdict.NOT_MET, verdict_note="Nee")]
    assert codes(advice_objections(gap, approve=True, text="Goed", today=TODAY)) == ["NOT_MET"]
    assert advice_objections(gap, approve=False, text="Niet goed", today=TODAY) == []
    assert codes(advice_objections(gap, approve=False, text="  ", today=TODAY)) == ["TEXT_NEEDED"]


# --- verdicts ---------------------------------------------------------------------------------------------------------


def judge(facts=None, **given) -> list[str]:
    asked = {
        "verdict": Verdict.MET,
        "note": "",
        "valid_until": None,
        "latest": dt.date(2027, 11, 23),
        "today": TODAY,
        "outcomes": [],
    }
    return codes(verdict_objections(item(**(facts or {})), **{**asked, **given}))


def test_met_without_a_note_stands_when_every_check_passed():
    assert judge(outcomes=["pass", "pass"]) == []


@pytest.mark.parametrize("seen", ["fail", "unknown"])
def test_a_check_that_did_not_pass_is_never_passed_over_in_silence(seen):
    assert judge(outcomes=["pass", seen]) == ["NOTE_NEEDED"]
    assert judge(outcomes=["pass", seen], note="Zelf nagekeken.") == []


def test_not_met_and_not_applicable_want_a_note():
    assert judge(verdict=Verdict.NOT_MET) == ["NOTE_FOR_VERDICT"]
    assert judge({"need": Need.CONDITIONAL, "applies": False}, verdict=Verdict.NOT_APPLICABLE) == ["NOTE_FOR_VERDICT"]


def test_a_mandatory_item_cannot_be_skipped():
    assert judge(verdict=Verdict.NOT_APPLICABLE, note="x") == ["MANDATORY_SKIPPED"]
    applies = {"need": Need.CONDITIONAL, "applies": True}
    assert judge(applies, verdict=Verdict.NOT_APPLICABLE, note="x") == ["STILL_APPLIES"]


def test_evidence_counts_from_today_to_its_validity():
    assert judge(valid_until=TODAY) == []
    assert judge(valid_until=TODAY - dt.timedelta(days=1)) == ["UNTIL_PAST"]
    assert judge(valid_until=dt.date(2027, 11, 23)) == []
    assert judge(valid_until=dt.date(2027, 11, 24)) == ["UNTIL_TOO_LATE"]
    assert judge(valid_until=dt.date(2050, 1, 1), latest=None) == []


def test_the_gain_of_end_users_is_judged_by_the_rule_not_by_hand():
    assert judge({"code": "REF-03"}) == ["BY_RULE"]


# --- intent, rejection, measures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("intent", "objections"),
    [
        (IntentFacts(), ["INTENT_NEEDED"]),
        (IntentFacts(sent=True, due_on=TODAY), ["INTENT_RUNNING"]),
        (IntentFacts(sent=True, due_on=TODAY, answered=True), []),
        (IntentFacts(sent=True, due_on=TODAY - dt.timedelta(days=1)), []),
    ],
)
def test_a_disputable_decision_waits_for_the_notice_to_end_or_be_answered(intent, objections):
    assert codes(intent_objections(intent, today=TODAY)) == objections
    given = {"grounds": [RejectGround.OTHER_SOURCE], "text": "Reden", "today": TODAY}
    assert codes(rejection_objections([], intent=intent, **given)) == objections
    measure = {"grounds": [MeasureGround.COMPLAINT], "text": "Reden", "today": TODAY}
    assert codes(measure_objections(intent=intent, urgent="", **measure)) == objections


def test_a_rejection_on_the_providers_own_evidence_needs_no_notice():
    unmet = [item(verdict=Verdict.NOT_MET, verdict_note="Nee")]
    given = {"intent": IntentFacts(), "today": TODAY, "text": "Reden"}
    assert rejection_objections(unmet, grounds=[RejectGround.NOT_MET], **given) == []
    assert codes(rejection_objections([], grounds=[RejectGround.NOT_MET], **given)) == ["NOTHING_UNMET"]
    assert codes(rejection_objections(unmet, grounds=[], **given)) == ["GROUND_NEEDED"]


def test_urgency_with_a_reason_takes_the_place_of_the_notice():
    given = {"grounds": [MeasureGround.INTEGRITY], "text": "Reden", "intent": IntentFacts(), "today": TODAY}
    assert measure_objections(urgent="Klanten worden nu benadeeld.", **given) == []
    assert codes(measure_objections(urgent="   ", **given)) == ["INTENT_NEEDED"]
    assert codes(measure_objections(urgent="x", **{**given, "grounds": ["made up"]})) == ["GROUND_UNKNOWN"]


@pytest.mark.parametrize(
    ("references", "months", "trial"),
    [(5, 12, False), (4, 12, True), (3, 12, True), (5, 11, True), (None, 60, True), (9, None, True), (6, 13, False)],
)
def test_few_references_or_a_young_provider_means_on_trial(references, months, trial):
    assert on_trial(references=references, trading_months=months, rules=vetting_rules(TODAY)) is trial


def test_the_preferred_stage_is_never_asked_by_hand():
    asked = {kind: stages_of(kind) for kind in ["admission", "renewal", "listing", "revision"]}
    assert asked["admission"] == {("provider", "admission")}
    assert asked["renewal"] == {("provider", "admission"), ("provider", "renewal")}
    assert asked["listing"] == asked["revision"] == {("solution", "listing")}
    assert stages_of("renewal", about_solution=True) == {("solution", "listing")}


def test_reasons_are_sentences_without_holes():
    params = {"ground": "x", "item": "ORG-01", "until": "x", "latest": "x", "limit": 1}
    for code in VettingReason:
        assert "%(" not in str(code.label) % params


# --- grounds -----------------------------------------------------------------------------------------------------------


def test_a_ground_that_was_not_published_is_refused_also_beside_one_that_was():
    unmet = [item(verdict=Verdict.NOT_MET, verdict_note="Nee")]
    given = {"intent": IntentFacts(sent=True, due_on=TODAY, answered=True), "today": TODAY, "text": "Reden"}
    assert codes(rejection_objections(unmet, grounds=["not_met", "nonsense"], **given)) == ["GROUND_UNKNOWN"]
    assert codes(rejection_objections(unmet, grounds=["nonsense"], **given)) == ["GROUND_UNKNOWN"]
    assert codes(measure_objections(grounds=["complaint", "nonsense"], urgent="", **given)) == ["GROUND_UNKNOWN"]


# --- renewing, and reminding of it -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid_until", "until"),
    [
        (dt.date(2027, 1, 22), dt.date(2028, 1, 22)),  # 60 days left: on from the old end
        (dt.date(2027, 1, 23), dt.date(2027, 11, 23)),  # 61 days left: from today
        (TODAY, dt.date(2027, 11, 23)),
        (dt.date(2026, 11, 22), dt.date(2027, 11, 23)),  # ended yesterday: from today
        (dt.date(2020, 1, 1), dt.date(2027, 11, 23)),
        (dt.date(2028, 5, 1), dt.date(2028, 5, 1)),  # never shorter
    ],
)
def test_a_renewal_counts_on_from_the_old_end_only_in_the_last_sixty_days(valid_until, until):
    rules = vetting_rules(TODAY)
    assert renewed_until(valid_until=valid_until, months=12, today=TODAY, rules=rules) == until


def test_renewing_three_days_in_a_row_gives_one_year():
    rules, until = vetting_rules(TODAY), TODAY + dt.timedelta(days=30)
    for day in range(3):
        until = renewed_until(valid_until=until, months=12, today=TODAY + dt.timedelta(days=day), rules=rules)
    assert until == dt.date(2027, 12, 23)


@pytest.mark.parametrize(
    ("left", "due"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_a_reminder_is_due_from_its_day_until_the_next_one(left, due):
    assert reminder_due(TODAY + dt.timedelta(days=left), on=TODAY, days=(60, 30, 7)) == due


# --- versions ----------------------------------------------------------------------------------------------------------


def test_the_numbers_of_vetting_have_a_day_from_which_they_count():
    first = min(VETTING_RULES, key=lambda one: one.valid_from)
    assert vetting_rules(first.valid_from) == first
    assert vetting_version(first.version) == first
    with pytest.raises(LookupError):
        vetting_rules(first.valid_from - dt.timedelta(days=1))
    with pytest.raises(LookupError):
        vetting_version("vetting-1999-1")
