"""Scan and roadmap through the API: good answers, and errors that point at the field."""

from decimal import Decimal

import pytest

from tests.factories.catalogue import SolutionFactory
from vouchers.models import Programme

pytestmark = pytest.mark.django_db

ITEMS = [f"{block}{number}" for block in "AB" for number in range(1, 7)]


def answers(total: int) -> dict[str, int]:
    """Twelve answers from 1 to 5 with this sum."""
    given = dict.fromkeys(ITEMS, 1)
    for code in ITEMS * 4:
        if sum(given.values()) < total:
            given[code] += 1
    return given


@pytest.fixture
def post(client):
    return lambda body: client.post("/api/v1/scans/", body, content_type="application/json")


def pointers(response):
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    return {row["pointer"] for row in body["errors"]}


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("total", "level", "score"),
    [
        (12, 1, "2.00"),
        (23, 1, "3.83"),
        (24, 2, "4.00"),
        (35, 2, "5.83"),
        (36, 3, "6.00"),
        (47, 3, "7.83"),
        (48, 4, "8.00"),
        (60, 4, "10.00"),
    ],
)
def test_a_scan_answers_with_its_level_and_is_read_back_by_its_secret(client, post, total, level, score):
    made = post({"sector": "HORECA", "answers": answers(total)})
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["sum"], body["level"], body["score"]) == (total, level, score)
    assert len(body["weakest"]) == 2
    assert body["steps"]
    again = client.get(f"/api/v1/scans/{body['token']}/")
    assert again.json() == body
    assert "sessionid" not in client.cookies


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("lowest", "weakest"),
    [
        ({"B5": 1, "A4": 2}, ["B5", "A4"]),
        ({"A4": 1, "B5": 2}, ["A4", "B5"]),
        ({"B6": 1, "A2": 1, "B1": 2}, ["A2", "B6"]),
        ({"B6": 1}, ["B6", "A1"]),
        ({}, ["A1", "A2"]),
    ],
)
def test_the_weakest_are_the_two_lowest_answers_and_of_equals_those_asked_first(client, post, lowest, weakest):
    body = post({"sector": "HORECA", "answers": {**dict.fromkeys(ITEMS, 4), **lowest}}).json()
    assert body["weakest"] == weakest
    assert client.get(f"/api/v1/scans/{body['token']}/").json()["weakest"] == weakest


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/sector"),
        ({"sector": "HORECA"}, "#/answers"),
        ({"sector": "NIETS", "answers": answers(20)}, "#/sector"),
        ({"sector": "HORECA", "answers": {**answers(20), "A1": 0}}, "#/answers/A1"),
        ({"sector": "HORECA", "answers": {**answers(20), "A1": 6}}, "#/answers/A1"),
        ({"sector": "HORECA", "answers": {**answers(20), "A1": "5"}}, "#/answers/A1"),
        ({"sector": "HORECA", "answers": {**answers(20), "A1": True}}, "#/answers/A1"),
        ({"sector": "HORECA", "answers": {**answers(20), "A1": 2.5}}, "#/answers/A1"),
        ({"sector": "HORECA", "answers": {**answers(20), "A1": None}}, "#/answers/A1"),
        ({"sector": "HORECA", "answers": {**answers(20), "C1": 3}}, "#/answers/C1"),
        ({"sector": "HORECA", "answers": dict.fromkeys(ITEMS[1:], 3)}, "#/answers/A1"),
        ({"sector": "HORECA", "answers": [1, 2]}, "#/answers"),
        ({"sector": "HORECA", "answers": answers(20), "municipality": "GM9999"}, "#/municipality"),
        ({"sector": "HORECA", "answers": answers(20), "headcount": -1}, "#/headcount"),
        ({"sector": "HORECA", "answers": answers(20), "headcount": 10**30}, "#/headcount"),
        ({"sector": "HORECA", "answers": answers(20), "have": ["KASSA", "NIETS"]}, "#/have/1"),
        ({"sector": "HORECA", "answers": answers(20), "have": "KASSA"}, "#/have"),
        ({"sector": "HORECA", "answers": answers(20), "sbi": "00"}, "#/sbi"),
        ({"sector": "HORECA", "answers": answers(20), "sbi": "551000"}, "#/sbi"),
        ({"sector": "HO\x00", "answers": answers(20)}, "#/sector"),
    ],
)
def test_a_wrong_scan_is_a_problem_that_points_at_the_field(post, body, pointer):
    response = post(body)
    assert response.status_code == 400, response.content
    assert pointer in pointers(response)


