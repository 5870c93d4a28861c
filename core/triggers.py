"""Rows that nobody may change, not even with a shell on the database: triggers on SQLite and PostgreSQL.

SQLite drops a table's triggers whenever a migration rebuilds the table, so they are (re)installed after every migrate, and
`/readyz` asks `missing()`. A room adds its own append-only tables with `protect` in its AppConfig.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections

TRIGGER_PREFIX = "keep_"


@dataclass(frozen=True)
class Protected:
    """A table whose rows stay as written. `erasable` columns may be emptied together, once, and nothing else."""

    table: str
    erasable: tuple[str, ...] = ()


_protected: dict[str, Protected] = {}


def protect(table: str, *, erasable: Iterable[str] = ()) -> None:
    """Declares a table append-only from the next migrate on."""
    _protected[table] = Protected(table, tuple(erasable))


def install(using: str = "default") -> None:
    """(Re)installs every declared trigger on the tables that exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for protected in _protected.values():
            if protected.table in existing:
                columns = [
                    column.name for column in connection.introspection.get_table_description(cursor, protected.table)
                ]
                for statement in _statements(connection.vendor, protected, columns):
                    cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Takes every trigger away; for throw-away databases of tests only."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for protected, name in _names(connection.vendor):
            on = "" if connection.vendor == "sqlite" else f" ON {protected.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(using: str = "default") -> list[str]:
    """Names of the declared triggers that the database does not have; empty when all is well."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return sorted(name for _protected_table, name in _names(connection.vendor) if name not in present)


def _names(vendor: str) -> list[tuple[Protected, str]]:
    events = ("update", "delete") if vendor == "sqlite" else ("update", "delete", "truncate")
    return [(table, f"{TRIGGER_PREFIX}{table.table}_{event}") for table in _protected.values() for event in events]


def _statements(vendor: str, protected: Protected, columns: list[str]) -> list[str]:
    return _sqlite(protected, columns) if vendor == "sqlite" else _postgresql(protected, columns)


def _erasing(protected: Protected, columns: list[str], same: str) -> str:
    """SQL that is true when an update only empties the erasable columns."""
    kept = [column for column in columns if column not in protected.erasable and column != "erased_at"]
    clauses = [f"NEW.{column} {same} OLD.{column}" for column in kept]
    clauses += [f"NEW.{column} = ''" for column in protected.erasable]
    clauses += ["OLD.erased_at IS NULL", "NEW.erased_at IS NOT NULL"]
    return " AND ".join(clauses)


def _sqlite(protected: Protected, columns: list[str]) -> list[str]:
    statements = []
    for event in ("update", "delete"):
        name = f"{TRIGGER_PREFIX}{protected.table}_{event}"
        allowed = event == "update" and protected.erasable
        when = f"WHEN NOT ({_erasing(protected, columns, 'IS')}) " if allowed else ""
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            (
                f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {protected.table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{protected.table} is append-only'); END"
            ),
        ]
    return statements


def _postgresql(protected: Protected, columns: list[str]) -> list[str]:
    function = f"{TRIGGER_PREFIX}{protected.table}"
    allowed = (
        f"IF TG_OP = 'UPDATE' THEN IF {_erasing(protected, columns, 'IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; END IF; "
        if protected.erasable
        else ""
    )
    statements = [
        (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {allowed}"
            f"RAISE EXCEPTION '{protected.table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
        )
    ]
    for event in ("update", "delete", "truncate"):
        name = f"{TRIGGER_PREFIX}{protected.table}_{event}"
        level = "STATEMENT" if event == "truncate" else "ROW"
        statements += [
            f"DROP TRIGGER IF EXISTS {name} ON {protected.table}",
            (
                f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {protected.table} "
                f"FOR EACH {level} EXECUTE FUNCTION {function}()"
            ),
        ]
    return statements
