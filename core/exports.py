"""Lists as downloads that no spreadsheet takes for a program."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")


def neutral(cell: Any) -> str:
    """Text as text: what a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, str) and text.startswith(_FORMULA):
        return f"'{text}"
    return text


def csv_response(name: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A download of these rows, in UTF-8 with the mark that spreadsheets look for.

    Every cell is quoted: a spreadsheet that separates by semicolons, as Dutch ones do, then finds no cell inside a name.
    """
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'}
    )
    response.write("\ufeff")
    writer = csv.writer(response, quoting=csv.QUOTE_ALL)
    writer.writerow([neutral(str(cell)) for cell in head])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return response
