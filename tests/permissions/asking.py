"""Asking a page as somebody, in a savepoint, and telling what kind of answer came."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.template import Template
from django.urls import reverse
from django.utils.safestring import SafeString

from core.models import AuditEntry
from tests.permissions.kinds import PUBLIC, Access, Answer, Kind, Row, refused_alike
from tests.permissions.world import World

Who = Kind | frozenset[Kind]
Ask = Callable[[World, Row, Who], HttpResponse]

STRANGERS = (Kind.ANONYMOUS, Kind.SME_STRANGER, Kind.PROVIDER_STRANGER, Kind.ADVISER)

OPEN = {200, 201, 302, 400, 409, 422}
"""What an open page answers: also words about a form that is wrong or comes at the wrong moment."""


@contextmanager
def unwritten() -> Iterator[None]:
    """No template is worked out in here: who may do what is decided before the first word of a page is written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", lambda _template, _context: SafeString(""))
        yield


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens in here is undone. The services may open their unit in it, as in a test of Django's own."""
    savepoint = transaction.atomic()
    savepoint._from_testcase = True
    with savepoint:
        yield
        transaction.set_rollback(True)


def address(world: World, row: Row) -> str:
    return (row.path or reverse(row.name, args=world.args(row.args))) + row.query


def posted(world: World, row: Row) -> dict[str, str]:
    return {name: world.value(said[1:]) if said[0] == "@" else said for name, said in row.body.items()}


def is_api(row: Row) -> bool:
    return row.name.startswith("api:")


def get(world: World, row: Row, who: Who) -> HttpResponse:
    return _whole(world.clients[who].get(address(world, row)))


def post(world: World, row: Row, who: Who) -> HttpResponse:
    how = {"content_type": "application/json"} if is_api(row) else {}
    return _whole(world.clients[who].post(address(world, row), posted(world, row), **how))


def _whole(response: HttpResponse) -> HttpResponse:
    """A download, read to its end as a browser does, so that its file is closed."""
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response


def answer_of(response: HttpResponse) -> Answer | str:
    """Which kind of answer this is; the status itself when it is none of them."""
    status = response.status_code
    if status == 302 and urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL):
        return Answer.LOGIN
    if status in OPEN:
        return Answer.OPEN
    return next((answer for answer in Answer if answer.value == str(status)), str(status))


def answers(
    ask: Ask, world: World, row: Row, declared: Access, kinds: tuple[Kind, ...] = tuple(Kind)
) -> dict[Kind, str]:
    """What these people get, asked as seldom as is sound.

    A page that never looked at who is there answers all as it answered the first. And roles and memberships only ever add
    to what one may: when somebody who is all of the refused in one person is refused, each of them is. When not, each is
    asked alone.
    """
    found: dict[Kind, str] = {}
    if Kind.ANONYMOUS in kinds:
        found[Kind.ANONYMOUS], looked = tried(ask, world, row, Kind.ANONYMOUS, written=declared == PUBLIC)
        if not looked:
            return dict.fromkeys(kinds, found[Kind.ANONYMOUS])
    for group in refused_alike(declared, kinds):
        answer, _looked = tried(ask, world, row, group)
        if answer == declared[next(iter(group))]:
            found |= dict.fromkeys(group, answer)
    written = worth_writing(declared) if ask is get else set(list(worth_writing(declared))[:1])
    for kind in kinds:
        if kind not in found:
            found[kind], _looked = tried(ask, world, row, kind, written=kind in written)
    return found


def worth_writing(access: Access) -> set[Kind]:
    """For whom the page is written out: the first of whom it is for, and every stranger that may look."""
    kinds = [kind for kind in Kind if access[kind] == Answer.OPEN]
    return {*kinds[:1], *(kind for kind in kinds if kind in STRANGERS)}


def tried(ask: Ask, world: World, row: Row, who: Who, *, written: bool = False) -> tuple[str, bool]:
    """What came of asking, and whether the page looked at who asked.

    Told, not raised: a crash, a refusal that left a trace in the audit trail, and words that strangers should not read.
    """
    with rolled_back(), nullcontext() if written else unwritten():
        try:
            response = ask(world, row, who)
        except Exception as crash:  # noqa: BLE001 - the test client raises what a visitor would see as a 500
            return f"500 {crash!r}", True
        looked = response.wsgi_request.session.accessed
        answer = answer_of(response)
        if answer != Answer.OPEN and AuditEntry.objects.count() != world.entries:
            return f"{answer}, and yet something was written", looked
        said = words(response).replace(response.wsgi_request.path, "")  # one's own question tells nothing new
        told = [secret for secret in world.secrets if who in STRANGERS and secret in said]
        return (f"{answer}, and it tells {told}" if told else str(answer)), looked


def words(response: HttpResponse) -> str:
    """What stands on the page; nothing of a download, which is read as it comes."""
    return "" if response.streaming else response.content.decode()
