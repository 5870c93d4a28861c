"""The API by key: a key opens what a session opens, shows its own person only, and is no way into the pages."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import withdraw_api_key
from core import clock
from tests.permissions.asking import address, answer_of, is_api, rolled_back
from tests.permissions.kinds import PUBLIC, Answer, Kind, Row
from tests.permissions.table import ROWS

pytestmark = pytest.mark.django_db

NOT_PUBLIC = [row for row in ROWS if is_api(row) and PUBLIC not in (row.get, row.post)]


NOBODY = Client()
"""Without a session: what opens, opens by the key."""


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("row", NOT_PUBLIC, ids=str)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_key_opens_what_a_session_opens(world, row: Row, method: str):
    declared = getattr(row, method)
    for kind in world.people:
        ask = getattr(NOBODY, method)
        response = ask(address(world, row), headers=bearer(world.tokens[kind]), content_type="application/json")
        if declared is None:
            assert response.status_code == 405, kind
        else:
            assert answer_of(response) == declared[kind], kind
        assert not response.cookies, kind


def test_a_key_shows_its_own_person_and_no_other(world):
    url = reverse("api:me")
    for kind, person in world.people.items():
        me = NOBODY.get(url, headers=bearer(world.tokens[kind])).json()
        assert me["email"] == person.email
        own = set(person.organisations().values_list("pk", flat=True))
        assert {row["id"] for row in me["organisations"]} == own


def test_a_key_that_was_withdrawn_or_made_up_opens_nothing(world):
    url, key = reverse("api:me"), world.tokens[Kind.SME_OWNER]
    with rolled_back():
        withdraw_api_key(by=world.people[Kind.SME_OWNER], token_key=key[:15])
        for wrong in (key, "0" * len(key), "x", ""):
            assert NOBODY.get(url, headers=bearer(wrong)).status_code == 401, wrong
    assert NOBODY.get(url, headers=bearer(key)).status_code == 200


def test_what_is_public_asks_for_no_key_and_so_refuses_none(world):
    for row in (row for row in ROWS if is_api(row) and row.get == PUBLIC):
        response = NOBODY.get(address(world, row), headers=bearer("wrong"))
        assert answer_of(response) == Answer.OPEN, row
        assert not response.wsgi_request.session.accessed, row


def test_a_key_opens_no_page(world):
    for name in ("marketplace:my_trede", "vouchers:applications", "accounts:profile"):
        response = NOBODY.get(reverse(name), headers=bearer(world.tokens[Kind.SME_OWNER]))
        assert answer_of(response) == Answer.LOGIN, name


def test_who_left_an_organisation_is_a_stranger_at_once(world):
    client, key = world.clients[Kind.SME_OWNER], bearer(world.tokens[Kind.SME_OWNER])
    url = reverse("vouchers:application", args=[world.ids.draft.pk])
    with rolled_back():
        world.people[Kind.SME_OWNER].memberships.update(ended_at=clock.now())
        assert client.get(url).status_code == 404
        assert NOBODY.get(reverse("api:me"), headers=key).json()["organisations"] == []
    assert client.get(url).status_code == 200


def test_who_lost_a_role_is_told_so_at_once(world):
    client, url = world.clients[Kind.TREASURER], reverse("payouts:payable")
    with rolled_back():
        world.people[Kind.TREASURER].memberships.update(ended_at=clock.now())
        assert client.get(url).status_code == 403
    assert client.get(url).status_code == 200


def test_who_was_shut_out_is_nobody(world):
    person, client = world.people[Kind.AUDITOR], world.clients[Kind.AUDITOR]
    with rolled_back():
        type(person).objects.filter(pk=person.pk).update(is_active=False)
        assert answer_of(client.get(reverse("marketplace:trail"))) == Answer.LOGIN
        assert NOBODY.get(reverse("api:me"), headers=bearer(world.tokens[Kind.AUDITOR])).status_code == 401
