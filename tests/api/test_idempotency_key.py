"""A scan that is sent twice with one key is made once, and its answer is only for who has the key."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from core import clock
from core.models import IdempotencyKey
from roadmap.models import Scan
from tests.api.test_roadmap import answers

pytestmark = [pytest.mark.usefixtures("reference"), pytest.mark.django_db, pytest.mark.database]

KEY = "4f1c7d1e-9e0b-4f0a-8f53-d0a3a2d3a001"
BODY = {"sector": "HORECA", "answers": answers(24)}


def post(client, key=KEY, body=BODY, **headers):
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post("/api/v1/scans/", body, content_type="application/json", headers=headers)


def test_the_same_scan_with_the_same_key_is_made_once(client):
    first = post(client)
    Scan.objects.update(have=["KASSA"])  # what happens to the scan afterwards does not change what was answered
    second = post(client, body={**BODY, "have": [], "sbi": ""})
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert (first.get("Idempotent-Replayed"), second.get("Idempotent-Replayed")) == (None, "true")
    assert Scan.objects.count() == 1
    assert client.get(f"/api/v1/scans/{second.json()['token']}/").status_code == 200


def test_without_a_key_and_with_another_key_a_scan_is_another_scan(client):
    made = [post(client, key=key) for key in (None, None, KEY, KEY.upper())]
    assert len({response.json()["token"] for response in made}) == Scan.objects.count() == 4


def test_a_key_that_came_with_another_scan_is_refused(client):
    first = post(client)
    refused = post(client, body={"sector": "HORECA", "answers": answers(25)})
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert refused.json()["errors"][0]["code"] == "idempotency.reused"
    assert first.json()["token"] not in refused.content.decode()
    assert Scan.objects.count() == 1


@pytest.mark.parametrize("key", ["", "k", "x" * 15, "x" * 256, "x" * 15 + " y", "x" * 15 + "\x7f", "x" * 15 + "é"])
def test_a_key_that_could_be_guessed_or_misread_is_refused(client, key):
    refused = post(client, key=key)
    assert refused.status_code == 400, refused.content
    assert refused.json()["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert not Scan.objects.exists()


def test_a_wrong_scan_leaves_its_key_free(client):
    assert post(client, body={**BODY, "sbi": "00"}).status_code == 400
    assert post(client).status_code == 201


def test_the_database_holds_neither_the_key_nor_the_secret_of_the_scan(client):
    token = post(client).json()["token"]
    row = IdempotencyKey.objects.get()
    kept = " ".join(str(value) for value in vars(row).values())
    assert token not in kept
    assert KEY not in kept
    assert "HORECA" not in kept


def test_old_keys_are_forgotten_at_night_and_newer_ones_stay(client):
    now = clock.now()
    with clock.fixed(now - dt.timedelta(days=32)):
        post(client)
    with clock.fixed(now - dt.timedelta(days=29)):
        post(client, key=KEY[::-1])
    out = StringIO()
    call_command("purge_idempotency_keys", stdout=out)
    assert out.getvalue() == "1 keys forgotten\n"
    assert post(client, key=KEY[::-1])["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in post(client)


def test_the_description_tells_of_the_key(client):
    schema = client.get("/api/v1/schema/?format=json", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    asked = schema["paths"]["/api/v1/scans/"]["post"]
    (header,) = [row for row in asked["parameters"] if row["name"] == "Idempotency-Key"]
    assert (header["in"], header.get("required", False)) == ("header", False)
    assert header["schema"]["pattern"] == "^[!-~]{16,255}$"
    assert "Idempotent-Replayed" in asked["responses"]["201"]["headers"]
