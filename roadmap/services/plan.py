"""Reading the ladder and the roadmap: reference rows in, plain answers out. Nothing here writes."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import SbiDivision, Sector
from core import clock
from core.i18n import localised
from core.reasons import Reason, Refused
from providers.models import NO_OFFER, Category, Solution, facts_by_category
from roadmap.enums import ScanReason, StepKind
from roadmap.models import Level, Question, RoadmapCell, RoadmapCellItem, RoadmapLimit
from roadmap.rules import Category as Rule
from roadmap.rules import Ladder, Limit, Plan, Step, normal_sbi, parse_prerequisites, preview, roadmap

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 4


@dataclass(frozen=True)
class LoadedPlan:
    """The rules of the roadmap with the rows that hold their words."""

    plan: Plan
    categories: Mapping[str, Category]
    limit_rows: Mapping[tuple[str, str], RoadmapLimit]


def load_plan() -> LoadedPlan:
    """The roadmap as it is published now: three queries, whatever is asked of it."""
    categories = {category.code: category for category in Category.objects.all()}
    cells: dict[tuple[str, int], list[str]] = {}
    items = RoadmapCellItem.objects.order_by("cell__sector_id", "cell__level", "priority")
    for sector, level, code in items.values_list("cell__sector_id", "cell__level", "category"):
        cells.setdefault((sector, level), []).append(code)
    limits = {(row.sector_id, row.category_id): row for row in RoadmapLimit.objects.all()}
    return LoadedPlan(
        plan=Plan(
            cells={cell: tuple(codes) for cell, codes in cells.items()},
            categories={
                code: Rule(code, category.min_level, parse_prerequisites(category.prerequisites))
                for code, category in categories.items()
            },
            limits=tuple(Limit(sector, code, tuple(row.only_sbi.split(";"))) for (sector, code), row in limits.items()),
        ),
        categories=categories,
        limit_rows=limits,
    )


def questions_of(questionnaire: int) -> list[Question]:
    """The questions of one version, in the order they are asked."""
    return list(Question.objects.filter(questionnaire=questionnaire).order_by("position"))


def load_ladder(questionnaire: int) -> Ladder:
    """The ladder of one version of the questionnaire. Raises LookupError when it is not loaded (`load_reference`)."""
    rows = Question.objects.filter(questionnaire=questionnaire).order_by("position")
    questions = list(rows.only("code", "lowest", "highest"))  # what the ladder itself needs, not the words
    floors = Level.objects.filter(questionnaire=questionnaire).order_by("level").values_list("sum_from", flat=True)
    if not questions:
        raise LookupError(f"questionnaire {questionnaire} is not loaded; run load_reference")
    return Ladder(
        version=questionnaire,
        items=tuple(question.code for question in questions),
        lowest=min(question.lowest for question in questions),
        highest=max(question.highest for question in questions),
        floors=tuple(floors),
    )


def roadmap_answer(*, sector: str, level: int, have: Iterable[str] = (), sbi: str = "") -> dict[str, Any]:
    """The roadmap of a sector at a level: `{"sector", "level", "steps": [...], "preview": [...]}`.

    Each step: `category`, `name`, `level`, `priority`, `reason` (a sentence), `required_by`, `only_sbi`, `listed`,
    `preferred`, `price_from`, `price_to` (first-year price excl. VAT of the cheapest package of the cheapest and of the
    dearest solution; None without solutions), and for pages `kind`, `why`, `limit_why`, `group`, `benefit`, and the other
    facts of `facts_by_category`. Words are in the active language. Raises Refused with a reason per unknown code; `params["field"]` says which argument it is about.
    """
    loaded = load_plan()
    steps, ahead = _steps(loaded, sector, level, have, sbi)
    offers = _offers(sector, clock.today())

    def shown(step: Step) -> dict[str, Any]:
        category = loaded.categories[step.category]
        limit = loaded.limit_rows.get((sector, step.category)) if step.only_sbi else None
        needing = [localised(loaded.categories[code], "name") for code in step.required_by]
        why = localised(category, "why")
        return {
            "category": step.category,
            "name": localised(category, "name"),
            "level": step.level,
            "priority": step.priority,
            "reason": _("Needed first for: %(steps)s.") % {"steps": ", ".join(needing)}
            if step.kind == StepKind.NEEDED_FIRST
            else why,
            "required_by": list(step.required_by),
            "only_sbi": list(step.only_sbi),
            **(offers.get(step.category) or NO_OFFER),
            "kind": step.kind.value,
            "why": why,
            "needed_for": needing,
            "limit_why": localised(limit, "why") if limit else "",
            "group": category.group,
            "benefit": category.benefit,
        }

    return {
        "sector": sector,
        "level": level,
        "steps": [shown(step) for step in steps],
        "preview": [shown(step) for step in ahead],
    }


def roadmap_categories(*, sector: str, level: int, have: Iterable[str] = (), sbi: str = "") -> set[str]:
    """The codes of all that is on the roadmap or in its preview, without words and offers. Raises as `roadmap_answer`."""
    steps, ahead = _steps(load_plan(), sector, level, have, sbi)
    return {step.category for step in [*steps, *ahead]}


def _steps(
    loaded: LoadedPlan, sector: str, level: int, have: Iterable[str], sbi: str
) -> tuple[Sequence[Step], Sequence[Step]]:
    """The roadmap and its preview. Raises Refused with a reason per unknown code."""
    have = list(dict.fromkeys(have))
    sbi = _check(sector, level, have, sbi, loaded.categories)
    asked: dict[str, Any] = {"sector": sector, "level": level, "have": have, "sbi": sbi, "plan": loaded.plan}
    return roadmap(**asked), preview(**asked)


def cell_why(sector: str, level: int) -> str:
    """Why this sector takes these steps at this level, in the active language; empty for the fallback sector."""
    cell = RoadmapCell.objects.filter(sector=sector, level=level).first()
    return localised(cell, "why") if cell else ""


def unknown_categories(have: Iterable[Any], known: Collection[str]) -> list[Reason]:
    """A reason for each code that is no category."""
    return [
        Reason(ScanReason.CATEGORY_UNKNOWN, {"code": str(code)[:40], "field": "have"})
        for code in have
        if code not in known
    ]


def check_sbi(sbi: str) -> str:
    """The SBI code in its usual form (`55.10`), empty for empty. Raises Refused for a code that does not exist."""
    if not sbi.strip():
        return ""
    written = normal_sbi(sbi)
    if not written or not SbiDivision.objects.filter(code=written[:2]).exists():
        raise Refused(Reason(ScanReason.SBI_UNKNOWN, {"code": sbi[:20], "field": "sbi"}))
    return written


def _offers(sector: str, on: datetime.date) -> dict[str, dict[str, Any]]:
    """What the catalogue has for this sector, per category: what the link behind a step shows."""
    return facts_by_category(Solution.objects.visible(on).for_sector(sector), on)


def _check(sector: str, level: int, have: Collection[str], sbi: str, categories: Collection[str]) -> str:
    reasons = unknown_categories(have, categories)
    if not Sector.objects.filter(code=sector).exists():
        reasons.append(Reason(ScanReason.SECTOR_UNKNOWN, {"code": str(sector)[:40], "field": "sector"}))
    if type(level) is not int or not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
        limits = {"lowest": LOWEST_LEVEL, "highest": HIGHEST_LEVEL, "field": "level"}
        reasons.append(Reason(ScanReason.LEVEL_UNKNOWN, limits))
    try:
        written = check_sbi(sbi)
    except Refused as refused:
        reasons += refused.reasons
    if reasons:
        raise Refused(reasons)
    return written