@pytest.mark.parametrize("raw", ["", "{", "[]", '"x"', "null", "{" * 3000])
def test_a_body_that_is_no_object_is_a_problem(client, raw):
    response = client.post("/api/v1/scans/", raw, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_another_content_type_is_a_problem(client):
    assert client.post("/api/v1/scans/", {"sector": "HORECA"}).status_code == 415


def test_a_wrong_secret_is_not_found(client):
    response = client.get("/api/v1/scans/geen-geheim/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("reference")
def test_a_roadmap_has_every_field_of_the_contract(client):
    body = client.get("/api/v1/roadmap/?sector=HORECA&level=2&have=KASSA,BOEKING&sbi=56").json()
    assert (body["sector"], body["level"]) == ("HORECA", 2)
    for step in [*body["steps"], *body["preview"]]:
        assert set(step) == {
            "category", "name", "level", "priority", "kind", "reason", "required_by", "only_sbi", "limit_why",
            "listed", "preferred", "price_from", "price_to", "voucher",
        }  # fmt: skip
        assert step["category"] not in {"KASSA", "BOEKING"}


def test_a_step_tells_what_a_voucher_would_pay(client, post, reference):
    price = {"package__price__one_off": Decimal("2000.00"), "package__price__monthly": Decimal(0)}
    SolutionFactory(preferred=True, category_id="KASSA", category=None, first_year_price=Decimal("2000.00"), **price)
    SolutionFactory(listed=True, category_id="WEBSITE", category=None, first_year_price=Decimal("2000.00"), **price)
    scan = post({"sector": "DETAIL", "answers": answers(12)}).json()
    for body in (
        client.get("/api/v1/roadmap/?sector=DETAIL&level=1").json(),
        scan,
        client.get(f"/api/v1/scans/{scan['token']}/").json(),
    ):
        pays = {step["category"]: step["voucher"] for step in body["steps"]}
        assert (pays["KASSA"], pays["WEBSITE"], pays["BACKUP"]) == ("1600.00", None, None)
    Programme.objects.update(closes_on="2026-02-01")
    steps = client.get("/api/v1/roadmap/?sector=DETAIL&level=1").json()["steps"]
    assert {step["voucher"] for step in steps} == {None}


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "#/sector"),
        ("sector=HORECA", "#/level"),
        ("sector=HORECA&level=0", "#/level"),
        ("sector=HORECA&level=5", "#/level"),
        ("sector=HORECA&level=twee", "#/level"),
        ("sector=horeca&level=2", "#/sector"),
        ("sector=%00&level=2", "#/sector"),
        ("sector=HORECA&level=2&have=NIETS", "#/have"),
        ("sector=HORECA&level=2&sbi=x", "#/sbi"),
        ("sector=HORECA&level=2&sbi=551000", "#/sbi"),
    ],
)
def test_a_wrong_question_about_the_roadmap_points_at_the_parameter(client, query, pointer):
    response = client.get(f"/api/v1/roadmap/?{query}")
    assert response.status_code == 400, response.content
    assert pointer in pointers(response)


@pytest.mark.usefixtures("reference")
def test_errors_are_in_the_language_asked_for(client):
    url = "/api/v1/roadmap/?level=2"
    dutch = client.get(url, headers={"accept-language": "nl"}).json()["errors"][0]["detail"]
    english = client.get(url, headers={"accept-language": "en"}).json()["errors"][0]["detail"]
    assert english == "This field is required."
    assert dutch != english
