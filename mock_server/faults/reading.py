"""What a fault may not say, though each of its members may."""

from collections.abc import Mapping
from typing import Any

from mock_server.meanings import Invalid
from mock_server.validation.words import hint, shown
from openapi import load_app_api

# The kind that only a request that reads can meet.
STALE = "stale-read"

# Which of two members is not to be the smaller one.
_IN_ORDER = {"maxMilliseconds": "minMilliseconds", "p99Milliseconds": "medianMilliseconds"}


def check(given: Mapping[str, Any], place: str = "") -> None:
    """Check a fault that fits its schema. Raises Invalid, with the place below `place`."""
    known = load_app_api().operations
    for index, name in enumerate(given.get("operations", ())):
        if name not in known:
            raise Invalid(
                f"{place}/operations/{index} is {shown(name)}, expected an operation of the App API; "
                f"{hint(name, tuple(known))}",
                rule="CONTROL",
            )
        if given["kind"] == STALE and known[name].method != "GET":
            raise Invalid(f"{place}/operations/{index} is {shown(name)}, which reads nothing (GET)", rule="CONTROL")
    for larger, smaller in _IN_ORDER.items():
        if larger in given and given[larger] < given[smaller]:
            raise Invalid(
                f"{place}/{larger} is {given[larger]}, expected at least {smaller}, {given[smaller]}", rule="CONTROL"
            )
