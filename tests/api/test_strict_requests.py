"""A request means what it says or is refused: nothing unknown, doubled, padded or written in other digits is read along."""

import json

import pytest

from tests.api.test_hostile_requests import is_a_problem
from tests.api.test_roadmap import answers
from tests.factories.catalogue import SolutionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

SCAN = {"sector": "HORECA", "answers": answers(24)}
ESTIMATE = "/api/v1/programmes/digitale-trede/estimate/"
LISTS = ["sectors", "categories", "provinces", "municipalities", "programmes", "questions", "solutions"]


@pytest.fixture
def post(client):
    return lambda body, url="/api/v1/scans/": client.post(url, body, content_type="application/json")


def faults(response, status=400):
    is_a_problem(response, status)
    return response.json()["errors"]


def pointers(response):
    return [row["pointer"] for row in faults(response)]


# --- how much may be asked ---------------------------------------------------------------------------------------------


def test_very_many_answers_are_refused_before_anybody_looks_at_them(post):
    many = {f"X{number}": number for number in range(4_000)}
    assert len(json.dumps(many)) < 65_000
    assert pointers(post({**SCAN, "answers": many})) == ["#/answers"]


def test_very_many_codes_are_refused_before_anybody_looks_at_them(post):
    assert pointers(post({**SCAN, "have": ["X"] * 101})) == ["#/have"]
    assert pointers(post({**SCAN, "have": ["X"] * 10_000})) == ["#/have"]


@pytest.mark.parametrize("body", [{f"x{number}": 1 for number in range(4_000)}, {**SCAN, "have": ["X"] * 100}])
def test_an_answer_names_at_most_fifty_faults(post, body):
    response = post(body)
    assert len(faults(response)) == 50
    assert len(response.content) < 20_000


def test_very_many_codes_in_a_query_name_at_most_fifty_faults(client):
    assert len(faults(client.get(f"/api/v1/roadmap/?sector=HORECA&level=2&have={','.join('X' * 90)}"))) == 50
    assert len(faults(client.get(f"/api/v1/roadmap/?sector=HORECA&level=2&have={','.join('X' * 900)}"))) == 1


@pytest.mark.parametrize("url", ["/api/v1/scans/", ESTIMATE, "/api/v1/auth/token/"])
def test_a_body_may_have_64_kilobytes(client, url):
    for size, status in ((65_536, 400), (65_537, 413)):
        body = '{"x": "' + "y" * (size - 9) + '"}'
        assert len(body) == size
        is_a_problem(client.post(url, body, content_type="application/json"), status)


# --- names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["kleur=rood", "page=1&Page=2", "format=json", "page_size=5&pagesize=5"])
def test_an_unknown_parameter_is_a_fault_on_every_list(client, name, query):
    (fault,) = faults(client.get(f"/api/v1/{name}/?{query}"))
    assert fault["parameter"] == query.split("&")[-1].split("=")[0]
    assert fault["code"] == "unknown"


@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/roadmap/?sector=HORECA&level=2&",
        "/api/v1/programmes/digitale-trede/?",
        "/api/v1/scans/geheim/?",
        "/api/v1/?",
    ],
)
def test_an_unknown_parameter_is_a_fault_elsewhere_too(client, url):
    (fault,) = faults(client.get(f"{url}kleur=rood"))
    assert fault == {"pointer": "#/kleur", "parameter": "kleur", "code": "unknown", "detail": fault["detail"]}


def test_an_unknown_parameter_is_a_fault_of_a_post(client):
    assert pointers(client.post("/api/v1/scans/?dry_run=1", SCAN, content_type="application/json")) == ["#/dry_run"]


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        *[(f"/api/v1/{name}/?page=1&page=1", "page") for name in LISTS],
        ("/api/v1/solutions/?category=KASSA&category=BOEKING", "category"),
        ("/api/v1/roadmap/?sector=HORECA&sector=BOUW&level=2", "sector"),
        ("/api/v1/roadmap/?sector=HORECA&level=2&sbi=56&sbi=47", "sbi"),
    ],
)
def test_a_parameter_that_is_meant_once_may_be_there_once(client, url, parameter):
    (fault,) = faults(client.get(url))
    assert (fault["parameter"], fault["code"]) == (parameter, "repeated")


