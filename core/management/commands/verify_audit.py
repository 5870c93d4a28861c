"""Reads the whole trail and names the first row that is not as it was written.

This code shares nothing with `core.audit` on purpose: a mistake there must not hide itself here. What it cannot see alone is a
database operator who rewrites a stream, its head and every checkpoint: compare with a checkpoint kept elsewhere (--checkpoint).
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import triggers
from core.models import AuditCheckpoint, AuditEntry, AuditHead, AuditPayload

FIRST = "0" * 64
REPEATED = ("stream", "seq", "actor", "action", "subject")


class Command(BaseCommand):
    help = "Verifies the audit trail; exits with an error that names the first bad row of every damaged stream."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint", help="a checkpoint kept elsewhere, as printed by seal_audit, to compare with"
        )

    def handle(self, *_args: Any, checkpoint: str | None = None, **_options: Any) -> None:
        faults = [*_faulty_streams(), *_faulty_payloads(), *_faulty_checkpoints()]
        if checkpoint:
            faults += _against(json.loads(Path(checkpoint).read_text(encoding="utf-8")))
        faults += [f"trigger {name} is missing" for name in triggers.missing()]
        if faults:
            raise CommandError("The audit trail is damaged:\n" + "\n".join(f"- {fault}" for fault in faults))
        self.stdout.write(
            f"The audit trail is sound: {AuditEntry.objects.count()} entries in {AuditHead.objects.count()} streams, "
            f"{AuditPayload.objects.filter(erased_at__isnull=False).count()} personal details erased."
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _faulty_streams() -> Iterator[str]:
    heads = {head.stream: head for head in AuditHead.objects.all()}
    last: dict[str, tuple[int, str]] = {}
    broken: set[str] = set()
    for row in AuditEntry.objects.order_by("stream", "seq").iterator(2000):
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
    except ValueError:
        return "the text is not JSON"
    if body["previous"] != previous:
        return "it does not continue the entry before it"
    for column in REPEATED:
        if body[column] != getattr(row, column):
            return f"column {column} differs from the text"
    if body["at"] != row.at.astimezone(dt.UTC).isoformat(timespec="microseconds"):
        return "column at differs from the text"
    return None


def _faulty_payloads() -> Iterator[str]:
    present = AuditPayload.objects.in_bulk()
    for row in AuditEntry.objects.order_by("pk").iterator(2000):
        try:
            fingerprint = json.loads(row.body)["private"]
        except (ValueError, KeyError):
            continue  # named above
        payload = present.get(row.pk)
        if fingerprint is None:
            if payload:
                yield f"row {row.pk}: it has a personal detail it never had"
            continue
        if payload is None:
            yield f"row {row.pk} ({row.stream} {row.seq}): its personal detail is missing, not erased"
        elif payload.erased_at is None and _digest(payload.salt + payload.body) != fingerprint:
            yield f"row {row.pk} ({row.stream} {row.seq}): its personal detail was changed"


def _faulty_checkpoints() -> Iterator[str]:
    previous, number = FIRST, 0
    for point in AuditCheckpoint.objects.order_by("number").iterator(200):
        body = json.loads(point.body) if _digest(point.body) == point.hash else None
        if body is None or point.number != number + 1 or body["previous"] != previous or body["number"] != point.number:
            yield f"checkpoint {point.number}: it does not continue the one before it"
            return
        yield from _against(body)
        previous, number = point.hash, point.number


def _against(checkpoint: dict[str, Any]) -> Iterator[str]:
    for stream, seq, digest in checkpoint["heads"]:
        if not AuditEntry.objects.filter(stream=stream, seq=seq, hash=digest).exists():
            yield f"stream {stream}: entry {seq} is not what checkpoint {checkpoint['number']} saw"
