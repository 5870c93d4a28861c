"""The cast of the demo as it stands in fixtures/demo: providers, solutions and businesses, all made up."""

import csv
from functools import cache

from django.conf import settings

FOLDER = settings.BASE_DIR / "fixtures" / "demo"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `<name>.csv`, in the order of the file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def codes(text: str) -> list[str]:
    """`A;B` as a list; an empty cell is an empty list."""
    return [code for code in text.split(";") if code]
