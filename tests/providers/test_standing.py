"""Standing: what runs of the rule lead to, step by step and through the one door (DESIGN 4.6, RELIABILITY 50-54)."""

import datetime as dt
from fractions import Fraction
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.enums import Role
from core import clock
from core.models import AuditEntry, Hand
from core.reasons import Reason, Refused
from core.workflow import NotAuthorised
from providers import services
from providers.enums import ConcernKind, SolutionState, StandingMove
from providers.models import Solution, StandingRun, VettingDecision
from providers.rules.preferred import StandingReason
from providers.rules.rulesets import STANDARD
from providers.rules.standing import ConcernReason, Notice, PastRun, next_move
from providers.services.decisions import new_decision
from providers.services.standing import STANDING, replay
from providers.wording import grounds_of
from tests.factories.accounts import member_of, official
from tests.factories.catalogue import BackupFactory, InvitationFactory, SolutionFactory, answered
from tests.providers.test_preferred import judged

START = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 1)


def day(n):
    return TODAY + dt.timedelta(days=n)


def move(state, judgement, *, past=(), notice=None, on=TODAY):
    return next_move(state=state, judgement=judgement, on=on, rules=STANDARD, past=past, notice=notice)


GOOD, BAD = judged(*[20] * 5), judged(*[5] * 5)
FEW = judged(-50, -50)


# --- the pure rule -----------------------------------------------------------------------------------------------------


def test_a_listed_solution_is_preferred_as_soon_as_everything_holds():
    assert move(SolutionState.LISTED, GOOD).move == StandingMove.PREFER
    assert move(SolutionState.LISTED, BAD).move == StandingMove.STAY


@pytest.mark.parametrize("state", [SolutionState.DRAFT, SolutionState.SUSPENDED, SolutionState.RETIRED])
def test_what_is_not_in_the_catalogue_stays_what_it_is(state):
    assert move(state, GOOD).move == StandingMove.STAY


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ([], StandingMove.STAY),
        ([PastRun(day(-27), True)], StandingMove.STAY),
        ([PastRun(day(-28), True)], StandingMove.WARN),
        ([PastRun(day(-31), True), PastRun(day(-10), True)], StandingMove.WARN),
        ([PastRun(day(-31), True), PastRun(day(-10), False)], StandingMove.STAY),
        ([PastRun(day(-31), False), PastRun(day(-10), True)], StandingMove.STAY),
        ([PastRun(day(-1), True), PastRun(day(0), True)], StandingMove.STAY),
    ],
)
def test_notice_comes_only_when_it_failed_at_every_run_for_a_month(past, expected):
    assert move(SolutionState.PREFERRED, BAD, past=past).move == expected


def test_a_notice_bites_thirty_days_later_and_names_its_grounds():
    warned = move(SolutionState.PREFERRED, BAD, past=[PastRun(day(-30), True)])
    assert warned.bites_on == day(30)
    assert StandingReason.MEAN_LOW in {ground.code for ground in warned.grounds}


def test_too_few_reports_never_lead_to_notice():
    stayed = move(SolutionState.PREFERRED, FEW, past=[PastRun(day(-30), True)])
    assert stayed.move == StandingMove.STAY
    assert stayed.ageing


MEAN_NOTICE = Notice(frozenset({StandingReason.MEAN_LOW.value}), until=day(0))


def test_a_notice_bites_on_its_day_and_not_before():
    assert move(SolutionState.ON_NOTICE, BAD, notice=MEAN_NOTICE, on=day(-1)).move == StandingMove.STAY
    assert move(SolutionState.ON_NOTICE, BAD, notice=MEAN_NOTICE, on=day(0)).move == StandingMove.DROP


def test_a_notice_is_lifted_when_its_ground_has_gone():
    assert move(SolutionState.ON_NOTICE, GOOD, notice=MEAN_NOTICE).move == StandingMove.RESTORE


def test_under_notice_too_few_reports_neither_drop_nor_restore():
    stayed = move(SolutionState.ON_NOTICE, FEW, notice=MEAN_NOTICE, on=day(60))
    assert stayed.move == StandingMove.STAY
    assert stayed.ageing


def test_another_ground_than_the_notice_named_does_not_drop():
    notice = Notice(frozenset({StandingReason.COMPLAINT_OPEN.value}), until=day(0))
    assert move(SolutionState.ON_NOTICE, BAD, notice=notice).move == StandingMove.RESTORE


