"""Made-up and hostile requests to every operation of the OpenAPI description, by everybody: no 5xx, nothing that the
description does not say, no door that forgets to ask who knocks (RELIABILITY table e, API fuzz).
"""

import json
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from bench import shop
from bench.frame import Asked, Report
from bench.scratch import migrated

SHOWN = 3
"""Findings of a kind that are told in full."""

HOSTILE_TEXT = [
    "", " ", "\x00", "0", "-1", "1e309", "NaN", "Infinity", "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO}", "1.005",
    "99999999999999999999", "' OR 1=1 --", "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}", "%00", "%s%n",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc", "\ud800", "\N{GRINNING FACE}" * 50, "a" * 5_000, "null", "true", "GM9999", "[]", "{}",
    "true,false", ";", "|", "A,B,,C", "2026-02-30",
]  # fmt: skip
HOSTILE_JSON: list[Any] = [
    None, True, False, 0, -1, 10**30, 1.5, 1e308, [], {}, [[]], {"a": {}}, "x" * 3_000, "\x00", ["\x00"], {"": ""}, [None] * 200,
]  # fmt: skip
RAW_BODIES = [
    b"", b"{", b"null", b"[]", b'"text"', b"NaN", b"\xff\xfe", b"{}" * 2, b'{"a": NaN}', b"[" * 100_000, b"a=1&b=2",
    b'{"eligible_cost": 1' + b"0" * 5_000 + b"}",
]  # fmt: skip
METHODS = ("get", "post", "put", "patch", "delete", "options")


@dataclass(frozen=True)
class Operation:
    """One operation of the description; `validators` holds a check of the body per documented status."""

    path: str
    method: str
    parameters: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any] | None
    guarded: bool
    validators: Mapping[int, Any]


