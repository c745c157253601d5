"""The only reader of the `x-kailenty-*` extensions.

Each function takes a node of a document as it stands there and gives a frozen value, or None where the extension is
absent. A malformed extension is a mistake of ours and raises `KeyError` or `ValueError` while the document is loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]

ROLES = ("user", "manager", "admin")


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of an order: a sortable field and its direction."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a list's payload has its rows and its total (JSON pointers), and its default order."""

    items: str
    total: str
    order: tuple[SortKey, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Two members that name times in order, and how far apart they may be, in hours (None: any distance)."""

    start: str
    end: str
    max_hours: int | None


@dataclass(frozen=True, slots=True)
class Participants:
    """How many distinct people a meeting may have, and the members that name its users and its guests."""

    maximum: int
    users: tuple[str, ...]
    guests: str


def source(node: Node) -> str | None:
    """The documented fact (`D-..`) that a statement follows, or `assumed`."""
    value = node.get("x-kailenty-source")
    return None if value is None else str(value)


def roles(operation: Node) -> tuple[str, ...]:
    """The roles that may call an operation, least first; every role unless the document says otherwise."""
    allowed = operation.get("x-kailenty-roles", ROLES)
    if unknown := set(allowed) - set(ROLES):
        raise ValueError(f"x-kailenty-roles names unknown roles: {sorted(unknown)}")
    return tuple(role for role in ROLES if role in allowed)


def own(operation: Node) -> tuple[str, ...]:
    """The members that name a row's owners; empty where a regular user's view is not narrowed."""
    return tuple(operation.get("x-kailenty-own", ()))


def enveloped(operation: Node) -> bool:
    """Whether the successful answer is wrapped in `{success, data}`."""
    return bool(operation.get("x-kailenty-envelope", True))


def parse_order(text: str) -> tuple[SortKey, ...]:
    """Read `field:asc,field:desc`, in a form the document has already checked."""
    keys = (segment.partition(":") for segment in text.split(","))
    return tuple(SortKey(field, direction == "desc") for field, _, direction in keys)


def max_body(operation: Node) -> int | None:
    """How many bytes a body may have, where that is not for the server to say."""
    value = operation.get("x-kailenty-max-body")
    return None if value is None else int(value)


def listing(operation: Node) -> Listing | None:
    """What the document says of a list's payload."""
    node = operation.get("x-kailenty-list")
    return None if node is None else Listing(node["items"], node["total"], parse_order(node["order"]))


def sort_fields(parameter: Node) -> Mapping[str, str] | None:
    """Each sortable field with the JSON pointer to its value in an item."""
    node = parameter.get("x-kailenty-sort")
    return None if node is None else dict(node)


def filter_targets(parameter: Node) -> tuple[str, ...] | None:
    """The JSON pointers in an item, `*` for any index, where a filter looks for its ids."""
    node = parameter.get("x-kailenty-filter")
    return None if node is None else tuple(node)


def reference(schema: Node) -> str | None:
    """The kind of row (user, label, invite, meeting) that an id names."""
    value = schema.get("x-kailenty-ref")
    return None if value is None else str(value)


def in_future(schema: Node) -> bool:
    """Whether a time must lie after now."""
    return bool(schema.get("x-kailenty-future", False))


def period(node: Node) -> Period | None:
    """The two times of an object or operation that must come in order."""
    value = node.get("x-kailenty-period")
    if value is None:
        return None
    hours = value.get("maxHours", value["maxDays"] * 24 if "maxDays" in value else None)
    return Period(value["start"], value["end"], hours)


def participants(schema: Node) -> Participants | None:
    """How many people a meeting may have."""
    value = schema.get("x-kailenty-participants")
    return None if value is None else Participants(value["max"], tuple(value["users"]), value["guests"])
