"""The trail as the auditor searches and downloads it."""

import csv
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from core import clock
from core.workflow import note, unit
from marketplace.views import trail
from tests.door.models import Door
from tests.factories.accounts import UserFactory, official

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@unit
def say(action, *, by, times=1):
    door = Door.objects.create()
    for _each in range(times):
        note(by=by, action=action, subject=door)


def at(text):
    return clock.fixed(dt.datetime.fromisoformat(text))


@pytest.fixture
def auditor(client):
    client.force_login(official(Role.AUDITOR))
    return client


def actions(auditor, **asked):
    return [entry["row"].action for entry in auditor.get("/controlespoor/", asked).context["entries"]]


def downloaded(response):
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_a_period_is_counted_in_days_of_the_netherlands(auditor):
    by = UserFactory()
    for moment, action in (
        (
            "2026-03-28T22:59:59.999999+00:00",
            "saturday",
        ),  # the last moment before Sunday, which is the day of summer time
        ("2026-03-28T23:00:00+00:00", "sunday_begins"),
        ("2026-03-29T21:59:59.999999+00:00", "sunday_ends"),
        ("2026-03-29T22:00:00+00:00", "monday"),
    ):
        with at(moment):
            say(action, by=by)
    assert actions(auditor, since="2026-03-29", until="2026-03-29") == ["sunday_ends", "sunday_begins"]
    assert actions(auditor, since="2026-03-30") == ["monday"]
    assert actions(auditor, until="2026-03-28") == ["saturday"]


def test_a_period_is_compared_with_the_column_as_it_stands_so_that_its_index_serves(auditor):
    with CaptureQueriesContext(connection) as asked:
        auditor.get("/controlespoor/", {"since": "2026-03-01", "until": "2026-03-31"})
    found = [query["sql"] for query in asked if '"core_auditentry"."at" >=' in query["sql"]]
    assert found
    assert all('"core_auditentry"."at" <' in sql for sql in found)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_without_a_moment_is_refused_in_words(auditor, day):
    for field in ("since", "until"):
        page = auditor.get("/controlespoor/", {field: day})
        assert page.status_code == 200
        assert page.context["form"].errors[field]
        assert page.context["entries"] == []


def test_a_download_holds_every_entry_however_many_there_are(auditor, monkeypatch):
    monkeypatch.setattr(trail, "READ_AT_ONCE", 3)
    by = UserFactory()
    for times in (4, 2, 1):
        say("say", by=by, times=times)
    sent = auditor.get("/controlespoor/lijst.csv", {"q": "say"}).streaming_content
    lines = [next(sent), next(sent)]
    say("say", by=by)  # while it is on its way
    rows = list(csv.DictReader(b"".join([*lines, *sent]).decode("utf-8-sig").splitlines()))
    assert len(rows) == 7
    assert len({(row["zaak"], row["nummer"]) for row in rows}) == 7


def test_a_download_is_as_long_as_the_trail(auditor):
    say("say", by=UserFactory(), times=10_001)
    assert len(downloaded(auditor.get("/controlespoor/lijst.csv", {"q": "say"}))) == 10_001
