"""A database and a data directory for one measurement alone. Nobody's own data is ever opened.

`DATABASE_URL` of the surroundings counts only with DATABASE=postgresql, where `tests.postgres` has set it to a server it
started; even there the measurement makes a database of its own.
"""

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from bench.frame import Asked

_numbers = count(1)
OURS = ("DATABASE_URL", "TREDE_DATA_DIR", "DJANGO_SETTINGS_MODULE", "TREDE_ENV", "DEBUG", "PYTHONWARNINGS")


@contextlib.contextmanager
def surroundings(asked: Asked, settings: str) -> Iterator[Asked]:
    """Environment variables that lead Django, here and in child processes, to an empty database; then everything goes."""
    before = {name: os.environ.get(name) for name in OURS}
    server = os.environ.get("DATABASE_URL", "")
    if asked.database == "postgresql" and not server.startswith("postgres"):
        sys.exit("DATABASE=postgresql wants a server: `make bench` and `make soak` start one.")
    folder = Path(tempfile.mkdtemp(prefix=f"trede-{asked.kind}-{asked.name}-"))
    name = f"trede_{asked.kind}_{asked.name}_{os.getpid()}"
    made: list[str] = []
    try:
        url = f"sqlite:///{folder / 'trede.sqlite3'}"
        if asked.database == "postgresql":
            _on_server(server, f'CREATE DATABASE "{name}"')
            made.append(name)
            url = urlsplit(server)._replace(path=f"/{name}").geturl()
        os.environ.update(
            DATABASE_URL=url,
            TREDE_DATA_DIR=str(folder),
            DJANGO_SETTINGS_MODULE=settings,
            TREDE_ENV="demo",
            PYTHONWARNINGS="ignore",
        )
        os.environ.pop("DEBUG", None)
        yield replace(asked, url=url, folder=folder)
    finally:
        _forget_connections()
        for each in made:
            _on_server(server, f'DROP DATABASE IF EXISTS "{each}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)
        for variable, value in before.items():
            os.environ.pop(variable, None)
            if value is not None:
                os.environ[variable] = value


def migrated(asked: Asked, *, reference: bool = True) -> None:
    """Tables, and the reference data unless not wanted, in the measurement's own database."""
    import django

    django.setup()
    from django.core.management import call_command

    asked.tell("making the tables")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if reference:
        asked.tell("loading the reference data")
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device, not a file
            call_command("load_reference", stdout=nowhere)


@contextlib.contextmanager
def copy_of(asked: Asked) -> Iterator[str]:
    """The URL of a copy of the measurement's database as it is now: a race spoils it, a control more so."""
    _forget_connections()
    number = next(_numbers)
    if asked.database == "sqlite":
        file = asked.folder / f"copy{number}.sqlite3"
        source, target = sqlite3.connect(asked.url.removeprefix("sqlite:///")), sqlite3.connect(file)
        with contextlib.closing(source), contextlib.closing(target):
            source.backup(target)
        yield f"sqlite:///{file}"
        for each in asked.folder.glob(f"{file.name}*"):
            each.unlink()
        return
    name = urlsplit(asked.url).path.lstrip("/")
    copy = f"{name}_{number}"
    _on_server(asked.url, f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    try:
        yield urlsplit(asked.url)._replace(path=f"/{copy}").geturl()
    finally:
        _on_server(asked.url, f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def _forget_connections() -> None:
    """PostgreSQL copies and drops only databases that nobody is in."""
    if "django" in sys.modules:
        from django.conf import settings

        if settings.configured:
            from django.db import connections

            connections.close_all()


def _on_server(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(statement)
