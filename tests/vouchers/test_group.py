"""The group a business belongs to: its size (2003/361/EC), and the limit of state aid of one undertaking (2023/2831 art. 2)."""

import datetime as dt
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from core.workflow import NotAuthorised
from tests.factories import vouchers as make
from tests.factories.accounts import UserFactory, official
from vouchers import services
from vouchers.enums import Advice, RuleOutcome
from vouchers.models import Application, RelatedBusiness
from vouchers.reasons import ApplicationReason
from vouchers.reasons import EligibilityReason as Why
from vouchers.rules.eligibility import Conditions, Moment, judge
from vouchers.rules.facts import Facts
from vouchers.rules.size import Limits, RelatedFacts, size_reasons
from vouchers.services.facts import facts_of

pytestmark = pytest.mark.django_db

D = Decimal
LIMITS = Limits(headcount=250, turnover=D("50000000.00"), balance=D("43000000.00"))
SMALL = D("1000000.00")


def other(share: str, headcount: int = 0, turnover: str = "0.00", balance: str = "0.00") -> RelatedFacts:
    return RelatedFacts("Holding", "30000001", D(share), headcount, D(turnover), D(balance))


def said(
    *related: RelatedFacts, headcount: int = 10, turnover: D | None = SMALL, balance: D | None = SMALL
) -> list[str]:
    return [why.code for why in size_reasons(headcount, turnover, balance, related, LIMITS)]


# --- the rule alone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "headcount", "expected"),
    [
        ("100", 239, []),
        ("100", 240, [Why.HEADCOUNT]),
        ("50.01", 240, [Why.HEADCOUNT]),  # above half: linked, counts whole
        ("50", 479, []),  # at half: a partner, counts by its share
        ("50", 480, [Why.HEADCOUNT]),
        ("25", 959, []),
        ("25", 960, [Why.HEADCOUNT]),
    ],
)
def test_linked_businesses_count_whole_and_partners_by_their_share(share, headcount, expected):
    assert said(other(share, headcount)) == expected


def test_the_sum_counts_over_the_whole_group_and_both_figures_have_to_be_large():
    half = other("60", turnover="30000000.00", balance="22000000.00")
    assert said(half, turnover=D("20000000.01"), balance=D("21000000.01")) == [Why.TURNOVER]
    assert said(half, turnover=D("20000000.00"), balance=D("21000000.01")) == []
    assert said(half, turnover=D("20000000.01"), balance=D("21000000.00")) == []


def test_in_a_group_figures_that_are_not_known_are_never_silently_within_the_limit():
    assert said(turnover=None, balance=None) == []
    assert said(other("30"), turnover=None, balance=None) == [Why.FIGURES_UNKNOWN]
    assert said(other("30"), turnover=None, balance=SMALL) == []
    assert said(other("100", turnover="60000000.00"), turnover=None, balance=None) == [Why.BALANCE_UNKNOWN]


def test_a_part_of_a_person_is_told_with_one_decimal():
    [why] = size_reasons(249, SMALL, SMALL, [other("25", 6)], LIMITS)
    assert why.params == {"headcount": D("250.5"), "limit": 250}


@pytest.mark.parametrize(
    ("in_group", "outcome", "why"),
    [(None, RuleOutcome.REVIEW, [Why.GROUP_UNKNOWN]), (False, RuleOutcome.PASS, []), (True, RuleOutcome.PASS, [])],
)
def test_who_did_not_say_whether_there_is_a_group_is_looked_at(in_group, outcome, why):
    facts = Facts(on=dt.date(2026, 11, 23), headcount=10, turnover=SMALL, balance_total=SMALL, in_group=in_group)
    [seen] = [each for each in judge(facts, Conditions(), Moment.APPLY) if each.code == "sme"]
    assert (seen.outcome, [each.code for each in seen.reasons]) == (outcome, why)


def test_who_is_too_large_alone_is_so_whatever_the_group():
    facts = Facts(on=dt.date(2026, 11, 23), headcount=300, in_group=None)
    [seen] = [each for each in judge(facts, Conditions(), Moment.PRE_CHECK) if each.code == "sme"]
    assert (seen.outcome, [each.code for each in seen.reasons]) == (RuleOutcome.FAIL, [Why.HEADCOUNT])


# --- declaring it ----------------------------------------------------------------------------------------------------

HOLDING = {
    "name": "Holding B.V.",
    "kvk": "30000001",
    "share": D("100.00"),
    "headcount": 300,
    "turnover": D("1000000.00"),
    "balance_total": D("1000000.00"),
}


def lists(application: Application, **changes) -> RelatedBusiness:
    return services.add_related(by=application.created_by, application=application, **{**HOLDING, **changes})


def codes(refused) -> list[str]:
    return [why.code for why in refused.value.reasons]


def test_a_group_without_businesses_is_not_complete_and_with_a_large_one_does_not_pass():
    application = make.filled_application()
    by = application.created_by
    services.declare_group(by=by, application=application, in_group=True)
    with pytest.raises(Refused) as refused:
        services.submit_application(by=by, application=application)
    assert codes(refused) == [ApplicationReason.RELATED_MISSING]
    lists(application)
    sent = services.submit_application(by=by, application=application)
    assert sent.checks.get(code="sme").outcome == RuleOutcome.FAIL


