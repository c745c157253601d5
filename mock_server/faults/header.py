"""A fault for one request, asked for by the request itself: `X-Mock-Fault: latency; milliseconds=800`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from mock_server.exchange import Exchange
from mock_server.faults.fault import Fault
from mock_server.faults.reading import STALE, check
from mock_server.meanings import Invalid
from mock_server.validation.explain import Explainer, message
from mock_server.validation.words import bare, shown
from openapi import load_mock_control

NAME = "X-Mock-Fault"

_SCHEMA = "#/components/schemas/FaultCreate"
# Which requests a fault is for: here, this one.
_WHICH = ("operations", "roles", "times", "probability")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")


def requested(values: Sequence[bytes], exchange: Exchange) -> Fault | None:
    """The fault that a request's headers ask for, if any; one that reads of the past has none yet. Raises Invalid."""
    if len(values) > 1:
        raise Invalid(f"{NAME} is given more than once", rule="CONTROL")
    if not values:
        return None
    given = _read(values[0].decode("latin-1"))
    if given["kind"] == STALE:
        _check_stale(given, exchange)
    # What it draws is decided as for a workspace's fault, and differs for every request.
    return Fault("header", given, Random(f"{exchange.workspace.seed}:{exchange.request_id}"))


def _check_stale(given: Mapping[str, Any], exchange: Exchange) -> None:
    if exchange.operation is None or exchange.operation.method != "GET":
        raise Invalid(f"{NAME}/kind is {shown(STALE)}, which is for what reads (GET)", rule="CONTROL")
    if "snapshot" not in given:
        raise Invalid(f"{NAME}/snapshot is missing; it names what was saved before", rule="CONTROL")


def _read(text: str) -> dict[str, Any]:
    given = _members(text)
    document = load_mock_control()
    if not document.validator(_SCHEMA).is_valid(given):
        raise Invalid(message(Explainer(document, _SCHEMA, NAME).problems(given)), rule="CONTROL")
    check(given, NAME)
    return given


def _members(text: str) -> dict[str, Any]:
    kind, *parts = (part.strip() for part in text.split(";"))
    given: dict[str, Any] = {"kind": kind}
    for part in filter(None, parts):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise Invalid(f"{NAME} has {shown(part)}, expected <name>=<value> after each semicolon", rule="CONTROL")
        if name in given:
            raise Invalid(f"{NAME}/{bare(name)} is given more than once", rule="CONTROL")
        if name in _WHICH:
            raise Invalid(f"{NAME}/{name} cannot be given; it is for the request that has the header", rule="CONTROL")
        given[name] = _number(value) if name in _numbers() and _NUMBER.fullmatch(value) else value
    return given


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


@cache
def _numbers() -> frozenset[str]:
    """The parameters that are numbers, of whatever kind of fault."""
    document = load_mock_control()
    kinds = (document.resolve(kind) for kind in document.at(_SCHEMA)["oneOf"])
    members = (member for kind in kinds for member in kind["properties"].items())
    return frozenset(name for name, schema in members if document.resolve(schema).get("type") in ("integer", "number"))
