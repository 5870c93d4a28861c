"""Writing what was read, so that a second time changes nothing.

Per model one SELECT, then one INSERT and one UPDATE in batches, whatever the number of rows; and one entry in the trail for
every table that changed, because these rows are published rules.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import Municipality, Province, SbiDivision, Sector, SectorSbi
from core.actors import SystemActor
from core.workflow import note, unit
from providers.models import Category, ChecklistItem
from roadmap.models import (
    BenchmarkReference,
    Level,
    Problem,
    Question,
    RoadmapCell,
    RoadmapCellItem,
    RoadmapLimit,
    Scan,
)
from roadmap.reference.parse import Reference, Rows
from roadmap.reference.reader import ReferenceFault

BATCH = 500
LOADER = SystemActor("reference")

ASKED = frozenset(
    {
        *["block", "position", "lowest", "highest"],
        *(
            f"{part}_{tongue}"
            for part in ("stem", "text", "anchor_low", "anchor_middle", "anchor_high")
            for tongue in ("nl", "en")
        ),
    }
)
"""What somebody answered to. Help, advice and what helps may be written better in the same version."""


@dataclass(frozen=True)
class Outcome:
    """What loading did to one model's rows. `kept` are rows that no file names any more but others may lean on."""

    model: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        return not (self.created or self.changed or self.removed)


@unit
def store(reference: Reference) -> list[Outcome]:
    """All rows of `reference`, or none when the database refuses one.

    Rows that others point at (a sector, a category, a municipality) stay when a file no longer names them; rows that are
    only part of another (SBI prefixes, cells, limits) go; a checklist item is not asked any more. Raises ReferenceFault when
    a version of the questionnaire would change under scans that were finished with it.
    """
    _leave_what_was_answered(reference)
    checklist = [{**row, "active": True} for row in reference.checklist]
    outcomes = [
        sync(Province, ["code"], reference.provinces),
        sync(Municipality, ["code"], reference.municipalities),
        sync(SbiDivision, ["code"], reference.divisions),
        sync(Sector, ["code"], reference.sectors),
        sync(SectorSbi, ["version", "prefix"], reference.sector_sbi, remove=True),
        sync(Category, ["code"], reference.categories),
        sync(ChecklistItem, ["code"], checklist, retire={"active": False}),
        sync(RoadmapCell, ["sector_id", "level"], reference.cells, remove=True),
    ]
    cells = {(cell.sector_id, cell.level): cell.pk for cell in RoadmapCell.objects.all()}
    names = {key: f"{sector} {level}" for (sector, level), key in cells.items()}
    items = [
        {
            "cell_id": cells[item["sector_id"], item["level"]],
            "category_id": item["category_id"],
            "priority": item["priority"],
        }
        for item in reference.cell_items
    ]
    return [
        *outcomes,
        sync(RoadmapCellItem, ["cell_id", "category_id"], items, remove=True, names=names),
        sync(RoadmapLimit, ["sector_id", "category_id"], reference.limits, remove=True),
        sync(Question, ["questionnaire", "code"], reference.questions),
        sync(Level, ["questionnaire", "level"], reference.levels),
        sync(BenchmarkReference, ["questionnaire"], reference.benchmarks),
        sync(Problem, ["slug"], reference.problems, remove=True),
    ]


def _leave_what_was_answered(reference: Reference) -> None:
    """Raises ReferenceFault for a question or a floor that would change in a version with finished scans."""
    answered = set(Scan.objects.finished().order_by().values_list("questionnaire", flat=True).distinct())
    if not answered:
        return
    for model, file, rows, key, fixed in (
        (Question, "questions.csv", reference.questions, "code", ASKED),
        (Level, "levels.csv", reference.levels, "level", {"sum_from", "sum_to"}),
    ):
        kept = {(row.questionnaire, getattr(row, key)): row for row in model.objects.filter(questionnaire__in=answered)}
        for values in rows:
            version, code = values["questionnaire"], values[key]
            if version in answered and not _same(kept.get((version, code)), values, fixed):
                raise ReferenceFault(
                    f"{file}: {key} {code} of questionnaire {version} would change, and scans were finished with it; "
                    f"publish a new version of the questionnaire instead"
                )


def _same(row: models.Model | None, values: Mapping[str, Any], fields: Collection[str]) -> bool:
    return row is not None and all(getattr(row, name) == values[name] for name in fields)


def sync(
    model: type[models.Model],
    key: Sequence[str],
    rows: Rows,
    *,
    remove: bool = False,
    retire: Mapping[str, Any] | None = None,
    names: Mapping[Any, str] | None = None,
) -> Outcome:
    """Makes the table say what `rows` say, matched by `key`. Untouched fields keep their value.

    A row that `rows` do not name is removed, gets the values of `retire`, or is kept as it is. `names` are what the trail
    calls the values of a key that say nothing to a reader.
    """
    existing = {_key(vars(row), key): row for row in model._default_manager.all()}
    fresh, changed, named = [], [], set()
    fields = [name for name in (rows[0] if rows else {}) if name not in key]
    for values in rows:
        place = _key(values, key)
        named.add(place)
        row = existing.get(place)
        if row is None:
            fresh.append(model(**values))
        elif _bring_up_to_date(row, {name: values[name] for name in fields}):
            changed.append(row)
    gone = [row for place, row in existing.items() if place not in named]
    if remove and gone:
        model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
    if retire:
        changed += [row for row in gone if _bring_up_to_date(row, retire)]
    model._default_manager.bulk_create(fresh, batch_size=BATCH)
    if changed:
        columns = [name.removesuffix("_id") for name in fields]
        model._default_manager.bulk_update(changed, columns, batch_size=BATCH)
    removed = gone if remove else []
    if fresh or changed or removed:
        parts = {"created": fresh, "changed": changed, "removed": removed}
        facts = {part: len(found) for part, found in parts.items()}
        # Of a table that was empty the number says it all: everything in it is new.
        codes = {part: _names(found, key, names) for part, found in parts.items() if found and existing}
        note(by=LOADER, action="load_reference", subject=model, facts={**facts, **({"codes": codes} if codes else {})})
    return Outcome(
        model=str(model._meta.verbose_name_plural),
        created=len(fresh),
        changed=len(changed),
        unchanged=len(named) - len(fresh) - len(set(changed) - set(gone)),
        removed=len(removed),
        kept=() if remove or retire else tuple(_names(gone, key)),
    )


def _bring_up_to_date(row: models.Model, values: Mapping[str, Any]) -> bool:
    """Writes the values on the row; whether that changed anything."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _key(values: Mapping[str, Any], key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(values[name] for name in key)


def _names(rows: Iterable[models.Model], key: Sequence[str], names: Mapping[Any, str] | None = None) -> list[str]:
    known = names or {}
    return [" ".join(str(known.get(getattr(row, name), getattr(row, name))) for name in key) for row in rows]
