"""From start to advice: completeness, the reservation, the waiting list, questions and answers (DESIGN 4.7-4.11)."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from core.models import AuditEntry
from core.money import ZERO
from core.reasons import CoreReason, Refused
from core.workflow import NotAuthorised, perform, unit
from providers.models import Category
from tests.factories import vouchers as make
from tests.factories.accounts import member_of, official
from tests.moments import MONDAY, later
from tests.refusals import codes
from tests.vouchers.money import budget
from vouchers import services
from vouchers.enums import Advice, ApplicationState, RuleOutcome, Verdict
from vouchers.models import Application
from vouchers.reasons import AmountReason, ApplicationReason, EligibilityReason

pytestmark = pytest.mark.django_db


# --- starting --------------------------------------------------------------------------------------------------------


def test_starting_again_goes_on_with_the_draft():
    programme = make.programme_with()
    business, person = make.business()
    package = make.PackageFactory()
    first = services.start_application(by=person, organisation=business, programme=programme, package=package)
    again = services.start_application(by=person, organisation=business, programme=programme, package=package)
    assert first == again
    assert first.lines.count() == 1


def test_a_stranger_cannot_start_for_a_business():
    programme = make.programme_with()
    business, _person = make.business()
    for stranger in (make.business()[1], official(Role.ASSESSOR, Role.MANAGER)):
        with pytest.raises(NotAuthorised):
            services.start_application(by=stranger, organisation=business, programme=programme)
    assert Application.objects.count() == 0


def test_a_closed_programme_takes_no_applications_and_tells_every_reason():
    programme = make.programme_with(closes_on=dt.date(2026, 1, 31))
    business, person = make.business(kvk="")
    with clock.fixed(MONDAY), pytest.raises(Refused) as refused:
        services.start_application(by=person, organisation=business, programme=programme)
    assert codes(refused) == [ApplicationReason.NOT_OPEN, ApplicationReason.KVK_MISSING]


@pytest.mark.database
def test_one_kvk_number_has_one_live_application_per_programme_by_the_database_too():
    case = make.submitted_application()
    with pytest.raises(Refused) as refused:
        services.start_application(by=case.created_by, organisation=case.organisation, programme=case.programme)
    assert codes(refused) == [EligibilityReason.OTHER_LIVE]
    with pytest.raises(IntegrityError, match="kvk"), transaction.atomic():
        Application.objects.create(
            programme=case.programme,
            rule_set=case.rule_set,
            organisation=case.organisation,
            kvk=case.kvk,
            created_by=case.created_by,
            created_at=clock.now(),
        )


def test_after_the_end_of_one_application_another_may_start():
    case = make.submitted_application()
    services.withdraw(by=case.created_by, application=case)
    again = services.start_application(by=case.created_by, organisation=case.organisation, programme=case.programme)
    assert again.pk != case.pk


def test_a_package_has_to_be_on_offer_within_its_cap_and_one_of_its_kind():
    programme = make.programme_with()
    business, person = make.business()
    package = make.PackageFactory(max_quantity=2)
    case = services.start_application(by=person, organisation=business, programme=programme, package=package)
    with pytest.raises(Refused) as refused:
        services.add_line(by=person, application=case, package=make.PackageFactory(max_quantity=2), quantity=3)
    assert codes(refused) == [ApplicationReason.QUANTITY_CAP, ApplicationReason.ONE_PER_CATEGORY]
    gone = make.PackageFactory(solution__category__code="CRM", retired_on=dt.date(2026, 1, 2))
    with pytest.raises(Refused) as refused:
        services.add_line(by=person, application=case, package=gone)
    assert codes(refused) == [ApplicationReason.PACKAGE_GONE]
    assert Category.objects.count() == 2


# --- sending ---------------------------------------------------------------------------------------------------------


def test_an_empty_application_is_refused_with_everything_that_is_missing():
    programme = make.programme_with()
    business, person = make.business()
    case = services.start_application(by=person, organisation=business, programme=programme)
    with pytest.raises(Refused) as refused:
        services.submit_application(by=person, application=case)
    assert codes(refused) == [
        ApplicationReason.FACTS_MISSING,
        ApplicationReason.IBAN_MISSING,
        ApplicationReason.NO_LINES,
        ApplicationReason.GROUP_MISSING,
        ApplicationReason.VAT_MISSING,
        ApplicationReason.DE_MINIMIS_MISSING,
        ApplicationReason.STATEMENTS_MISSING,
    ]
    case.refresh_from_db()
    assert case.state == ApplicationState.DRAFT


@pytest.mark.database
@pytest.mark.parametrize(
    ("net", "award"),
    [("10000.00", "8000.00"), ("22500.00", "18000.00"), ("22499.99", "17999.99"), ("30000.00", "18000.00")],
)
def test_a_complete_application_reserves_at_once_what_it_would_get(net, award):
    case = make.submitted_application(net=net)
    assert case.state == ApplicationState.SUBMITTED
    assert case.requested == case.held == Decimal(award)
    assert budget().reserved == Decimal(award)
    assert services.differences() == []


def test_numbers_follow_the_order_of_arrival_and_the_term_to_decide_is_eight_weeks_shifted():
    with clock.fixed(dt.datetime(2026, 11, 5, 23, 30, tzinfo=dt.UTC)):  # already the 6th in Amsterdam
        first = make.submitted_application()
    with clock.fixed(MONDAY):
        second = make.submitted_application(first.programme)
    assert (first.number, second.number) == ("DT-2026-000001", "DT-2026-000002")
    assert first.decide_by == dt.date(2027, 1, 4), (
        "eight weeks after Friday 6 November is New Year's Day: the Monday after"
    )
    assert second.decide_by == dt.date(2027, 1, 18)


def test_who_does_not_meet_the_conditions_may_still_apply_and_a_person_decides():
    business, person = make.business(headcount=900)
    case = make.submitted_application(organisation=business, by=person)
    assert case.state == ApplicationState.SUBMITTED
    assert case.checks.get(code="sme").outcome == RuleOutcome.FAIL


def test_below_the_minimum_nothing_is_set_aside():
    case = make.submitted_application(net="600.00")
    assert case.requested == case.held == ZERO
    assert budget().reserved == ZERO


@pytest.mark.database
def test_only_a_member_of_the_business_sends_and_withdraws():
    case = make.filled_application()
    for stranger in (make.business()[1], official(Role.ASSESSOR), official(Role.DECIDER), SystemActor("ceiling")):
        for verb in (services.submit_application, services.withdraw):
            with pytest.raises(NotAuthorised):
                verb(by=stranger, application=case)
    case.refresh_from_db()
    assert case.state == ApplicationState.DRAFT


def test_after_sending_nothing_can_be_changed_any_more():
    case = make.submitted_application()
    line = case.lines.get()
    acts = [
        lambda: services.declare_aid(by=case.created_by, application=case, amount=ZERO),
        lambda: services.explain(by=case.created_by, application=case, motivation="x"),
        lambda: services.set_vat_position(by=case.created_by, application=case, position="none"),
        lambda: services.remove_line(by=case.created_by, line=line),
        lambda: services.submit_application(by=case.created_by, application=case),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == [CoreReason.WRONG_STATE]


# --- the waiting list ------------------------------------------------------------------------------------------------


@pytest.mark.database
def test_what_the_fund_does_not_fit_waits_in_order_and_freed_money_goes_to_the_first():
    programme = make.programme_with("10000.00")
    first = make.submitted_application(programme)
    second = make.submitted_application(programme)
    third = make.submitted_application(programme, net="1000.00")
    assert (first.held, second.held, third.held) == (Decimal("8000.00"), ZERO, ZERO)
    assert second.state == third.state == ApplicationState.WAITING_LIST, "a smaller one does not pass a bigger one"
    assessor = official(Role.ASSESSOR)
    with pytest.raises(Refused) as refused:
        services.take_up(by=assessor, application=second)
    assert codes(refused) == [ApplicationReason.NO_RESERVATION]

    services.withdraw(by=first.created_by, application=first)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.held, third.held) == (Decimal("8000.00"), Decimal("800.00"))
    assert services.take_up(by=assessor, application=second).state == ApplicationState.IN_REVIEW
    assert services.differences() == []


def test_when_the_programme_says_so_the_rest_of_the_fund_is_set_aside():
    programme = make.programme_with("10000.00", rules={"partial_grant": True})
    make.submitted_application(programme)
    second = make.submitted_application(programme)
    assert second.state == ApplicationState.SUBMITTED
    assert second.held == Decimal("2000.00")
    third = make.submitted_application(programme)
    assert third.state == ApplicationState.WAITING_LIST


def test_a_raised_ceiling_serves_who_waits():
    programme = make.programme_with("5000.00")
    case = make.submitted_application(programme)
    assert case.state == ApplicationState.WAITING_LIST
    services.set_ceiling(by=official(Role.MANAGER), programme=programme, ceiling=Decimal("8000.00"))
    out = StringIO()
    call_command("advance_waiting_list", stdout=out)
    assert out.getvalue() == "digitale-trede: money for 1 who waited\n"
    assert services.advance_waiting_list(programme=programme) == 0
    case.refresh_from_db()
    assert case.held == Decimal("8000.00")


# --- assessing -------------------------------------------------------------------------------------------------------


def test_a_question_stops_the_clock_and_the_place_and_the_money_stay():
    with clock.fixed(MONDAY):
        case = make.submitted_application()
        assessor = official(Role.ASSESSOR)
        services.take_up(by=assessor, application=case)
        asked = services.ask_more(by=assessor, application=case, question="Welke modules zijn dit?")
        assert asked.answer_by == dt.date(2026, 12, 7)
    with later(5):
        with pytest.raises(Refused) as refused:
            services.submit_application(by=case.created_by, application=case)
        assert codes(refused) == [ApplicationReason.ANSWER_MISSING]
        line = case.lines.get()
        services.add_quote(
            by=case.created_by,
            line=line,
            number="2026-15",
            dated=dt.date(2026, 11, 27),
            valid_until=dt.date(2027, 3, 1),
            unsigned=True,
            net=Decimal("9000.00"),
        )
        again = services.submit_application(by=case.created_by, application=case, answer="Kassa en voorraad.")
    assert again.state == ApplicationState.SUBMITTED
    assert again.number == case.number
    assert again.complete_at == case.complete_at
    assert again.held == Decimal("7200.00")
    assert again.suspended_days == 5
    assert again.decide_by == dt.date(2027, 1, 25), "23 November + 8 weeks + 5 days is a Saturday"
    assert services.differences() == []


def test_a_rule_that_asks_for_a_person_stands_in_the_way_until_it_is_judged():
    assessor = official(Role.ASSESSOR)
    business, person = make.business(sbi="0113")
    case = services.take_up(by=assessor, application=make.submitted_application(organisation=business, by=person))
    with pytest.raises(Refused) as refused:
        services.advise(by=assessor, application=case, advice=Advice.AWARD, text="")
    assert codes(refused) == [ApplicationReason.VERDICT_MISSING]
    services.give_verdict(
        by=assessor, application=case, code="primary_sector", verdict=Verdict.NOT_ACCEPTED, note="Teelt."
    )
    with pytest.raises(Refused) as refused:
        services.advise(by=assessor, application=case, advice=Advice.AWARD, text="")
    assert codes(refused) == [ApplicationReason.NOT_ELIGIBLE]
    services.give_verdict(by=assessor, application=case, code="primary_sector", verdict=Verdict.ACCEPTED)
    assert (
        services.advise(by=assessor, application=case, advice=Advice.AWARD, text="").state == ApplicationState.ADVISED
    )


def test_a_rule_that_passed_has_no_verdict():
    assessor = official(Role.ASSESSOR)
    case = make.reviewed_application(assessor=assessor)
    with pytest.raises(Refused) as refused:
        services.give_verdict(by=assessor, application=case, code="sme", verdict=Verdict.ACCEPTED)
    assert codes(refused) == [ApplicationReason.RULE_NOT_IN_REVIEW]


def test_a_condition_that_is_not_met_cannot_be_advised_away():
    assessor = official(Role.ASSESSOR)
    business, person = make.business(headcount=900)
    case = make.reviewed_application(organisation=business, by=person, assessor=assessor)
    with pytest.raises(Refused) as refused:
        services.advise(by=assessor, application=case, advice=Advice.AWARD, text="Toch maar.")
    assert codes(refused) == [ApplicationReason.NOT_ELIGIBLE]
    with pytest.raises(Refused) as refused:
        services.advise(by=assessor, application=case, advice=Advice.REFUSE, text="  ")
    assert codes(refused) == [ApplicationReason.REASON_NEEDED]


def test_the_assessor_may_lower_the_cost_with_a_reason_and_never_raise_it():
    assessor = official(Role.ASSESSOR)
    case = make.reviewed_application(assessor=assessor)
    line = case.lines.get()
    for amount, note, code in (
        ("10000.01", "x", ApplicationReason.ELIGIBLE_TOO_HIGH),
        ("9000.00", "", ApplicationReason.REASON_NEEDED),
    ):
        with pytest.raises(Refused) as refused:
            services.correct_line(by=assessor, line=line, assessed=Decimal(amount), note=note)
        assert codes(refused) == [code]
    services.correct_line(by=assessor, line=line, assessed=Decimal("9000.00"), note="Training hoort er niet bij.")
    assert services.entitlement(case, clock.today()).award.award == Decimal("7200.00")


def test_an_award_of_nothing_is_not_advised():
    with pytest.raises(Refused) as refused:
        make.advised_application(net="600.00")
    assert codes(refused) == [AmountReason.BELOW_MINIMUM, ApplicationReason.AWARD_ZERO]


def test_people_connected_to_a_party_do_not_assess():
    case = make.submitted_application()
    supplier = case.lines.get().provider.organisation
    for party in (case.organisation, supplier):
        linked = official(Role.ASSESSOR)
        member_of(party)
        from tests.factories.accounts import MembershipFactory

        MembershipFactory(person=linked, organisation=party)
        services.take_up(by=official(Role.ASSESSOR), application=case) if case.state == "submitted" else None
        case.refresh_from_db()
        with pytest.raises(Refused) as refused:
            services.advise(by=linked, application=case, advice=Advice.REFUSE, text="Nee.")
        assert CoreReason.LINKED in codes(refused)


@pytest.mark.parametrize(
    "role", [Role.DECIDER, Role.MANAGER, Role.TREASURER, Role.APPROVER, Role.AUDITOR, Role.ADVISER]
)
def test_only_an_assessor_assesses(role):
    case = make.submitted_application()
    person = official(role) if role != Role.ADVISER else make.business()[1]
    with pytest.raises(NotAuthorised):
        services.take_up(by=person, application=case)
    with pytest.raises(NotAuthorised):
        services.ask_more(by=person, application=case, question="?")
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED


def test_every_step_leaves_one_entry_in_the_trail_of_the_case():
    case = make.advised_application()
    actions = list(AuditEntry.objects.filter(stream=case.case()).order_by("seq").values_list("action", flat=True))
    assert actions[0] == "start"
    assert [action for action in actions if action in {"submit", "take_up", "advise"}] == [
        "submit",
        "take_up",
        "advise",
    ]


def test_the_supplier_that_shares_an_account_a_person_or_a_number_is_not_independent():
    package = make.PackageFactory()
    supplier = package.solution.provider.organisation
    business, person = make.business(kvk=supplier.kvk)
    from tests.factories.accounts import BankAccountFactory, MembershipFactory

    MembershipFactory(person=person, organisation=supplier)
    BankAccountFactory(organisation=supplier, iban=make.IBAN)
    case = make.submitted_application(organisation=business, by=person, package=package)
    check = case.checks.get(code="independent")
    assert check.outcome == RuleOutcome.FAIL
    assert {why.code for why in check.why} == {
        EligibilityReason.SAME_BUSINESS,
        EligibilityReason.SAME_IBAN,
        EligibilityReason.SAME_PERSON,
    }


def test_a_shared_own_mail_domain_is_for_a_person_to_judge_and_a_public_one_says_nothing():
    package = make.PackageFactory()
    provider = package.solution.provider
    provider.contact_email = "jo@samenbedrijf.example"
    provider.save()
    business, _person = make.business(email="info@samenbedrijf.example")
    case = make.submitted_application(organisation=business, by=member_of(business), package=package)
    assert case.checks.get(code="near").outcome == RuleOutcome.REVIEW
    provider.contact_email = "jo@gmail.com"
    provider.save()
    other, _person = make.business(email="anders@gmail.com")
    case = make.submitted_application(case.programme, organisation=other, by=member_of(other), package=package)
    assert case.checks.get(code="near").outcome == RuleOutcome.PASS


@pytest.mark.database
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"held": Decimal("1.00")}, "application_holds_while_undecided"),
        ({"awarded": None}, "application_award_when_awarded"),
        ({"decided_at": None}, "application_decided_when_decided"),
        ({"received_at": None, "number": None, "arrival": None}, "application_received_unless_draft"),
        ({"number": None}, "application_numbered_when_received"),
    ],
)
def test_the_database_restates_the_machine(values, constraint):
    case = make.awarded().application
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Application.objects.filter(pk=case.pk).update(**values)
    case.refresh_from_db()
    assert case.state == ApplicationState.AWARDED


@unit
def _perform(case, verb, by, **details):
    return perform(case, verb, by=by, **details)


def test_the_machine_cannot_decide_anything_by_itself():
    case = make.advised_application()
    for verb in ("award", "refuse", "dismiss", "advise", "take_up"):
        with pytest.raises(NotAuthorised):
            _perform(case, verb, SystemActor("ceiling"))
    case.refresh_from_db()
    assert case.state == ApplicationState.ADVISED
