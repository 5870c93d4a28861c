"""Every address, asked by everybody: who gets in, who is told what, and that a refusal leaves no trace."""

from collections.abc import Iterable

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation, User
from accounts.services import make_api_key
from tests.permissions.acts import ACTS
from tests.permissions.asking import Ask, answers, get, post, tried
from tests.permissions.kinds import Access, Answer, Kind, Row
from tests.permissions.table import CASE_READERS, ROWS
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

NOT_TAKEN = "405"
REFUSALS = {str(answer) for answer in Answer} - {str(Answer.OPEN)}


def differences(ask: Ask, world: World, row: Row, declared: Access, kinds: Iterable[Kind] = Kind) -> dict[Kind, str]:
    """Whoever got another answer than the table says."""
    found = answers(ask, world, row, declared, tuple(kinds))
    return {kind: f"{answer}, not {declared[kind]}" for kind, answer in found.items() if answer != declared[kind]}


def comes_through(ask: Ask, world: World, row: Row, other: Access) -> str:
    """What comes of a method that the table says is not taken, when somebody asks for whom the page opens by another one.

    When they are told that it is not taken, nobody comes further.
    """
    kind = next((kind for kind in Kind if other[kind] == Answer.OPEN), None)
    answer, _looked = tried(ask, world, row, kind or Kind.ANONYMOUS)
    return "" if answer == NOT_TAKEN or (kind is None and answer in REFUSALS) else answer


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_may_read(world, row: Row):
    if row.get:
        assert differences(get, world, row, row.get) == {}
    else:
        assert comes_through(get, world, row, row.post) == ""


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_may_write(world, row: Row):
    if row.post:
        assert differences(post, world, row, row.post) == {}
    else:
        assert comes_through(post, world, row, row.get) == ""


@pytest.mark.parametrize("row", ACTS, ids=str)
def test_who_may_press_which_button(world, row: Row):
    """Of those who may read the page; who may not is sent away before, which the row of the page tells."""
    assert differences(post, world, row, row.post, CASE_READERS) == {}


@pytest.mark.soak
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("row", [*ROWS, *ACTS], ids=str)
def test_everybody_alone(world, row: Row, kind: Kind):
    """The same without any thrift: each person asks each page by both methods, also by the one it does not take."""
    for ask, declared in ((get, row.get), (post, row.post)):
        if declared or row not in ACTS:
            answer, _looked = tried(ask, world, row, kind, written=True)
            assert answer == declared[kind] if declared else answer in {NOT_TAKEN, *REFUSALS}


# --- would it show? ----------------------------------------------------------------------------------------------------


def row_of(name: str) -> Row:
    return next(row for row in ROWS if row.name == name)


@pytest.mark.parametrize(
    "name", ["vouchers:application", "vouchers:claim", "providers:dossier", "accounts:bank_account"]
)
def test_a_page_that_no_longer_asks_whose_it_is_shows(world, monkeypatch, name):
    monkeypatch.setattr(User, "organisations", lambda _person, kind=None: Organisation.objects.all())
    row = row_of(name)
    assert {Kind.SME_STRANGER, Kind.PROVIDER_STRANGER, Kind.ADVISER} <= set(differences(get, world, row, row.get))


@pytest.mark.parametrize("name", ["vouchers:assess_queue", "payouts:batch", "providers:review", "marketplace:trail"])
def test_a_page_that_no_longer_asks_for_a_role_shows(world, monkeypatch, name):
    monkeypatch.setattr(User, "holds", lambda _person, *_roles: True)
    row = row_of(name)
    assert {Kind.SME_STRANGER, Kind.PROVIDER_STRANGER, Kind.ADVISER} <= set(differences(get, world, row, row.get))


def test_a_refusal_that_wrote_something_shows(world, monkeypatch):
    def too_late(*, by, **_more):
        make_api_key(by=by)
        raise PermissionDenied

    monkeypatch.setattr("vouchers.services.take_up", too_late)
    take_up = next(row for row in ACTS if "take_up" in str(row))
    assert "something was written" in differences(post, world, take_up, take_up.post)[Kind.AUDITOR]
