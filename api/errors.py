"""Errors as RFC 9457 problem details: a sentence for a person, a code for a program, a pointer to each field."""

import logging
import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.negotiation import PROBLEM_JSON
from core.reasons import Reason, Refused
from core.workflow import busy

logger = logging.getLogger(__name__)

AGAIN = {"Retry-After": "2"}
MOST_ERRORS = 50
"""How many faults one answer names: enough to mend a request by, whatever somebody sends."""


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None (a 500, logged) only for what is a mistake of ours."""
    response = _response(error, context)
    if response is not None:
        if request := context.get("request"):  # whatever form was asked for: a problem is JSON
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), PROBLEM_JSON
        set_rollback()
    return response


def _response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    match error:
        case Refused():
            return _refusal(error, context)
        case DjangoValidationError():
            return _answer(400, _("The request is not right."), errors=_fields(_as_detail(error), context))
        case exceptions.ValidationError():
            return _answer(400, _("The request is not right."), errors=_fields(error.detail, context))
        case Http404():
            return _answer(404, _("There is nothing here for you."))
        case PermissionDenied():
            return _answer(403, _("You may not do this."))
        case RequestDataTooBig():
            return _answer(413, _("The request is too large."))
        case OperationalError():
            if not busy(error):
                logger.error("the database does not answer", exc_info=error)
            return _answer(503, _busy(), headers=AGAIN)
        case exceptions.Throttled():
            return _answer(429, _too_often(error), code="throttled", headers=_headers(error))
        case exceptions.APIException():
            return _answer(error.status_code, str(error.detail), code=_code(error), headers=_headers(error))
    return None


def busy_problem() -> JsonResponse:
    """The problem of a database that does not answer."""
    return plain_problem(503, _busy(), AGAIN)


def plain_problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """A problem for what never reached a view of the API."""
    return JsonResponse(
        _body(status, detail), status=status, headers=headers, content_type=PROBLEM_JSON, json_dumps_params=_AS_WRITTEN
    )


_AS_WRITTEN = {"ensure_ascii": False}


def _busy() -> str:
    return _("It is very busy. Try again in a moment.")


def _body(status: int, detail: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}


def _answer(
    status: int,
    detail: str,
    *,
    code: str = "",
    errors: Iterator[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body = _body(status, detail)
    if code:
        body["code"] = code
    if errors is not None:
        body["errors"] = list(islice(errors, MOST_ERRORS))
    return Response(body, status=status, headers=headers, content_type=PROBLEM_JSON)


def _refusal(error: Refused, context: Mapping[str, Any]) -> Response:
    """400 when every reason is about a field of the request, 422 when a rule says no to a request that is right."""
    rows = (_reason(reason, context) for reason in error.reasons)
    if all("field" in reason.params for reason in error.reasons):
        return _answer(400, _("The request is not right."), errors=rows)
    return _answer(422, _("This is not possible."), errors=rows)


def _reason(reason: Reason, context: Mapping[str, Any]) -> dict[str, Any]:
    row = {"code": reason.code.value, "detail": str(reason)}
    if reason.ground:
        row["ground"] = reason.ground
    if field := reason.params.get("field"):
        row |= _place(tuple(str(field).split("/")), context)
    return row


def _place(path: tuple[str, ...], context: Mapping[str, Any]) -> dict[str, str]:
    """Where a fault is: a JSON pointer (RFC 6901); in the query of a GET also the parameter it is about."""
    place = {"pointer": "#" + "".join(f"/{_escaped(part)}" for part in path)}
    if path and getattr(context.get("request"), "method", "") in {"GET", "HEAD"}:
        place["parameter"] = path[0]
    return place


def _as_detail(error: DjangoValidationError) -> Any:
    if not hasattr(error, "error_dict"):
        return {"": error.messages}
    return {name.removeprefix("__all__"): messages for name, messages in error.message_dict.items()}


def _fields(detail: Any, context: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """One row per fault: where it is, what it is for a person and for a program. The empty name is the whole itself."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _fields(inner, context, (*path, str(name)) if name != "" else path)
        return
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        for index, inner in enumerate(detail):
            if inner:
                yield from _fields(inner, context, (*path, str(index)))
        return
    for message in detail if isinstance(detail, list) else [detail]:
        row = {**_place(path, context), "detail": str(message)}
        if code := getattr(message, "code", None):
            row["code"] = code
        yield row


def _escaped(part: str) -> str:
    """A name as part of a pointer in a fragment (RFC 6901, sections 3 and 6)."""
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@")


def _too_often(error: exceptions.Throttled) -> str:
    minutes = math.ceil((error.wait or 0) / 60)
    return ngettext(
        "It was done very often from your internet address. Try again in %(n)s minute.",
        "It was done very often from your internet address. Try again in %(n)s minutes.",
        minutes,
    ) % {"n": minutes}


def _code(error: exceptions.APIException) -> str:
    code = error.get_codes()
    return code if isinstance(code, str) else ""


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers
