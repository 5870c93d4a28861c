"""Which form a request has and which form an answer gets."""

from collections.abc import Iterable
from typing import Any

from django.http.request import MediaType
from django.utils.http import parse_header_parameters
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


class Negotiation(DefaultContentNegotiation):
    """JSON comes in as JSON, in so many words; and who asks for a problem gets an answer in JSON when there is no problem."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The reader of this body. None (415) for whatever does not call itself JSON, or has another character set."""
        kind, parameters = parse_header_parameters(request.content_type or "")
        if kind.lower() == JSON and parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}:
            return next(iter(parsers))
        return None

    def get_accept_list(self, request: Request) -> list[str]:
        return [_as_json(wanted) for wanted in super().get_accept_list(request)]


def _as_json(wanted: str) -> str:
    asked: Any = MediaType(wanted)
    return JSON if f"{asked.main_type}/{asked.sub_type}".lower() == PROBLEM_JSON else wanted
