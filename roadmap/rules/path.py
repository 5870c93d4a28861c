"""Which steps a business takes, and in which order (DESIGN 4.3).

Everything is a code here: a sector (`HORECA`), a category (`KASSA`), a level from 1 to 4, an SBI code (`55.10`).
"""

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from roadmap.enums import StepKind

CategoryCode: TypeAlias = str
Requirement: TypeAlias = tuple[CategoryCode, ...]  # any one of these will do
Cells: TypeAlias = Mapping[tuple[str, int], tuple[CategoryCode, ...]]

# The sector without cells of its own: it follows what at least half of the other sectors do.
GENERAL = "ALGEMEEN"
# Ranks a step that no cell of the sector names behind those that one does.
UNRANKED = 1000


@dataclass(frozen=True)
class Category:
    """What the order of steps needs to know of a category: what must be there first, and the lowest level it suits."""

    code: CategoryCode
    min_level: int
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class Limit:
    """A category of a sector's cell that fits only businesses whose SBI code starts with one of the prefixes."""

    sector: str
    category: CategoryCode
    only_sbi: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step: its place on the ladder (level, priority within the cell) and why it is there.

    `required_by` names the steps of this roadmap that need it first. `only_sbi` is filled when the step may not suit this
    business, because its SBI code is not known.
    """

    category: CategoryCode
    level: int
    priority: int
    kind: StepKind
    required_by: tuple[CategoryCode, ...] = ()
    only_sbi: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The roadmap and its rules in one hand: the cells, the categories and the limits of one version."""

    cells: Cells
    categories: Mapping[CategoryCode, Category]
    limits: Collection[Limit] = ()


def parse_prerequisites(text: str) -> tuple[Requirement, ...]:
    """`X;A|B` -> (("X",), ("A", "B")): `;` joins what is all needed, `|` what can replace each other.

    Raises ValueError for an empty or doubled name.
    """
    if not text.strip():
        return ()
    requirements = tuple(tuple(name.strip() for name in group.split("|")) for group in text.split(";"))
    names = [name for group in requirements for name in group]
    if not all(names) or len(names) != len(set(names)):
        raise ValueError(f"prerequisites {text!r} have an empty or doubled name")
    return requirements


def cycle_in(categories: Mapping[CategoryCode, Category]) -> list[CategoryCode]:
    """A circle of prerequisites (`["A", "B", "A"]`), or an empty list. Alternatives count: any of them may be chosen."""
    done: set[CategoryCode] = set()

    def walk(code: CategoryCode, trail: list[CategoryCode]) -> list[CategoryCode]:
        if code in trail:
            return [*trail[trail.index(code) :], code]
        if code in done or code not in categories:
            return []
        for group in categories[code].requirements:
            for name in group:
                if found := walk(name, [*trail, code]):
                    return found
        done.add(code)
        return []

    for code in categories:
        if found := walk(code, []):
            return found
    return []


def normal_sbi(text: str) -> str:
    """An SBI code in its usual form: `5510` and `55.10` -> `55.10`, `47` -> `47`. Empty when it is not one at all.

    Two digits name a division, five a subclass (CBS, SBI 2025); there is nothing finer.
    """
    digits = text.strip().replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 5) or text.strip().find(".") not in {-1, 2}:
        return ""
    return digits if len(digits) == 2 else f"{digits[:2]}.{digits[2:]}"


def within(sbi: str, prefixes: Iterable[str]) -> bool:
    """Whether an SBI code (`55.10`) starts with one of the prefixes (`55`, `88.91`). Dots do not matter."""
    digits = sbi.replace(".", "")
    return any(digits.startswith(prefix.replace(".", "")) for prefix in prefixes)


def cell_of(sector: str, level: int, plan: Plan) -> tuple[CategoryCode, ...]:
    """What a sector recommends at one level, best first. Empty when it recommends nothing there.

    ALGEMEEN has no cells: it gets what at least half of the sectors recommend at that level, the most recommended first,
    then the one that stands higher on their lists.
    """
    if sector != GENERAL:
        return plan.cells.get((sector, level), ())
    sectors = {name for name, _level in plan.cells if name != GENERAL}
    votes: Counter[CategoryCode] = Counter()
    places: Counter[CategoryCode] = Counter()
    for name in sectors:
        for place, code in enumerate(plan.cells.get((name, level), ()), start=1):
            votes[code] += 1
            places[code] += place
    chosen = [code for code, count in votes.items() if 2 * count >= len(sectors)]
    return tuple(sorted(chosen, key=lambda code: (-votes[code], places[code], code)))


def roadmap(*, sector: str, level: int, have: Collection[CategoryCode], sbi: str, plan: Plan) -> list[Step]:
    """The steps of this level, each after what it needs: prerequisites first, then level, then priority.

    The cell of the level without what the business has (`have`) and without what does not fit its SBI code (`sbi`, empty
    when unknown); then whatever those need and the business does not have, which may bring back a category that the SBI
    code would have left out. Same input, same order, whatever the order of `have`.
    """
    return _Planner(sector, level, frozenset(have), sbi, plan).steps()


