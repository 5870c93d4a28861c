"""Small or medium-sized (2003/361/EC): what is not known is never silently met (DESIGN 4.9)."""

import datetime as dt
from decimal import Decimal

import pytest

from vouchers.enums import RuleOutcome
from vouchers.forms.application import BusinessFactsForm
from vouchers.reasons import EligibilityReason as Why
from vouchers.rules.eligibility import Conditions, Moment, judge
from vouchers.rules.facts import Facts

D = Decimal
LARGE, SMALL = D("60000000.00"), D("900000.00")


def sme(**changes) -> tuple[RuleOutcome, list[str]]:
    """What the rule says of a business in the north with 10 people and these figures."""
    facts = Facts(on=dt.date(2026, 11, 23), province="PV20", **{"headcount": 10, **changes})
    [outcome] = [each for each in judge(facts, Conditions(), Moment.APPLY) if each.code == "sme"]
    return outcome.outcome, [why.code for why in outcome.reasons]


@pytest.mark.parametrize(
    ("turnover", "balance", "expected"),
    [
        (LARGE, LARGE, (RuleOutcome.FAIL, [Why.TURNOVER])),
        (LARGE, None, (RuleOutcome.REVIEW, [Why.BALANCE_UNKNOWN])),
        (None, LARGE, (RuleOutcome.REVIEW, [Why.TURNOVER_UNKNOWN])),
        (LARGE, SMALL, (RuleOutcome.PASS, [])),
        (SMALL, LARGE, (RuleOutcome.PASS, [])),
        (SMALL, None, (RuleOutcome.PASS, [])),
        (None, None, (RuleOutcome.PASS, [])),
    ],
)
def test_large_on_one_figure_and_unknown_on_the_other_is_looked_at(turnover, balance, expected):
    assert sme(turnover=turnover, balance_total=balance) == expected


@pytest.mark.django_db
def test_the_page_about_the_business_asks_for_both_figures():
    from tests.factories.vouchers import filled_application

    form = BusinessFactsForm(application=filled_application())
    assert {"turnover", "balance_total"} <= set(form.fields)
