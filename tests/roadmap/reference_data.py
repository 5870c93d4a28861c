"""The product's own reference files as plain values, for tests that need no database."""

from functools import cache
from pathlib import Path

from roadmap.reference import Reader, Reference, read_reference
from roadmap.rules import Category, Ladder, Limit, Plan, parse_prerequisites

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "reference"


@cache
def reference() -> Reference:
    return read_reference(Reader(FOLDER))


@cache
def plan() -> Plan:
    cells: dict[tuple[str, int], list[str]] = {}
    for item in reference().cell_items:
        cells.setdefault((item["sector_id"], item["level"]), []).append(item["category_id"])
    return Plan(
        cells={cell: tuple(codes) for cell, codes in cells.items()},
        categories={
            row["code"]: Category(row["code"], row["min_level"], parse_prerequisites(row["prerequisites"]))
            for row in reference().categories
        },
        limits=tuple(
            Limit(row["sector_id"], row["category_id"], tuple(row["only_sbi"].split(";"))) for row in reference().limits
        ),
    )


@cache
def ladder() -> Ladder:
    questions = reference().questions
    return Ladder(
        version=1,
        items=tuple(row["code"] for row in questions),
        lowest=questions[0]["lowest"],
        highest=questions[0]["highest"],
        floors=tuple(row["sum_from"] for row in reference().levels),
    )