def test_what_one_has_may_be_given_in_one_parameter_or_in_several(client):
    url = "/api/v1/roadmap/?sector=HORECA&level=2&have="
    assert client.get(f"{url}KASSA,BOEKING").json() == client.get(f"{url}KASSA&have=BOEKING").json()
    (fault,) = faults(client.get(f"{url}KASSA&have=NIETS"))
    assert (fault["parameter"], fault["pointer"]) == ("have", "#/have")


@pytest.mark.parametrize(
    ("url", "body", "name"),
    [
        ("/api/v1/scans/", {**SCAN, "headcounts": 3}, "headcounts"),
        (ESTIMATE, {"eligible_cost": "1000.00", "cost": "1"}, "cost"),
        ("/api/v1/auth/token/", {"email": "a@b.example", "password": "x", "otp": "1"}, "otp"),
    ],
)
def test_an_unknown_member_is_a_fault(post, url, body, name):
    (fault,) = faults(post(body, url))
    assert (fault["pointer"], fault["code"]) == (f"#/{name}", "unknown")
    assert "parameter" not in fault


@pytest.mark.parametrize(
    "raw",
    [
        '{"eligible_cost": "1000.00", "eligible_cost": "2000.00"}',
        '{"eligible_cost": "1000.00", "x": {"a": 1, "b": 2, "a": 1}}',
    ],
)
def test_a_name_may_stand_once_in_an_object(client, raw):
    is_a_problem(client.post(ESTIMATE, raw, content_type="application/json"), 400)


# --- where a fault is ------------------------------------------------------------------------------------------------------


def test_a_pointer_is_one_that_programs_can_follow(post):
    long = "x" * 300
    wrong = {"a/b": 1, "c~d": 2, long: 3, "één": 4}
    assert set(pointers(post({**SCAN, "answers": {**SCAN["answers"], **wrong}}))) == {
        "#/answers/a~1b",
        "#/answers/c~0d",
        f"#/answers/{long}",
        "#/answers/%C3%A9%C3%A9n",
    }
    assert pointers(post({**SCAN, "p/q": 1})) == ["#/p~1q"]


def test_a_fault_in_a_list_points_at_its_item(post):
    assert pointers(post({**SCAN, "have": ["KASSA", "NIETS", 7]})) == ["#/have/1", "#/have/2"]


def test_all_faults_are_told_at_once(post):
    body = {
        "sector": "NIETS", "answers": {**answers(24), "A1": 9, "C1": 1}, "municipality": "GM9999", "headcount": 0,
        "have": ["NIETS"], "sbi": "00", "kleur": "rood",
    }  # fmt: skip
    assert pointers(post(body)) == [
        "#/sector", "#/answers/A1", "#/answers/C1", "#/municipality", "#/headcount", "#/have/0", "#/sbi", "#/kleur",
    ]  # fmt: skip


def test_all_faults_of_a_query_are_told_at_once(client):
    response = client.get("/api/v1/solutions/?category=NIETS&level=7&price_max=veel&page=0&kleur=rood&kleur=blauw")
    assert {row["parameter"] for row in faults(response)} == {"category", "level", "price_max", "page", "kleur"}


# --- values ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["%D9%A1", "1.0", "%2B1", "01", "1_0", "%201", "1%20", "1%0A", "0x1", "1e0", "-1", ""]
)
@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("/api/v1/roadmap/?sector=HORECA&level=", "level"),
        ("/api/v1/solutions/?level=", "level"),
        ("/api/v1/solutions/?page=", "page"),
        ("/api/v1/sectors/?page=", "page"),
        ("/api/v1/sectors/?page_size=", "page_size"),
    ],
)
def test_a_number_in_a_query_has_plain_digits(client, url, parameter, written):
    (fault,) = faults(client.get(url + written))
    assert fault["parameter"] == parameter


