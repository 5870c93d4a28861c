"""The triggers outlive a migration that rebuilds their table, as SQLite does it."""

import os
import subprocess
import sys
import textwrap

import pytest
from django.db import connection

from core import triggers

pytestmark = [pytest.mark.django_db, pytest.mark.database]

REBUILD = textwrap.dedent(
    """
    import django
    django.setup()
    from django.core.management import call_command
    from django.db import Error, connection, migrations, models
    from core import triggers
    from core.models import AuditEntry, AuditHead
    from django.db.models.signals import post_migrate

    old = AuditEntry._meta.get_field("action")
    wider = models.CharField(max_length=61, db_index=True)
    wider.set_attributes_from_name("action")
    wider.model = AuditEntry
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEntry, old, wider)
    print("after the rebuild:", triggers.missing())
    call_command("migrate", verbosity=0)
    print("after migrate:", triggers.missing())
    AuditEntry.objects.create(stream="s", seq=1, at=django.utils.timezone.now(), body="{}")
    try:
        AuditEntry.objects.update(action="x")
    except Error as refused:
        print("refused:", "append-only" in str(refused))
    """
)


def test_a_rebuilt_table_gets_its_triggers_back_at_the_end_of_migrate(scratch_database):
    done = subprocess.run(
        [sys.executable, "-c", REBUILD],
        env={**os.environ, "DATABASE_URL": scratch_database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    after_rebuild, after_migrate, refused = done.stdout.splitlines()
    if scratch_database.startswith("sqlite"):  # the control: without the reinstalling, the rows would be free
        assert "keep_core_auditentry_update" in after_rebuild
    assert after_migrate == "after migrate: []"
    assert refused == "refused: True"


def test_every_declared_table_is_guarded():
    assert triggers.missing() == []
    assert {"core_auditentry", "core_auditcheckpoint", "core_auditpayload", "core_hand"} <= set(triggers._protected)


IDLE = {
    "sqlite": [
        "DROP TRIGGER keep_core_auditentry_update",
        "CREATE TRIGGER keep_core_auditentry_update BEFORE UPDATE ON core_auditentry BEGIN SELECT 1; END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION keep_core_auditentry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    ],
}


def test_a_trigger_that_does_nothing_is_told_from_the_one_it_pretends_to_be():
    with connection.cursor() as cursor:
        for statement in IDLE[connection.vendor]:
            cursor.execute(statement)
    assert "keep_core_auditentry_update" in triggers.missing()
    triggers.install()
    assert triggers.missing() == []


def test_a_trigger_that_was_switched_off_is_missing():
    off = {
        "sqlite": "DROP TRIGGER keep_core_hand_delete",
        "postgresql": "ALTER TABLE core_hand DISABLE TRIGGER keep_core_hand_delete",
    }
    with connection.cursor() as cursor:
        cursor.execute(off[connection.vendor])
    assert triggers.missing() == ["keep_core_hand_delete"]
    triggers.install()
    assert triggers.missing() == []
