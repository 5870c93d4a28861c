"""Requests that break a reader: each is the sender's error, told as a problem, never ours (RELIABILITY, bad input)."""

import pytest

from accounts.services import make_api_key
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

DEEP = 6_000
POSTS = ["/api/v1/scans/", "/api/v1/programmes/digitale-trede/estimate/", "/api/v1/auth/token/"]


def is_a_problem(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("url", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        "[" * DEEP,
        '{"sector":' * DEEP,
        '{"sector":' + "[" * DEEP + "]" * DEEP + "}",
        '{"sector": ' + "9" * 10_000 + "}",
        '{"sector": NaN}',
        b'{"sector": "\xff"}',
        '{"sector": "\\ud800", "email": "\\ud800", "password": "\\ud800", "eligible_cost": "\\ud800"}',
        '{"\\ud800": 1, "sector": "DETAIL", "answers": {"A1": 1, "\\ud800": 1}}',
    ],
    ids=["lists", "objects", "closed", "huge number", "no number", "no UTF-8", "half a character", "half a key"],
)
def test_a_body_that_breaks_the_reader_is_a_problem(client, url, body):
    is_a_problem(client.post(url, body, content_type="application/json"), 400)


@pytest.mark.parametrize("charset", ["nonsense", "base64", "zlib", "idna", "undefined", "utf-16", "latin-1"])
def test_a_body_in_no_character_set_is_a_problem(client, charset):
    is_a_problem(client.generic("POST", POSTS[0], b"{}", content_type=f"application/json; charset={charset}"), 415)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer \xff",
        "Bearer \xc3\x28",
        "Bearer \x00",
        "Bearer a\x01b",
        "Bearer \u00e9\u00e9n",
        "Bearer",
        "Bearer a b",
        "Bearer " + "x" * 10_000,
        "\xff",
        "Basic \xff",
    ],
)
def test_a_header_that_holds_no_token_is_a_stranger(client, header):
    """Headers come as the server hands them on: bytes read as Latin-1 (PEP 3333)."""
    is_a_problem(client.get("/api/v1/me/", HTTP_AUTHORIZATION=header), 401)


def test_a_token_with_one_wrong_byte_is_a_stranger(client):
    person = UserFactory()
    token = make_api_key(by=person)
    assert client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}").json()["email"] == person.email
    is_a_problem(client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token[:-1]}\xff"), 401)
    is_a_problem(client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token[:8]}"), 401)


def test_the_description_still_asks_for_a_bearer_token(client):
    schema = client.get("/api/v1/schema/?format=json").json()
    (scheme,) = [found for found in schema["components"]["securitySchemes"].values() if found.get("in") != "cookie"]
    assert scheme["type"] in {"http", "apiKey"}
    assert {"knoxApiToken": []} in schema["paths"]["/api/v1/me/"]["get"]["security"]


@pytest.mark.parametrize("more", ["?version=%00", "?version=1%0a", "?version=%0d%0aX:y", "?lang=%00", "?lang=xx"])
def test_the_description_takes_nothing_from_the_address(client, more):
    response = client.get(f"/api/v1/schema/{more}")
    assert response.status_code == 200
    assert response["Content-Disposition"] == client.get("/api/v1/schema/")["Content-Disposition"]


def test_a_body_over_the_limit_is_a_problem(client):
    body = '{"sector":"' + "x" * 3_000_000 + '"}'
    is_a_problem(client.post("/api/v1/scans/", body, content_type="application/json"), 413)
