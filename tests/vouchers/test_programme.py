"""Programmes and their numbers through time, what they would pay, and the reference programme."""

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from core.reasons import Refused
from core.workflow import NotAuthorised
from roadmap.reference import Reader, ReferenceFault
from tests.factories import vouchers as make
from tests.factories.accounts import official
from vouchers import services
from vouchers.models import Budget, Programme, RuleSet
from vouchers.reasons import AmountReason, BudgetReason
from vouchers.reference import load, load_programme

FILE = "programmes.csv"

pytestmark = pytest.mark.django_db


def test_loading_the_reference_programme_twice_changes_nothing():
    first = load_programme()
    before = (Programme.objects.count(), RuleSet.objects.count(), Budget.objects.get().ceiling)
    assert load_programme() == first
    assert (Programme.objects.count(), RuleSet.objects.count(), Budget.objects.get().ceiling) == before
    assert before == (1, 1, Decimal("2000000.00"))
    assert first.code == "digitale-trede"
    assert first.is_open(clock.today())


def test_the_defaults_are_those_of_the_design():
    rules = load_programme().rule_sets.get()
    assert (rules.rate, rules.cap, rules.minimum, rules.window_months) == (
        Decimal("80.00"),
        Decimal("18000.00"),
        Decimal("500.00"),
        12,
    )
    weeks = (rules.decide_weeks, rules.decide_target_weeks, rules.complete_weeks, rules.order_weeks, rules.claim_weeks)
    assert weeks == (8, 4, 2, 8, 8)
    assert (rules.deliver_months, rules.extension_months) == (6, 3)
    assert (rules.determine_weeks, rules.determine_max_weeks, rules.pay_weeks, rules.objection_weeks) == (6, 13, 6, 6)
    assert (rules.full_regime_from, rules.sample_percent, rules.keep_years) == (
        Decimal("25000.00"),
        Decimal("10.00"),
        10,
    )


def test_the_ceiling_belongs_to_the_manager_after_the_first_load():
    programme = load_programme()
    services.set_ceiling(by=official(Role.MANAGER), programme=programme, ceiling=Decimal("3000000.00"))
    load_programme()
    assert Budget.objects.get().ceiling == Decimal("3000000.00")


def test_a_fund_that_is_divided_by_lot_is_not_set_up_yet():
    with pytest.raises(Refused) as refused:
        load_programme({"distribution": "day_lottery"})
    assert refused.value.reasons[0].code == BudgetReason.LOTTERY_NOT_YET
    assert not Programme.objects.exists()


def test_how_an_open_fund_is_divided_cannot_change():
    load_programme()
    with pytest.raises(Refused) as refused:
        load_programme({"distribution": "day_lottery"})
    assert refused.value.reasons[0].code == BudgetReason.DISTRIBUTION_FROZEN
    assert Programme.objects.get().distribution == "counter"


@pytest.mark.parametrize(
    "row",
    [{"closes_on": dt.date(2025, 1, 1)}, {"rules": {"rate": Decimal("100.01")}}, {"rules": {"cap": Decimal("1.00")}}],
)
def test_a_wrong_programme_is_not_half_loaded(row):
    with pytest.raises((ValidationError, IntegrityError)):
        load_programme(row)
    assert Programme.objects.count() == RuleSet.objects.count() == 0


