"""The catalogue and the estimate through the API."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from providers.services.standing import STANDING, recompute_standing
from tests.factories.catalogue import SolutionFactory, WebsiteFactory, answered
from vouchers.models import Programme

pytestmark = pytest.mark.django_db

URL = "/api/v1/solutions/"


def pointer(response):
    assert response["Content-Type"] == "application/problem+json"
    return response.json()["errors"][0]["pointer"]


def estimate(client, body, code="digitale-trede"):
    return client.post(f"/api/v1/programmes/{code}/estimate/", body, content_type="application/json")


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("cost", "award", "own"),
    [
        ("10000.00", "8000.00", "2000.00"),
        ("22500.00", "18000.00", "4500.00"),
        ("22499.99", "17999.99", "4500.00"),
        ("30000.00", "18000.00", "12000.00"),
        ("625.00", "500.00", "125.00"),
    ],
)
def test_an_estimate_says_what_a_voucher_pays_and_how(client, cost, award, own):
    response = estimate(client, {"eligible_cost": cost})
    assert response.status_code == 200, response.content
    body = response.json()
    assert (body["award"], body["own_contribution"], body["reasons"]) == (award, own, [])
    assert all(set(row) == {"code", "label", "amount"} and row["label"] for row in body["arithmetic"])
    assert "sessionid" not in client.cookies


@pytest.mark.usefixtures("reference")
def test_below_the_minimum_the_award_is_nothing_with_the_reason(client):
    body = estimate(client, {"eligible_cost": "624.99"}).json()
    assert body["award"] == "0.00"
    assert body["own_contribution"] == "624.99"
    assert body["reasons"][0]["detail"]


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    "cost",
    [
        "",
        "veel",
        "-1",
        "0",
        "0.00",
        "1.001",
        "NaN",
        "1e400",
        "Infinity",
        "١٢",
        "9" * 40,
        str(2**63),
        22500,
        22500.5,
        None,
        [],
        True,
        "\x00",
    ],
)
def test_a_cost_that_is_no_amount_is_a_problem_at_its_field(client, cost):
    response = estimate(client, {"eligible_cost": cost})
    assert response.status_code == 400, response.content
    assert pointer(response) == "#/eligible_cost"


@pytest.mark.usefixtures("reference")
def test_an_amount_that_is_a_number_is_refused_in_the_language_asked_for(client):
    said = {}
    for language in ("nl", "en"):
        body = {"eligible_cost": 22500}
        url = "/api/v1/programmes/digitale-trede/estimate/"
        response = client.post(url, body, content_type="application/json", headers={"accept-language": language})
        said[language] = response.json()["errors"][0]["detail"]
    assert said == {
        "nl": "Schrijf het bedrag als tekst: “22500.00”.",
        "en": "Write the amount as text: “22500.00”.",
    }


@pytest.mark.usefixtures("reference")
def test_an_unknown_programme_is_not_found_and_a_closed_one_says_so(client):
    assert estimate(client, {"eligible_cost": "1000.00"}, code="niets").status_code == 404
    Programme.objects.update(closes_on=clock.today() - dt.timedelta(days=1))
    closed = estimate(client, {"eligible_cost": "1000.00"})
    assert closed.status_code == 422
    assert closed.json()["errors"][0]["code"] == "vouchers.not_open"


@pytest.fixture
def shelf():
    """Two solutions to see and one that nobody may see yet."""
    listed = SolutionFactory(listed=True, name="Beta winkel", first_year_price=Decimal("9000.00"), max_level=3)
    preferred = SolutionFactory(preferred=True, name="Alfa kassa", category=WebsiteFactory())
    SolutionFactory(name="Gamma verborgen")
    return listed, preferred


def names(client, query=""):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Alfa kassa", "Beta winkel"]),
        ("ordering=relevance", ["Alfa kassa", "Beta winkel"]),
        ("ordering=-name", ["Beta winkel", "Alfa kassa"]),
        ("ordering=price", ["Alfa kassa", "Beta winkel"]),
        ("ordering=-price", ["Beta winkel", "Alfa kassa"]),
        ("preferred=true", ["Alfa kassa"]),
        ("q=winkel", ["Beta winkel"]),
        ("q=verborgen", []),
        ("category=WEBSITE", ["Alfa kassa"]),
        ("price_max=1600.00", ["Alfa kassa"]),
        ("price_max=1599.99", []),
        ("level=3", ["Alfa kassa", "Beta winkel"]),
        ("level=4", ["Alfa kassa"]),
    ],
)
def test_the_catalogue_filters_and_orders(client, query, found):
    assert names(client, query) == found


@pytest.mark.usefixtures("shelf", "reference")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("category=NIETS", "category"),
        ("sector=NIETS", "sector"),
        ("level=5", "level"),
        ("level=twee", "level"),
        ("province=PV99", "province"),
        ("preferred=misschien", "preferred"),
        ("price_max=veel", "price_max"),
        ("price_max=12.500", "price_max"),
        ("price_max=1.600,00", "price_max"),
        ("price_max=-1", "price_max"),
        ("ordering=mooiste", "ordering"),
        ("q=" + "x" * 200, "q"),
        ("q=%00", "q"),
        ("kleur=rood", "kleur"),
    ],
)
def test_a_filter_that_is_not_right_is_a_problem_at_its_parameter(client, query, field):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400, response.content
    assert pointer(response) == f"#/{field}"
    assert response.json()["errors"][0]["parameter"] == field


def test_the_number_of_queries_does_not_depend_on_the_rows(client, django_assert_max_num_queries):
    for size in (3, 30):
        SolutionFactory.create_batch(size, listed=True)
        with django_assert_max_num_queries(4):
            assert len(client.get(f"{URL}?page_size=100").json()["results"]) >= size


def test_a_list_reads_nothing_large_that_it_does_not_show(client, shelf):
    with CaptureQueriesContext(connection) as asked:
        assert len(names(client)) == 2
    rows = [query["sql"] for query in asked if "first_year_price" in query["sql"]]
    assert rows
    assert not [sql for sql in rows if '"inputs"' in sql or '"description"' in sql]


def test_a_solution_tells_its_packages_and_its_evidence(client, shelf):
    listed, _preferred = shelf
    body = client.get(f"{URL}{listed.slug}/").json()
    assert body["packages"][0]["first_year"] == "1600.00"
    assert body["packages"][0]["three_years"] == "2800.00"
    assert body["evidence"] is None
    assert body["price"] == "9000.00"


def test_evidence_shows_no_figure_below_three_end_users(client):
    solution = SolutionFactory(listed=True)
    for _answer in range(2):
        answered(solution, gain=40)
    recompute_standing(by=STANDING, solution=solution)
    evidence = client.get(f"{URL}{solution.slug}/").json()["evidence"]
    assert evidence["users"] == 2
    assert evidence["mean"] is None
    assert evidence["gains"] == []
    assert evidence["passes"] is False


@pytest.mark.parametrize("state", ["draft", "suspended provider"])
def test_what_the_public_may_not_see_is_not_there(client, state):
    solution = SolutionFactory() if state == "draft" else SolutionFactory(listed=True)
    if state != "draft":
        type(solution.provider).objects.filter(pk=solution.provider_id).update(valid_until=dt.date(2020, 1, 1))
    assert client.get(f"{URL}{solution.slug}/").status_code == 404
    assert names(client) == []


def test_the_description_of_the_api_is_served_and_complete(client):
    schema = client.get("/api/v1/schema/?format=json").json()
    assert {
        "/api/v1/sectors/", "/api/v1/categories/", "/api/v1/municipalities/", "/api/v1/programmes/", "/api/v1/solutions/",
        "/api/v1/solutions/{slug}/", "/api/v1/scans/", "/api/v1/scans/{token}/", "/api/v1/roadmap/",
        "/api/v1/programmes/{code}/estimate/", "/api/v1/auth/token/", "/api/v1/me/",
    } <= set(schema["paths"])  # fmt: skip