def test_a_business_is_listed_once_never_oneself_and_only_while_it_is_filled_in():
    application = make.filled_application()
    lists(application)
    for kvk in (HOLDING["kvk"], application.kvk):
        with pytest.raises(Refused) as refused:
            lists(application, kvk=kvk)
        assert codes(refused) == [ApplicationReason.RELATED_TWICE]
    for wrong in ({"share": D("24.99")}, {"share": D("100.01")}, {"kvk": "12"}, {"turnover": D("-1.00")}):
        with pytest.raises(ValidationError):
            lists(application, **{"kvk": "30000002", **wrong})
    with pytest.raises(NotAuthorised):
        services.declare_group(by=UserFactory(), application=application, in_group=False)
    services.submit_application(by=application.created_by, application=application)
    with pytest.raises(Refused):
        lists(application, kvk="30000003")
    assert application.related.count() == 1


@pytest.mark.database
def test_the_database_keeps_shares_and_numbers_as_they_can_be():
    application = make.filled_application()
    row = {**HOLDING, "application": application}
    RelatedBusiness.objects.create(**row)
    for wrong in ({}, {"kvk": "30000002", "share": D("24.00")}, {"kvk": "30000002", "turnover": D("-0.01")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RelatedBusiness.objects.create(**{**row, **wrong})


def test_a_change_of_the_group_voids_an_advice_and_the_facts_come_back_from_a_decision_as_they_were():
    application = make.filled_application()
    lists(application, headcount=3)
    facts = facts_of(application, clock.today())
    assert Facts.from_json(facts.as_json()) == facts
    before = application.content()
    RelatedBusiness.objects.update(headcount=4)
    assert application.content() != before


def test_an_award_to_a_business_with_a_group_can_be_replayed():
    application = make.filled_application()
    lists(application, headcount=3)
    by, assessor = application.created_by, official(Role.ASSESSOR)
    services.submit_application(by=by, application=application)
    services.take_up(by=assessor, application=application)
    for check in application.checks.filter(outcome=RuleOutcome.REVIEW):
        services.give_verdict(by=assessor, application=application, code=check.code, verdict="accepted", note="x")
    services.advise(by=assessor, application=application, advice=Advice.AWARD, text="In orde.")
    decision = services.award(by=official(Role.DECIDER), application=application)
    assert services.replay(decision)


# --- state aid -------------------------------------------------------------------------------------------------------


def aid_before(application: Application) -> Decimal:
    return facts_of(application, clock.today()).awarded_de_minimis


def test_what_linked_businesses_were_awarded_counts_as_aid_of_one_undertaking_both_ways():
    programme, elsewhere = make.programme_with(), make.programme_with(code="andere-trede", prefix="AT")
    sister = make.awarded(elsewhere).application
    application = make.filled_application(programme)
    assert aid_before(application) == 0
    partner = lists(application, kvk=sister.kvk, share=D("50.00"), headcount=3)
    assert aid_before(application) == 0  # a partner is another undertaking
    services.remove_related(by=application.created_by, related=partner)
    lists(application, kvk=sister.kvk, share=D("50.01"), headcount=3)
    assert aid_before(application) == D("8000.00")
    # Who is declared as linked is one undertaking too, once that was sent.
    again = make.filled_application(programme, organisation=sister.organisation, by=sister.created_by)
    own = aid_before(again)
    first = make.awarded(elsewhere, organisation=application.organisation, by=application.created_by)
    assert (own, aid_before(again)) == (D("8000.00"), D("8000.00"))
    services.submit_application(by=application.created_by, application=application)
    assert aid_before(again) == D("8000.00") + first.amount


def test_the_limit_of_state_aid_holds_for_the_whole_undertaking():
    sister = make.awarded(make.programme_with(code="andere-trede", prefix="AT")).application
    application = make.filled_application(make.programme_with(), aid="285000.00")
    assert services.entitlement(application, clock.today()).award.award == D("8000.00")
    lists(application, kvk=sister.kvk, share=D("75.00"), headcount=3)
    assert services.entitlement(application, clock.today()).award.award == D("7000.00")


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_asks_lists_and_takes_out(client):
    application = make.filled_application()
    page = reverse("vouchers:group", args=[application.pk])
    client.force_login(application.created_by)
    filled = {"name": "Holding B.V.", "kvk": "3000 0001", "share": "50,5", "headcount": "12"}
    figures = {"turnover": "1000000", "balance_total": "0"}
    assert client.post(page, {"action": "answer"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(page, {"action": "answer", "in_group": "yes"})["Location"] == page
    for wrong in ({"share": "24"}, {"share": "101"}, {"kvk": "123"}, {"turnover": ""}, {"headcount": "-1"}):
        answer = client.post(page, {"action": "add", **filled, **figures, **wrong})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, wrong
    assert client.post(page, {"action": "add", **filled, **figures})["Location"] == page
    listed = application.related.get()
    assert (listed.kvk, listed.share, listed.turnover) == ("30000001", D("50.50"), D("1000000.00"))
    assert "Holding B.V." in client.get(page).text
    assert "12 people" in client.get(f"/en{page}").text
    assert reverse("vouchers:application", args=[application.pk]) in client.get(page).text  # nothing else is to be done
    again = client.post(page, {"action": "add", **filled, **figures})
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "staat er al bij" in again.text
    assert client.post(page, {"action": "remove", "related": "x"}).status_code == HTTPStatus.NOT_FOUND
    assert client.post(page, {"action": "remove", "related": str(listed.pk)})["Location"] == page
    assert client.post(page, {"action": "?"}).status_code == HTTPStatus.BAD_REQUEST
    assert client.post(page, {"action": "answer", "in_group": "no"}).status_code == HTTPStatus.FOUND
    application.refresh_from_db()
    assert (application.in_group, application.related.count()) == (False, 0)
