"""The trail: one hash-chained stream per case, written in the transaction of the act itself (DESIGN 4.14).

An entry is kept as canonical JSON text. Its hash is the SHA-256 of that text, which holds the hash of the entry before it,
so any change of any byte breaks the chain from there on. Personal detail stands apart, salted, and can be erased without
breaking the chain. `manage.py verify_audit` reads the trail with code of its own.
"""

import datetime as dt
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from core import clock
from core.canonical import canonical_json, sha256_hex
from core.models import AuditCheckpoint, AuditEntry, AuditHead, AuditPayload

GENESIS = "0" * 64
"""What the first entry of a stream names as the hash before it."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened, before it has its place in the chain."""

    stream: str
    at: dt.datetime
    actor: str
    action: str
    subject: str
    source: str | None = None
    target: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)


def write(events: list[Event]) -> None:
    """Appends the events to their streams, in one go whatever their number.

    The heads are made and then locked last and in sorted order, so that units never deadlock.
    """
    streams = sorted({event.stream for event in events})
    if not streams:
        return
    AuditHead.objects.bulk_create(
        [AuditHead(stream=stream, seq=0, hash=GENESIS) for stream in streams], ignore_conflicts=True
    )
    locked = AuditHead.objects.select_for_update().filter(stream__in=streams).order_by("stream")
    heads = {head.stream: head for head in locked}
    entries, payloads = [], []
    for event in sorted(events, key=lambda event: event.stream):  # stable: the order within a stream stays
        head = heads[event.stream]
        entry, payload = _chain(event, head)
        entries.append(entry)
        if payload:
            payloads.append((entry, payload))
        head.seq, head.hash = entry.seq, entry.hash
    AuditEntry.objects.bulk_create(entries)
    for entry, payload in payloads:
        payload.entry = entry
    AuditPayload.objects.bulk_create([payload for _entry, payload in payloads])
    for head in heads.values():
        head.save(update_fields=["seq", "hash"])


def _chain(event: Event, head: AuditHead) -> tuple[AuditEntry, AuditPayload | None]:
    payload = None
    if event.private:
        payload = AuditPayload(salt=secrets.token_hex(16), body=canonical_json(event.private))
    body = canonical_json(
        {
            "stream": event.stream,
            "seq": head.seq + 1,
            "previous": head.hash,
            "at": event.at,
            "actor": event.actor,
            "action": event.action,
            "subject": event.subject,
            "source": event.source,
            "target": event.target,
            "facts": event.facts,
            "private": sha256_hex(payload.salt + payload.body) if payload else None,
        }
    )
    entry = AuditEntry(
        stream=event.stream,
        seq=head.seq + 1,
        at=event.at,
        actor=event.actor,
        action=event.action,
        subject=event.subject,
        body=body,
        hash=sha256_hex(body),
    )
    return entry, payload


def version(stream: str) -> int:
    """How many entries this stream has: what somebody saw of a case is what it was at this number."""
    return AuditHead.objects.filter(stream=stream).values_list("seq", flat=True).first() or 0


def erase(entries: QuerySet[AuditEntry]) -> int:
    """Empties the personal detail of these entries; returns of how many. The entries and their chain stay as they are."""
    details = AuditPayload.objects.filter(entry__in=entries, erased_at__isnull=True)
    return details.update(body="", salt="", erased_at=clock.now())


def checkpoint() -> AuditCheckpoint:
    """Seals every head that is not where the checkpoints before it left it: those that moved, and those that are new.

    Each checkpoint holds the hash of the one before it, so the last one fixes all heads of all streams. Kept outside the
    operator's reach, it shows a cut tail, a rewritten stream and a rewritten checkpoint.
    """
    number, previous, sealed = 0, GENESIS, {}
    for point in AuditCheckpoint.objects.order_by("number").iterator(200):
        number, previous = point.number, point.hash
        sealed |= {stream: (seq, digest) for stream, seq, digest in json.loads(point.body)["heads"]}
    heads = AuditHead.objects.order_by("stream").values_list("stream", "seq", "hash")
    moved = [head for head in heads.iterator(2000) if sealed.get(head[0]) != head[1:]]
    body = canonical_json({"number": number + 1, "previous": previous, "at": clock.now(), "heads": moved})
    return AuditCheckpoint.objects.create(number=number + 1, body=body, hash=sha256_hex(body))
