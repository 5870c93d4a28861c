"""The trail: append-only on both databases, and verified by code that shares nothing with what wrote it."""

import datetime as dt
import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

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


def cut(stream, upto):
    """Takes the end off a stream, entries, details and head, as an operator without triggers could."""
    gone = AuditEntry.objects.filter(stream=stream, seq__gt=upto)
    AuditPayload.objects.filter(entry__in=gone).delete()
    gone.delete()
    last = AuditEntry.objects.get(stream=stream, seq=upto)
    AuditHead.objects.filter(stream=stream).update(seq=upto, hash=last.hash)


def rewrite(stream):
    """Writes the last entry of a stream again, with another actor and with hashes that fit."""
    last = AuditEntry.objects.filter(stream=stream).latest("seq")
    body = audit.canonical_json({**json.loads(last.body), "actor": "user:999999"})
    digest = audit.sha256_hex(body)
    AuditEntry.objects.filter(pk=last.pk).update(body=body, hash=digest, actor="user:999999")
    AuditHead.objects.filter(stream=stream).update(hash=digest)


@pytest.fixture
def sealed(unguarded, tmp_path):
    """Three checkpoints, of which the last is kept elsewhere: the first stream moved before the second, then only the third."""
    audit.checkpoint()
    say(unguarded[0], by=UserFactory())
    audit.checkpoint()
    say(unguarded[2], by=UserFactory())
    kept = tmp_path / "checkpoint.json"
    kept.write_text(audit.checkpoint().body + "\n", encoding="utf-8")
    triggers.install()
    assert "sound" in verify(checkpoint=str(kept))
    triggers.remove()
    return [door.reference() for door in unguarded], str(kept)


def heads_of(number):
    return [stream for stream, _seq, _hash in json.loads(AuditCheckpoint.objects.get(number=number).body)["heads"]]


def test_a_checkpoint_holds_only_the_heads_that_moved(sealed):
    streams, _kept = sealed
    assert heads_of(1) == sorted(streams)
    assert (heads_of(2), heads_of(3)) == ([streams[0]], [streams[2]])
    assert json.loads(audit.checkpoint().body)["heads"] == []


@pytest.mark.parametrize(("place", "entry", "checkpoint"), [(0, 5, 2), (1, 4, 1), (2, 5, 3)])
@pytest.mark.parametrize("damage", ["cut", "rewrite"])
def test_the_checkpoints_together_fix_every_stream(sealed, damage, place, entry, checkpoint):
    streams, _kept = sealed
    cut(streams[place], entry - 1) if damage == "cut" else rewrite(streams[place])
    triggers.install()
    with pytest.raises(CommandError) as damaged:
        verify()
    assert f"stream {streams[place]}: entry {entry} is not what checkpoint {checkpoint} saw" in str(damaged.value)
    assert str(damaged.value).count("\n- ") == 1


def test_the_last_checkpoint_kept_elsewhere_fixes_the_ones_before_it(sealed):
    """A stream that did not move since the first checkpoint is cut, and the checkpoints are made again to fit."""
    streams, kept = sealed
    cut(streams[1], 3)
    bodies = [json.loads(body) for body in AuditCheckpoint.objects.order_by("number").values_list("body", flat=True)]
    AuditCheckpoint.objects.all().delete()
    third = AuditEntry.objects.get(stream=streams[1], seq=3)
    previous = audit.GENESIS
    for body in bodies:
        heads = [
            [stream, 3, third.hash] if stream == streams[1] else [stream, *rest] for stream, *rest in body["heads"]
        ]
        text = audit.canonical_json({**body, "heads": heads, "previous": previous})
        previous = audit.sha256_hex(text)
        AuditCheckpoint.objects.create(number=body["number"], body=text, hash=previous)
    triggers.install()
    assert "sound" in verify()  # nothing inside the database can tell any more
    with pytest.raises(CommandError, match="checkpoint 2: it is not the one that was kept elsewhere"):
        verify(checkpoint=kept)


