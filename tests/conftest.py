"""What every test stands on: no way out to the network, and databases to race on."""

import ipaddress
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from core import clock
from tests.moments import MONDAY

# Playwright's synchronous door runs an event loop in the test's thread, where Django then refuses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class NetworkBlocked(Exception):
    """A test tried to reach something outside this machine."""


def _is_here(address) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket's path
    host = address[0]
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _only_here(connect):
    def guarded(self, address):
        if not _is_here(address):
            raise NetworkBlocked(f"A test may not leave this machine: {address!r}")
        return connect(self, address)

    return guarded


@pytest.fixture(autouse=True, scope="session")
def _network_blocked():
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _only_here(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", _only_here(socket.socket.connect_ex))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _language_of_the_house():
    """A page that was opened in English leaves English behind in this thread; the next test starts in Dutch."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def monday():
    """The clock stands still at ten in the morning, UTC, on the Monday of `tests.moments`."""
    with clock.fixed(MONDAY):
        yield


@pytest.fixture
def nobody_drawn(monkeypatch):
    """No claim is drawn in the sample unless a test says so."""
    monkeypatch.setattr("vouchers.services.claim.sampled", lambda *_args: False)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's chromium, because it is what a Debian machine can install. Root needs it without its own sandbox."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("chromium is not installed: `make test` installs it, or `apt-get install chromium`.")
    arguments = [*browser_type_launch_args.get("args", []), "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


# --- Databases to race on ----------------------------------------------------------------------------------------------
#
# The trail refuses DELETE and TRUNCATE, so a test that really commits cannot be cleaned up by emptying tables. Tests with
# several connections or processes therefore work on a migrated database of their own and throw it away.

LONGEST = ("tests/journeys/test_main_job.py", "tests/journeys/test_vetting.py", "tests/marketplace/test_demo.py")

_numbers = count(1)


def pytest_collection_modifyitems(items):
    """Says which tests want a migrated database, and starts the longest first, so that workers finish together."""
    for item in items:
        if "database_template" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)  # pytest-django migrates only when a collected test wants it
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def database_template(django_db_setup, django_db_blocker):
    """A migrated database without cases, to copy from: a file's path (SQLite) or a database's name (PostgreSQL)."""
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite":
        template = Path(settings.TREDE_DATA_DIR) / "template.sqlite3"
        # The backup API copies what is committed, also while somebody writes.
        with sqlite3.connect(name) as source, sqlite3.connect(template) as target:
            source.backup(target)
        source.close()
        target.close()
        return template
    template = f"{name}_template"
    with django_db_blocker.unblock():
        connection.close()  # PostgreSQL copies only a database that nobody is in
        _on_server(f'DROP DATABASE IF EXISTS "{template}"', f'CREATE DATABASE "{template}" TEMPLATE "{name}"')
    return template


@pytest.fixture
def scratch_databases(database_template, tmp_path):
    """Makes migrated databases of the kind under test, for this test and its child processes alone; gives a DATABASE_URL."""
    made: list[str] = []

    def make() -> str:
        name = f"trede_scratch_{os.getpid()}_{next(_numbers)}"
        if connection.vendor == "sqlite":
            file = tmp_path / f"{name}.sqlite3"
            shutil.copyfile(database_template, file)
            return f"sqlite:///{file}"
        _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{database_template}"')
        made.append(name)
        return _url_of(name)

    yield make
    for name in made:
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def scratch_database(scratch_databases):
    """The DATABASE_URL of one such database."""
    return scratch_databases()


@pytest.fixture
def told_by(scratch_database):
    """Runs Python in a process of its own on the scratch database, or another, and gives what its last line says as JSON."""

    def run(*arguments: str, database: str = "") -> dict:
        surroundings = {"DATABASE_URL": database or scratch_database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments],
            cwd=settings.BASE_DIR,
            env={**os.environ, **surroundings},
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def raced_by(told_by):
    """Runs `main` of this module of the tests in a process of its own on the scratch database, and gives what it says."""

    def run(module: str, **asked: Any) -> dict:
        return told_by("-m", "tests.run", module, json.dumps(asked))

    return run


def _on_server(*statements: str) -> None:
    """Run statements that PostgreSQL accepts only outside a transaction."""
    import psycopg

    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as server:
        for statement in statements:
            server.execute(statement)


def _url_of(name: str) -> str:
    """The URL of the database called `name` on the server that this run uses."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
