"""The conditions of a programme (DESIGN 4.9): each rule alone, and what they say together."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from vouchers.enums import RuleMode, RuleOutcome, SolutionStanding
from vouchers.reasons import EligibilityReason as Why
from vouchers.rules.eligibility import RULES, Conditions, Moment, judge, overall
from vouchers.rules.facts import Facts, QuoteFacts, SolutionFacts, SupplierFacts

TODAY = datetime.date(2026, 11, 23)

GOOD = Facts(
    on=TODAY,
    province="PV20",
    headcount=12,
    turnover=Decimal("900000.00"),
    balance_total=Decimal("300000.00"),
    founded_on=datetime.date(2015, 1, 1),
    sbi="4771",
    solutions=(SolutionFacts("Kassa", listed=True, preferred=True, on_roadmap=True),),
    quotes=(QuoteFacts("2026-14", datetime.date(2026, 11, 20), datetime.date(2027, 2, 1), unsigned=True),),
    suppliers=(SupplierFacts("Kassabouwer"),),
    nothing_ordered=True,
    own_contribution=True,
    not_insolvent=True,
)


def reasons_of(facts, conditions=None, moment=Moment.APPLY):
    outcomes = judge(facts, conditions or Conditions(), moment)
    return {outcome.code: outcome for outcome in outcomes if outcome.outcome != RuleOutcome.PASS}


def quote(**changes):
    return (replace(GOOD.quotes[0], **changes),)


def solution(**changes):
    return (replace(GOOD.solutions[0], **changes),)


def supplier(**changes):
    return (replace(GOOD.suppliers[0], **changes),)


def test_a_business_that_meets_everything_is_eligible():
    outcomes = judge(GOOD, Conditions(), Moment.APPLY)
    assert overall(outcomes) == RuleOutcome.PASS
    assert all(outcome.reasons == () for outcome in outcomes)


@pytest.mark.parametrize(
    ("changes", "code", "why", "outcome"),
    [
        ({"province": "PV27"}, "established", Why.PROVINCE, RuleOutcome.FAIL),
        ({"province": None}, "established", Why.PROVINCE_UNKNOWN, RuleOutcome.REVIEW),
        ({"headcount": 250}, "sme", Why.HEADCOUNT, RuleOutcome.FAIL),
        ({"headcount": None}, "sme", Why.HEADCOUNT_UNKNOWN, RuleOutcome.REVIEW),
        (
            {"turnover": Decimal("50000000.01"), "balance_total": Decimal("43000000.01")},
            "sme",
            Why.TURNOVER,
            RuleOutcome.FAIL,
        ),
        ({"sbi": "0113"}, "primary_sector", Why.PRIMARY_SECTOR, RuleOutcome.REVIEW),
        ({"sbi": "03.11"}, "primary_sector", Why.PRIMARY_SECTOR, RuleOutcome.REVIEW),
        ({"sbi": None}, "primary_sector", Why.SBI_UNKNOWN, RuleOutcome.REVIEW),
        ({"solutions": solution(preferred=False)}, "standing", Why.NOT_PREFERRED, RuleOutcome.FAIL),
        ({"solutions": solution(listed=False)}, "standing", Why.NOT_PREFERRED, RuleOutcome.FAIL),
        (
            {"solutions": solution(assurance=True, preferred=False, listed=False)},
            "standing",
            Why.NOT_LISTED,
            RuleOutcome.FAIL,
        ),
        ({"solutions": solution(on_roadmap=False)}, "roadmap", Why.NOT_ON_ROADMAP, RuleOutcome.REVIEW),
        ({"solutions": solution(on_roadmap=None)}, "roadmap", Why.NOT_ON_ROADMAP, RuleOutcome.REVIEW),
        (
            {"solutions": solution(trial_until=TODAY - datetime.timedelta(1), trial_limit=10, trial_left=4)},
            "trial",
            Why.TRIAL_OVER,
            RuleOutcome.FAIL,
        ),
        (
            {"solutions": solution(trial_until=TODAY, trial_limit=10, trial_left=0)},
            "trial",
            Why.TRIAL_FULL,
            RuleOutcome.FAIL,
        ),
        ({"nothing_ordered": False}, "nothing_ordered", Why.ALREADY_ORDERED, RuleOutcome.FAIL),
        ({"quotes": quote(dated=TODAY + datetime.timedelta(1))}, "quote", Why.QUOTE_FUTURE, RuleOutcome.FAIL),
        ({"quotes": quote(dated=None)}, "quote", Why.QUOTE_FUTURE, RuleOutcome.FAIL),
        ({"quotes": quote(valid_until=TODAY - datetime.timedelta(1))}, "quote", Why.QUOTE_EXPIRED, RuleOutcome.FAIL),
        ({"quotes": quote(unsigned=False)}, "quote", Why.QUOTE_SIGNED, RuleOutcome.FAIL),
        ({"suppliers": supplier(same_kvk=True)}, "independent", Why.SAME_BUSINESS, RuleOutcome.FAIL),
        ({"suppliers": supplier(same_iban=True)}, "independent", Why.SAME_IBAN, RuleOutcome.FAIL),
        ({"suppliers": supplier(same_person=True)}, "independent", Why.SAME_PERSON, RuleOutcome.FAIL),
        ({"suppliers": supplier(same_address=True)}, "near", Why.SAME_ADDRESS, RuleOutcome.REVIEW),
        ({"suppliers": supplier(same_mail_domain=True)}, "near", Why.SAME_MAIL_DOMAIN, RuleOutcome.REVIEW),
        ({"other_live": True}, "one_live", Why.OTHER_LIVE, RuleOutcome.FAIL),
        ({"own_contribution": False}, "own_contribution", Why.OWN_CONTRIBUTION, RuleOutcome.FAIL),
        ({"declared_de_minimis": Decimal("299500.01")}, "de_minimis", Why.DE_MINIMIS, RuleOutcome.FAIL),
        ({"awarded_de_minimis": Decimal("299500.01")}, "de_minimis", Why.DE_MINIMIS, RuleOutcome.FAIL),
        ({"not_insolvent": False}, "solvent", Why.INSOLVENT, RuleOutcome.FAIL),
    ],
)
def test_one_condition_that_is_not_met_is_named_alone_with_its_ground(changes, code, why, outcome):
    found = reasons_of(replace(GOOD, **changes))
    assert list(found) == [code]
    assert [reason.code for reason in found[code].reasons] == [why]
    assert found[code].outcome == outcome
    assert found[code].reasons[0].ground
    assert str(found[code].reasons[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"headcount": 249},
        {"turnover": Decimal("99000000.00")},
        {"balance_total": Decimal("99000000.00")},
        {"sbi": "1013"},
        {"sbi": "30.12"},
        {"declared_de_minimis": Decimal("299500.00")},
        {"quotes": quote(dated=TODAY, valid_until=TODAY)},
        {"solutions": solution(assurance=True, preferred=False)},
        {"solutions": solution(trial_until=TODAY, trial_limit=10, trial_left=1)},
        {"solutions": solution(on_roadmap=False, motivation_given=True)},
    ],
)
def test_just_inside_a_limit_is_inside(changes):
    assert reasons_of(replace(GOOD, **changes)) == {}


def test_all_reasons_are_told_at_once():
    found = reasons_of(replace(GOOD, province="PV27", headcount=900, nothing_ordered=False))
    assert set(found) == {"established", "sme", "nothing_ordered"}


def test_a_programme_may_let_a_listed_solution_suffice():
    facts = replace(GOOD, solutions=solution(preferred=False))
    assert reasons_of(facts, Conditions(standing=SolutionStanding.LISTED)) == {}


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [(RuleMode.RECORD, RuleOutcome.RECORD), (RuleMode.REVIEW, RuleOutcome.REVIEW), (RuleMode.FAIL, RuleOutcome.FAIL)],
)
def test_the_programme_decides_what_an_unmet_condition_means(mode, outcome):
    conditions = Conditions(modes={"established": mode.value})
    assert reasons_of(replace(GOOD, province="PV27"), conditions)["established"].outcome == outcome


def test_a_condition_that_is_off_is_not_asked():
    conditions = Conditions(modes={"established": "off"})
    codes = [outcome.code for outcome in judge(replace(GOOD, province="PV27"), conditions, Moment.APPLY)]
    assert "established" not in codes
    assert "trading_time" not in codes  # off unless a programme asks for it


@pytest.mark.parametrize(
    ("founded", "met"),
    [(datetime.date(2025, 11, 23), True), (datetime.date(2025, 11, 24), False), (None, False)],
)
def test_time_in_business_counts_in_whole_months_when_a_programme_asks_for_it(founded, met):
    conditions = Conditions(modes={"trading_time": "fail"})
    assert ("trading_time" not in reasons_of(replace(GOOD, founded_on=founded), conditions)) is met


def test_nobody_is_refused_for_a_blank_a_person_looks_at_it():
    found = reasons_of(replace(GOOD, headcount=None, province=None, sbi=None))
    assert {outcome.outcome for outcome in found.values()} == {RuleOutcome.REVIEW}
    assert overall(list(found.values())) == RuleOutcome.REVIEW


def test_the_price_has_to_hold_four_weeks_after_the_award_and_only_then_is_it_asked():
    facts = replace(GOOD, quotes=quote(valid_until=TODAY + datetime.timedelta(days=27)))
    assert "price_held" not in reasons_of(facts, moment=Moment.APPLY)
    assert reasons_of(facts, moment=Moment.AWARD)["price_held"].outcome == RuleOutcome.REVIEW
    held = replace(GOOD, quotes=quote(valid_until=TODAY + datetime.timedelta(days=28)))
    assert reasons_of(held, moment=Moment.AWARD) == {}


def test_a_quote_that_ran_out_after_it_was_sent_in_does_not_fail_the_award():
    facts = replace(GOOD, quotes=quote(valid_until=TODAY - datetime.timedelta(days=3)))
    assert "quote" not in reasons_of(facts, moment=Moment.AWARD)


def test_at_payout_only_insolvency_payee_related_parties_and_suspicion_are_asked_again():
    asked = {outcome.code for outcome in judge(GOOD, Conditions(), Moment.PAYOUT)}
    assert asked == {"independent", "solvent", "payee", "no_suspicion"}


def test_frozen_facts_and_conditions_come_back_the_same():
    conditions = Conditions(modes={"near": "fail"})
    facts = Facts.from_json(GOOD.as_json())
    again = Conditions.from_json(conditions.as_json())
    assert facts == GOOD
    on_trial = replace(GOOD, solutions=solution(trial_until=TODAY, trial_limit=10, trial_left=3))
    assert Facts.from_json(on_trial.as_json()) == on_trial
    assert judge(facts, again, Moment.AWARD) == judge(GOOD, conditions, Moment.AWARD)


def test_every_rule_has_a_name_a_ground_and_at_least_one_moment():
    assert len(RULES) == 18
    for code, rule in RULES.items():
        assert code == rule.code
        assert str(rule.name)
        assert rule.ground
        assert rule.moments
