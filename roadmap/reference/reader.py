"""Reading CSV files so that every complaint can name its file and row."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path


class ReferenceFault(Exception):
    """Something in a reference file is wrong. The message names the file and the row a person has to look at."""


@dataclass(frozen=True)
class Row:
    """One row of a file, with the number an editor shows for it (the heading is row 1)."""

    file: str
    number: int
    values: Mapping[str, str]

    def fault(self, message: str) -> ReferenceFault:
        """The complaint about this row, to be raised."""
        return ReferenceFault(f"{self.file}, row {self.number}: {message}")

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def text(self, column: str, *, most: int = 2000) -> str:
        """A text that has to be there. Raises ReferenceFault when it is empty or longer than `most` characters."""
        value = self.values[column].strip()
        if not value:
            raise self.fault(f"{column} is empty")
        if len(value) > most:
            raise self.fault(f"{column} has {len(value)} characters, at most {most} fit")
        return value

    def integer(self, column: str, lowest: int, highest: int) -> int:
        """A whole number from `lowest` to `highest`."""
        value = self.values[column].strip()
        if not (value.isascii() and value.isdigit()) or not lowest <= int(value) <= highest:
            raise self.fault(f"{column} is {value!r}: it has to be a whole number from {lowest} to {highest}")
        return int(value)

    def decimal(self, column: str, lowest: str, highest: str) -> Decimal:
        """A number from `lowest` to `highest`, written with a point."""
        value = self.values[column].strip()
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not Decimal(lowest) <= number <= Decimal(highest):
            raise self.fault(f"{column} is {value!r}: it has to be a number from {lowest} to {highest}")
        return number

    def flag(self, column: str) -> bool:
        """A yes (1) or no (0)."""
        return bool(self.integer(column, 0, 1))

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        value = self.values[column].strip()
        if value not in allowed:
            raise self.fault(f"{column} is {value!r}: it has to be one of {', '.join(sorted(allowed))}")
        return value

    def codes(self, column: str, known: Collection[str] | None = None) -> list[str]:
        """A list of codes separated by `;`, each known and named once. Empty when the column is empty."""
        value = self.values[column].strip()
        codes = [code.strip() for code in value.split(";")] if value else []
        for code in codes:
            if not code:
                raise self.fault(f"{column} has an empty place: {value!r}")
            if known is not None and code not in known:
                raise self.fault(f"{column} names the unknown code {code!r}")
            if codes.count(code) > 1:
                raise self.fault(f"{column} names {code!r} twice")
        return codes


class Reader:
    """The files of one folder."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def rows(self, file: str, columns: Collection[str], *, key: Collection[str] = ()) -> Iterator[Row]:
        """The rows of `file`, which has exactly these columns, is not empty, and has no two rows with the same `key`.

        Raises ReferenceFault otherwise, and for a file that is missing or not UTF-8.
        """
        path = self.folder / file
        seen: dict[tuple[str, ...], int] = {}
        try:
            with path.open(newline="", encoding="utf-8") as handle:
                lines = csv.DictReader(handle, restkey="", restval=None, strict=True)
                if list(lines.fieldnames or ()) != list(columns):
                    raise ReferenceFault(f"{file}, row 1: the columns have to be {', '.join(columns)}")
                for values in lines:
                    row = Row(file, lines.line_num, values)
                    if "" in values or None in values.values():
                        raise row.fault(f"has to have {len(columns)} columns")
                    own = tuple(values[column].strip() for column in key)
                    if key and own in seen:
                        raise row.fault(f"{' '.join(own)} already stands in row {seen[own]}")
                    seen[own] = row.number
                    yield row
        except FileNotFoundError as error:
            raise ReferenceFault(f"{file}: there is no such file in {self.folder.name}") from error
        except UnicodeDecodeError as error:
            raise ReferenceFault(f"{file}: byte {error.start} is not UTF-8") from error
        except csv.Error as error:
            raise ReferenceFault(f"{file}, row {lines.line_num}: {error}") from error
        if not seen:
            raise ReferenceFault(f"{file}: there are no rows")