def test_a_mean_between_thirteen_and_fifteen_prefers_nobody_and_costs_nobody_its_place():
    between = judged(14, 14, 15, 15, 15, 15)
    assert not between.passes
    assert between.grounds == ()
    middling = judged(*[Fraction(29, 2)] * 5, 16, 16, 16, 16, 16)
    assert middling.passes


# --- through the services ----------------------------------------------------------------------------------------------


def at(n):
    return clock.fixed(START + dt.timedelta(days=n))


@pytest.fixture
def listed(db):
    return SolutionFactory(listed=True)


def reports(solution, *gains, n=0):
    with at(n):
        return [answered(solution, gain) for gain in gains]


def run(solution, n, **rest):
    with at(n):
        done = services.recompute_standing(by=STANDING, solution=solution, on=day(n), **rest)
    solution.refresh_from_db()
    return done


def test_the_whole_way_on_the_list_notice_and_off(listed):
    good = reports(listed, 20, 20, 20, 20, 20)
    assert run(listed, 1).move == StandingMove.PREFER
    assert listed.state == SolutionState.PREFERRED
    for report in good:
        report.gain = "1/20"
        report.save()
    assert run(listed, 31).move == StandingMove.STAY
    assert run(listed, 61).move == StandingMove.WARN
    assert listed.state == SolutionState.ON_NOTICE
    assert listed.notice_until == day(91)
    assert listed.is_preferred
    grounds = {Reason.from_json(ground).code for ground in listed.notice_grounds}
    assert StandingReason.MEAN_LOW in grounds
    assert run(listed, 90).move == StandingMove.STAY
    assert run(listed, 91).move == StandingMove.DROP
    assert listed.state == SolutionState.LISTED
    assert listed.notice_until is None
    assert StandingRun.objects.count() == 5
    actions = AuditEntry.objects.filter(stream=listed.case()).values_list("action", flat=True)
    assert {"prefer", "warn", "drop"} <= set(actions)


def test_off_the_list_is_a_decision_with_a_letter_that_says_how_to_object(
    listed, django_capture_on_commit_callbacks, client
):
    good = reports(listed, 20, 20, 20, 20, 20)
    run(listed, 1)
    for report in good:
        report.gain = "1/20"
        report.save()
    run(listed, 31)
    run(listed, 61)
    assert not VettingDecision.objects.exists()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        last = run(listed, 91)
    decision = VettingDecision.objects.get()
    assert (decision.kind, decision.solution, decision.decided_by) == ("drop", listed, None)
    assert decision.objection_until == day(91 + 43), "six weeks, and the sixth ends on a Sunday"
    assert decision.inputs["run"] == last.pk
    path = reverse("providers:vetting_decision", args=[decision.pk])
    assert path in mail.outbox[0].body
    assert "bezwaar maken tot en met 13 juli 2026" in mail.outbox[0].body
    client.force_login(member_of(listed.provider.organisation))
    page = client.get(path)
    assertContains(page, "staat niet meer op de voorkeurslijst")
    for ground in grounds_of(decision.reasons):
        assertContains(page, str(ground))
    assertContains(page, "uitgevoerd door de computer")


@pytest.mark.database
@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"kind": "suspend", "text": "Waarom."}, "vetting_decision_has_person"),
        ({"kind": "remove", "text": "Waarom.", "by": True}, "vetting_decision_fits_subject"),
        ({"kind": "drop", "solution": None}, "vetting_decision_fits_subject"),
        ({"kind": "suspend", "by": True}, "vetting_decision_has_reasons"),
    ],
)
def test_the_database_refuses_a_decision_about_a_solution_that_does_not_add_up(listed, broken, name):
    by = official(Role.DECIDER) if broken.pop("by", False) else STANDING
    given = {"text": "", "solution": listed, "inputs": {}, **broken}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        new_decision(by=by, provider=listed.provider, **given)


def test_improving_under_notice_keeps_the_place(listed):
    bad = reports(listed, 20, 20, 20, 20, 20)
    run(listed, 1)
    for report in bad:
        report.gain = "1/20"
        report.save()
    run(listed, 31)
    run(listed, 61)
    reports(listed, *[60] * 6, n=62)
    assert run(listed, 70).move == StandingMove.RESTORE
    assert listed.state == SolutionState.PREFERRED


def test_ageing_evidence_keeps_the_place_and_is_said(listed):
    reports(listed, 20, 20, 20, 20, 20)
    run(listed, 1)
    later = 3 * 365
    Solution.objects.filter(pk=listed.pk).update(valid_until=dt.date(2040, 1, 1))
    with clock.fixed(START + dt.timedelta(days=later)):
        services.recompute_standing(by=STANDING, solution=listed, on=day(later))
    listed.refresh_from_db()
    assert listed.state == SolutionState.PREFERRED
    assert listed.evidence_ageing


