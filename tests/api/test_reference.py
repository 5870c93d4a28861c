"""Reference lists, tokens, and how the API says no."""

import pytest
from django.conf import settings

from core.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("name", "count"), [("sectors", 14), ("categories", 51), ("municipalities", 342), ("programmes", 1)]
)
def test_a_list_comes_in_pages_with_results(client, name, count):
    body = client.get(f"/api/v1/{name}/?page_size=5").json()
    assert body["count"] == count
    assert len(body["results"]) == min(5, count)
    assert "code" in body["results"][0]


@pytest.mark.usefixtures("reference")
def test_a_division_leads_to_its_sector(client):
    sectors = {row["code"]: row for row in client.get("/api/v1/sectors/").json()["results"]}
    assert "88.91" in sectors["ONDERWIJS"]["sbi"]
    assert sectors["MAAK"]["sbi"][:3] == ["05", "06", "07"]


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("name", ["sectors", "categories", "municipalities", "programmes"])
def test_the_number_of_queries_does_not_depend_on_the_rows(client, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(f"/api/v1/{name}/?page_size=100")


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("query", ["page_size=0", "page_size=101", "page_size=veel", "page_size=-1", "page_size=١٢"])
def test_a_page_size_out_of_range_is_an_error(client, query):
    response = client.get(f"/api/v1/sectors/?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "#/page_size"


@pytest.mark.usefixtures("reference")
def test_a_page_that_does_not_exist_is_not_found(client):
    assert client.get("/api/v1/sectors/?page=99").status_code == 404


def token_of(client, **body):
    return client.post("/api/v1/auth/token/", body, content_type="application/json")


def test_a_token_is_made_for_who_knows_the_password_and_leaves_a_sentence(client):
    person = UserFactory(email="sme@demo.example")
    made = token_of(client, email="SME@demo.example", password=PASSWORD)
    assert made.status_code == 200, made.content
    assert len(made.json()["token"]) > 30
    entry = AuditEntry.objects.get(action="make_api_key")
    assert entry.actor == f"user:{person.pk}"
    assert made.json()["token"] not in entry.body


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "sme@demo.example"},
        {"email": "geen adres", "password": PASSWORD},
        {"email": "sme@demo.example", "password": "fout"},
        {"email": "niemand@demo.example", "password": PASSWORD},
        {"email": ["sme@demo.example"], "password": PASSWORD},
        {"email": "sme@demo.example", "password": "x" * 5000},
    ],
)
def test_a_wrong_login_is_a_problem_and_makes_no_token(client, body):
    UserFactory(email="sme@demo.example")
    response = token_of(client, **body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert not AuditEntry.objects.exists()


def test_in_production_there_is_no_such_address(client, monkeypatch):
    UserFactory(email="sme@demo.example")
    monkeypatch.setattr(settings, "PRODUCTION", True)
    assert token_of(client, email="sme@demo.example", password=PASSWORD).status_code == 404


def test_a_wrong_token_is_refused(client):
    response = client.get("/api/v1/me/", headers={"authorization": "Bearer niets"})
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_token_tells_who_one_is(client):
    UserFactory(email="sme@demo.example", name="Sanne")
    token = token_of(client, email="sme@demo.example", password=PASSWORD).json()["token"]
    body = client.get("/api/v1/me/", headers={"authorization": f"Bearer {token}"}).json()
    assert body == {"email": "sme@demo.example", "name": "Sanne", "organisations": []}


def test_an_address_that_does_not_exist_is_a_problem_too(client):
    response = client.get("/api/v1/niets/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