def test_the_file_of_programmes_is_loaded_and_a_second_time_changes_nothing():
    reader = Reader(settings.BASE_DIR / "fixtures" / "reference")
    (first,) = load(reader)
    (second,) = load(reader)
    assert (first.created, first.quiet) == (1, False)
    assert (second.unchanged, second.quiet) == (1, True)
    programme = Programme.objects.get()
    assert (programme.code, programme.distribution) == ("digitale-trede", "counter")
    assert Budget.objects.get().ceiling == Decimal("2000000.00")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("2026-01-01", "1 januari"),
        ("counter", "lucky"),
        ("2000000.00", "-1"),
        ("2000000.00", "NaN"),
        ("80.00", "101"),
        ("18000.00", "100.00"),
        ("500.00", "500.001"),
        ("Digitale Trede", ""),
        ("digitale-trede", "digitale trede!"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_loaded(tmp_path, right, wrong):
    text = (settings.BASE_DIR / "fixtures" / "reference" / FILE).read_text(encoding="utf-8")
    head, _newline, row = text.partition("\n")
    (tmp_path / FILE).write_text(f"{head}\n{row.replace(right, wrong, 1)}", encoding="utf-8")
    with pytest.raises(ReferenceFault, match=r"programmes\.csv, row 2"):
        load(Reader(tmp_path))
    assert Programme.objects.count() == 0


@pytest.mark.parametrize(
    ("cost", "award", "own"),
    [
        ("10000.00", "8000.00", "2000.00"),
        ("22500.00", "18000.00", "4500.00"),
        ("22499.99", "17999.99", "4500.00"),
        ("30000.00", "18000.00", "12000.00"),
    ],
)
def test_the_estimate_says_what_a_voucher_would_pay(cost, award, own):
    estimate = services.estimate(load_programme(), Decimal(cost))
    assert (estimate.award, estimate.own_contribution) == (Decimal(award), Decimal(own))
    assert estimate.reasons == ()


def test_the_estimate_below_the_minimum_is_nothing_with_the_reason():
    estimate = services.estimate(load_programme(), Decimal("624.99"))
    assert estimate.award == Decimal("0.00")
    assert [why.code for why in estimate.reasons] == [AmountReason.BELOW_MINIMUM]


def test_the_rules_of_a_day_are_the_last_that_were_valid():
    programme = make.programme_with()
    services.new_rules(
        by=official(Role.MANAGER), programme=programme, valid_from=dt.date(2027, 1, 1), rate=Decimal("60.00")
    )
    assert programme.rules_on(dt.date(2026, 12, 31)).rate == Decimal("80.00")
    newer = programme.rules_on(dt.date(2027, 1, 1))
    assert (newer.version, newer.rate, newer.cap) == (2, Decimal("60.00"), Decimal("18000.00"))
    with pytest.raises(RuleSet.DoesNotExist):
        programme.rules_on(dt.date(2025, 12, 31))


@pytest.mark.database
def test_a_version_of_the_rules_is_never_rewritten():
    rules = make.programme_with().rule_sets.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleSet.objects.filter(pk=rules.pk).update(rate=Decimal("90.00"))
    assert RuleSet.objects.get(pk=rules.pk).rate == Decimal("80.00")


def test_only_a_manager_or_the_set_up_makes_programmes_and_rules():
    programme = make.programme_with()
    for person in (official(Role.DECIDER), make.business()[1]):
        with pytest.raises(NotAuthorised):
            services.new_rules(by=person, programme=programme, valid_from=dt.date(2027, 1, 1))
        with pytest.raises(NotAuthorised):
            services.set_up_programme(by=person, code="x")
    assert RuleSet.objects.count() == 1


@pytest.mark.parametrize("prefix", ["DT", ""])
def test_no_two_programmes_number_their_applications_alike(prefix):
    make.programme_with()
    with pytest.raises(ValidationError) as refused:
        make.programme_with(code="tweede", prefix=prefix)
    assert set(refused.value.message_dict) == {"prefix"}
    assert Programme.objects.count() == 1


def test_a_programme_is_open_on_its_first_and_last_day():
    programme = make.programme_with(closes_on=dt.date(2026, 12, 31))
    days = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1)]
    assert [programme.is_open(day) for day in days] == [False, True, True, False]
    assert [programme in Programme.objects.open(day) for day in days] == [False, True, True, False]


def test_the_term_ends_on_a_workday_and_february_has_29_days_when_it_has():
    from vouchers.rules import terms

    assert terms.decide_by(dt.date(2026, 11, 6), 8) == dt.date(2027, 1, 4)
    assert terms.window_start(dt.date(2028, 2, 29), 12) == dt.date(2027, 3, 1)
    assert terms.in_window(dt.date(2027, 3, 1), dt.date(2028, 2, 29), 12)
    assert not terms.in_window(dt.date(2027, 2, 28), dt.date(2028, 2, 29), 12)
    assert terms.deliver_by(dt.date(2026, 8, 31), 6) == dt.date(2027, 3, 1), "28 February 2027 is a Sunday"
    assert SystemActor("x").holds() is False
