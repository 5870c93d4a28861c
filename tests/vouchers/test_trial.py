"""A solution on trial gets few vouchers, and not for long (DESIGN 4.4): at the check, the award and a change of provider."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.enums import Role
from core import clock
from core.reasons import Refused
from providers.models import Solution
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.refusals import codes
from vouchers import services
from vouchers.enums import RuleOutcome, VoucherState
from vouchers.models import Voucher
from vouchers.reasons import ApplicationReason
from vouchers.reasons import EligibilityReason as Why
from vouchers.services.trial import vouchers_left

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("monday")]

UNTIL = dt.date(2026, 11, 30)


@pytest.fixture
def programme():
    return make.programme_with()


def on_trial(limit: int = 1, until: dt.date = UNTIL, **more):
    """A package of a solution on trial."""
    package = make.PackageFactory(**more)
    Solution.objects.filter(pk=package.solution_id).update(on_trial=True, trial_until=until, trial_vouchers=limit)
    return package


def left(package) -> int:
    return vouchers_left([Solution.objects.get(pk=package.solution_id)])[package.solution_id]


def said(application):
    """What the rule about trials kept: its outcome and the codes of its reasons."""
    check = application.checks.get(code="trial")
    return check.outcome, [why["code"] for why in check.reasons]


def test_the_last_voucher_of_a_trial_is_given_and_the_next_is_not(programme):
    package = on_trial(limit=2)
    first, second, third = (make.advised_application(programme, package=package) for _each in range(3))
    decider = official(Role.DECIDER)
    services.award(by=decider, application=first)
    assert left(package) == 1
    services.award(by=decider, application=second)
    assert left(package) == 0
    with pytest.raises(Refused) as refused:
        services.award(by=decider, application=third)
    assert codes(refused) == [ApplicationReason.NOT_ELIGIBLE]
    assert Voucher.objects.filter(solution=package.solution).count() == 2
    # Whoever comes now hears it when applying, before an assessor has spent time on it.
    late = make.submitted_application(programme, package=package)
    assert said(late) == (RuleOutcome.FAIL, [Why.TRIAL_FULL])


def test_the_words_name_the_solution_and_the_limit_in_both_languages(programme):
    package = on_trial(limit=0)
    application = make.filled_application(programme, package=package)
    [why] = next(outcome.reasons for outcome in services.pre_check(application) if outcome.code == "trial")
    name = package.solution.name
    with translation.override("en"):
        assert str(why) == f"“{name}” is on trial, with at most 0 vouchers. None of those is left."
    with translation.override("nl"):
        assert str(why) == f"‘{name}’ staat op proef, met hoogstens 0 vouchers. Daarvan is er geen meer over."


@pytest.mark.parametrize(
    ("day", "given"),
    [(UNTIL - dt.timedelta(1), True), (UNTIL, True), (UNTIL + dt.timedelta(1), False)],
    ids=["the day before", "the last day", "the day after"],
)
def test_a_voucher_is_given_through_the_last_day_of_the_trial(programme, day, given):
    application = make.advised_application(programme, package=on_trial(limit=5))
    with clock.fixed(dt.datetime.combine(day, dt.time(9), tzinfo=clock.AMSTERDAM)):
        if given:
            assert services.award(by=official(Role.DECIDER), application=application).amount == Decimal("8000.00")
            return
        with pytest.raises(Refused) as refused:
            services.award(by=official(Role.DECIDER), application=application)
    assert codes(refused) == [ApplicationReason.NOT_ELIGIBLE]
    assert not Voucher.objects.exists()


def test_the_day_ends_at_midnight_in_amsterdam(programme):
    package = on_trial(limit=5)
    for moment, outcome in [
        (dt.datetime(2026, 11, 30, 22, 59, tzinfo=dt.UTC), RuleOutcome.PASS),
        (dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC), RuleOutcome.FAIL),
    ]:
        with clock.fixed(moment):
            assert said(make.submitted_application(programme, package=package))[0] == outcome


def test_a_voucher_that_was_never_used_gives_its_place_back(programme):
    package = on_trial(limit=1)
    decision = make.awarded(programme, package=package)
    assert left(package) == 0
    voucher = decision.application.vouchers.get()
    services.cancel_voucher(by=decision.application.created_by, voucher=voucher)
    assert left(package) == 1
    make.awarded(programme, package=package)
    assert left(package) == 0


def test_without_a_trial_nothing_is_counted(programme, django_assert_num_queries):
    package = make.PackageFactory()
    with django_assert_num_queries(0):
        assert vouchers_left([package.solution]) == {}
    assert said(make.submitted_application(programme, package=package)) == (RuleOutcome.PASS, [])


def test_a_programme_may_leave_it_to_a_person(programme):
    services.new_rules(
        by=official(Role.MANAGER), programme=programme, valid_from=clock.today(), rule_modes={"trial": "review"}
    )
    application = make.submitted_application(programme, package=on_trial(limit=0))
    assert said(application) == (RuleOutcome.REVIEW, [Why.TRIAL_FULL])


@pytest.mark.parametrize(
    ("limit", "until", "why"), [(1, UNTIL, Why.TRIAL_FULL), (5, dt.date(2026, 11, 22), Why.TRIAL_OVER)]
)
def test_another_provider_on_trial_takes_over_only_within_its_limits(programme, limit, until, why):
    package = on_trial(limit=limit, price="9000.00")
    taken = make.awarded(programme, package=make.PackageFactory())
    if limit == 1:
        make.awarded(programme, package=package)
    Solution.objects.filter(pk=package.solution_id).update(trial_until=until)
    voucher = taken.application.vouchers.get()
    asked = {"by": official(Role.ASSESSOR), "voucher": voucher, "package": package, "why": "De aanbieder stopt."}
    with pytest.raises(Refused) as refused:
        services.replace_provider(**asked)
    assert codes(refused) == [why]
    Solution.objects.filter(pk=package.solution_id).update(trial_until=UNTIL, trial_vouchers=2)
    assert services.replace_provider(**asked).solution_id == package.solution_id
    assert left(package) == 2 - Voucher.objects.filter(solution=package.solution_id, state=VoucherState.ISSUED).count()


def test_awards_of_two_programmes_at_once_never_pass_the_limit(raced_by):
    told = raced_by("vouchers.race_trials", guarded=True)
    assert told["got"] == ["done"] * 3 + ["vouchers.not_eligible"] * 5
    assert told["vouchers"] == told["limit"] == 3
    assert told["differences"] == []


def test_with_the_count_of_before_the_same_race_passes_the_limit(raced_by):
    """The control: who believes what was counted earlier gives out too many, and the race must show it."""
    told = raced_by("vouchers.race_trials", guarded=False)
    assert told["vouchers"] > told["limit"]
