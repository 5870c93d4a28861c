"""Deciding: the award out of the ceiling, refusals with their grounds, replaying, and who may (DESIGN 4.8-4.10)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.enums import Role
from core import clock
from core.enums import HandRole
from core.models import Hand
from core.money import ZERO
from core.reasons import CoreReason, Refused
from core.workflow import NotAuthorised
from tests.factories import vouchers as make
from tests.factories.accounts import UserFactory, official
from tests.moments import MONDAY, later
from tests.refusals import codes, refusal
from tests.vouchers.money import budget
from tests.vouchers.pages import login, url
from vouchers import services
from vouchers.enums import ApplicationState, DecisionKind
from vouchers.models import Application, Decision, LedgerTransaction
from vouchers.reasons import AmountReason, ApplicationReason, RefusalGround

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_award_turns_the_reservation_into_an_award_and_issues_the_voucher():
    with clock.fixed(MONDAY):
        decision = make.awarded()
    case = decision.application
    assert case.state == ApplicationState.AWARDED
    assert case.awarded == Decimal("8000.00")
    assert case.held == ZERO
    assert (budget().reserved, budget().committed) == (ZERO, Decimal("8000.00"))
    voucher = case.vouchers.get()
    assert voucher.number == "DT-2026-000001-1"
    assert voucher.amount == Decimal("8000.00")
    assert decision.objection_until == dt.date(2027, 1, 4)
    assert decision.remaining_ceiling == Decimal("1992000.00")
    assert services.differences() == []


def test_what_was_reserved_too_much_is_released_and_passed_on():
    programme = make.programme_with("10000.00")
    assessor = official(Role.ASSESSOR)
    case = make.reviewed_application(programme, assessor=assessor)
    waiting = make.submitted_application(programme, net="5000.00")
    assert waiting.state == ApplicationState.WAITING_LIST
    services.correct_line(by=assessor, line=case.lines.get(), assessed=Decimal("5000.00"), note="De helft is hardware.")
    services.advise(by=assessor, application=case, advice="award", text="")
    decision = services.award(by=official(Role.DECIDER), application=case)
    assert decision.amount == Decimal("4000.00")
    waiting.refresh_from_db()
    assert waiting.held == Decimal("4000.00")
    assert services.differences() == []


def test_several_lines_split_the_award_to_the_cent():
    programme = make.programme_with()
    business, person = make.business()
    case = make.filled_application(programme, net="20000.01", organisation=business, by=person)
    second = make.PackageFactory(solution__category__code="CRM")
    services.add_line(by=person, application=case, package=second)
    today = clock.today()
    services.add_quote(
        by=person,
        line=case.lines.get(package=second),
        number="7",
        dated=today,
        valid_until=today + dt.timedelta(days=90),
        unsigned=True,
        net=Decimal("9999.99"),
        upload=make.pdf("tweede.pdf"),
    )
    services.submit_application(by=person, application=case)
    assessor = official(Role.ASSESSOR)
    services.take_up(by=assessor, application=case)
    for check in case.checks.filter(outcome="review"):
        services.give_verdict(by=assessor, application=case, code=check.code, verdict="accepted")
    services.advise(by=assessor, application=case, advice="award", text="")
    decision = services.award(by=official(Role.DECIDER), application=case)
    parts = [line.awarded for line in case.lines.order_by("pk")]
    assert decision.amount == sum(parts) == Decimal("18000.00")
    assert parts == [Decimal("12000.01"), Decimal("5999.99")]
    assert [voucher.amount for voucher in case.vouchers.order_by("pk")] == parts


def test_what_was_awarded_before_in_the_window_counts_and_after_it_does_not():
    with clock.fixed(MONDAY):
        first = make.awarded(net="20000.00")
    case = first.application
    with later(300):
        second = make.submitted_application(
            case.programme, net="20000.00", organisation=case.organisation, by=case.created_by
        )
        assert second.requested == Decimal("2000.00")
        services.withdraw(by=case.created_by, application=second)
    with later(366):
        third = make.submitted_application(
            case.programme, net="20000.00", organisation=case.organisation, by=case.created_by
        )
        assert third.requested == Decimal("16000.00")


def test_the_award_stays_one_cent_under_the_state_aid_limit():
    decision = make.awarded(net="20000.00", aid="284000.01")
    assert decision.amount == Decimal("15999.99")
    assert decision.why[0].code == AmountReason.DE_MINIMIS_ROOM


# --- who may ---------------------------------------------------------------------------------------------------------


def test_the_assessor_cannot_decide_by_service_or_by_database():
    both = official(Role.ASSESSOR, Role.DECIDER, is_superuser=True)
    case = make.advised_application(assessor=both)
    for act in (
        lambda: services.award(by=both, application=case),
        lambda: services.refuse(by=both, application=case, grounds=[RefusalGround.NOT_ELIGIBLE]),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert CoreReason.OTHER_HAND in codes(refused)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(file=case.file(), person=both, role=HandRole.DECIDER)
    case.refresh_from_db()
    assert case.state == ApplicationState.ADVISED
    assert Decision.objects.count() == 0
    assert budget().committed == ZERO


def test_who_decided_cannot_assess_it_again_after_an_objection():
    decider = official(Role.DECIDER, Role.ASSESSOR)
    decision = make.refused(decider=decider)
    objection = services.file_objection(by=decision.application.created_by, decision=decision, text="Oneens.")
    services.uphold(by=official(Role.DECIDER), objection=objection, answer="U heeft gelijk.")
    with pytest.raises(Refused) as refused:
        services.advise(by=decider, application=decision.application, advice="refuse", text="Toch niet.")
    assert CoreReason.OTHER_HAND in codes(refused)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.MANAGER, Role.TREASURER, Role.APPROVER, Role.AUDITOR])
def test_only_a_decider_decides(role):
    case = make.advised_application()
    other = official(role)
    for act in (
        lambda: services.award(by=other, application=case),
        lambda: services.refuse(by=other, application=case, grounds=[RefusalGround.NOT_ELIGIBLE]),
        lambda: services.dismiss(by=other, application=case),
        lambda: services.return_to_assessor(by=other, application=case, why="Kijk nog eens."),
        lambda: services.queue(by=other, application=case),
        lambda: services.send_intent(by=other, application=case, grounds=[RefusalGround.DOUBTFUL], text="x"),
    ):
        with pytest.raises(NotAuthorised):
            act()
    case.refresh_from_db()
    assert case.state == ApplicationState.ADVISED


def test_a_superuser_without_a_role_is_nobody():
    case = make.advised_application()
    with pytest.raises(NotAuthorised):
        services.award(by=UserFactory(is_superuser=True, is_staff=True), application=case)
    assert Decision.objects.count() == 0


def test_a_case_is_awarded_once():
    case = make.advised_application()
    decider = official(Role.DECIDER)
    services.award(by=decider, application=case)
    with pytest.raises(Refused) as refused:
        services.award(by=official(Role.DECIDER), application=case)
    assert CoreReason.WRONG_STATE in codes(refused)
    assert LedgerTransaction.objects.filter(kind="commit").count() == 1
    assert case.vouchers.count() == 1


# --- what stands in the way ------------------------------------------------------------------------------------------


def test_a_change_after_the_advice_voids_it():
    case = make.advised_application()
    case.lines.update(net=Decimal("11000.00"), eligible=Decimal("11000.00"))
    with pytest.raises(Refused) as refused:
        services.award(by=official(Role.DECIDER), application=case)
    assert codes(refused) == [ApplicationReason.ADVICE_CHANGED]
    assert budget().committed == ZERO


def test_a_condition_that_fails_at_the_award_stops_it():
    case = make.advised_application()
    case.organisation.headcount = 251
    case.organisation.save()
    with pytest.raises(Refused) as refused:
        services.award(by=official(Role.DECIDER), application=case)
    assert codes(refused) == [ApplicationReason.NOT_ELIGIBLE]


def test_without_room_the_award_is_refused_and_the_case_can_go_to_the_waiting_list():
    programme = make.programme_with("10000.00", distribution="day_lottery")
    first = make.advised_application(programme)
    second = make.advised_application(programme)
    services.award(by=official(Role.DECIDER), application=first)
    decider = official(Role.DECIDER)
    with pytest.raises(Refused) as refused:
        services.award(by=decider, application=second)
    assert codes(refused) == [AmountReason.CEILING_LEFT]
    assert refused.value.reasons[0].ground == "Awb 4:25"
    assert services.queue(by=decider, application=second).state == ApplicationState.WAITING_LIST
    assert services.differences() == []


def test_up_to_the_limit_one_decider_awards():
    programme = make.programme_with(rules={"second_decider_above": Decimal("8000.00")})
    case = make.advised_application(programme)
    assert services.award(by=official(Role.DECIDER), application=case).amount == Decimal("8000.00")


def test_above_the_limit_of_one_decider_nothing_is_awarded():
    programme = make.programme_with(rules={"second_decider_above": Decimal("7999.99")})
    case = make.advised_application(programme)
    with pytest.raises(Refused) as refused:
        services.award(by=official(Role.DECIDER), application=case)
    assert codes(refused) == [ApplicationReason.SECOND_DECIDER]
    case.refresh_from_db()
    assert (case.state, budget().committed) == (ApplicationState.ADVISED, ZERO)


def test_what_fits_is_not_put_on_the_waiting_list():
    case = make.advised_application()
    with pytest.raises(Refused) as refused:
        services.queue(by=official(Role.DECIDER), application=case)
    assert codes(refused) == [ApplicationReason.FITS]


def test_the_rest_of_the_ceiling_is_awarded_when_the_programme_says_so():
    programme = make.programme_with("10000.00", distribution="day_lottery", rules={"partial_grant": True})
    first, second = make.advised_application(programme), make.advised_application(programme)
    services.award(by=official(Role.DECIDER), application=first)
    decision = services.award(by=official(Role.DECIDER), application=second)
    assert decision.amount == Decimal("2000.00")
    assert [why.code for why in decision.why] == [AmountReason.PART_ONLY]
    assert budget().available == ZERO
    assert services.replay(decision)


def test_when_something_fails_after_the_money_moved_nothing_is_kept(monkeypatch):
    case = make.advised_application()

    def breaks(**_all):
        raise RuntimeError("no paper")

    monkeypatch.setattr("vouchers.services.decision.issue_vouchers", breaks)
    with pytest.raises(RuntimeError):
        services.award(by=official(Role.DECIDER), application=case)
    case.refresh_from_db()
    assert case.state == ApplicationState.ADVISED
    assert case.held == budget().reserved == Decimal("8000.00")
    assert Decision.objects.count() == 0
    assert services.differences() == []


# --- refusing --------------------------------------------------------------------------------------------------------


def test_a_refusal_names_its_ground_and_frees_the_money():
    decision = make.refused()
    assert decision.application.state == ApplicationState.REFUSED
    assert decision.legal_ground == "Awb 4:23"
    assert [why.code for why in decision.why] == [RefusalGround.NOT_ELIGIBLE]
    assert budget().reserved == ZERO
    assert services.differences() == []


def test_a_refusal_needs_a_ground():
    case = make.advised_application(advice="refuse")
    with pytest.raises(Refused) as refused:
        services.refuse(by=official(Role.DECIDER), application=case, grounds=[])
    assert codes(refused) == [ApplicationReason.REASON_NEEDED]


def test_a_ground_one_can_dispute_waits_for_the_notice_of_intent():
    with clock.fixed(MONDAY):
        case = make.advised_application(advice="refuse")
        decider = official(Role.DECIDER)
        grounds = [RefusalGround.FALSE_DATA]
        with pytest.raises(Refused) as refused:
            services.refuse(by=decider, application=case, grounds=grounds)
        assert codes(refused) == [ApplicationReason.INTENT_NEEDED]
        intent = services.send_intent(by=decider, application=case, grounds=grounds, text="De offerte klopt niet.")
        assert intent.answer_by == dt.date(2026, 12, 7)
        with pytest.raises(Refused) as refused:
            services.send_intent(by=decider, application=case, grounds=grounds, text="Nog een.")
        assert codes(refused) == [ApplicationReason.INTENT_SENT]
    with later(14), pytest.raises(Refused) as refused:
        services.refuse(by=decider, application=case, grounds=grounds)
    assert codes(refused) == [ApplicationReason.INTENT_OPEN]
    with later(15):
        decision = services.refuse(by=decider, application=case, grounds=grounds)
    assert decision.legal_ground == "Awb 4:35"


def test_an_answer_to_the_notice_ends_the_wait_and_is_given_once():
    case = make.advised_application(advice="refuse")
    decider = official(Role.DECIDER)
    intent = services.send_intent(by=decider, application=case, grounds=[RefusalGround.DOUBTFUL], text="Wij twijfelen.")
    with pytest.raises(NotAuthorised):
        services.answer_intent(by=make.business()[1], intent=intent, answer="x")
    services.answer_intent(by=case.created_by, intent=intent, answer="Wij niet.")
    with pytest.raises(Refused) as refused:
        services.answer_intent(by=case.created_by, intent=intent, answer="Nog eens.")
    assert codes(refused) == [ApplicationReason.INTENT_ANSWERED]
    decision = services.refuse(by=decider, application=case, grounds=[RefusalGround.DOUBTFUL])
    assert decision.kind == DecisionKind.REFUSAL


def test_who_waits_is_only_refused_for_the_ceiling_once_the_programme_is_closed():
    programme = make.programme_with("5000.00", closes_on=dt.date(2026, 12, 31))
    with clock.fixed(MONDAY):
        case = make.submitted_application(programme)
        decider = official(Role.DECIDER)
        with pytest.raises(Refused) as refused:
            services.refuse(by=decider, application=case, grounds=[RefusalGround.CEILING])
        assert codes(refused) == [ApplicationReason.STILL_WAITING]
    with clock.fixed(dt.datetime(2027, 1, 4, 10, tzinfo=dt.UTC)):
        with pytest.raises(Refused):
            services.refuse(by=decider, application=case, grounds=[RefusalGround.DOUBTFUL])
        decision = services.refuse(by=decider, application=case, grounds=[RefusalGround.CEILING])
    assert decision.legal_ground == "Awb 4:25"
    assert decision.remaining_ceiling == Decimal("5000.00")


def test_incomplete_is_closed_only_after_asking_and_after_the_term():
    assessor, decider = official(Role.ASSESSOR), official(Role.DECIDER)
    with clock.fixed(MONDAY):
        case = make.reviewed_application(assessor=assessor)
        with pytest.raises(Refused) as refused:
            services.dismiss(by=decider, application=case)
        assert codes(refused) == [ApplicationReason.NEVER_ASKED]
        services.ask_more(by=assessor, application=case, question="Welke modules?")
    with later(14), pytest.raises(Refused) as refused:
        services.dismiss(by=decider, application=case)
    assert codes(refused) == [ApplicationReason.ASKED_TERM_OPEN]
    with later(15):
        decision = services.dismiss(by=decider, application=case, explanation="De modules ontbreken.")
    case.refresh_from_db()
    assert case.state == ApplicationState.DISMISSED
    assert decision.legal_ground == "Awb 4:5"
    assert budget().reserved == ZERO


def test_back_to_the_assessor_drops_the_advice():
    case = services.return_to_assessor(
        by=official(Role.DECIDER), application=make.advised_application(), why="Kijk nog eens."
    )
    assert case.state == ApplicationState.IN_REVIEW
    assert (case.advice, case.advice_hash, case.advised_by) == ("", "", None)


def test_the_assessor_reads_what_has_to_be_looked_at_again_until_the_next_advice():
    assessor, decider = official(Role.ASSESSOR), official(Role.DECIDER)
    case = make.advised_application(assessor=assessor)
    where, browser = url("decide_case", case.pk), login(decider)
    empty = browser.post(where, {"action": "return", "why": "  "})
    assert empty.status_code == 422
    assert refusal(services.return_to_assessor, by=decider, application=case, why=" ") == [
        ApplicationReason.REASON_NEEDED
    ]
    assert Application.objects.get(pk=case.pk).state == ApplicationState.ADVISED
    assert browser.post(where, {"action": "return", "why": "Is de looptijd wel een jaar?"}).status_code == 302
    page = login(assessor).get(url("assess_case", case.pk))
    assert "Is de looptijd wel een jaar?" in page.content.decode()
    case = services.advise(by=assessor, application=Application.objects.get(pk=case.pk), advice="award", text="Ja.")
    assert case.returned_why == ""


# --- replaying -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("net", ["10000.00", "22499.99", "30000.00", "700.01"])
def test_a_decision_follows_again_from_its_own_inputs(net):
    decision = make.awarded(net=net)
    assert services.replay(Decision.objects.get(pk=decision.pk))


def test_new_rules_leave_running_cases_and_old_decisions_as_they_were():
    decision = make.awarded()
    running = make.advised_application(decision.application.programme)
    services.new_rules(
        by=official(Role.MANAGER),
        programme=decision.application.programme,
        valid_from=clock.today(),
        rate=Decimal("50.00"),
    )
    assert services.replay(Decision.objects.get(pk=decision.pk))
    second = services.award(by=official(Role.DECIDER), application=running)
    assert second.amount == Decimal("8000.00")
    assert second.rules_version.startswith("digitale-trede/1")
    third = make.submitted_application(decision.application.programme)
    assert third.requested == Decimal("5000.00")


def test_a_changed_decision_is_refused_by_the_database_and_seen_by_the_replay():
    decision = make.awarded()
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(amount=Decimal("9000.00"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).delete()
    decision = Decision.objects.get(pk=decision.pk)
    decision.inputs["eligible"] = ["11000.00"]
    assert not services.replay(decision)


def test_a_decision_freezes_the_facts_but_no_account_number():
    decision = make.awarded()
    text = str(decision.inputs)
    assert make.IBAN not in text
    assert decision.inputs["facts"]["headcount"] == 4
    assert decision.inputs["terms"]["rate"] == "80.00"
    assert Application.objects.get().content() == decision.inputs["content"]
