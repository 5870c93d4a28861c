"""Everything the API may say of a request is said in Dutch too."""

import inspect

import pytest
from django.utils import translation
from rest_framework import exceptions
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from api.serializers import base, fields
from api.serializers.programmes import EstimateRequestSerializer
from api.serializers.reference import MunicipalityQuerySerializer
from api.serializers.roadmap import RoadmapQuerySerializer, ScanRequestSerializer
from api.serializers.solutions import SolutionQuerySerializer
from api.views.tokens import CredentialsSerializer
from tests.api.test_roadmap import answers

REQUESTS = [
    ScanRequestSerializer,
    EstimateRequestSerializer,
    CredentialsSerializer,
    RoadmapQuerySerializer,
    MunicipalityQuerySerializer,
    SolutionQuerySerializer,
]
UNREACHABLE = {"max_string_length", "overflow"}
"""Lengths and signs are judged before."""

SCAN = {"sector": "HORECA", "answers": answers(24)}
ESTIMATE = "/api/v1/programmes/digitale-trede/estimate/"


def same_in_both(messages_of):
    """The messages that are the same in both languages; asked anew for each, because some keep what they said first."""

    def of(language):
        with translation.override(language):
            return {name: str(words) for name, words in messages_of().items()}

    dutch, english = of("nl"), of("en")
    return {name: words for name, words in english.items() if dutch[name] == words and name not in UNREACHABLE}


def messages_of_fields(request_of):
    asked, found = request_of(), {}
    for name, field in {"": asked, **asked.fields}.items():
        found |= {f"{name} {kind}": words for kind, words in field.error_messages.items() if kind not in UNREACHABLE}
        for validator in field.validators:
            if hasattr(validator, "message") and not isinstance(validator, ProhibitSurrogateCharactersValidator):
                found[f"{name} {type(validator).__name__}"] = validator.message
    return found


@pytest.mark.parametrize("request_of", REQUESTS)
def test_every_message_of_every_field_is_there_in_dutch(request_of):
    assert same_in_both(lambda: messages_of_fields(request_of)) == {}


@pytest.mark.parametrize("module", [base, fields])
def test_every_message_of_ours_is_there_in_dutch(module):
    for _name, part in inspect.getmembers(module, inspect.isclass):
        if part.__module__ == module.__name__:
            assert same_in_both(lambda part=part: vars(part).get("default_error_messages", {})) == {}


def test_every_refusal_of_the_framework_is_there_in_dutch():
    kinds = {kind.__name__: kind.default_detail for kind in exceptions.APIException.__subclasses__()}
    assert same_in_both(lambda: {name: words for name, words in kinds.items() if name != "ValidationError"}) == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/api/v1/scans/", "{"),
        ("/api/v1/scans/", b"\xff"),
        ("/api/v1/scans/", "null"),
        ("/api/v1/scans/", "[]"),
        ("/api/v1/scans/", '{"a": 1, "a": 2}'),
        ("/api/v1/scans/", "[" * 5_000),
        ("/api/v1/scans/", '"' + "x" * 70_000 + '"'),
        ("/api/v1/scans/", {}),
        ("/api/v1/scans/", dict.fromkeys(SCAN)),
        ("/api/v1/scans/", dict.fromkeys([*SCAN, "municipality", "have", "sbi", "x"], 1)),
        (
            "/api/v1/scans/",
            {**SCAN, "sector": "", "sbi": "x" * 30, "headcount": 10**9, "have": [1, "X"], "municipality": "X"},
        ),
        (
            "/api/v1/scans/",
            {**SCAN, "sector": "X" * 50, "headcount": "3", "answers": {"A1": "x", "C1": 1}, "have": ["X"] * 200},
        ),
        (ESTIMATE, {"eligible_cost": 3}),
        (ESTIMATE, {"eligible_cost": "veel"}),
        (ESTIMATE, {"eligible_cost": "-1"}),
        (ESTIMATE, {"eligible_cost": "9" * 30}),
        ("/api/v1/auth/token/", {"email": "x", "password": "y" * 300}),
        ("/api/v1/auth/token/", {"email": "sme@demo.example", "password": "x"}),
        ("/api/v1/auth/token/", {"email": 3, "password": ""}),
    ],
)
def test_what_is_said_of_a_body_is_said_in_both_languages(client, url, body):
    def details(language):
        response = client.post(url, body, content_type="application/json", headers={"accept-language": language})
        problem = response.json()
        return [problem["detail"], *(row["detail"] for row in problem.get("errors", []))]

    dutch, english = details("nl"), details("en")
    assert len(dutch) == len(english)
    assert [words for words in dutch if words in english] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    "path",
    [
        "roadmap/",
        "roadmap/?sector=X&level=0&have=X&sbi=x&x=1",
        "roadmap/?sector=&level=9&sector=X",
        "solutions/?category=X&sector=X&level=x&province=X&preferred=x&price_max=x&ordering=x&page=x&page_size=x",
        "solutions/?category=%00&q=%00&page=0&page_size=900&ordering=",
        "solutions/?page=99",
        "solutions/niets/",
        "municipalities/?province=X&q=" + "x" * 101,
        "me/",
        "niets/",
    ],
)
def test_what_is_said_of_a_query_is_said_in_both_languages(client, path):
    def details(language):
        problem = client.get(f"/api/v1/{path}", headers={"accept-language": language}).json()
        return [problem["detail"], *(row["detail"] for row in problem.get("errors", []))]

    dutch, english = details("nl"), details("en")
    assert len(dutch) == len(english)
    assert [words for words in dutch if words in english] == []


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_wrong_method_or_form_is_told_in_both_languages(client, method):
    for more in ({}, {"accept": "text/html"}):
        said_in = {
            getattr(client, method)("/api/v1/sectors/", headers={"accept-language": language, **more}).json()["detail"]
            for language in ("nl", "en")
        }
        assert len(said_in) == 2
