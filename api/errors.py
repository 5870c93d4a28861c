"""Errors as RFC 9457 problem details: a sentence for a person, a code for a program, a pointer to each field."""

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.reasons import Reason, Refused
from core.workflow import busy

PROBLEM_JSON = "application/problem+json"


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None (a 500, logged) only for what is a mistake of ours."""
    match error:
        case Refused():
            response = _refusal(error)
        case DjangoValidationError():
            response = _answer(400, _("The request is not right."), errors=list(_fields(_as_detail(error), context)))
        case exceptions.ValidationError():
            response = _answer(400, _("The request is not right."), errors=list(_fields(error.detail, context)))
        case Http404():
            response = _answer(404, _("There is nothing here for you."))
        case PermissionDenied():
            response = _answer(403, _("You may not do this."))
        case RequestDataTooBig():
            response = _answer(413, _("The request is too large."))
        case OperationalError() if busy(error):
            response = _answer(503, _("It is very busy. Try again in a moment."), headers={"Retry-After": "2"})
        case exceptions.Throttled():
            response = _answer(429, _too_often(error), code="throttled", headers=_headers(error))
        case exceptions.APIException():
            response = _answer(error.status_code, str(error.detail), code=_code(error), headers=_headers(error))
        case _:
            return None
    set_rollback()
    return response


def _answer(
    status: int,
    detail: str,
    *,
    code: str = "",
    errors: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if code:
        body["code"] = code
    if errors is not None:
        body["errors"] = errors
    return Response(body, status=status, headers=headers, content_type=PROBLEM_JSON)


def _refusal(error: Refused) -> Response:
    """400 when every reason is about a field of the request, 422 when a rule says no to a request that is right."""
    if all("field" in reason.params for reason in error.reasons):
        return _answer(400, _("The request is not right."), errors=[_reason(reason) for reason in error.reasons])
    return _answer(422, _("This is not possible."), errors=[_reason(reason) for reason in error.reasons])


def _reason(reason: Reason) -> dict[str, Any]:
    row = {"code": reason.code.value, "detail": str(reason)}
    if reason.ground:
        row["ground"] = reason.ground
    if field := reason.params.get("field"):
        row["pointer"] = f"#/{field}"
    return row


def _as_detail(error: DjangoValidationError) -> Any:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def _fields(detail: Any, context: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """One row per wrong field, with its place as a JSON pointer; for a GET the name of the query parameter as well."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = path if name in {"", "non_field_errors", "__all__"} else (*path, str(name))
            yield from _fields(inner, context, here)
        return
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        for index, inner in enumerate(detail):
            if inner:
                yield from _fields(inner, context, (*path, str(index)))
        return
    for message in detail if isinstance(detail, list) else [detail]:
        row = {"pointer": "#" + "".join(f"/{_escaped(part)}" for part in path), "detail": str(message)}
        if code := getattr(message, "code", None):
            row["code"] = code
        if path and getattr(context.get("request"), "method", "") == "GET":
            row["parameter"] = path[0]
        yield row


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


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
