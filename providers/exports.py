"""Lists as CSV, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")


def neutral(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (RELIABILITY 38); numbers stay numbers, None becomes empty."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_response(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV download in UTF-8 with a byte order mark, so that Excel reads the accents."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow([str(title) for title in head])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return response
