"""Rows that nobody may change, not even with a shell on the database: triggers on SQLite and PostgreSQL.

SQLite drops a table's triggers whenever a migration rebuilds the table, so they are (re)installed after every migrate, and
`/readyz` asks `missing()`, which compares their text too: a trigger of the right name that does nothing is missing. A room adds its own append-only tables with `protect` in its AppConfig.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Trigger:
    """One trigger as it has to be: its name, the statement that makes it and, on PostgreSQL, the source of its function."""

    table: str
    name: str
    statement: str
    source: str = ""

    @property
    def function(self) -> str:
        """The name of the function that a trigger of PostgreSQL calls."""
        return f"{TRIGGER_PREFIX}{self.table}"


def install(using: str = "default") -> None:
    """(Re)installs every declared trigger on the tables that exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for trigger in _declared(connection, cursor):
            cursor.execute(_drop(trigger, connection.vendor))
            if trigger.source:
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {trigger.function}() RETURNS trigger LANGUAGE plpgsql "
                    f"AS $${trigger.source}$$"
                )
            cursor.execute(trigger.statement)


def remove(using: str = "default") -> None:
    """Takes every trigger away; for throw-away databases of tests only."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for trigger in _declared(connection, cursor):
            cursor.execute(_drop(trigger, connection.vendor))


def missing(using: str = "default") -> list[str]:
    """Names of the declared triggers that the database does not have, or not as declared; empty when all is well."""
    connection = connections[using]
    with connection.cursor() as cursor:
        declared = _declared(connection, cursor)
        cursor.execute(PRESENT[connection.vendor])
        present = {(row[0], *row[1:]) for row in cursor.fetchall()}
    absent = {table for table in _protected if table not in {trigger.table for trigger in declared}}
    wrong = [trigger.name for trigger in declared if (trigger.name, trigger.statement, trigger.source) not in present]
    return sorted([*wrong, *(f"{TRIGGER_PREFIX}{table}" for table in absent)])


PRESENT = {
    "sqlite": "SELECT name, sql, '' FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true), prosrc FROM pg_trigger "
        "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    ),
}
"""The name, the text and the function's source of every trigger that works, as the database itself tells them."""


def _drop(trigger: Trigger, vendor: str) -> str:
    on = "" if vendor == "sqlite" else f" ON {trigger.table}"
    return f"DROP TRIGGER IF EXISTS {trigger.name}{on}"


def _declared(connection: Any, cursor: Any) -> list[Trigger]:
    """The triggers of every declared table that exists."""
    existing = set(connection.introspection.table_names(cursor))
    triggers = []
    for protected in _protected.values():
        if protected.table in existing:
            columns = (
                [column.name for column in connection.introspection.get_table_description(cursor, protected.table)]
                if protected.erasable
                else []
            )
            make = _sqlite if connection.vendor == "sqlite" else _postgresql
            triggers += make(protected, columns)
    return triggers


def _erasing(protected: Protected, columns: list[str], same: str) -> str:
    """SQL that is true when an update only empties the erasable columns."""
    kept = [column for column in columns if column not in protected.erasable and column != "erased_at"]
    clauses = [f"NEW.{column} {same} OLD.{column}" for column in kept]
    clauses += [f"NEW.{column} = ''" for column in protected.erasable]
    clauses += ["OLD.erased_at IS NULL", "NEW.erased_at IS NOT NULL"]
    return " AND ".join(clauses)


def _sqlite(protected: Protected, columns: list[str]) -> list[Trigger]:
    triggers = []
    for event in ("update", "delete"):
        name = f"{TRIGGER_PREFIX}{protected.table}_{event}"
        allowed = event == "update" and protected.erasable
        when = f"WHEN NOT ({_erasing(protected, columns, 'IS')}) " if allowed else ""
        statement = (
            f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {protected.table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{protected.table} is append-only'); END"
        )
        triggers.append(Trigger(protected.table, name, statement))
    return triggers


def _postgresql(protected: Protected, columns: list[str]) -> list[Trigger]:
    allowed = (
        f"IF TG_OP = 'UPDATE' THEN IF {_erasing(protected, columns, 'IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; END IF; "
        if protected.erasable
        else ""
    )
    source = (
        f" BEGIN {allowed}RAISE EXCEPTION '{protected.table} is append-only' USING ERRCODE = 'restrict_violation'; END "
    )
    triggers = []
    for event in ("update", "delete", "truncate"):
        name = f"{TRIGGER_PREFIX}{protected.table}_{event}"
        level = "STATEMENT" if event == "truncate" else "ROW"
        statement = (
            f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {protected.table} "
            f"FOR EACH {level} EXECUTE FUNCTION {TRIGGER_PREFIX}{protected.table}()"
        )
        triggers.append(Trigger(protected.table, name, statement, source))
    return triggers
