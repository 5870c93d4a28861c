"""Solutions of the demo: made, tried by reference customers, vetted, listed, and judged by the published rule."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import Sector
from core import clock
from core.money import round_cents
from core.terms import add_months
from core.tokens import hash_token, new_token
from marketplace.demo.accounts import address
from marketplace.demo.days import Days
from marketplace.demo.made_up import person_name, reference_customer
from marketplace.demo.people import Cast
from marketplace.demo.providers import Providers, turn
from marketplace.demo.rows import codes, rows
from providers import services
from providers.enums import Benefit, ConcernKind, DossierKind, MeasureGround
from providers.models import Category, FeedbackInvitation, Solution
from providers.services.standing import STANDING

LARGER = Decimal("1.6")
"""How much dearer the larger package is."""

GAINS: dict[str, list[int]] = {
    "preferred": [22, 18, 26, 31, 17],
    "listed": [9, 14, 6, 21, 11],
    "turned": [17, 19, 16, 20, 18],
    "thin": [24, 19, 28, 16],
    "none": [20, 12, 25],
    "assured": [0, 0, 0, 0, 0],
}
"""What the reference customers of a story gained, in percent; each answer of `assured` is about satisfaction alone."""

LIKE_PREFERRED = frozenset({"complaint", "suspended", "retired"})
"""Stories that begin as those of a preferred solution, before something happens."""

DISAPPOINTED = [-12, -6, -9]
"""What customers gained who were asked later, and pull the mean of a solution below what keeps it on the list."""

ON_THE_WAY = {"draft": 8, "submitted": 6, "in_review": 9, "rejected": 60}
"""Stories that end before the listing, by how many days ago their dossier was started."""


class Solutions:
    """Makes the solutions and knows them by `provider:CATEGORY`."""

    def __init__(self, cast: Cast, days: Days, providers: Providers):
        self.cast, self.days, self.providers = cast, days, providers
        self.by_code: dict[str, Solution] = {}
        self.asked = 0

    def make(self) -> None:
        for number, row in enumerate(rows("solutions")):
            self._make(number, row)

    def later(self) -> None:
        """What happened to some of them after they were listed, and the monthly run of yesterday over all."""
        for row in rows("solutions"):
            solution = Solution.objects.get(pk=self.by_code[f"{row['provider']}:{row['category']}"].pk)
            match row["story"]:
                case "notice":
                    self._disappoint(solution, 50)
                    self._judge(solution, 15)
                case "dropped":
                    self._disappoint(solution, 90)
                    self._judge(solution, 55)
                    self._judge(solution, 20)
                case "complaint":
                    self._complain(solution)
                case "suspended":
                    self._suspend(solution)
                case "retired":
                    with self.days.at(25, 10):
                        services.retire_solution(by=self.providers.members[row["provider"]], solution=solution)
        for solution in Solution.objects.visible(on=self.days.ago(1)).order_by("pk"):
            self._judge(solution, 1)

    def _suspend(self, solution: Solution) -> None:
        with self.days.at(50, 10):
            text = "De helpdesk is al weken niet bereikbaar. Wij willen weten wat u eraan doet."
            services.announce_suspension(by=self.cast["assessor"], solution=solution, text=text)
        with self.days.at(30, 10):
            text = "U heeft niet gereageerd. Zodra de helpdesk weer bereikbaar is, tonen wij uw oplossing weer."
            grounds = [MeasureGround.COMPLAINT]
            services.suspend_solution(by=self.cast["decider"], solution=solution, grounds=grounds, text=text)

    def _make(self, number: int, row: dict[str, str]) -> None:
        member, provider = self.providers.members[row["provider"]], self.providers.by_code[row["provider"]]
        story = row["story"]
        listed_by = ON_THE_WAY.get(story, 235 - number)
        with self.days.at(listed_by + 30, 10):
            solution = self._create(member, provider, row)
        self.by_code[f"{row['provider']}:{row['category']}"] = solution
        if story == "draft":
            return
        self._references(member, solution, story, listed_by + 28)
        until = story if story in ON_THE_WAY else "approved"
        self.providers.vetting.run(
            listed_by,
            until,
            member=member,
            number=number,
            provider=provider,
            solution=solution,
            kind=DossierKind.LISTING,
            assessor=turn("assessor", number),
            decider=turn("decider", number + 1),
        )
        if until == "approved":
            self._judge(solution, listed_by - 12, hour=16)

    def _create(self, member: Any, provider: Any, row: dict[str, str]) -> Solution:
        solution = services.create_solution(
            by=member,
            provider=provider,
            category=Category.objects.get(pk=row["category"]),
            name=row["name"],
            summary=row["summary"],
            description=(
                f"{row['summary']}\n\nU krijgt de inrichting, een training voor uw mensen en hulp in het Nederlands. "
                "Uw gegevens blijven van u: opzeggen kan elke maand na het eerste jaar, met een export in een open formaat."
            ),
            min_level=int(row["min_level"]),
            max_level=int(row["max_level"]),
            sectors=Sector.objects.filter(pk__in=codes(row["sectors"])),
        )
        one_off, monthly = Decimal(row["one_off"]), Decimal(row["monthly"])
        services.add_package(
            by=member,
            solution=solution,
            name="Basis",
            included="Inrichting, één training en een jaar hulp per mail en telefoon.",
            one_off=one_off,
            monthly=monthly,
            position=1,
            max_quantity=1,
        )
        services.add_package(
            by=member,
            solution=solution,
            name="Compleet",
            included="Alles van Basis, plus overzetten van uw oude gegevens, twee trainingen en hulp op locatie.",
            one_off=round_cents(one_off * LARGER),
            monthly=round_cents(monthly * LARGER),
            position=2,
            max_quantity=2,
        )
        return solution

    # --- what customers say ----------------------------------------------------------------------------------------------

    def _references(self, member: Any, solution: Solution, story: str, asked: int) -> None:
        """Asks the reference customers on one day and has them answer over the days after it; one of six does not."""
        kind = "preferred" if story in LIKE_PREFERRED or story in ON_THE_WAY else story
        kind = "turned" if story in {"notice", "dropped"} else kind
        sector = solution.sectors.first()
        with self.days.at(asked, 10):
            invitations = [self._invite(member, solution, sector) for _gain in GAINS[kind]]
            if kind in {"preferred", "assured"}:
                self._invite(member, solution, sector)  # this one never answers
        chance = Random(f"{solution.slug}")  # noqa: S311 - the same answers every time
        for place, (invitation, gain) in enumerate(zip(invitations, GAINS[kind], strict=True)):
            with self.days.at(asked - 2 - 3 * place, 20):
                answer(invitation, gain=gain + chance.randint(-1, 2), satisfaction=chance.choice([4, 5, 5]))

    def _invite(self, member: Any, solution: Solution, sector: Sector | None) -> FeedbackInvitation:
        self.asked += 1
        company, kvk = reference_customer(self.asked % 58)
        return services.invite_reference(
            by=member,
            solution=solution,
            company=company,
            kvk=kvk,
            name=person_name(self.asked),
            email=address(f"demo+klant{self.asked}"),
            in_use_since=add_months(clock.today(), -8 - self.asked % 9),
            sector=sector,
        )

    def _disappoint(self, solution: Solution, asked: int) -> None:
        member = solution.provider.organisation.memberships.get().person
        with self.days.at(asked, 10):
            invitations = [self._invite(member, solution, None) for _gain in DISAPPOINTED]
        for place, (invitation, gain) in enumerate(zip(invitations, DISAPPOINTED, strict=True)):
            with self.days.at(asked - 1 - place, 20):
                answer(invitation, gain=gain, satisfaction=3)

    def _complain(self, solution: Solution) -> None:
        with self.days.at(45, 10):
            text = "Een café meldt dat de kassa bij drukte vastloopt en dat er niemand opneemt."
            services.raise_concern(by=self.cast["assessor"], solution=solution, kind=ConcernKind.COMPLAINT, text=text)
        self._judge(solution, 44)
        self._judge(solution, 12)
        with self.days.at(9, 10):
            text = "Wij hebben een tweede helpdesk ingericht en lossen dit voor het eind van de maand op."
            member = solution.provider.organisation.memberships.get().person
            services.reply_to_notice(by=member, solution=solution, text=text)

    def _judge(self, solution: Solution, days: int, hour: int = 6) -> None:
        with self.days.at(days, hour):
            services.recompute_standing(by=STANDING, solution=solution)


def answer(invitation: FeedbackInvitation, *, gain: int, satisfaction: int, fixed: bool = False) -> None:
    """What this person says by a personal link. Its secret went out by mail and is kept nowhere, so the demo gives the
    invitation another one; the answer then goes the way of every answer.

    `gain` is in percent: of results per hour, or of the time one task takes. `fixed` says that the numbers from before the
    start stand on record already.
    """
    token = new_token()
    FeedbackInvitation.objects.filter(pk=invitation.pk).update(token_hash=hash_token(token))
    benefit = invitation.solution.category.benefit
    told: dict[str, Any] = {"satisfaction": satisfaction}
    before, after = BEFORE[benefit], 100 + gain
    match benefit:
        case Benefit.TIME:
            told["minutes_after"] = round_cents(before["minutes_before"] * 100 / after)
        case Benefit.OUTPUT:
            told["results_after"] = round_cents(before["results_before"] * after / 100)
            told["hours_after"] = before["hours_before"]
        case _:
            told["test_passed"] = True
    services.answer_feedback(token=token, answers=told if fixed else {**before, **told})


BEFORE: dict[str, dict[str, Decimal]] = {
    Benefit.TIME: {"times_per_week": Decimal("12.00"), "minutes_before": Decimal("45.00")},
    Benefit.OUTPUT: {"results_before": Decimal("20.00"), "hours_before": Decimal("10.00")},
    Benefit.ASSURANCE: {},
}
"""How the work went before, per kind of benefit: what the end users of the demo say and what businesses put on record."""


TASKS: dict[str, str] = {
    Benefit.TIME: "Gegevens invoeren en controleren",
    Benefit.OUTPUT: "Bestellingen en aanvragen van klanten",
    Benefit.ASSURANCE: "",
}
"""Which work the businesses of the demo say is measured, per kind of benefit."""


def quoted_package(solution: Solution, on: dt.date) -> Any:
    """The package a business of the demo asks a quote for: the cheapest that a voucher pays for."""
    offered = solution.packages_on(on)
    return next((package for package in offered if package.current.first_year >= WORTH_IT), offered[-1])


WORTH_IT = Decimal("700.00")
"""A first year below this gives less than the minimum of the programme, in euros."""
