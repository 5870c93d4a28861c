"""Claims that wait for payment, made once per run through the real services and put back in every test that wants them.

One such claim takes some four hundred queries, from the application to the determination. So the first test builds them,
keeps every row they left, and later tests insert those rows as they were.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tests.factories.payouts import payable_claim, stripe_programme
from tests.factories.vouchers import programme_with
from vouchers.models import Claim, Programme

NETS = ["10000.00", "1250.00", "10000.00"]
"""Euros on the invoices; 80 % of it is determined."""

_IGNORED = {"django_migrations", "cache", "sqlite_sequence"}
_kept: dict[str, Any] = {}


@dataclass
class World:
    """Two programmes, one per rail, and what waits for payment in each."""

    sepa: Programme
    stripe: Programme
    waiting: dict[int, list[Claim]] = field(default_factory=dict)

    def claim(self, programme: Programme, net: str = "10000.00") -> Claim:
        """The next claim of this amount; a new one when they have been handed out."""
        pool = self.waiting.get(programme.pk, [])
        for place, claim in enumerate(pool):
            if claim.invoice_excl == type(claim.invoice_excl)(net):
                return pool.pop(place)
        return payable_claim(programme, net)


def world() -> World:
    """Within a test's transaction, before anything else is made in it."""
    if "rows" in _kept:
        for table, columns, rows in _kept["rows"]:
            _insert(table, columns, rows)
    else:
        before = {table: set(rows) for table, _columns, rows in _tables()}
        programmes = programme_with(), stripe_programme()
        for programme in programmes:
            for net in NETS:
                payable_claim(programme, net)
        _kept["programmes"] = [programme.pk for programme in programmes]
        found = []
        for table, columns, rows in _tables():
            new = [row for row in rows if row not in before[table]]
            if new:
                found.append((table, columns, new))
        _kept["rows"] = found
    sepa, stripe = (Programme.objects.get(pk=pk) for pk in _kept["programmes"])
    waiting = {
        programme.pk: list(Claim.objects.filter(voucher__application__programme=programme).order_by("pk"))
        for programme in (sepa, stripe)
    }
    return World(sepa=sepa, stripe=stripe, waiting=waiting)


def _tables() -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in _IGNORED:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            found.append(
                (table, [column[0] for column in cursor.description], [_plain(row) for row in cursor.fetchall()])
            )
    return found


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values one can compare and write back: JSON columns of PostgreSQL come as text or as objects."""
    from json import dumps

    return tuple(dumps(value) if isinstance(value, dict | list) else value for value in row)


def _insert(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - our own tables
