"""The table against the house: every address of ours has a row, every row an address, and every role a kind."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from tests.permissions.acts import ACTS
from tests.permissions.kinds import API_MEMBERS, MEMBERS, NOWHERE, PUBLIC, Answer, Kind
from tests.permissions.table import ROWS, THIRD_PARTY
from tests.permissions.world import OFFICIAL_ROLES

ROOMS = {config.name for config in apps.get_app_configs() if Path(config.path).parent == Path(settings.BASE_DIR)}


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    """Every address as (name with its namespace, or its route without a name; the package whose code answers)."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            view = getattr(one.callback, "view_class", one.callback)
            yield f"{space}{one.name or one.pattern}", view.__module__.partition(".")[0]


FOUND = list(patterns(get_resolver()))
SPACES = {name.partition(":")[0] for name, package in FOUND if ":" in name and package in ROOMS}
OURS = {name for name, package in FOUND if package in ROOMS or name.partition(":")[0] in SPACES}


def test_every_address_of_ours_has_a_row_and_every_row_an_address():
    declared = {row.name for row in ROWS}
    assert OURS - declared == set(), "say in tests/permissions/table.py who may open these"
    assert declared - OURS == set(), "these addresses are gone"
    assert {row.name for row in ACTS} <= OURS
    assert len(OURS) > 150


def test_addresses_of_others_are_known_by_their_package():
    others = {package for name, package in FOUND if name not in OURS}
    assert others == set(THIRD_PARTY)
    assert all(THIRD_PARTY.values())


def test_every_role_is_somebody():
    assert set(Role) == {*OFFICIAL_ROLES.values(), Role.MEMBER, Role.ADVISER}


def test_every_row_says_who_by_one_method_at_least():
    assert [str(row) for row in [*ROWS, *ACTS] if row.get is None and row.post is None] == []
    assert len({str(row) for row in ROWS}) == len(ROWS)


def test_who_may_not_read_may_not_write():
    wrong = [
        (str(row), kind)
        for row in ROWS
        for kind in Kind
        if row.get and row.post and row.post[kind] == Answer.OPEN != row.get[kind]
    ]
    assert wrong == []


def test_nobody_is_let_in_without_a_login_but_where_everybody_is():
    """And an object's existence is told to nobody: a page about an object of somebody's answers 404, a role's page 403."""
    for row in [*ROWS, *ACTS]:
        for access in filter(None, (row.get, row.post)):
            if access not in (PUBLIC, MEMBERS, API_MEMBERS, NOWHERE):
                assert access[Kind.ANONYMOUS] == Answer.LOGIN, row
                assert len({access[kind] for kind in (Kind.SME_STRANGER, Kind.PROVIDER_STRANGER, Kind.ADVISER)}) == 1
