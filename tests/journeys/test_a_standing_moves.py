"""What people who work with a solution answer moves it on and off the preferred list, and everybody can read it (DESIGN 4.6).

Reference customers, vouchers, claims and answers through the services, the monthly run through its command, and then the
pages as a visitor opens them.
"""

import datetime as dt
import re
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core import clock
from providers import services as providers
from providers.enums import SolutionState
from providers.models import Category, Solution, StandingRun, VettingDecision
from providers.services.standing import STANDING, replay
from tests.factories.accounts import member_of
from tests.factories.catalogue import BackupFactory, customer
from tests.factories.claims import case, paid_claim
from tests.factories.vouchers import PackageFactory, SolutionFactory, programme_with
from tests.journeys.letters import Letters
from vouchers import services as vouchers

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ON_THE_LIST, WARNED, CHECKED = "Op de voorkeurslijst", "waarschuwing", "Getoetst"


def on(month: int, day: int, hour: int = 10):
    return clock.fixed(dt.datetime(2026, month, day, hour, tzinfo=clock.AMSTERDAM))


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    return Letters(django_capture_on_commit_callbacks)


def listed(name: str, letters: Letters, number: int, *, category: Category | None = None, **answers) -> Solution:
    """A solution in the catalogue, for which so many reference customers answered alike."""
    kind = {"category": category} if category else {}
    solution = SolutionFactory(state=SolutionState.LISTED, preferred_at=None, name=name, **kind)
    PackageFactory(solution=solution)
    by = member_of(solution.provider.organisation)
    links = letters.links(
        lambda: [providers.invite_reference(by=by, solution=solution, **customer()) for _n in range(number)]
    )
    assert len(links) == number
    for link in links:
        providers.answer_feedback(token=link, answers=answers)
    solution.refresh_from_db()
    return solution


def paid_for(solution: Solution, number: int) -> None:
    """So many businesses get a voucher for it, use it from today on, and are paid."""
    programme, package = programme_with(), solution.packages.get()
    for each in range(number):
        paid_claim(case(programme=programme, package=package), number=f"F-{each}")


def asked_and_answering(letters: Letters, **answers) -> int:
    """The sweep of today asks the end users; each answers alike. How many there were."""
    links = letters.links(vouchers.send_feedback_invitations)
    for link in links:
        providers.answer_feedback(token=link, answers=answers)
    return len(links)


def monthly_run() -> None:
    call_command("recompute_standing", stdout=StringIO())


def reads(solution: Solution) -> str:
    """The badges of the solution as the catalogue, its own page and the page of its provider show them; they agree."""
    visitor, path = Client(), reverse("providers:solution", args=[solution.slug])
    lists = [reverse("providers:catalogue"), reverse("providers:provider_public", args=[solution.provider.slug])]
    pages = [visitor.get(page).content.decode() for page in lists]
    found = [card for page in pages for card in re.findall(r"<article.*?</article>", page, re.DOTALL) if path in card]
    assert len(found) == 2
    own = visitor.get(path).content.decode()
    badges = {re.search(r"trede-badge[^>]*>(?:<[^>]*>|\s)*([^<]+?)\s*<", part).group(1) for part in [*found, own]}
    [badge] = badges
    filtered = visitor.get(reverse("providers:catalogue"), {"preferred": "true"}).content.decode()
    solution.refresh_from_db()
    assert (path in filtered) == solution.is_preferred
    return badge


TIME = {"times_per_week": Decimal(20), "minutes_before": Decimal(30)}


@pytest.fixture
def warned(letters):
    """Five customers gained 20 %; three businesses with a voucher lose as much: mean 5 %, held at two monthly runs."""
    with on(2, 2):
        solution = listed("Kassa Vlug", letters, 5, **TIME, minutes_after=Decimal(25), satisfaction=4)
        monthly_run()
        assert reads(solution) == ON_THE_LIST
        paid_for(solution, 3)
    with on(3, 3):
        assert asked_and_answering(letters) == 0, "thirty days of use are not over yet"
    with on(3, 4):
        assert asked_and_answering(letters, minutes_after=Decimal("37.50"), satisfaction=2) == 3
        solution.refresh_from_db()
        assert solution.standing.outcome["mean"] == "1/20"
        assert reads(solution) == ON_THE_LIST, "one bad moment costs nobody its place"
    with on(4, 5):
        monthly_run()
        assert solution.standing_runs.first().move == "warn"
        assert WARNED in reads(solution)
        page = Client().get(reverse("providers:solution", args=[solution.slug])).content.decode()
        assert "5 mei 2026" in page, "and everybody can read when the place is lost"
    return solution


def test_low_answers_of_voucher_users_cost_the_place_after_two_runs_and_a_notice(warned):
    with on(5, 4):
        monthly_run()
        assert WARNED in reads(warned)
    with on(5, 5):
        monthly_run()
        assert reads(warned) == CHECKED
    assert warned.state == SolutionState.LISTED
    assert VettingDecision.objects.get(solution=warned).kind == "drop"
    assert all(replay(run) for run in StandingRun.objects.all())


def test_better_answers_of_the_same_users_three_months_later_keep_the_place(warned, letters):
    with on(5, 3):
        assert asked_and_answering(letters, minutes_after=Decimal(20), satisfaction=5) == 3
        assert reads(warned) == ON_THE_LIST
    assert warned.standing_runs.filter(move="restore").count() == 1
    assert (
        warned.standing.outcome["mean"] == "5/16"
    )  # five at 20 %, three at 50 %: the latest answer of a person counts
    with on(5, 5):
        monthly_run()
        assert reads(warned) == ON_THE_LIST


def test_the_answer_of_a_voucher_user_brings_a_listed_solution_onto_the_list(letters):
    """For what protects a business, listed is enough for a voucher: four customers are content, and one more is needed."""
    content = {"satisfaction": 5, "test_passed": True}
    with on(2, 2):
        backup = listed("Kluis Zeker", letters, 4, category=BackupFactory(), **content)
        providers.recompute_standing(by=STANDING, solution=backup)
        assert reads(backup) == CHECKED
        paid_for(backup, 1)
    with on(3, 4):
        assert asked_and_answering(letters, **content) == 1
        assert reads(backup) == ON_THE_LIST
    assert backup.standing.move == "prefer"
    assert backup.standing.outcome["smes"] == 5
