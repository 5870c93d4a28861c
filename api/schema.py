"""How the API describes itself (OpenAPI): what drf-spectacular cannot see from the code alone."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from api.negotiation import PROBLEM_JSON


class FaultSerializer(serializers.Serializer):
    """One fault of a request."""

    pointer = serializers.CharField(required=False, help_text="Where it is: a JSON pointer in a fragment (RFC 6901).")
    parameter = serializers.CharField(required=False, help_text="The query parameter it is about.")
    detail = serializers.CharField(help_text="What is wrong, in the language asked for.")
    code = serializers.CharField(required=False, help_text="What is wrong, for programs.")
    ground = serializers.CharField(required=False, help_text="The legal ground of a refusal.")


class ProblemSerializer(serializers.Serializer):
    """Why a request came to nothing (RFC 9457)."""

    type = serializers.CharField(help_text="Always `about:blank`: the status says what kind of problem it is.")
    title = serializers.CharField(help_text="The name of the status.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened, in the language asked for.")
    code = serializers.CharField(required=False, help_text="What happened, for programs.")
    errors = FaultSerializer(many=True, required=False, help_text="Every fault of the request, at most fifty.")


PROBLEMS: dict[int, tuple[str, dict[str, Any]]] = {
    400: (
        "The request is not right; every fault is named.",
        {
            "detail": "The request is not right.",
            "errors": [{"pointer": "#/kleur", "detail": "There is no member with this name.", "code": "unknown"}],
        },
    ),
    401: (
        "No key, or one that is not valid.",
        {"detail": "Authentication credentials were not provided.", "code": "not_authenticated"},
    ),
    404: ("There is no such thing, or no such page.", {"detail": "There is nothing here for you."}),
    406: (
        "Nothing that the Accept header asks for.",
        {"detail": "Could not satisfy the request Accept header.", "code": "not_acceptable"},
    ),
    413: ("The body is larger than 64 kB.", {"detail": "The request is too large."}),
    415: (
        "The body does not call itself JSON.",
        {"detail": 'Unsupported media type "text/plain" in request.', "code": "unsupported_media_type"},
    ),
    422: (
        "The request is right, but a rule says no.",
        {
            "detail": "This is not possible.",
            "errors": [{"code": "vouchers.not_open", "detail": "The programme is not open for applications."}],
        },
    ),
    429: (
        "Very many requests from this internet address; Retry-After says in how many seconds to try again.",
        {
            "detail": "It was done very often from your internet address. Try again in 40 minutes.",
            "code": "throttled",
        },
    ),
    503: (
        "Too busy; Retry-After says in how many seconds to try again.",
        {"detail": "It is very busy. Try again in a moment."},
    ),
}


class Schema(AutoSchema):
    """Adds to every operation the problems it can answer with, and to what may be kept the answer 304."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if self.method == "GET" and not self.view.secret:
            bodies["304"] = {"description": "Nothing changed since the version in If-None-Match."}
        for status in self._problems():
            bodies[str(status)] = self._get_response_for_code(_problem(status), str(status), [PROBLEM_JSON], direction)
        return dict(sorted(bodies.items()))

    def _problems(self) -> set[int]:
        found = {400, 406, 503, *self.view.problems}
        if "{" in self.path or self._is_list_view():
            found.add(404)
        if self.view.authentication_classes:
            found.add(401)
        if self.method == "POST":
            found |= {413, 415}
        return found


def _problem(status: int) -> OpenApiResponse:
    description, more = PROBLEMS[status]
    value = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **more}
    return OpenApiResponse(ProblemSerializer, description, [OpenApiExample("problem", value=value)])