def test_a_checkpoint_that_was_taken_away_is_missed(sealed):
    _streams, kept = sealed
    AuditCheckpoint.objects.filter(number=3).delete()
    triggers.install()
    assert "sound" in verify()
    with pytest.raises(CommandError, match="checkpoint 3: it is not the one that was kept elsewhere"):
        verify(checkpoint=kept)


def test_verifying_takes_the_same_queries_for_three_streams_as_for_thirty(trail):
    def counted():
        with CaptureQueriesContext(connection) as asked:
            verify()
        return len(asked)

    audit.checkpoint()
    before = counted()
    by = UserFactory()
    for _door in range(27):
        say(Door.objects.create(), by=by)
    audit.checkpoint()
    assert counted() == before


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


UNREADABLE = {
    "a month 93": "UPDATE core_auditentry SET at = '2026-93' || substr(at, 8) WHERE id = %s",
    "a moment with a letter": "UPDATE core_auditentry SET at = 'x' || substr(at, 2) WHERE id = %s",
    "no UTF-8": "UPDATE core_auditentry SET body = CAST(x'ff' || CAST(body AS BLOB) AS TEXT) WHERE id = %s",
    "a detail that is no UTF-8": (
        "UPDATE core_auditpayload SET body = CAST(x'ff' || CAST(body AS BLOB) AS TEXT) WHERE entry_id = %s"
    ),
}


@pytest.mark.parametrize("damage", UNREADABLE)
def test_what_cannot_even_be_read_is_named_like_any_other_damage(unguarded, damage):
    """SQLite keeps whatever it is given; PostgreSQL refuses such a value, so that there it cannot occur."""
    row = AuditEntry.objects.get(stream=unguarded[1].reference(), seq=2)
    other = AuditEntry.objects.filter(stream=unguarded[2].reference(), seq=1)
    other.update(actor="iemand anders")
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            with pytest.raises(Error), transaction.atomic():
                cursor.execute(UNREADABLE[damage], [row.pk])
            return
        cursor.execute(UNREADABLE[damage], [row.pk])
    with pytest.raises(CommandError) as damaged:
        verify()
    assert f"row {row.pk} ({row.stream} " in str(damaged.value)
    assert f"row {other.get().pk} (" in str(damaged.value), "the rest of the trail is still read"


def test_a_head_that_is_no_utf_8_is_named(unguarded):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_audithead SET hash = CAST(x'ff' AS TEXT) WHERE stream = %s", [unguarded[0].reference()]
            )
        with pytest.raises(
            CommandError, match=f"stream {unguarded[0].reference()}: its end is not where its head says"
        ):
            verify()
    else:
        with connection.cursor() as cursor, pytest.raises(Error), transaction.atomic():
            cursor.execute("UPDATE core_audithead SET hash = convert_from('\\xff', 'UTF8')")


@pytest.mark.parametrize("text", ["1", "[]", "{}", '"entry"'])
def test_a_text_that_is_no_entry_is_named_also_when_its_hash_fits(unguarded, text):
    row = AuditEntry.objects.get(stream=unguarded[1].reference(), seq=4)
    AuditEntry.objects.filter(pk=row.pk).update(body=text, hash=audit.sha256_hex(text))
    with pytest.raises(CommandError, match=rf"row {row.pk} \({row.stream} 4\): the text is not that of an entry"):
        verify()


@pytest.mark.parametrize("text", ["1", "{}", '{"heads": [], "number": 1}'])
def test_a_checkpoint_that_is_none_is_named_also_when_its_hash_fits(unguarded, text):
    audit.checkpoint()
    AuditCheckpoint.objects.update(body=text, hash=audit.sha256_hex(text))
    with pytest.raises(CommandError, match="checkpoint 1: it does not continue the one before it"):
        verify()
