"""Requests with one flaw each, made from a valid one: quick to make, and together of every kind that the rules name.

What a value's schema says decides which odd values are tried in its place; whether one is a flaw, `shape.valid` judges.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from contract_tests.shape.generated import Request
from contract_tests.shape.valid import flaw
from openapi import Document, Operation

# No calendar time, not in UTC, or outside the years that a request may name (STR-06).
ODD_TIMES = (
    "2096-02-30T10:00:00.000Z",
    "2095-02-29T10:00:00.000Z",
    "2096-13-01T10:00:00.000Z",
    "2096-07-01T24:00:00.000Z",
    "2096-07-01T10:60:00.000Z",
    "2096-07-01T10:00:00.000+02:00",
    "2096-07-01T10:00:00.000-00:30",
    "2096-07-01T10:00:00.000",
    "2096-07-01 10:00:00.000Z",
    "2096-07-01",
    "1999-12-31T23:59:59.999Z",
    "2100-01-01T00:00:00.000Z",
    "4000000000",
    "tomorrow",
)

_OTHER_TYPES: tuple[Any, ...] = (None, True, 7, "?", "", [], {})


def breaches(document: Document, operation: Operation, valid: Request) -> Iterator[Request]:
    """Requests that the document does not allow, each for one reason; `valid` is one that it allows."""
    tried = [*_queries(operation, valid), *_bodies(document, operation, valid)]
    yield from (one for one in dict.fromkeys(tried) if flaw(document, operation, one) is not None)


def _queries(operation: Operation, valid: Request) -> Iterator[Request]:
    yield replace(valid, query=(*valid.query, ("unexpected", "1")))
    for name, value in valid.query:
        yield replace(valid, query=(*valid.query, (name, value)))
        yield replace(valid, query=tuple(pair for pair in valid.query if pair[0] != name))
        for odd in ODD_TIMES if name in operation.times else ():
            yield replace(valid, query=tuple((key, odd if key == name else said) for key, said in valid.query))
    for parameter in operation.parameters_in("query"):
        if parameter.name not in dict(valid.query):
            yield replace(valid, query=(*valid.query, (parameter.name, ""), (parameter.name, "")))


def _bodies(document: Document, operation: Operation, valid: Request) -> Iterator[Request]:
    if operation.body is None:
        return
    for body in _odd(document, document.at(operation.body), valid.body):
        yield replace(valid, content=orjson.dumps(body))


def _odd(document: Document, node: Mapping[str, Any], value: Any) -> Iterator[Any]:
    """A value changed in one place, for each place in it and each change worth trying there."""
    schema = document.resolve(node)
    yield from _OTHER_TYPES
    match value:
        case dict():
            yield {**value, "unexpected": 1}
            for name in value:
                yield {key: member for key, member in value.items() if key != name}
            members = document.members(schema)
            for name, member in {**dict.fromkeys(members), **value}.items():
                for odd in _odd(document, members.get(name, {}), member):
                    yield {**value, name: odd}
        case list():
            if value:
                yield [*value, value[0]]
            for place, one in enumerate(value[:1]):
                for odd in _odd(document, schema.get("items", {}), one):
                    yield [*value[:place], odd, *value[place + 1 :]]
        case str() | None if "maxLength" in schema:
            yield (value or "").ljust(schema["maxLength"] + 1, "x")
        case str() | None if schema.get("format") == "date-time":
            yield from ODD_TIMES
        case int():
            yield from (schema[limit] + step for limit, step in (("minimum", -1), ("maximum", 1)) if limit in schema)
