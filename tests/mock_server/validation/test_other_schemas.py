"""Schemas that the contract does not have today, but may have tomorrow."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from mock_server.meanings import Invalid
from mock_server.validation import RequestReader
from openapi import Document

SCHEMA = {
    "type": "object",
    "required": ["version"],
    "properties": {
        "version": {"const": 1},
        "until": {"oneOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]},
        "either": {"anyOf": [{"type": "integer", "minimum": 5}, {"enum": ["all"]}]},
        "both": {"oneOf": [{"maxLength": 5}, {"minLength": 1}]},
        "even": {"type": ["integer", "null"], "multipleOf": 2},
        "sizes": {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 0}},
        "pairs": {"type": "array", "uniqueItems": True, "items": {"type": "object", "maxProperties": 2}},
        "more": {"type": "object", "minProperties": 2, "properties": {"a": {"type": "integer"}, "b": False}},
        "code": {"type": "string", "pattern": "^[A-Z]$"},
        "place": {"type": "string", "format": "ipv4"},
    },
}


def reader(required: bool = True) -> RequestReader:
    body = {"required": required, "content": {"application/json": {"schema": SCHEMA}}}
    operation = {"operationId": "try", "requestBody": body, "responses": {"200": {"description": "Fine."}}}
    raw: dict[str, Any] = {"servers": [{"url": "https://a.example/v1"}], "paths": {"/try/{it}": {"post": operation}}}
    document = Document(raw)
    return RequestReader(document, document.operations["try"], max_body=10_000)


async def read(body: bytes, required: bool = True) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "query_string": b"", "headers": headers}
    reading = reader(required)
    return reading.read(scope, await reading.receive(scope, receive), datetime(2030, 1, 1, tzinfo=UTC)).body


def finished(coroutine: Any) -> Any:
    """The result of a coroutine that waits for nothing."""
    with pytest.raises(StopIteration) as caught:
        coroutine.send(None)
    return caught.value.value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "/version is 2, expected 1"),
        ({"until": "long"}, "/until has 4 characters, expected at most 3"),
        ({"until": 5}, "/until is 5, expected a string or null"),
        ({"either": 4}, "/either is 4, expected at least 5"),
        ({"either": "none"}, '/either is "none", expected an integer'),
        ({"both": "abc"}, "/both does not fit: "),
        ({"even": 3}, "/even does not fit: 3 is not a multiple of 2"),
        ({"even": "3"}, '/even is "3", expected an integer or null'),
        ({"sizes": []}, "/sizes has 0 items, expected at least 1"),
        ({"sizes": [1, -1]}, "/sizes/1 is -1, expected at least 0"),
        ({"pairs": [{"a": 1, "b": 2}, {"b": 2, "a": 1}]}, '/pairs has {"b": 2, "a": 1} more than once'),
        ({"pairs": [{"a": 1}, {"a": 1.0}]}, "/pairs has an item more than once"),
        ({"pairs": [{"a": 1, "b": 2, "c": 3}]}, "/pairs/0 has 3 members, expected at most 2"),
        ({"more": {"a": 1}}, "/more has 1 member, expected at least 2"),
        ({"more": {}}, "/more is empty, expected at least 2 of a, b"),
        ({"more": {"a": 1, "b": 2}}, "/more/b cannot be given"),
        ({"code": "a"}, '/code is "a", expected a match of ^[A-Z]$'),
        ({"place": "home"}, '/place is "home", expected the format ipv4'),
    ],
)
def test_a_sentence_for_each_keyword(change: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(orjson.dumps({"version": 1, **change})).send(None)
    assert caught.value.message.startswith(message)
    assert caught.value.rule == "STR-05"


def test_integers_become_integers_wherever_they_are() -> None:
    body = finished(read(b'{"version":1,"sizes":[1.0,2,3e0],"even":4.0,"more":{"a":5.0,"c":6.5}}'))
    assert orjson.dumps(body) == b'{"version":1,"sizes":[1,2,3],"even":4,"more":{"a":5,"c":6.5}}'
    assert finished(read(b'{"version":1,"even":null}'))["even"] is None


def test_a_body_may_be_optional() -> None:
    assert finished(read(b"", required=False)) is None
    assert finished(read(b'{"version":1}', required=False)) == {"version": 1}
