"""A new scan asks no login, so one address may make only so many: on the page and through the API together."""

import datetime as dt

import pytest

from core import clock
from roadmap.models import Scan
from tests.api.test_roadmap import answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
AT = dt.datetime(2026, 11, 24, 10, 20, tzinfo=dt.UTC)
BODY = {"sector": "HORECA", "answers": answers(24)}


@pytest.fixture(autouse=True)
def _three_an_hour(settings):
    settings.SCANS_PER_HOUR = 3
    with clock.fixed(AT):
        yield


def by_api(client, body=BODY, **more):
    return client.post("/api/v1/scans/", body, content_type="application/json", **more)


def by_page(client, prefix="", **posted):
    return client.post(f"{prefix}/scan/", {"sector": "HORECA", **posted})


def test_the_fourth_scan_of_an_address_in_an_hour_waits(client):
    assert [by_api(client).status_code, by_page(client).status_code, by_api(client).status_code] == [201, 302, 201]
    refused = by_api(client, headers={"accept-language": "en"})
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert refused["Retry-After"] == "2401"
    body = refused.json()
    assert (body["status"], body["code"]) == (429, "throttled")
    assert body["detail"] == "It was done very often from your internet address. Try again in 40 minutes."
    page = by_page(client)
    assert (page.status_code, page["Retry-After"]) == (429, "2400")
    assert "Probeer het over 40 minuten opnieuw" in page.content.decode()
    assert "Try again in 40 minutes" in by_page(client, "/en").content.decode()
    assert not page.cookies
    assert Scan.objects.count() == 3
    with clock.fixed(AT.replace(hour=11, minute=0)):
        assert by_api(client).status_code == 201


def test_one_minute_left_is_one_minute(client):
    with clock.fixed(AT.replace(minute=59, second=30)):
        for _time in range(3):
            by_api(client)
        english = by_api(client, headers={"accept-language": "en"}).json()["detail"]
        dutch = by_api(client, headers={"accept-language": "nl"}).json()["detail"]
    assert english.endswith("Try again in 1 minute.")
    assert dutch.endswith("Probeer het over 1 minuut opnieuw.")


def test_another_address_goes_on(client):
    for _time in range(4):
        last = by_api(client)
    assert last.status_code == 429
    assert by_api(client, REMOTE_ADDR="192.0.2.8").status_code == 201


def test_reading_and_going_on_with_a_scan_are_never_limited(client):
    token = by_api(client).json()["token"]
    question = by_page(client)["Location"]
    by_api(client)
    assert by_api(client).status_code == 429
    assert client.get(f"/api/v1/scans/{token}/").status_code == 200
    assert client.get("/api/v1/roadmap/?sector=HORECA&level=2").status_code == 200
    assert client.get("/scan/").status_code == 200
    assert client.post(question, {"answer": "3"}).status_code == 302


def test_a_form_with_an_error_on_the_page_is_not_counted(client):
    for _time in range(5):
        assert by_page(client, sector="NIETS").status_code == 422
    assert by_page(client).status_code == 302


def test_the_demo_has_no_limit_unless_it_is_set(client, settings):
    settings.SCANS_PER_HOUR = 0
    assert {by_api(client).status_code for _time in range(6)} == {201}
