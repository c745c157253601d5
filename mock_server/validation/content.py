"""The body of an operation against its schema."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import getitem
from typing import Any

from mock_server.meanings import Invalid, Refuse
from mock_server.validation.body import parse
from mock_server.validation.explain import Explainer, Problem, message
from mock_server.validation.rules import Rules
from mock_server.validation.times import Times
from openapi import Document, Operation

# Where integers are: members that are one, or that lead to some; `*` are an array's items.
Integers = Mapping[str, Any]

# How an invite can have what the other kind of invite has.
_OF_KIND = frozenset(
    {("candidates", "minItems"), ("candidates", "maxItems"), ("candidates", "required"), ("publicLinkValue", "type")}
)


class Content:
    """Reads and checks the bodies of one operation."""

    def __init__(self, document: Document, operation: Operation) -> None:
        pointer = operation.body or ""
        request_body = document.resolve(document.raw["paths"][operation.path][operation.method.lower()]["requestBody"])
        self._required = request_body.get("required", False)
        self._is_valid = document.validator(pointer).is_valid
        self._explainer = Explainer(document, pointer)
        self._integers = _integers(document, document.at(pointer))
        self._time_names = operation.times - {parameter.name for parameter in operation.parameters_in("query")}
        self._times = Times(operation, self._time_names)
        self._rules = Rules(operation)

    def read(self, raw: bytes, now: datetime, refuse: Refuse) -> Any:
        """The JSON of a body, None of an empty one that is not required.

        Raises Invalid: malformed or missing (STR-04), an unknown member (STR-03), a time that is none (STR-06), an
        empty PATCH (INV-15), what does not fit the kind of invite (INV-04), anything else (STR-05); then what `Times`
        refuses. Where `refuse` does not raise, unknown members are left out.
        """
        if not raw:
            if self._required:
                raise Invalid("A body is missing", rule="STR-04")
            return None
        body = parse(raw)
        while not self._is_valid(body):
            problems = self._explainer.problems(body)
            refusal = Invalid(message(problems), rule=self._rule(problems[0]))
            if refusal.rule != "STR-03":
                raise refusal
            refuse(refusal)
            _leave_out(body, problems)
        if self._integers:
            _settle_integers(body, self._integers)
        self._times.settle(body, now)
        return body

    def _rule(self, problem: Problem) -> str:
        kind, place = problem.kind, problem.path or (problem.member,)
        if kind == "additionalProperties":
            return "STR-03"
        if kind in ("pattern", "format") and place[0] in self._time_names and len(place) == 1:
            return self._rules.first("STR-06", "STR-05")
        if kind == "minProperties" and not problem.path:
            return self._rules.first("INV-15", "STR-05")
        if len(place) == 1 and (place[0], kind) in _OF_KIND:
            return self._rules.first("INV-04", "STR-05")
        return "STR-05"


def _leave_out(body: Any, problems: Iterable[Problem]) -> None:
    """Take out the unknown members, in place."""
    for problem in problems:
        if problem.kind == "additionalProperties":
            reduce(getitem, problem.path, body).pop(problem.member)


def _integers(document: Document, node: Any) -> dict[str, Any]:
    """Where a value of a schema has integers."""
    schema = document.resolve(node)
    places: dict[str, Any] = {}
    if not isinstance(schema, Mapping):
        return places
    for alternative in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
        places |= _integers(document, alternative)
    inner = {**schema.get("properties", {}), **({"*": schema["items"]} if "items" in schema else {})}
    for name, child in inner.items():
        resolved = document.resolve(child)
        if isinstance(resolved, Mapping) and "integer" in resolved.get("type", ()):
            places[name] = None
        elif deeper := _integers(document, resolved):
            places[name] = deeper
    return places


def _settle_integers(value: Any, places: Integers) -> None:
    """Turn `30.0`, an integer to JSON Schema, into an integer to us, in place."""
    for name, deeper in places.items():
        if isinstance(value, list):
            keys: Iterable[Any] = range(len(value))
        else:
            keys = (name,) if isinstance(value, dict) and name in value else ()
        for key in keys:
            if deeper is not None:
                _settle_integers(value[key], deeper)
            elif isinstance(value[key], float):
                value[key] = int(value[key])
