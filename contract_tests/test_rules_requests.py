"""The rules of requests that break the document: one flaw at a time, refused for it, and nothing changes."""

from typing import Any

import orjson
import pytest

from contract_tests.data import around_now
from contract_tests.making import most_able
from contract_tests.plugin import verifies
from contract_tests.seeded import UNKNOWN, marked
from contract_tests.sending import all_refused
from contract_tests.shape import Request
from contract_tests.shape.breaches import breaches
from contract_tests.target import Target
from openapi import Operation, load_app_api, load_rules

OPERATIONS = list(load_app_api().operations.values())
RULES = ("STR-01", "STR-02", "STR-03", "STR-05", "STR-06", "MTG-01", "ERR-01", "ERR-02", "ERR-05", "ERR-10", "ERR-11")


def example(target: Target, operation: Operation) -> Any:
    """The document's own example of a body, marked as the run's; None where there is no body."""
    if operation.body is None:
        return None
    node = target.document.raw["paths"][operation.path][operation.method.lower()]
    media = node["requestBody"]["content"]["application/json"]
    body = orjson.loads(
        orjson.dumps(media["example"] if "example" in media else list(media["examples"].values())[-1]["value"])
    )
    marked(target, body)
    return body


def valid(target: Target, operation: Operation) -> Request:
    """A request that the document allows, about a row that does not exist where it is about one."""
    path = tuple((one.name, UNKNOWN) for one in operation.parameters_in("path"))
    query = tuple(around_now().items()) if operation.period is not None and operation.body is None else ()
    body = example(target, operation)
    return Request(path, query, None if body is None else orjson.dumps(body))


def _params() -> list[object]:
    return [
        pytest.param(
            operation,
            marks=verifies(*(rule for rule in RULES if operation.operation_id in load_rules()[rule].operations)),
            id=operation.operation_id,
        )
        for operation in OPERATIONS
    ]


@pytest.mark.parametrize("operation", _params())
def test_each_flaw_is_refused(target: Target, operation: Operation) -> None:
    given = breaches(target.document, operation, valid(target, operation))
    all_refused(target, operation, most_able(target, operation), given)


def malformed(body: bytes) -> dict[str, bytes]:
    """Bodies that are no JSON, or JSON that names a member twice."""
    return {
        "cut short": body[:-1],
        "more after its end": body + b"}",
        "two documents": body + body,
        "invalid UTF-8": body[:-1] + b',"x":"\xff\xfe"}',
        "UTF-16": body.decode().encode("utf-16"),
        "NaN": body[:-1] + b',"x":NaN}',
        "Infinity": body[:-1] + b',"x":-Infinity}',
        "single quotes": body.replace(b'"', b"'"),
        "a comma at the end": body[:-1] + b",}",
        "a comment": b"/* */" + body,
        "a member twice": b"{" + body[1:-1] + b"," + body[1:],
        "empty": b"",
    }


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.body is not None], ids=lambda one: one.operation_id
)
@verifies("STR-04", "ERR-05", "ERR-10")
def test_malformed_bodies_are_refused(target: Target, operation: Operation) -> None:
    caller = most_able(target, operation)
    path = [UNKNOWN] * len(operation.parameters_in("path"))
    for name, body in malformed(orjson.dumps(example(target, operation))).items():
        caller.call(operation.operation_id, *path, content=body).must_be(400, "STR-04", name)
