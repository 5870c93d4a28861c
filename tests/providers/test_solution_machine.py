"""The machine of a solution (DESIGN 3), what the database restates of it, and who may take which step."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core.actors import SystemActor
from core.state import transitions_of
from providers.enums import ProviderState, SolutionState
from providers.models import Solution
from tests.factories.accounts import member_of, official
from tests.factories.catalogue import SolutionFactory
from tests.factories.providers import ProviderFactory
from tests.machines import every_step, take_step

TABLE = {
    ("draft", "list", "listed"),
    ("listed", "prefer", "preferred"),
    ("preferred", "warn", "on_notice"),
    ("on_notice", "restore", "preferred"),
    ("preferred", "drop", "listed"),
    ("on_notice", "drop", "listed"),
    ("listed", "suspend", "suspended"),
    ("preferred", "suspend", "suspended"),
    ("on_notice", "suspend", "suspended"),
    ("suspended", "reinstate", "listed"),
    ("draft", "retire", "retired"),
    ("listed", "retire", "retired"),
    ("preferred", "retire", "retired"),
    ("on_notice", "retire", "retired"),
    ("suspended", "retire", "retired"),
}

TODAY = dt.date(2026, 11, 23)


def test_the_machine_is_the_table():
    assert transitions_of(Solution) == TABLE


@pytest.mark.parametrize(("source", "verb", "target"), every_step(Solution, TABLE))
def test_every_step_of_the_machine(source, verb, target):
    take_step(Solution, source, verb, target)


# --- what the public sees ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("state", SolutionState)
def test_only_listed_preferred_and_on_notice_are_visible(state):
    solution = in_state(state)
    seen = Solution.objects.visible(TODAY).filter(pk=solution.pk).exists()
    assert seen is (state in {SolutionState.LISTED, SolutionState.PREFERRED, SolutionState.ON_NOTICE})
    assert solution.is_visible(TODAY) is seen


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("provider", "solution", "seen"),
    [
        ({"admitted": True}, {}, True),
        ({"suspended": True}, {}, False),
        ({"admitted": True, "state": ProviderState.REMOVED, "removed_on": TODAY}, {}, False),
        ({"admitted": True, "valid_until": TODAY}, {}, True),
        ({"admitted": True, "valid_until": TODAY - dt.timedelta(days=1)}, {}, False),
        ({"admitted": True}, {"valid_until": TODAY}, True),
        ({"admitted": True}, {"valid_until": TODAY - dt.timedelta(days=1)}, False),
    ],
)
def test_a_provider_that_is_suspended_or_out_of_date_hides_its_solutions(provider, solution, seen):
    row = SolutionFactory(listed=True, provider=ProviderFactory(**provider), **solution)
    assert Solution.objects.visible(TODAY).filter(pk=row.pk).exists() is seen
    assert row.is_visible(TODAY) is seen
    assert row.state == SolutionState.LISTED  # hidden, not changed


# --- what the database restates ----------------------------------------------------------------------------------------


def in_state(state: str) -> Solution:
    match state:
        case SolutionState.DRAFT:
            return SolutionFactory()
        case SolutionState.PREFERRED:
            return SolutionFactory(preferred=True)
        case SolutionState.ON_NOTICE:
            more = {"notice_on": TODAY, "notice_until": TODAY + dt.timedelta(days=30)}
            return SolutionFactory(preferred=True, state=state, **more)
        case SolutionState.SUSPENDED:
            return SolutionFactory(listed=True, state=state, suspended_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
        case SolutionState.RETIRED:
            return SolutionFactory(listed=True, state=state, retired_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
        case _:
            return SolutionFactory(listed=True)


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "broken"),
    [
        (SolutionState.DRAFT, {"listed_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC)}),
        (SolutionState.LISTED, {"listed_at": None}),
        (SolutionState.LISTED, {"valid_until": None}),
        (SolutionState.LISTED, {"first_year_price": None}),
        (SolutionState.LISTED, {"preferred_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC)}),
        (SolutionState.PREFERRED, {"preferred_at": None}),
        (SolutionState.PREFERRED, {"notice_until": TODAY}),
        (SolutionState.ON_NOTICE, {"notice_until": None}),
        (SolutionState.ON_NOTICE, {"notice_until": TODAY}),
        (SolutionState.SUSPENDED, {"suspended_at": None}),
        (SolutionState.LISTED, {"suspended_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC)}),
        (SolutionState.RETIRED, {"retired_at": None}),
        (SolutionState.LISTED, {"on_trial": True}),
        (SolutionState.LISTED, {"trial_vouchers": 10}),
        (SolutionState.LISTED, {"min_level": 3, "max_level": 2}),
        (SolutionState.LISTED, {"state": "approved"}),
        (SolutionState.LISTED, {"state": "preferred"}),
    ],
)
def test_the_database_refuses_what_the_machine_never_makes(state, broken):
    solution = in_state(state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Solution.objects.filter(pk=solution.pk).update(**broken)


# --- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("list", {"decider"}),
        ("prefer", {"decider", "machine"}),
        ("warn", {"decider", "machine"}),
        ("restore", {"decider", "machine"}),
        ("drop", {"decider", "machine"}),
        ("suspend", {"decider"}),
        ("reinstate", {"decider"}),
        ("retire", {"member"}),
        ("update", {"member"}),
        ("price", {"member"}),
        ("invite", {"member"}),
        ("judge", {"decider", "machine"}),
        ("raise", {"assessor", "machine"}),
        ("resolve", {"decider"}),
        ("unheard of", set()),
    ],
)
def test_who_may_do_what(verb, who):
    solution = SolutionFactory(listed=True)
    actors = {
        "member": member_of(solution.provider.organisation),
        "stranger": member_of(ProviderFactory().organisation),
        "assessor": official(Role.ASSESSOR),
        "decider": official(Role.DECIDER),
        "auditor": official(Role.AUDITOR),
        "manager": official(Role.MANAGER),
        "machine": SystemActor("standing"),
    }
    assert {name for name, actor in actors.items() if solution.may(verb, actor)} == who


@pytest.mark.django_db
def test_a_decider_who_belongs_to_the_provider_may_not_decide():
    solution = SolutionFactory(listed=True)
    decider = official(Role.DECIDER)
    from tests.factories.accounts import MembershipFactory

    MembershipFactory(person=decider, organisation=solution.provider.organisation)
    assert not solution.may("suspend", decider)


@pytest.mark.django_db
def test_a_member_sees_only_solutions_of_the_own_provider():
    mine, other = SolutionFactory(), SolutionFactory(listed=True)
    member = member_of(mine.provider.organisation)
    assert set(Solution.objects.visible_to(member)) == {mine}
    assert set(Solution.objects.visible_to(official(Role.ASSESSOR))) == {mine, other}
