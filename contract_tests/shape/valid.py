"""Whether the document allows a request, read from what would be sent and from nothing else."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import orjson

from contract_tests.shape.generated import Request
from openapi import Document, Operation, Parameter

_INTEGER = re.compile(r"0|-?[1-9]\d*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What the document does not allow, the rule that a refusal follows, and the statuses that it may have."""

    rule: str
    why: str
    statuses: frozenset[int] = frozenset({400})


def flaw(document: Document, operation: Operation, request: Request) -> Flaw | None:
    """The first flaw of a request, None where the document allows it. An id in the path may also name nothing: 404."""
    return (
        _in_query(document, operation, request)
        or _in_body(document, operation, request.content)
        or _in_path(document, operation, request)
    )


def _in_path(document: Document, operation: Operation, request: Request) -> Flaw | None:
    given = dict(request.path)
    for parameter in operation.parameters_in("path"):
        if not document.validator(parameter.pointer).is_valid(given[parameter.name]):
            return Flaw("ERR-05", f"the path's {parameter.name} is {given[parameter.name]!r}", frozenset({400, 404}))
    return None


def _in_query(document: Document, operation: Operation, request: Request) -> Flaw | None:
    known = {parameter.name: parameter for parameter in operation.parameters_in("query")}
    counted = Counter(name for name, _ in request.query)
    for name, times in counted.items():
        if name not in known:
            return Flaw("STR-01", f"the query has an unknown parameter {name!r}")
        if times > 1:
            return Flaw("STR-02", f"the query has {name} twice")
    for name, parameter in known.items():
        if parameter.required and name not in counted:
            return Flaw("MTG-01", f"the query lacks {name}")
    for name, text in request.query:
        value = _read(known[name], text)
        if value is None or not document.validator(known[name].pointer).is_valid(value):
            return Flaw(_rule(known[name]), f"the query has {name}={text[:80]}")
    return None


def _rule(parameter: Parameter) -> str:
    if parameter.schema.get("format") == "date-time":
        return "STR-06"
    return "SORT-07" if parameter.sort_fields else "FILT-05" if parameter.filter_targets else "ERR-05"


def _read(parameter: Parameter, text: str) -> Any:
    match parameter.schema["type"]:
        case "array":
            return text.split(",")
        case "integer":
            return int(text) if _INTEGER.fullmatch(text) and len(text) < 20 else None
        case "boolean":
            return {"true": True, "false": False}.get(text)
    return text


def _in_body(document: Document, operation: Operation, content: bytes | None) -> Flaw | None:
    if operation.body is None:
        return None
    if content is None:
        return Flaw("STR-05", "there is no body", frozenset({400, 415}))
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return Flaw("STR-04", "the body is no JSON")
    error = next(document.validator(operation.body).iter_errors(body), None)
    return None if error is None else _of_schema(operation, error)


def _of_schema(operation: Operation, error: jsonschema_rs.ValidationError) -> Flaw:
    kind, at = error.kind.name, list(error.instance_path)
    rule = "STR-03" if kind == "additionalProperties" else "STR-05"
    if kind in ("format", "pattern") and at and at[-1] in operation.times:
        rule = "STR-06"
    place = "/".join(str(step) for step in at)
    return Flaw(rule, f"{kind} at /{place}: {error.message[:120]}")