@dataclass
class Findings:
    """What was sent and what was wrong."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def add(self, kind: str, path: str, case: str) -> None:
        self.kinds[kind] += 1
        self.places[kind.split(" at ", maxsplit=1)[0], path] += 1
        if self.kinds[kind] <= SHOWN:
            self.shown.append(f"{kind}: {case[:400]}")


def description() -> dict[str, Any]:
    """The OpenAPI description, as the product publishes it."""
    from django.test import Client

    answer = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    if answer.status_code != 200:
        raise RuntimeError(f"/api/v1/schema/ answers {answer.status_code}")
    return json.loads(answer.content)


def operations(schema: Mapping[str, Any]) -> list[Operation]:
    """Every operation in it."""
    from openapi_schema_validator import OAS30ReadValidator

    def validator(reference: Any) -> Any:
        return OAS30ReadValidator({"allOf": [reference], "components": schema["components"]}) if reference else None

    found = []
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            if method not in METHODS:
                continue
            body = about.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            found.append(
                Operation(
                    path=path,
                    method=method,
                    parameters=tuple(about.get("parameters", [])),
                    body=_resolved(body, schema) if body else None,
                    guarded=bool(about.get("security")) and {} not in about["security"],
                    validators={
                        int(status): validator(answer.get("content", {}).get("application/json", {}).get("schema"))
                        for status, answer in about["responses"].items()
                    },
                )
            )
    return found


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in part:
        return schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]]
    return part


class Inventor:
    """Makes requests up: mostly sensible values, now and then one that is not."""

    def __init__(self, chance: random.Random, tokens: list[str]):
        from accounts.models import Municipality, Sector
        from providers.models import Category
        from vouchers.models import Programme

        self.chance, self.tokens = chance, tokens
        categories = list(Category.objects.values_list("code", flat=True))
        self.known: dict[str, Callable[[], Any]] = {
            "sector": self._one(list(Sector.objects.values_list("code", flat=True))),
            "category": self._one(categories),
            "have": lambda: chance.sample(categories, chance.randint(0, 5)),
            "municipality": self._one(list(Municipality.objects.values_list("code", flat=True))),
            "headcount": lambda: chance.randint(0, 300),
            "sbi": self._one(["47", "55.10", "8891", "01", ""]),
            "level": lambda: chance.randint(1, 4),
            "page": lambda: chance.randint(1, 9),
            "page_size": self._one([1, 12, 100]),
            "q": self._one(["kassa", "slim website", "%", "_", ""]),
            "ordering": self._one(["name", "-name", "price", "-price", "relevance"]),
            "preferred": self._one(["true", "false"]),
            "price_max": self._one(["2500", "2500.00", "0"]),
            "province": self._one(["PV20", "PV21", "PV22"]),
            "slug": self._one([f"meetoplossing-{number}" for number in range(8)]),
            "code": self._one(list(Programme.objects.values_list("code", flat=True)) or ["digitale-trede"]),
            "token": self._one(["0" * 43, "abc"]),
            "email": self._one(["iemand@voorbeeld.example", "niemand@voorbeeld.example"]),
            "password": self._one(["trede-demo", "verkeerd"]),
            "eligible_cost": self._one(["22500.00", "10000.00", "499.99", "0.01"]),
            "answers": lambda: {f"{block}{number}": chance.randint(1, 5) for block in "AB" for number in range(1, 7)},
        }

    def _one(self, values: list[Any]) -> Callable[[], Any]:
        return lambda: self.chance.choice(values)

    def text(self, name: str) -> str:
        """A value for an address."""
        if name in self.known and self.chance.random() < 0.65:
            value = self.known[name]()
            return ",".join(value) if isinstance(value, list) else str(value)
        return self.chance.choice(HOSTILE_TEXT)

    def json(self, name: str) -> Any:
        """A value for a body; in an object of known keys now and then one key goes wrong."""
        draw = self.chance.random()
        if name in self.known and draw < 0.7:
            value = self.known[name]()
            if isinstance(value, dict) and self.chance.random() < 0.4:
                value[self.chance.choice([*value, "Z9", ""])] = self.chance.choice(HOSTILE_JSON)
            if isinstance(value, list) and self.chance.random() < 0.3:
                value.append(self.chance.choice(HOSTILE_JSON))
            return value
        return self.chance.choice(HOSTILE_JSON if draw < 0.9 else HOSTILE_TEXT)

    def address(self, operation: Operation) -> str:
        from urllib.parse import quote, urlencode

        path, query = operation.path, []
        for parameter in operation.parameters:
            name = parameter["name"]
            if parameter["in"] == "path":
                value = self.text(name).encode("utf-8", "surrogatepass")
                path = path.replace(f"{{{name}}}", quote(value, safe="") or "x")
            elif parameter.get("required") or self.chance.random() < 0.4:
                query += [(name, self.text(name).encode("utf-8", "surrogatepass"))] * self.chance.choice(
                    [1, 1, 1, 1, 2]
                )
        if self.chance.random() < 0.05:
            query.append(("format", self.chance.choice(["json", "api", "xml"]).encode()))
        return f"{path}?{urlencode(query)}" if query else path

    def body(self, operation: Operation) -> bytes | None:
        if operation.body is None:
            return None
        draw = self.chance.random()
        if draw < 0.1:
            return self.chance.choice(RAW_BODIES)
        names = list(operation.body.get("properties", {}))
        made = {name: self.json(name) for name in names if self.chance.random() < 0.85}
        if self.chance.random() < 0.1:
            made[self.chance.choice(HOSTILE_TEXT)] = self.chance.choice(HOSTILE_JSON)
        return json.dumps(made).encode()

    def headers(self) -> tuple[dict[str, str], bool]:
        """Headers, and whether they say who one is."""
        headers = {"Accept-Language": self.chance.choice(["nl", "en", "de", "*", "x" * 200, ""])}
        draw = self.chance.random()
        if draw < 0.5:
            headers["Authorization"] = f"Bearer {self.chance.choice(self.tokens)}"
            return headers, True
        if draw < 0.75:
            headers["Authorization"] = self.chance.choice(
                ["Bearer", "Bearer ", "Bearer x", "Bearer a b", "Basic eDp5", "Bearer \xe9", f"Bearer {'f' * 64}"]
            )
        return headers, False


def fuzz(
    inventor: Inventor, everything: list[Operation], *, cases: int, seconds: float, tell: Callable[[str], None]
) -> Findings:
    """Sends so many requests, or as many as fit in the time, each operation as often."""
    from django.test import Client

    client, findings = Client(raise_request_exception=False), Findings()
    until, told = time.monotonic() + seconds, time.monotonic()
    while findings.cases < cases and time.monotonic() < until:
        operation = everything[findings.cases % len(everything)]
        findings.cases += 1
        _send(client, inventor, operation, findings)
        if time.monotonic() - told > 10:
            told = time.monotonic()
            tell(f"{findings.cases} requests, {sum(findings.kinds.values())} findings")
    return findings


def _send(client: Any, inventor: Inventor, operation: Operation, findings: Findings) -> None:
    other = inventor.chance.random() < 0.04
    method = inventor.chance.choice(METHODS) if other else operation.method
    address, body = inventor.address(operation), inventor.body(operation)
    headers, known = inventor.headers()
    kind = "application/json" if inventor.chance.random() < 0.95 else inventor.chance.choice(["text/plain", "x/y", ""])
    case = f"{method} {address} {headers} {kind} {body!r}"
    try:
        answer = client.generic(method.upper(), address, body or b"", content_type=kind, headers=headers)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    except Exception as error:  # noqa: BLE001 - what gets past the handlers is a finding
        findings.add(f"raised {type(error).__name__}", operation.path, case)
        return
    if answer.status_code >= 500 and getattr(answer, "exc_info", None):
        case = f"{answer.exc_info[1]!r} {case}"
    findings.statuses[answer.status_code] += 1
    findings.operations[f"{operation.method} {operation.path}"] += 1
    for problem in problems(
        operation, method, known, answer.status_code, answer.headers.get("Content-Type", ""), content
    ):
        findings.add(problem, operation.path, f"{answer.status_code} {case} -> {content[:200]!r}")


def problems(operation: Operation, method: str, known: bool, status: int, kind: str, content: bytes) -> Iterator[str]:
    """What is wrong about an answer."""
    if status >= 500:
        yield "server error"
        return
    if operation.guarded and not known and method == operation.method and status < 400:
        yield "ignored_auth"
    if status >= 400:
        yield from _not_a_problem(status, kind, content)
    elif method == operation.method and 200 <= status < 300:
        if status not in operation.validators:
            yield "undocumented status"
        elif operation.validators[status]:
            try:
                told = json.loads(content)
            except ValueError:
                yield "not JSON"
            else:
                # Places in lists are one kind: the tenth row breaks as the first does.
                places = {
                    "/".join("*" if isinstance(step, int) else str(step) for step in error.absolute_path)
                    for error in operation.validators[status].iter_errors(told)
                }
                yield from (f"schema break at {place or 'the top'}" for place in sorted(places))
    elif 300 <= status < 400:
        yield "redirect"


def _not_a_problem(status: int, kind: str, content: bytes) -> Iterator[str]:
    """Errors are problem+json (RFC 9457) with their own status."""
    if not kind.startswith("application/problem+json"):
        yield "error is no problem+json"
        return
    try:
        told = json.loads(content)
    except ValueError:
        yield "not JSON"
        return
    if told.get("status") != status or not told.get("title"):
        yield "problem without its status or title"


ON_PURPOSE = (
    ("server error", "/api/v1/programmes/{code}/estimate/"),
    ("schema break", "/api/v1/sectors/"),
    ("ignored_auth", "/api/v1/me/"),
)


@contextmanager
def broken_on_purpose() -> Iterator[None]:
    """Three faults: an operation that falls over, one that leaves a field out, one that does not ask who knocks."""
    from api.views import me, programmes, reference

    sectors = reference.SectorList.serializer_class

    def falls_over(*_: Any, **__: Any) -> None:
        raise KeyError("on purpose")

    def leaves_out(self: Any, row: Any) -> dict[str, Any]:
        return {key: value for key, value in whole(self, row).items() if key != "name"}

    whole = sectors.to_representation

    def lets_in(_self: Any, _request: Any, *_: Any, **__: Any) -> Any:
        from rest_framework.response import Response

        return Response({"email": "a@b.example", "name": "A", "organisations": []})

    with (
        mock.patch.object(programmes.EstimateView, "post", falls_over),
        mock.patch.object(sectors, "to_representation", leaves_out),
        mock.patch.object(me.MeView, "get", lets_in),
        mock.patch.object(me.MeView, "permission_classes", []),
        mock.patch.object(me.MeView, "authentication_classes", []),
    ):
        yield


def tokens() -> list[str]:
    """A bearer token for one person in every role."""
    from knox.models import AuthToken

    from accounts.enums import Role
    from tests.factories.accounts import official

    return [AuthToken.objects.create(official(role))[1] for role in Role]


def run(asked: Asked) -> Report:
    migrated(asked)
    logging.disable(logging.CRITICAL)
    shop.stock(solutions=60)
    everything = operations(description())
    known = tokens()
    cases, seconds = asked.pick(quick=(20_000, 15.0), full=(25_000, 7200.0))
    asked.tell(f"{len(everything)} operations, {len(known)} people and everybody else")
    began = time.monotonic()
    found = fuzz(Inventor(random.Random(2026), known), everything, cases=cases, seconds=seconds, tell=asked.tell)
    took = time.monotonic() - began
    asked.tell("the control: three faults made on purpose")
    with broken_on_purpose():
        broken = fuzz(
            Inventor(random.Random(7), known),
            everything,
            cases=len(everything) * 15,
            seconds=asked.pick(quick=12.0, full=60.0),
            tell=asked.tell,
        )
    logging.disable(logging.NOTSET)
    report = Report()
    report.measured = {
        "requests": found.cases,
        "per_second": round(found.cases / took, 1),
        "operations": len(everything),
        "fewest_per_operation": min(found.operations[f"{each.method} {each.path}"] for each in everything),
        "people": len(known),
        "statuses": {str(status): number for status, number in sorted(found.statuses.items())},
        "findings": dict(found.kinds),
        "shown": found.shown,
    }
    report.promise(
        "server errors",
        wanted=0,
        found=sum(n for kind, n in found.kinds.items() if kind.startswith(("server", "raised"))),
    )
    report.promise("doors that do not ask who knocks", wanted=0, found=found.kinds["ignored_auth"])
    rest = {
        kind: number for kind, number in found.kinds.items() if not kind.startswith(("server", "raised", "ignored"))
    }
    report.promise("departures from the description", wanted={}, found=rest)
    # Looked for where they were made: what is wrong elsewhere does not stand in for them.
    seen = {f"{kind} at {path}": broken.places[kind, path] for kind, path in ON_PURPOSE}
    report.controlled("three faults made on purpose are all found", shown=all(seen.values()), seen=seen)
    return report