def test_a_single_extreme_answer_moves_nobody(listed):
    reports(listed, *[10] * 5, 5000)
    assert run(listed, 1).move == StandingMove.STAY


def test_an_assurance_solution_becomes_preferred_on_satisfaction_and_tests(db):
    backup = SolutionFactory(listed=True, category=BackupFactory())
    with at(0):
        for _n in range(5):
            answered(backup, satisfaction=5, test_passed=True)
    assert run(backup, 1).move == StandingMove.PREFER


def test_silent_customers_stand_in_the_way(listed):
    reports(listed, 20, 20, 20, 20, 20)
    with at(0):
        for _n in range(6):
            InvitationFactory(solution=listed)
    assert run(listed, 1).move == StandingMove.STAY


def test_a_run_can_be_judged_again_from_what_was_frozen(listed):
    reports(listed, 20, 15, 18, 30, 20)
    done = run(listed, 1)
    assert replay(StandingRun.objects.get(pk=done.pk))
    StandingRun.objects.filter(pk=done.pk).update(outcome={**done.outcome, "smes": 6})
    assert not replay(StandingRun.objects.get(pk=done.pk))


def test_a_change_of_the_frozen_inputs_is_seen(listed):
    reports(listed, 20)
    done = run(listed, 1)
    inputs = done.inputs
    inputs["reports"][0]["gain"] = "1/2"
    StandingRun.objects.filter(pk=done.pk).update(inputs=inputs)
    assert not replay(StandingRun.objects.get(pk=done.pk))


def test_frozen_inputs_name_nobody(listed):
    [report] = reports(listed, 20)
    stored = str(run(listed, 1).inputs)
    assert report.invitation.email not in stored
    assert report.invitation.kvk not in stored


def test_a_run_on_a_past_day_does_not_see_what_came_later(listed):
    reports(listed, 20, 20, 20, 20, 20, n=10)
    assert run(listed, 5).outcome["smes"] == 0


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.MANAGER, Role.AUDITOR])
def test_only_the_machine_and_a_decider_run_the_rule(listed, role):
    with at(1):
        with pytest.raises(NotAuthorised):
            services.recompute_standing(by=official(role), solution=listed, on=day(1))
        with pytest.raises(NotAuthorised):
            services.recompute_standing(by=member_of(listed.provider.organisation), solution=listed, on=day(1))
        assert services.recompute_standing(by=official(Role.DECIDER), solution=listed, on=day(1)).pk


def test_drafts_and_suspended_solutions_are_judged_and_stay(db):
    draft = SolutionFactory()
    assert run(draft, 1).move == StandingMove.STAY
    assert draft.state == SolutionState.DRAFT


# --- figures are hidden below three users --------------------------------------------------------------------------------


def test_no_figure_is_shown_below_three_users(listed):
    reports(listed, 20, 40)
    shown = run(listed, 1).figures_shown()
    assert shown["mean"] is None
    assert shown["gains"] == []
    assert shown["interval"] is None
    values = {finding["condition"]: finding["value"] for finding in shown["findings"]}
    assert values["mean"] is None
    assert values["enough"] == 2
    reports(listed, 30, n=2)
    assert run(listed, 3).figures_shown()["mean"] == "3/10"


# --- concerns ----------------------------------------------------------------------------------------------------------


def raised(solution, kind=ConcernKind.INTEGRITY):
    return services.raise_concern(by=official(Role.ASSESSOR), solution=solution, kind=kind, text="Zelfde rekening.")


def test_an_open_concern_stands_in_the_way_and_an_unfounded_one_no_longer(listed):
    reports(listed, 20, 20, 20, 20, 20)
    with at(0):
        concern = raised(listed)
    assert run(listed, 1).move == StandingMove.STAY
    with at(2):
        services.resolve_concern(by=official(Role.DECIDER), concern=concern, upheld=False, text="Niets gevonden.")
    assert run(listed, 3).move == StandingMove.PREFER


def test_an_upheld_doubt_about_integrity_bites_at_once(listed):
    reports(listed, 20, 20, 20, 20, 20)
    run(listed, 1)
    with at(2):
        concern = raised(listed)
        decider = official(Role.DECIDER)
        services.resolve_concern(by=decider, concern=concern, upheld=True, text="Klanten waren van de eigenaar.")
    listed.refresh_from_db()
    assert listed.state == SolutionState.LISTED
    assert Hand.objects.filter(file=listed.file(), person=decider).exists()
    decision = VettingDecision.objects.get()
    assert (decision.kind, decision.solution, decision.decided_by) == ("drop", listed, decider)


