"""Reads the whole trail and names the first row that is not as it was written.

This code shares nothing with `core.audit` on purpose: a mistake there must not hide itself here. What it cannot see alone is a
database operator who rewrites a stream, its head and every checkpoint: compare with a checkpoint kept elsewhere (--checkpoint).
The last one kept is enough, because every checkpoint holds the hash of the one before it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from core import triggers
from core.models import AuditCheckpoint, AuditEntry, AuditHead, AuditPayload

FIRST = "0" * 64
AT_ONCE = 500
REPEATED = ("stream", "seq", "actor", "action", "subject")


class Command(BaseCommand):
    help = "Verifies the audit trail; exits with an error that names the first bad row of every damaged stream."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint", help="a checkpoint kept elsewhere, as printed by seal_audit, to compare with"
        )

    def handle(self, *_args: Any, checkpoint: str | None = None, **_options: Any) -> None:
        with _whatever_was_written(), _one_moment():
            faults = [*_faulty_entries(), *_faulty_checkpoints()]
            if checkpoint:
                faults += _faulty_beside(Path(checkpoint).read_text(encoding="utf-8").strip())
            sound = (
                f"The audit trail is sound: {AuditEntry.objects.count()} entries in {AuditHead.objects.count()} streams, "
                f"{AuditPayload.objects.filter(erased_at__isnull=False).count()} personal details erased."
            )
        faults += [f"trigger {name} is missing or says something else" for name in triggers.missing()]
        if faults:
            raise CommandError("The audit trail is damaged:\n" + "\n".join(f"- {_shown(fault)}" for fault in faults))
        self.stdout.write(sound)


@contextmanager
def _whatever_was_written() -> Iterator[None]:
    """SQLite keeps any bytes as text. Within this block those that are no UTF-8 are read as they are, so that their row can
    be named; PostgreSQL has none."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual, connection.connection.text_factory = connection.connection.text_factory, _as_it_is
    try:
        yield
    finally:
        connection.connection.text_factory = usual


