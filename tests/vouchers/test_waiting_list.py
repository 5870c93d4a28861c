"""The waiting list: per budget in order of rank, nobody passed, nothing given out after closing (DESIGN 4.10)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from core import clock
from core.actors import SystemActor
from core.money import ZERO
from core.reasons import Refused
from tests.factories import vouchers as make
from tests.factories.accounts import MunicipalityFactory, ProvinceFactory, official
from vouchers import services
from vouchers.enums import Advice, ApplicationState
from vouchers.models import Application, Programme
from vouchers.reasons import ApplicationReason, RefusalGround
from vouchers.rules.waiting import Waiting, served
from vouchers.services.submission import advance_waiting_list, advance_waiting_lists

D = Decimal
BY = SystemActor("test")
MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _monday():
    with clock.fixed(MONDAY):
        yield


def later(days: int):
    return clock.fixed(MONDAY + dt.timedelta(days=days))


def stands(application: Application) -> tuple[str, Decimal]:
    """Where it stands and what is set aside for it, as the database has it."""
    return Application.objects.values_list("state", "held").get(pk=application.pk)


WAITS = (ApplicationState.WAITING_LIST, ZERO)
SUBMITTED, WAITING = ApplicationState.SUBMITTED, ApplicationState.WAITING_LIST


def drenthe() -> dict:
    """A business in Drenthe and its member."""
    province = ProvinceFactory(code="PV22", name="Drenthe")
    town = MunicipalityFactory(code="GM0106", name="Assen", province=province)
    organisation, by = make.business(municipality=town)
    return {"organisation": organisation, "by": by}


@pytest.fixture
def divided() -> Programme:
    """A fund of 100,000 euros with 5,000 for Groningen and 50,000 for Drenthe."""
    programme = make.programme_with("100000.00")
    ProvinceFactory(code="PV20", name="Groningen")
    ProvinceFactory(code="PV22", name="Drenthe")
    services.set_ceiling(by=BY, programme=programme, ceiling=D("5000.00"), province="PV20")
    services.set_ceiling(by=BY, programme=programme, ceiling=D("50000.00"), province="PV22")
    return programme


def test_a_full_province_does_not_hold_up_another(divided):
    south = make.submitted_application(divided)
    assert stands(south) == WAITS
    north = make.submitted_application(divided, **drenthe())
    assert stands(north) == (SUBMITTED, D("8000.00"))
    smaller = make.submitted_application(divided, net="2000.00")
    assert stands(smaller) == WAITS  # it would fit, but its budget is short for who came first
    assert services.differences() == []


def test_money_that_comes_free_goes_on_past_who_counts_on_a_short_budget(divided):
    services.set_ceiling(by=BY, programme=divided, ceiling=ZERO, province="PV22")
    south, north = make.submitted_application(divided), make.submitted_application(divided, **drenthe())
    assert (stands(south), stands(north)) == (WAITS, WAITS)
    services.set_ceiling(by=BY, programme=divided, ceiling=D("8000.00"), province="PV22")
    assert advance_waiting_list(programme=divided) == 1
    assert (stands(south), stands(north)) == (WAITS, (WAITING, D("8000.00")))
    assert services.differences() == []


def test_who_has_money_by_now_does_not_hold_up_newcomers():
    programme = make.programme_with("8000.00")
    make.submitted_application(programme)
    waiting = make.submitted_application(programme)
    services.set_ceiling(by=BY, programme=programme, ceiling=D("100000.00"))
    assert advance_waiting_list(programme=programme) == 1
    assert stands(waiting) == (WAITING, D("8000.00"))
    assert stands(make.submitted_application(programme)) == (SUBMITTED, D("8000.00"))


def test_a_newcomer_leaves_what_fits_who_waits():
    programme = make.programme_with("8000.00")
    make.submitted_application(programme)
    waiting = make.submitted_application(programme)
    services.set_ceiling(
        by=BY, programme=programme, ceiling=D("20000.00")
    )  # 12,000 are free, and nobody ran the list yet
    assert stands(make.submitted_application(programme)) == WAITS
    small = make.submitted_application(programme, net="2000.00")
    assert stands(small) == WAITS
    assert advance_waiting_list(programme=programme) == 1
    assert stands(waiting) == (WAITING, D("8000.00"))


# --- closing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def closing() -> Programme:
    """A fund for one voucher that closes at the end of November."""
    return make.programme_with("8000.00", closes_on=dt.date(2026, 11, 30))


def test_after_closing_no_door_gives_anything_out(closing):
    first, waiting = make.submitted_application(closing), make.submitted_application(closing)
    with later(14):
        services.withdraw(by=first.created_by, application=first)
        assert stands(waiting) == WAITS
        assert advance_waiting_list(programme=closing) == 0
        assert advance_waiting_lists() == {closing.code: 0}


def test_an_award_after_closing_passes_nothing_on(closing):
    assessor = official(Role.ASSESSOR)
    case = make.reviewed_application(closing, assessor=assessor)
    waiting = make.submitted_application(closing, net="5000.00")
    services.correct_line(by=assessor, line=case.lines.get(), assessed=D("5000.00"), note="De helft is hardware.")
    services.advise(by=assessor, application=case, advice="award", text="")
    with later(14):
        assert services.award(by=official(Role.DECIDER), application=case).amount == D("4000.00")
    assert stands(waiting) == WAITS


def test_on_its_last_day_a_programme_still_passes_on(closing):
    first, waiting = make.submitted_application(closing), make.submitted_application(closing)
    with later(7):
        services.withdraw(by=first.created_by, application=first)
    assert stands(waiting) == (WAITING, D("8000.00"))


# --- the ceiling as a ground -----------------------------------------------------------------------------------------


def refuse(case: Application, *grounds: RefusalGround):
    return services.refuse(by=official(Role.DECIDER), application=case, grounds=grounds or [RefusalGround.CEILING])


def not_refused(case: Application) -> list[str]:
    with pytest.raises(Refused) as refused:
        refuse(case)
    return [why.code for why in refused.value.reasons]


def without_money(programme: Programme) -> Application:
    """An advised application for which nothing is set aside, because an objection opened it again."""
    assessor = official(Role.ASSESSOR)
    case = make.advised_application(programme, advice=Advice.REFUSE, assessor=assessor)
    decision = refuse(case, RefusalGround.NOT_ELIGIBLE)
    objection = services.file_objection(by=case.created_by, decision=decision, text="Oneens.")
    services.uphold(by=official(Role.DECIDER), objection=objection, answer="U heeft gelijk.")
    return services.advise(by=assessor, application=case, advice=Advice.AWARD, text="In orde.")


def test_the_ceiling_is_no_ground_while_it_fits(closing):
    case = make.advised_application(closing)
    assert not_refused(case) == [ApplicationReason.CEILING_NO_GROUND]
    with later(14):
        assert not_refused(case) == [ApplicationReason.CEILING_NO_GROUND]


def test_the_ceiling_is_a_ground_after_closing_when_it_does_not_fit(closing):
    case = without_money(closing)
    make.submitted_application(closing)  # takes the whole fund
    assert not_refused(case) == [ApplicationReason.CEILING_NO_GROUND]  # open: it waits
    with later(14):
        decision = refuse(case)
    assert (decision.legal_ground, decision.remaining_ceiling) == ("Awb 4:25", ZERO)


# --- the rule alone --------------------------------------------------------------------------------------------------

BUDGETS = st.sampled_from([frozenset({0}), frozenset({0, 1}), frozenset({0, 2})])
AMOUNTS = st.integers(1, 40).map(D)
LISTS = st.lists(st.builds(Waiting, key=st.just(0), amount=AMOUNTS, budgets=BUDGETS), max_size=12)
LEFT = st.fixed_dictionaries({number: st.integers(0, 60).map(D) for number in range(3)})


@given(LISTS, LEFT)
def test_no_budget_is_overspent_and_nobody_is_passed_on_a_budget_that_was_short(waiting, left):
    waiting = [Waiting(number, each.amount, each.budgets) for number, each in enumerate(waiting)]
    given_out = served(waiting, left)
    spent = {
        budget: sum((given_out.get(each.key, ZERO) for each in waiting if budget in each.budgets), ZERO)
        for budget in left
    }
    assert all(spent[budget] <= left[budget] for budget in left)
    free = dict(left)
    short: set[int] = set()
    for each in waiting:
        if each.key in given_out:
            assert not each.budgets & short
            assert given_out[each.key] == each.amount
            free = {budget: free[budget] - (each.amount if budget in each.budgets else 0) for budget in free}
        elif not each.budgets & short:
            short |= {budget for budget in each.budgets if free[budget] < each.amount}
            assert short & each.budgets, "who was not served lacked room"


def test_the_remainder_goes_to_the_first_that_takes_it():
    left = {0: D(10)}
    part = Waiting(1, D(12), frozenset({0}), least=D(5))
    assert served([part, Waiting(2, D(1), frozenset({0}))], left) == {1: D(10)}
    assert served([Waiting(1, D(12), frozenset({0}), least=D(11))], left) == {}