def test_an_upheld_complaint_is_no_integrity_decision(listed):
    reports(listed, 20, 20, 20, 20, 20)
    run(listed, 1)
    with at(2):
        concern = raised(listed, ConcernKind.COMPLAINT)
        services.resolve_concern(by=official(Role.DECIDER), concern=concern, upheld=True, text="Klopt, opgelost.")
    listed.refresh_from_db()
    assert listed.state == SolutionState.PREFERRED


def test_whoever_raised_a_concern_does_not_decide_on_it_and_nobody_twice(listed):
    both = official(Role.ASSESSOR, Role.DECIDER)
    with at(1):
        concern = services.raise_concern(by=both, solution=listed, kind=ConcernKind.COMPLAINT, text="Geen hulp.")
        with pytest.raises(Refused) as refused:
            services.resolve_concern(by=both, concern=concern, upheld=True, text="Ja.")
        assert refused.value.reasons[0].code == ConcernReason.OWN
        services.resolve_concern(by=official(Role.DECIDER), concern=concern, upheld=True, text="Ja.")
        with pytest.raises(Refused) as refused:
            services.resolve_concern(by=official(Role.DECIDER), concern=concern, upheld=False, text="Nee.")
        assert refused.value.reasons[0].code == ConcernReason.RESOLVED


def test_a_provider_raises_and_resolves_nothing_about_itself(listed):
    member = member_of(listed.provider.organisation)
    with at(1), pytest.raises(NotAuthorised):
        services.raise_concern(by=member, solution=listed, kind=ConcernKind.COMPLAINT, text="x")


def test_a_withheld_answer_no_longer_counts(listed):
    kept = reports(listed, 20, 20, 20, 20, 20)
    with at(1):
        services.withhold_report(by=official(Role.ASSESSOR), report=kept[0], text="Zelfde adres als de aanbieder.")
    done = run(listed, 2)
    assert done.outcome["smes"] == 4
    assert done.outcome["withheld"] == 1


# --- the right of reply --------------------------------------------------------------------------------------------------


def test_the_provider_replies_once_to_a_notice(db):
    solution = SolutionFactory(preferred=True, state="on_notice", notice_on=day(0), notice_until=day(30))
    member = member_of(solution.provider.organisation)
    with at(1):
        replied = services.reply_to_notice(by=member, solution=solution, text="Wij hebben het verbeterd.")
        assert replied.notice_replied_at == clock.now()
        with pytest.raises(Refused) as refused:
            services.reply_to_notice(by=member, solution=solution, text="Nog iets.")
        assert refused.value.reasons[0].code == ConcernReason.REPLIED


def test_without_a_notice_there_is_nothing_to_reply_to(listed):
    with at(1), pytest.raises(Refused) as refused:
        services.reply_to_notice(by=member_of(listed.provider.organisation), solution=listed, text="Wat?")
    assert refused.value.reasons[0].code == ConcernReason.NO_NOTICE


# --- the command ---------------------------------------------------------------------------------------------------------


def test_the_command_judges_the_whole_catalogue_and_replays_it(listed):
    reports(listed, 20, 20, 20, 20, 20)
    SolutionFactory()
    with at(1):
        out = StringIO()
        call_command("recompute_standing", stdout=out)
    assert "1 solutions judged (prefer 1)" in out.getvalue()
    call_command("recompute_standing", "--replay", stdout=out)
    assert "1 runs judged again, all the same" in out.getvalue()
    StandingRun.objects.update(inputs_sha256="0" * 64)
    with pytest.raises(CommandError, match="differ"):
        call_command("recompute_standing", "--replay", stdout=out)


@pytest.mark.database
def test_the_database_refuses_a_preferred_run_on_which_the_rule_failed(listed):
    done = run(listed, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingRun.objects.filter(pk=done.pk).update(move=StandingMove.PREFER)


def test_a_notice_is_mailed_with_its_grounds(listed, django_capture_on_commit_callbacks):
    good = reports(listed, 20, 20, 20, 20, 20)
    run(listed, 1)
    for report in good:
        report.gain = "1/20"
        report.save()
    run(listed, 31)
    with django_capture_on_commit_callbacks(execute=True):
        run(listed, 61)
    [message] = mail.outbox
    assert message.to == [listed.provider.contact_email]
    assert "5 %" in message.body
    assert f"/mijn/oplossingen/{listed.pk}/" in message.body