def preview(*, sector: str, level: int, have: Collection[CategoryCode], sbi: str, plan: Plan) -> list[Step]:
    """What waits at the next level: its cell, without what the business has or takes on now. Empty at the top.

    It is a look ahead, not a plan: what those steps need first is worked out when the business gets there.
    """
    planner = _Planner(sector, level, frozenset(have), sbi, plan)
    now = {step.category for step in planner.steps()}
    ahead = _Planner(sector, level + 1, frozenset(have), sbi, plan)
    return ahead.in_order({code: set() for code in ahead.own_cell() if code not in now})


class _Planner:
    """The working memory of one roadmap."""

    def __init__(self, sector: str, level: int, have: frozenset[CategoryCode], sbi: str, plan: Plan):
        self.level, self.have, self.sbi, self.plan = level, have, sbi, plan
        self.limits = {limit.category: limit.only_sbi for limit in plan.limits if limit.sector == sector}
        # Where the sector recommends a category: level and place. Higher levels matter only for showing a prerequisite.
        self.places: dict[CategoryCode, tuple[int, int]] = {}
        for rung in sorted({rung for _sector, rung in plan.cells}):
            for place, code in enumerate(cell_of(sector, rung, plan), start=1):
                self.places.setdefault(code, (rung, place))
        self.cell = cell_of(sector, level, plan)

    def fits(self, code: CategoryCode) -> bool:
        """Whether the category suits this business: no limit, inside the limit, or nobody knows."""
        return not self.sbi or code not in self.limits or within(self.sbi, self.limits[code])

    def own_cell(self) -> list[CategoryCode]:
        return [code for code in self.cell if code not in self.have and self.fits(code)]

    def rank(self, code: CategoryCode) -> tuple[int, int, str]:
        """The place of a category on this sector's ladder: level, priority, and the code so that no two are equal."""
        rung, place = self.places.get(code, (self.plan.categories[code].min_level, UNRANKED))
        return rung, place, code

    def steps(self) -> list[Step]:
        needed_by: dict[CategoryCode, set[CategoryCode]] = {code: set() for code in self.own_cell()}
        certain = sorted(needed_by, key=self.rank)
        open_choices: list[tuple[CategoryCode, Requirement]] = []
        while certain or open_choices:
            # What has no alternative is settled first: it may be the very thing that settles a choice.
            if certain:
                code = certain.pop(0)
                groups = [
                    group for group in self.plan.categories[code].requirements if not self.have.intersection(group)
                ]
                open_choices += [(code, group) for group in groups if len(group) > 1]
                needs = [(code, group[0]) for group in groups if len(group) == 1]
            else:
                code, group = open_choices.pop(0)
                needs = [(code, self.choose(group, needed_by))]
            for dependant, need in needs:
                if need not in needed_by:
                    needed_by[need] = set()
                    certain.append(need)
                needed_by[need].add(dependant)
        return self.in_order(needed_by)

    def choose(self, group: Requirement, planned: Collection[CategoryCode]) -> CategoryCode:
        """Which of the alternatives to take on: one on the roadmap already, else one the sector recommends at or below
        this level and that fits the SBI code, else the first that fits, else the first.
        """
        taken = [code for code in group if code in planned]
        if taken:
            return min(taken, key=self.rank)
        advised = [
            code for code in group if self.rank(code)[0] <= self.level and code in self.places and self.fits(code)
        ]
        if advised:
            return min(advised, key=self.rank)
        return next((code for code in group if self.fits(code)), group[0])

    def in_order(self, needed_by: Mapping[CategoryCode, set[CategoryCode]]) -> list[Step]:
        """The categories, each after everything on the list that it may build on, else by rank.

        Alternatives that were not chosen count as well: whoever buys both a till and a booking system links them after
        both stand. This cannot run in circles, because the whole graph of prerequisites has none (`cycle_in`).
        """
        before = {
            code: {name for group in self.plan.categories[code].requirements for name in group} & needed_by.keys()
            for code in needed_by
        }
        ready = [self.rank(code) for code in needed_by if not before[code]]
        heapq.heapify(ready)
        steps: list[Step] = []
        while ready:
            code = heapq.heappop(ready)[2]
            steps.append(self.step(code, needed_by[code]))
            for other, waiting in before.items():
                if code in waiting:
                    waiting.remove(code)
                    if not waiting:
                        heapq.heappush(ready, self.rank(other))
        if len(steps) != len(needed_by):
            raise ValueError("the prerequisites run in circles")
        return steps

    def step(self, code: CategoryCode, needed_by: Collection[CategoryCode]) -> Step:
        rung, place, _code = self.rank(code)
        return Step(
            category=code,
            level=rung,
            priority=place,
            kind=StepKind.RECOMMENDED if code in self.cell and self.fits(code) else StepKind.NEEDED_FIRST,
            required_by=tuple(sorted(needed_by, key=self.rank)),
            only_sbi=tuple(self.limits.get(code, ())) if not self.sbi else (),
        )
