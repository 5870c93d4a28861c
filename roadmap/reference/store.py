"""Writing what was read, so that a second time changes nothing.

Per model one SELECT, then one INSERT and one UPDATE in batches, whatever the number of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts.models import Municipality, Province, SbiDivision, Sector, SectorSbi
from providers.models import Category, ChecklistItem
from roadmap.models import BenchmarkReference, Level, Problem, Question, RoadmapCell, RoadmapCellItem, RoadmapLimit
from roadmap.reference.parse import Reference, Rows

BATCH = 500


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


@transaction.atomic
def store(reference: Reference) -> list[Outcome]:
    """All rows of `reference`, or none when the database refuses one.

    Rows that others point at (a sector, a category, a municipality) stay when a file no longer names them; rows that are
    only part of another (SBI prefixes, cells, limits) go.
    """
    outcomes = [
        sync(Province, ["code"], reference.provinces),
        sync(Municipality, ["code"], reference.municipalities),
        sync(SbiDivision, ["code"], reference.divisions),
        sync(Sector, ["code"], reference.sectors),
        sync(SectorSbi, ["version", "prefix"], reference.sector_sbi, remove=True),
        sync(Category, ["code"], reference.categories),
        sync(ChecklistItem, ["code"], reference.checklist),
        sync(RoadmapCell, ["sector_id", "level"], reference.cells, remove=True),
    ]
    cells = {(cell.sector_id, cell.level): cell.pk for cell in RoadmapCell.objects.all()}
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
        sync(RoadmapCellItem, ["cell_id", "category_id"], items, remove=True),
        sync(RoadmapLimit, ["sector_id", "category_id"], reference.limits, remove=True),
        sync(Question, ["questionnaire", "code"], reference.questions),
        sync(Level, ["questionnaire", "level"], reference.levels),
        sync(BenchmarkReference, ["questionnaire"], reference.benchmarks),
        sync(Problem, ["slug"], reference.problems, remove=True),
    ]


def sync(model: type[models.Model], key: Sequence[str], rows: Rows, *, remove: bool = False) -> Outcome:
    """Makes the table say what `rows` say, matched by `key`. Untouched fields keep their value."""
    existing = {_key(vars(row), key): row for row in model._default_manager.all()}
    fresh, changed, named = [], [], set()
    fields = [name for name in (rows[0] if rows else {}) if name not in key]
    for values in rows:
        place = _key(values, key)
        named.add(place)
        row = existing.get(place)
        if row is None:
            fresh.append(model(**values))
        elif any(getattr(row, name) != values[name] for name in fields):
            for name in fields:
                setattr(row, name, values[name])
            changed.append(row)
    gone = [row for place, row in existing.items() if place not in named]
    if remove and gone:
        model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
    model._default_manager.bulk_create(fresh, batch_size=BATCH)
    if changed:
        columns = [name.removesuffix("_id") for name in fields]
        model._default_manager.bulk_update(changed, columns, batch_size=BATCH)
    return Outcome(
        model=str(model._meta.verbose_name_plural),
        created=len(fresh),
        changed=len(changed),
        unchanged=len(rows) - len(fresh) - len(changed),
        removed=len(gone) if remove else 0,
        kept=() if remove else tuple(_names(gone, key)),
    )


def _key(values: Mapping[str, Any], key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(values[name] for name in key)


def _names(rows: Iterable[models.Model], key: Sequence[str]) -> list[str]:
    return [" ".join(str(getattr(row, name)) for name in key) for row in rows]