@pytest.mark.parametrize(
    ("name", "value", "pointer"),
    [
        ("sbi", 56, "#/sbi"),
        ("sbi", " 56 ", "#/sbi"),
        ("sbi", "٥٦", "#/sbi"),
        ("sector", " HORECA ", "#/sector"),
        ("sector", "HORECA\n", "#/sector"),
        ("sector", 7, "#/sector"),
        ("sector", True, "#/sector"),
        ("municipality", "GM0114 ", "#/municipality"),
        ("municipality", 114, "#/municipality"),
        ("have", [" KASSA"], "#/have/0"),
        ("have", [["KASSA"]], "#/have/0"),
        ("headcount", "4", "#/headcount"),
        ("headcount", 4.0, "#/headcount"),
    ],
)
def test_a_value_in_a_body_is_taken_as_it_is_written(post, name, value, pointer):
    assert pointers(post({**SCAN, name: value})) == [pointer]


@pytest.mark.parametrize(
    "cost",
    [
        " 1000.00",
        "1000.00 ",
        "1000,00",
        "€ 1000",
        "1000.",
        ".50",
        "1.000",
        "1000.00\n",
        "٢٢",
        "1" * 10,
        "+1",
        "1_000",
        "1e3",
    ],
)
def test_a_cost_is_a_text_with_plain_digits(post, cost):
    assert pointers(post({"eligible_cost": cost}, ESTIMATE)) == ["#/eligible_cost"]


def test_a_cost_may_go_up_to_nine_digits(post):
    assert post({"eligible_cost": "999999999.99"}, ESTIMATE).json()["award"] == "18000.00"


@pytest.mark.parametrize(
    ("written", "fits"), [("2000", True), ("2000.5", True), ("2000,00", False), ("€2000", False), ("%202000", False)]
)
def test_the_highest_price_is_written_as_amounts_are(client, written, fits):
    SolutionFactory(listed=True)
    response = client.get(f"/api/v1/solutions/?price_max={written}")
    if fits:
        assert response.json()["count"] == 1
    else:
        assert [row["parameter"] for row in faults(response)] == ["price_max"]


def test_preferred_is_yes_or_no(client):
    SolutionFactory(listed=True, name="Beta")
    SolutionFactory(preferred=True, name="Alfa")

    def names(written):
        return [row["name"] for row in client.get(f"/api/v1/solutions/?preferred={written}").json()["results"]]

    assert (names("true"), names("false")) == (["Alfa"], ["Beta"])
    for written in ("1", "0", "on", "True", "FALSE", ""):
        assert [row["parameter"] for row in faults(client.get(f"/api/v1/solutions/?preferred={written}"))] == [
            "preferred"
        ]


# --- forms ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "*/*",
        "application/*",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=nonsense",
        "multipart/form-data; boundary=x",
        "application/json; charset=nonsense",
        "nonsense",
    ],
)
def test_a_body_that_does_not_call_itself_json_is_not_read(client, kind):
    is_a_problem(client.generic("POST", "/api/v1/scans/", json.dumps(SCAN), content_type=kind), 415)


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_a_body_that_calls_itself_json_is_read(client, kind):
    assert client.generic("POST", "/api/v1/scans/", json.dumps(SCAN), content_type=kind).status_code == 201


def test_who_asks_for_a_problem_gets_an_answer_too(client):
    found = client.get("/api/v1/sectors/", headers={"accept": "application/problem+json"})
    assert (found.status_code, found["Content-Type"]) == (200, "application/json")
    is_a_problem(client.get("/api/v1/sectors/?x=1", headers={"accept": "application/problem+json"}), 400)


@pytest.mark.parametrize("accept", ["*/*", "application/yaml", "application/vnd.oai.openapi", "text/html"])
@pytest.mark.parametrize("method", ["post", "delete"])
def test_an_error_at_the_description_is_json(client, accept, method):
    response = getattr(client, method)("/api/v1/schema/", headers={"accept": accept})
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code
