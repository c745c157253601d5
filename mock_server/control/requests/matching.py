"""Which requests somebody means, and by what another differs from these."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson

from mock_server.journal import Entry

# What is looked at, and told, of requests that do not match.
_LOOKED_AT = 1000
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A member of a match that a request does not fit."""

    member: str
    expected: Any
    found: Any


class Match:
    """What requests must be, by the members of the control document's `RequestMatch`; others are ignored."""

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        self._wanted = {member: value for member, value in wanted.items() if member in _FOUND}

    def __call__(self, entry: Entry) -> bool:
        """Whether a request fits every member."""
        return all(_fits(member, expected, _FOUND[member](entry)) for member, expected in self._wanted.items())

    def differences(self, entry: Entry) -> list[Difference]:
        """The members that a request does not fit."""
        found = {member: _FOUND[member](entry) for member in self._wanted}
        return [
            Difference(member, expected, found[member])
            for member, expected in self._wanted.items()
            if not _fits(member, expected, found[member])
        ]

    def nearest(self, entries: Iterable[Entry]) -> list[tuple[Entry, list[Difference]]]:
        """Of the newest requests (given newest first) those that differ least, and in what."""
        missed = [(entry, self.differences(entry)) for entry, _ in zip(entries, range(_LOOKED_AT), strict=False)]
        return sorted((one for one in missed if one[1]), key=lambda one: _distance(one[1]))[:_TOLD]


def _distance(differences: list[Difference]) -> float:
    """Fewer are nearer, and of as many those whose texts are alike."""
    return sum(1.5 - SequenceMatcher(None, str(one.expected), str(one.found)).quick_ratio() for one in differences)


def _query(entry: Entry) -> dict[str, str]:
    return dict(parse_qsl(entry.query.decode("latin-1"), keep_blank_values=True))


def _body(entry: Entry) -> Any:
    try:
        return orjson.loads(entry.body or b"")
    except orjson.JSONDecodeError:
        return None


_FOUND: Mapping[str, Callable[[Entry], Any]] = {
    "workspace": lambda entry: entry.workspace or None,
    "operationId": lambda entry: entry.operation.operation_id if entry.operation else None,
    "method": lambda entry: entry.method,
    "path": lambda entry: entry.path,
    "status": lambda entry: entry.status,
    "userId": lambda entry: entry.principal.user_id if entry.principal else None,
    "role": lambda entry: entry.principal.role if entry.principal else None,
    "rule": lambda entry: entry.rule,
    "query": _query,
    "body": _body,
}


def _fits(member: str, expected: Any, found: Any) -> bool:
    match member:
        case "path":
            return bool(_pattern(expected).fullmatch(found))
        case "status":
            wanted = str(expected)
            return str(found).startswith(wanted[0]) if wanted.endswith("xx") else str(found) == wanted
        case "query" | "body":
            return _has(found, expected)
    return bool(found == expected)


@lru_cache(maxsize=64)
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in path.split("*")), re.DOTALL)


def _has(value: Any, part: Any) -> bool:
    """Whether a JSON value has a part: an object its members, anything else is its equal."""
    if isinstance(part, dict):
        return isinstance(value, dict) and all(name in value and _has(value[name], part[name]) for name in part)
    # To Python, True is 1.
    return isinstance(value, bool) is isinstance(part, bool) and bool(value == part)
