"""The test run's own promises: no way out, and databases of one's own."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import NetworkBlocked

ROOT = Path(__file__).resolve().parents[2]
ALLOWED_FROM_DJANGO = {
    "django.utils.translation.gettext_lazy",
    "django.utils.translation.ngettext_lazy",
    "django.utils.translation.pgettext_lazy",
    "django.db.models.TextChoices",
    "django.db.models.IntegerChoices",
    "django.core.exceptions.ValidationError",
}


def test_a_test_cannot_reach_another_machine():
    with pytest.raises(NetworkBlocked), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_a_test_can_reach_its_own_machine():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()


def test_a_test_run_writes_into_a_directory_of_its_own():
    assert not Path(settings.TREDE_DATA_DIR).is_relative_to(ROOT)
    assert os.environ["TREDE_DATA_DIR"] == str(settings.TREDE_DATA_DIR)


def test_a_race_tells_at_once_who_died_without_an_answer(raced_by):
    told = raced_by("house.race_with_a_death")
    assert (told["killed"]["raised"], told["left"]["raised"]) == ("Died", "Died")
    assert "1 of 2 ended without an answer; exit codes [-9]" in told["killed"]["words"]
    assert max(told["killed"]["seconds"], told["left"]["seconds"]) < 30, "and nobody waits for two hours"
    assert told["silent"]["raised"] == "Empty"
    assert told["answers"] == ["ZeroDivisionError: division by zero", "one", "other"]


@pytest.mark.database
def test_a_scratch_database_is_migrated_and_seen_by_child_processes(scratch_database):
    program = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "from django.db.migrations.executor import MigrationExecutor\n"
        "executor = MigrationExecutor(connection)\n"
        "print(connection.vendor, len(executor.migration_plan(executor.loader.graph.leaf_nodes())))\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": scratch_database},
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.split() == [connection.vendor, "0"]


def test_rules_take_nothing_from_django_but_words_and_choices():
    taken = set()
    for path in [*ROOT.glob("*/rules.py"), *ROOT.glob("*/rules/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                taken |= {alias.name for alias in node.names if alias.name.split(".")[0] == "django"}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "django":
                taken |= {f"{node.module}.{alias.name}" for alias in node.names}
    assert taken <= ALLOWED_FROM_DJANGO
