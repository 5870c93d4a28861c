"""The trail: append-only on both databases, and verified by code that shares nothing with what wrote it."""

import datetime as dt
import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from core import audit, clock, triggers
from core.models import AuditCheckpoint, AuditEntry, AuditHead, AuditPayload, Hand
from core.workflow import note, perform, unit
from tests.door.models import Door
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@unit
def say(door, *, by, action="say", **facts):
    note(by=by, action=action, subject=door, facts=facts, private={"naam": "Jansen é ☃"})


@pytest.fixture
def trail():
    """Three streams of four entries, each with a personal detail."""
    by = UserFactory()
    doors = [Door.objects.create() for _ in range(3)]
    for number in range(4):
        for door in doors:
            say(door, by=by, number=number)
    return doors


def verify(**options):
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def unguarded(trail):
    """The database as its operator could have it: without the triggers."""
    triggers.remove()
    yield trail
    triggers.install()


def test_a_sound_trail_is_told_sound(trail):
    assert "12 entries in 3 streams" in verify()


def test_a_stream_is_gapless_and_chained(trail):
    rows = list(AuditEntry.objects.filter(stream=trail[0].reference()).order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    assert [json.loads(row.body)["previous"] for row in rows] == [audit.GENESIS, *(row.hash for row in rows[:-1])]


@pytest.mark.parametrize("table", ["core_auditentry", "core_auditpayload", "core_hand", "core_auditcheckpoint"])
@pytest.mark.parametrize("statement", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}"])
def test_the_database_refuses_to_change_or_delete(trail, table, statement):
    unit(perform)(trail[0], "open", by=UserFactory(), on=dt.date(2026, 1, 5))
    audit.checkpoint()
    column = {"core_auditpayload": "salt", "core_hand": "role"}.get(table, "hash")
    with connection.cursor() as cursor, pytest.raises(Error, match="append-only"), transaction.atomic():
        cursor.execute(statement.format(t=table, c=column))
    assert AuditEntry.objects.count() == 13
    assert Hand.objects.count() == 1


def test_deleting_the_case_leaves_its_trail(trail):
    Door.objects.all().delete()
    assert AuditEntry.objects.count() == 12
    assert "sound" in verify()


COLUMNS = ["stream", "seq", "at", "actor", "action", "subject", "body", "hash"]


@pytest.mark.parametrize("column", COLUMNS)
def test_any_change_of_any_column_names_the_row(unguarded, column):
    row = AuditEntry.objects.filter(stream=unguarded[1].reference(), seq=2).get()
    value = getattr(row, column)
    match value:
        case int():
            changed = value + 70
        case dt.datetime():
            changed = value + dt.timedelta(microseconds=1)
        case str() if column == "stream":
            changed = value + "x"
        case _:
            changed = value[:-1] + chr(ord(value[-1]) ^ 1)
    AuditEntry.objects.filter(pk=row.pk).update(**{column: changed})
    with pytest.raises(CommandError) as damaged:
        verify()
    if column in {"stream", "seq"}:
        assert row.stream in str(damaged.value)
    else:
        assert f"row {row.pk} ({row.stream} 2)" in str(damaged.value)


def test_any_one_byte_of_any_text_names_the_row(unguarded):
    """Every row, a byte at a random place of it, a random other value: found each time, at that row."""
    chance = random.Random(20261123)
    for row in AuditEntry.objects.all():
        for _try in range(5):
            place = chance.randrange(len(row.body))
            letter = chr((ord(row.body[place]) + chance.randrange(1, 26) - 32) % 95 + 32)
            if letter == row.body[place]:
                continue
            AuditEntry.objects.filter(pk=row.pk).update(body=row.body[:place] + letter + row.body[place + 1 :])
            with pytest.raises(CommandError, match=rf"row {row.pk} \({row.stream} {row.seq}\)"):
                verify()
        AuditEntry.objects.filter(pk=row.pk).update(body=row.body)
    triggers.install()
    assert "sound" in verify()


def test_a_dropped_an_inserted_and_a_swapped_row_are_found(unguarded):
    stream = unguarded[0].reference()
    second, third = AuditEntry.objects.filter(stream=stream, seq__in=[2, 3]).order_by("seq")
    AuditPayload.objects.filter(entry=second).delete()
    second.delete()
    with pytest.raises(CommandError, match=rf"\({stream} 3\): entry 2 is missing"):
        verify()
    AuditEntry.objects.filter(pk=third.pk).update(seq=2)
    with pytest.raises(CommandError, match=f"row {third.pk}"):
        verify()


def test_a_cut_tail_is_found_by_the_head_and_when_the_head_is_cut_too_by_a_checkpoint(unguarded, tmp_path):
    stream = unguarded[2].reference()
    kept = tmp_path / "checkpoint.json"
    kept.write_text(audit.checkpoint().body, encoding="utf-8")
    AuditCheckpoint.objects.all().delete()
    last = AuditEntry.objects.filter(stream=stream, seq=4).get()
    AuditPayload.objects.filter(entry=last).delete()
    last.delete()
    with pytest.raises(CommandError, match=f"stream {stream}: its end is not where its head says"):
        verify()
    before = AuditEntry.objects.get(stream=stream, seq=3)
    AuditHead.objects.filter(stream=stream).update(seq=3, hash=before.hash)
    triggers.install()
    assert "sound" in verify()  # nothing inside the database can tell any more
    with pytest.raises(CommandError, match=f"stream {stream}: entry 4 is not what checkpoint 1 saw"):
        verify(checkpoint=str(kept))


def test_an_erased_personal_detail_is_told_from_a_missing_one(trail):
    payload = AuditPayload.objects.first()
    AuditPayload.objects.filter(pk=payload.pk).update(body="", salt="", erased_at=clock.now())
    assert "1 personal details erased" in verify()
    triggers.remove()
    AuditPayload.objects.filter(pk=payload.pk).delete()
    with pytest.raises(CommandError, match="its personal detail is missing, not erased"):
        verify()
    triggers.install()


def test_a_changed_personal_detail_is_found(unguarded):
    payload = AuditPayload.objects.first()
    AuditPayload.objects.filter(pk=payload.pk).update(body=payload.body.replace("Jansen", "Pieters"))
    with pytest.raises(CommandError, match="its personal detail was changed"):
        verify()


def test_a_personal_detail_can_only_be_erased_and_only_once(trail):
    payload = AuditPayload.objects.first()
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        AuditPayload.objects.filter(pk=payload.pk).update(body="{}")
    AuditPayload.objects.filter(pk=payload.pk).update(body="", salt="", erased_at=clock.now())
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        AuditPayload.objects.filter(pk=payload.pk).update(body="x", salt="y", erased_at=None)


def test_a_missing_trigger_is_told(trail):
    triggers.remove()
    assert "keep_core_auditentry_update" in triggers.missing()
    with pytest.raises(CommandError, match="trigger keep_core_auditentry_delete is missing"):
        verify()
    triggers.install()
    assert triggers.missing() == []


def test_the_trail_refuses_what_two_machines_may_write_differently(trail):
    with pytest.raises(TypeError, match="float"):
        say(trail[0], by=UserFactory(), gain=0.15)