BEGIN = {"sqlite": "BEGIN DEFERRED", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


@contextmanager
def _one_moment() -> Iterator[None]:
    """Within this block everything is read as it stood at one moment: an act of meanwhile is no damage.

    It only reads, so on SQLite nobody waits for it, as one would for a transaction of Django's own.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _as_it_is(written: bytes) -> str:
    return written.decode(errors="surrogateescape")


def _shown(text: str) -> str:
    """The text with what no screen can show written out."""
    return text.encode(errors="backslashreplace").decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _entries() -> QuerySet[AuditEntry]:
    """Every entry with its personal detail, moments as the database keeps them: a damaged one must not stop the reading."""
    kept = Cast("at", TextField()) if connection.vendor == "sqlite" else F("at")
    erased = Q(payload__erased_at__isnull=False)
    rows = AuditEntry.objects.select_related("payload").defer("at", "payload__erased_at")
    return rows.annotate(kept_at=kept, erased=erased).order_by("stream", "seq")


def _moment(told: str) -> Any:
    """The moment that an entry's text tells, as the column `at` keeps it. Raises ValueError when it tells none."""
    moment = dt.datetime.fromisoformat(told)
    return str(moment.replace(tzinfo=None)) if connection.vendor == "sqlite" else moment


def _faulty_entries() -> Iterator[str]:
    """Every entry with its personal detail, in one walk that holds a page of them at a time."""
    heads = {head.stream: head for head in AuditHead.objects.all()}
    last: dict[str, tuple[int, str]] = {}
    broken: set[str] = set()
    for row in _entries().iterator(2000):
        if fault := _payload_fault(row):
            yield fault
        if row.stream in broken:
            continue
        seq, previous = last.get(row.stream, (0, FIRST))
        fault = _fault(row, seq + 1, previous)
        if fault:
            broken.add(row.stream)
            yield f"row {row.pk} ({row.stream} {row.seq}): {fault}"
        last[row.stream] = (row.seq, row.hash)
    for stream, head in heads.items():
        if stream not in broken and last.pop(stream, (0, FIRST)) != (head.seq, head.hash):
            yield f"stream {stream}: its end is not where its head says, after entry {head.seq}"
        last.pop(stream, None)
    for stream in last:
        if stream not in broken:
            yield f"stream {stream}: its head is missing"


def _fault(row: AuditEntry, seq: int, previous: str) -> str | None:
    if row.seq != seq:
        return f"entry {seq} is missing"
    if _digest(row.body) != row.hash:
        return "the text does not match its hash"
    try:
        body = json.loads(row.body)
        if body["previous"] != previous:
            return "it does not continue the entry before it"
        for column in REPEATED:
            if body[column] != getattr(row, column):
                return f"column {column} differs from the text"
        if _moment(body["at"]) != row.kept_at:
            return "column at differs from the text"
    except (ValueError, TypeError, KeyError):
        return "the text is not that of an entry"
    return None


def _payload_fault(row: AuditEntry) -> str | None:
    try:
        fingerprint = json.loads(row.body)["private"]
    except (ValueError, TypeError, KeyError):
        return None  # named by `_fault`
    payload: AuditPayload | None = getattr(row, "payload", None)
    if fingerprint is None:
        return f"row {row.pk}: it has a personal detail it never had" if payload else None
    if payload is None:
        return f"row {row.pk} ({row.stream} {row.seq}): its personal detail is missing, not erased"
    if not row.erased and _digest(payload.salt + payload.body) != fingerprint:
        return f"row {row.pk} ({row.stream} {row.seq}): its personal detail was changed"
    return None


Head = tuple[int, str, int, str]
"""The number of a checkpoint, and where it saw the end of a stream: the stream, the entry's number and its hash."""


def _faulty_checkpoints() -> Iterator[str]:
    unchained: list[str] = []
    yield from _against(_sealed(unchained))
    yield from unchained


def _sealed(unchained: list[str]) -> Iterator[Head]:
    """Every head in the checkpoints, up to the first checkpoint that does not continue the one before it."""
    previous, number = FIRST, 0
    for point in AuditCheckpoint.objects.order_by("number").iterator(200):
        body = _sealed_text(point)
        if body is None or (point.number, body["number"], body["previous"]) != (number + 1, number + 1, previous):
            unchained.append(f"checkpoint {point.number}: it does not continue the one before it")
            return
        yield from _heads_of(body)
        previous, number = point.hash, point.number


def _sealed_text(point: AuditCheckpoint) -> dict[str, Any] | None:
    """What a checkpoint says, or None when its text was changed or is not that of a checkpoint."""
    try:
        body = json.loads(point.body) if _digest(point.body) == point.hash else None
    except ValueError:
        return None
    return body if isinstance(body, dict) and {"number", "previous", "heads"} <= set(body) else None


def _heads_of(body: dict[str, Any]) -> Iterator[Head]:
    return ((body["number"], *head) for head in body["heads"])


def _faulty_beside(text: str) -> Iterator[str]:
    """What a checkpoint kept elsewhere says against the database: its heads, itself, and the one it continues."""
    kept = json.loads(text)
    yield from _against(_heads_of(kept))
    expected = {kept["number"]: _digest(text), kept["number"] - 1: kept["previous"]}
    present = dict(AuditCheckpoint.objects.filter(number__in=expected).values_list("number", "hash"))
    for number, digest in expected.items():
        if number and present.get(number) != digest:
            yield f"checkpoint {number}: it is not the one that was kept elsewhere, or that the kept one continues"


def _against(heads: Iterable[Head]) -> Iterator[str]:
    heads = iter(heads)
    while some := list(islice(heads, AT_ONCE)):
        streams, numbers = {head[1] for head in some}, {head[2] for head in some}
        found = AuditEntry.objects.filter(stream__in=streams, seq__in=numbers)
        there = set(found.values_list("stream", "seq", "hash"))
        for number, *head in some:
            if tuple(head) not in there:
                yield f"stream {head[0]}: entry {head[1]} is not what checkpoint {number} saw"
