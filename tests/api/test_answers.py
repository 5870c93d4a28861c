"""What leaves the house: figures that name nobody, secrets that nobody keeps, and problems also when it goes wrong."""

import importlib.util
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from providers.services.standing import STANDING, recompute_standing
from tests.api.test_hostile_requests import is_a_problem
from tests.api.test_roadmap import answers
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import SolutionFactory, answered

pytestmark = pytest.mark.django_db

SCAN = {"sector": "HORECA", "answers": answers(24), "have": ["KASSA"], "sbi": "5610", "headcount": 4}


@pytest.fixture
def evidence(client):
    solution = SolutionFactory(listed=True)
    for gain in (19, "22.3", 24.999, 31, "-3.5"):
        answered(solution, gain=gain)
    recompute_standing(by=STANDING, solution=solution)
    return client.get(f"/api/v1/solutions/{solution.slug}/").json()["evidence"]


def test_the_gain_of_a_business_is_rounded_down_to_a_step_of_five(evidence):
    assert evidence["gains"] == ["-5.0", "15.0", "20.0", "20.0", "30.0"]


def test_a_share_is_a_text_in_percent_with_one_decimal(evidence):
    assert evidence["mean"] == "18.0", "the mean is told in whole points, rounded down"
    assert evidence["satisfaction"] == "4.0"
    for bounds in (evidence["interval"], evidence["between"]):
        assert all(len(value.split(".")[1]) == 1 for value in bounds.values())
        assert float(bounds["low"]) < 18.0 < float(bounds["high"])
    found = {finding["condition"]: finding for finding in evidence["findings"]}
    assert (found["mean"]["value"], found["mean"]["needed"], found["mean"]["unit"]) == ("18.0", "15.0", "percent")
    assert (found["enough"]["value"], found["enough"]["needed"], found["enough"]["unit"]) == ("5", "5", "businesses")


@pytest.mark.usefixtures("reference")
def test_a_scan_tells_where_it_is_and_what_it_was_told(client):
    made = client.post("/api/v1/scans/", SCAN, content_type="application/json")
    body = made.json()
    assert made["Location"] == f"http://testserver/api/v1/scans/{body['token']}/"
    assert client.get(made["Location"]).json() == body
    assert client.get(body["page"]).status_code == 200
    told = {name: body[name] for name in ("sector", "answers", "have", "headcount", "municipality")}
    assert told == {**{name: SCAN[name] for name in ("sector", "answers", "have", "headcount")}, "municipality": ""}
    assert (body["sbi"], body["questionnaire"]) == ("56.10", 1)
    assert body["created_at"]


@pytest.mark.usefixtures("reference")
def test_an_answer_with_a_secret_is_kept_by_nobody(client):
    UserFactory(email="sme@demo.example")
    made = client.post("/api/v1/scans/", SCAN, content_type="application/json")
    body = {"email": "sme@demo.example", "password": PASSWORD}
    token = client.post("/api/v1/auth/token/", body, content_type="application/json")
    key = {"authorization": f"Bearer {token.json()['token']}"}
    for response in (made, token, client.get(made["Location"]), client.get("/api/v1/me/", headers=key)):
        assert response["Cache-Control"] == "private, no-store"
        assert not response.has_header("ETag")


def test_a_mistake_of_ours_is_a_problem_too(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("api.views.reference.SectorList.filter_queryset", lambda *_given: 1 / 0)
    is_a_problem(client.get("/api/v1/sectors/"), 500)
    assert "<html" in client.get("/api/v2/").content.decode()


@pytest.mark.parametrize(
    "where", ["api.views.reference.SectorList.filter_queryset", "api.middleware.patch_vary_headers"]
)
def test_a_database_that_does_not_answer_asks_to_come_back(client, monkeypatch, where):
    def gone(*_given):
        raise OperationalError("the connection is closed")

    client.raise_request_exception = False
    monkeypatch.setattr(where, gone)
    response = client.get("/api/v1/sectors/")
    is_a_problem(response, 503)
    assert response["Retry-After"] == "2"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_health_checks_take_no_post(path):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(path).status_code == 405


def test_only_the_setting_decides_whether_a_proxy_is_believed():
    spec = importlib.util.spec_from_file_location("gunicorn_conf", Path(settings.BASE_DIR) / "gunicorn.conf.py")
    configuration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(configuration)
    assert configuration.forwarded_allow_ips == ""


@pytest.mark.usefixtures("reference")
def test_the_index_leads_to_every_list(client):
    index = client.get("/api/v1/").json()
    for address in [*index["endpoints"].values(), index["description"], index["page"]]:
        assert client.get(address).status_code in {200, 400, 401, 405}, address
    assert client.get(index["endpoints"]["questions"]).json()["count"] == 12


@pytest.mark.usefixtures("reference")
def test_municipalities_are_found_by_name_and_province(client):
    def names(query):
        return [row["name"] for row in client.get(f"/api/v1/municipalities/?page_size=100&{query}").json()["results"]]

    assert names("q=oldam") == ["Oldambt"]
    assert len(names("province=PV20")) == 10
    assert names("province=PV20&q=west") == ["Westerkwartier", "Westerwolde"]
    assert client.get("/api/v1/municipalities/?province=PV99").json()["errors"][0]["parameter"] == "province"


@pytest.mark.usefixtures("reference")
def test_a_programme_has_an_address_of_its_own(client):
    (listed,) = client.get("/api/v1/programmes/").json()["results"]
    assert client.get("/api/v1/programmes/digitale-trede/").json() == listed
    is_a_problem(client.get("/api/v1/programmes/niets/"), 404)


@pytest.mark.usefixtures("reference")
def test_a_refused_scan_is_not_counted(client, settings):
    settings.SCANS_PER_HOUR = 1
    for _time in range(3):
        is_a_problem(client.post("/api/v1/scans/", {**SCAN, "sector": "NIETS"}, content_type="application/json"), 400)
    assert client.post("/api/v1/scans/", SCAN, content_type="application/json").status_code == 201
    is_a_problem(client.post("/api/v1/scans/", SCAN, content_type="application/json"), 429)
