"""The description of the API is whole, and true: what is answered is what it says."""

import pytest
from jsonschema import Draft7Validator

from accounts.services import make_api_key
from api.schema import PROBLEMS
from api.views.schema import described
from providers.services.standing import STANDING, recompute_standing
from tests.api.test_roadmap import answers
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import SolutionFactory, answered

JSON, PROBLEM = "application/json", "application/problem+json"


def operations():
    return [
        (f"{method} {path}", operation)
        for path, methods in described()["paths"].items()
        for method, operation in methods.items()
    ]


def in_json_schema(part):
    """An OpenAPI 3.0 schema as JSON Schema, in which nothing may be there that is not described."""
    if isinstance(part, list):
        return [in_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: in_json_schema(value) for name, value in part.items() if name != "nullable"}
    if part.get("type") == "object" and "properties" in part:
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if part.get("nullable") is True else made


def faults(schema, value):
    whole = {**in_json_schema(schema), "components": in_json_schema(described()["components"])}
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft7Validator(whole).iter_errors(value)]


@pytest.mark.parametrize(("name", "operation"), operations())
def test_an_operation_says_all_that_it_takes_and_answers(name, operation):
    assert operation["description"]
    assert operation["tags"][0] in {tag["name"] for tag in described()["tags"]}
    for parameter in operation.get("parameters", []):
        assert parameter["description"], parameter["name"]
    if body := operation.get("requestBody"):
        assert set(body["content"]) == {JSON}
        for example in body["content"][JSON]["examples"].values():
            assert faults(body["content"][JSON]["schema"], example["value"]) == []
    statuses = {int(status) for status in operation["responses"]}
    assert {400, 406, 503} <= statuses
    assert ({413, 415} <= statuses) == name.startswith("post")
    assert (404 in statuses) == ("{" in name or any(one["name"] == "page" for one in operation.get("parameters", [])))
    for status, answer in operation["responses"].items():
        if status == "304":
            continue
        kind = PROBLEM if int(status) in PROBLEMS else JSON
        (content,) = [answer["content"][kind]]
        for example in content["examples"].values():
            assert faults(content["schema"], example["value"]) == [], status


def test_the_kinds_that_matter_are_described_to_the_letter():
    schemas = described()["components"]["schemas"]
    asked = schemas["ScanRequest"]["properties"]["answers"]
    assert asked["required"] == [f"{block}{number}" for block in "AB" for number in range(1, 7)]
    assert asked["properties"]["B6"] == {"type": "integer", "minimum": 1, "maximum": 5}
    assert schemas["EstimateRequest"]["properties"]["eligible_cost"]["pattern"] == r"^[0-9]{1,9}(\.[0-9]{1,2})?$"
    query = {one["name"]: one["schema"] for one in described()["paths"]["/api/v1/solutions/"]["get"]["parameters"]}
    assert (query["page_size"]["minimum"], query["page_size"]["maximum"]) == (1, 100)
    assert query["price_max"]["type"] == "string"
    assert described()["servers"] == [{"url": "/", "description": "Where this description was read"}]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_description_is_in_english_whoever_asks(client, language):
    response = client.get("/api/v1/schema/", headers={"accept-language": language, "accept": JSON})
    assert response["Content-Language"] == "en"
    assert response.json() == client.get("/api/v1/schema/?format=json").json()
    assert "Naam" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_every_answer_is_as_it_is_described(client):
    solution = SolutionFactory(preferred=True)
    young = SolutionFactory(listed=True, category__code="WEBSITE")
    for gain in (19, "22.3", 25, 31, 18):
        answered(solution, gain=gain)
    answered(young, gain=30)
    for one in (solution, young):
        recompute_standing(by=STANDING, solution=one)
    post = {"content_type": JSON}
    scan = {"sector": "BOUW", "answers": answers(30), "municipality": "GM0014"}
    made = client.post("/api/v1/scans/", scan, **post)
    given = [
        ("/api/v1/", client.get("/api/v1/")),
        *[(f"/api/v1/{name}/", client.get(f"/api/v1/{name}/?page_size=100")) for name in (
            "sectors", "categories", "provinces", "municipalities", "questions", "programmes", "solutions",
        )],
        *[("/api/v1/solutions/{slug}/", client.get(f"/api/v1/solutions/{one.slug}/")) for one in (solution, young, SolutionFactory(listed=True))],
        ("/api/v1/programmes/{code}/", client.get("/api/v1/programmes/digitale-trede/")),
        ("/api/v1/programmes/{code}/estimate/", client.post("/api/v1/programmes/digitale-trede/estimate/", {"eligible_cost": "100"}, **post)),
        ("/api/v1/scans/", made),
        ("/api/v1/scans/{token}/", client.get(made["Location"])),
        ("/api/v1/roadmap/", client.get("/api/v1/roadmap/?sector=ALGEMEEN&level=1")),
        ("/api/v1/me/", client.get("/api/v1/me/", headers={"authorization": f"Bearer {make_api_key(by=UserFactory())}"})),
        ("/api/v1/scans/", client.post("/api/v1/scans/", {"x": 1}, **post)),
        ("/api/v1/solutions/", client.get("/api/v1/solutions/?page=9")),
        ("/api/v1/me/", client.get("/api/v1/me/")),
        ("/api/v1/scans/", client.post("/api/v1/scans/", "x", content_type="text/plain")),
    ]  # fmt: skip
    for path, response in given:
        method = response.wsgi_request.method.lower()
        answer = described()["paths"][path][method]["responses"][str(response.status_code)]
        assert faults(answer["content"][response["Content-Type"]]["schema"], response.json()) == [], path
