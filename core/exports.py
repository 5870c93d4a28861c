"""Lists as downloads that no spreadsheet takes for a program."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

_FORMULA = frozenset("=+-@＝＋－＠")
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Control and format characters, byte order marks among them, and white space of every sort."""


def neutral(cell: Any) -> str:
    """Text as text: what a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.

    Spreadsheets pass over what cannot be seen at the start of a cell, and some read the wide signs of East Asian keyboards as
    the narrow ones. So the first character that is seen decides; a control character at the start is never left there bare.
    """
    text = "" if cell is None else str(cell)
    if isinstance(cell, int | float | Decimal):
        return text
    seen = next(dropwhile(_is_unseen, text), "")
    if seen in _FORMULA or unicodedata.category(text[:1] or "x") == "Cc":
        return f"'{text}"
    return text


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


def csv_response(name: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A download of these rows, in UTF-8 with the mark that spreadsheets look for.

    Every cell is quoted: a spreadsheet that separates by semicolons, as Dutch ones do, then finds no cell inside a name.
    """
    return HttpResponse(_lines(head, rows), **_as_download(name))


def csv_stream(name: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """The same, sent row by row while `rows` are read: for lists that are too long to hold."""
    return StreamingHttpResponse(_lines(head, rows), **_as_download(name))


def _as_download(name: str) -> dict[str, Any]:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return {"content_type": "text/csv; charset=utf-8", "headers": headers}


class _Echo:
    """A file that keeps nothing: what is written to it is the answer of the write."""

    def write(self, line: str) -> str:
        return line


def _lines(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow([neutral(str(cell)) for cell in head])
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])
