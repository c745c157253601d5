"""Lists in full, and the same things done to them here that a server does: filter, sort."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contract_tests.outcomes import Broken, NotVerified
from contract_tests.target import Answer, Caller, Target
from openapi import Operation, Parameter, load_app_api
from openapi.extensions import SortKey

LISTS = [operation for operation in load_app_api().operations.values() if operation.listing is not None]


@dataclass(frozen=True)
class Listed:
    """A list as one caller sees it: all its `items`, and how to ask for it."""

    caller: Caller
    operation: Operation
    path: tuple[str, ...]
    query: dict[str, Any]
    items: list[dict[str, Any]]

    def page(self, **query: Any) -> Answer:
        """Ask for a page."""
        return self.caller.call(self.operation.operation_id, *self.path, query={**self.query, **query})

    def send(self, query: str) -> Answer:
        """Ask with a query as it stands."""
        path = self.operation.path
        for value in self.path:
            path = path.replace("{inviteId}", value)
        needed = "&".join(f"{name}={value}" for name, value in self.query.items())
        return self.caller.send(self.operation, "GET", f"{path}?{needed}&{query}" if needed else f"{path}?{query}")

    def again(self) -> list[dict[str, Any]]:
        """All items, asked for once more."""
        return self.caller.whole(self.operation.operation_id, *self.path, **self.query)

    @property
    def fields(self) -> dict[str, str]:
        """The sortable fields, and where they are in an item."""
        parameter = self.operation.sort_parameter
        return dict(parameter.sort_fields or {}) if parameter else {}

    @property
    def order(self) -> tuple[SortKey, ...]:
        """The default order."""
        return self.operation.listing.order if self.operation.listing else ()

    def value(self, item: Any, field: str) -> Any:
        """A sortable field's value."""
        for step in self.fields[field].strip("/").split("/"):
            item = item[step]
        return item

    def sorted(self, keys: list[tuple[str, str]], items: list[Any] | None = None) -> list[Any]:
        """The items by keys, ties by id, null last in both directions."""
        ordered = sorted(self.items if items is None else items, key=lambda item: item["id"])
        for field, direction in reversed(keys):
            known = [item for item in ordered if self.value(item, field) is not None]
            unknown = [item for item in ordered if self.value(item, field) is None]
            known.sort(key=lambda item: self.value(item, field), reverse=direction == "desc")
            ordered = known + unknown
        return ordered

    def named(self, parameter: Parameter) -> list[str]:
        """Every id that a filter could find."""
        found = {one for item in self.items for target in parameter.filter_targets or () for one in at(item, target)}
        return sorted(found)

    def filtered(self, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
        """The items that filters keep."""
        targets = {parameter.name: parameter.filter_targets or () for parameter in self.operation.filters}
        return [
            item
            for item in self.items
            if all(
                any(one in wanted for target in targets[name] for one in at(item, target))
                for name, wanted in chosen.items()
            )
        ]

    def broken(self, rule: str, expected: str, actual: Any) -> Broken:
        """A finding about the list."""
        return self.caller.target.broken(rule, self.operation, expected, actual)


def at(item: Any, pointer: str) -> list[Any]:
    """The values at a pointer, `*` for every index."""
    found = [item]
    for step in pointer.strip("/").split("/"):
        found = [c for node in found for c in node] if step == "*" else [n[step] for n in found if step in n]
    return found


def listed(target: Target, operation: Operation, who: str) -> Listed:
    """A list in full: of meetings a year around now, of sub-invites those of a mother that has some."""
    caller = target.caller(who)
    path: tuple[str, ...] = ()
    query: dict[str, Any] = {}
    if operation.period is not None:
        query = around_now()
    if "{inviteId}" in operation.path:
        mothers = [one for one in caller.whole("listInvites") if one["kind"] == "mother"]
        having = (one["id"] for one in mothers if caller.whole("listSubInvites", one["id"]))
        if not mothers:
            raise NotVerified(f"{who.replace('_', ' ')} sees no mother invite")
        path = (next(having, mothers[0]["id"]),)
    if operation.operation_id == "listInvites":
        query = {"includeSubInvites": "true"}
    found = Listed(caller, operation, path, query, [])
    return replace(found, items=found.again())


def around_now() -> dict[str, str]:
    """A range of a year, half a year back and half a year ahead; the same one for a day."""
    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    start, end = now - timedelta(days=180), now + timedelta(days=180)
    return {name: f"{moment.isoformat(timespec='milliseconds')}Z" for name, moment in (("from", start), ("to", end))}
