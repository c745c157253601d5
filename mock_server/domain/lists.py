"""Pages, order and filters, once for every list.

What sorts and what a filter looks into is read from the document; here is only where a table keeps the value that an
item shows at a JSON pointer. A statement is built once for each shape of a request (which filters, which keys), and
its values are bound.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from mock_server.domain.call import Call
from openapi import Operation
from openapi.extensions import SortKey

# The name of the condition that a row is the caller's own.
OWN = "own"


@dataclass(frozen=True)
class Link:
    """A table beside, that has a row for each value: `row` names the item, `value` is what it has.

    `only` narrows the table. `conditions` are those of the list's that the table tells by itself, by name.
    """

    row: sa.Column[str]
    value: sa.Column[str]
    only: sa.ColumnElement[bool] | None = None
    conditions: Mapping[str, sa.ColumnElement[bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """The rows of a list: their table, what is read of it, and where it keeps what items show."""

    table: sa.Table
    columns: tuple[sa.ColumnElement[Any], ...]
    places: Mapping[str, sa.ColumnElement[Any] | Link]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and how many match on all pages together."""

    rows: list[Any]
    total: int


class ListQuery:
    """The statements of one list operation. `conditions` are narrowings beside the filters, by name."""

    def __init__(
        self, operation: Operation, rows: Rows, conditions: Mapping[str, sa.ColumnElement[bool]] | None = None
    ) -> None:
        self._operation = operation
        self._rows = rows
        self._conditions = conditions or {}
        sort = operation.sort_parameter
        self._sort_fields = dict(sort.sort_fields or {}) if sort else {}
        self._filters = {parameter.name: parameter.filter_targets or () for parameter in operation.filters}
        self._statements = lru_cache(maxsize=256)(self._build)
        self._aggregates = lru_cache(maxsize=64)(self._aggregate)

    def page(self, call: Call, *conditions: str, **values: Any) -> Page:
        """The page that the request asks for, of the rows that its caller may see (PAGE-02, SORT-03, FILT-01)."""
        query = call.input.query
        number, size = query["page"], query["pageSize"]
        shape, bound = self._shape(call, conditions, values)
        select, count = self._statements(call.input.order, *shape)
        rows = call.tx.all(select, {**bound, "limit": size, "offset": number * size})
        # A page that is not full is the last: its end is the total.
        if 0 < len(rows) < size or (not rows and number == 0):
            return Page(rows, number * size + len(rows))
        return Page(rows, call.tx.first(count, bound)[0])

    def aggregate(
        self, call: Call, by: str, columns: tuple[sa.ColumnElement[Any], ...], *conditions: str, **values: Any
    ) -> list[Any]:
        """Columns over all matching rows, grouped and ordered by the value at a pointer (MTG-04)."""
        shape, bound = self._shape(call, conditions, values)
        return call.tx.all(self._aggregates(by, columns, *shape), bound)

    def _shape(
        self, call: Call, conditions: tuple[str, ...], values: dict[str, Any]
    ) -> tuple[tuple[tuple[str, ...], bool, tuple[str, ...]], dict[str, Any]]:
        query = call.input.query
        filters = tuple(name for name in self._filters if name in query)
        principal = call.principal
        bound = {**values, "workspace": principal.workspace, "caller": principal.user_id, "now": call.now}
        for name in filters:
            bound[name] = query[name]
        return (conditions, not principal.sees_all and bool(self._operation.own), filters), bound

    def _where(
        self, conditions: tuple[str, ...], narrowed: bool, filters: tuple[str, ...]
    ) -> list[sa.ColumnElement[bool]]:
        where = [self._rows.table.c.workspace == sa.bindparam("workspace")]
        narrowings = {name: self._conditions[name] for name in conditions}
        if narrowed:
            own = (self._column(f"/{member}") == sa.bindparam("caller") for member in self._operation.own)
            narrowings[OWN] = sa.or_(*own)
        told: set[str] = set()
        for name in filters:
            places = [self._rows.places[target] for target in self._filters[name]]
            where.append(sa.or_(*(self._matches(place, name, narrowings) for place in places)))
            told |= set.intersection(*(set(place.conditions) if isinstance(place, Link) else set() for place in places))
        # What a filter tells by itself needs no look at the rows.
        return where + [condition for name, condition in narrowings.items() if name not in told]

    def _matches(
        self, place: sa.ColumnElement[Any] | Link, name: str, narrowings: Iterable[str]
    ) -> sa.ColumnElement[bool]:
        ids: sa.BindParameter[str] = sa.bindparam(name, expanding=True)
        if not isinstance(place, Link):
            return place.in_(ids)
        table = place.row.table
        linked = sa.select(place.row).where(table.c.workspace == sa.bindparam("workspace"), place.value.in_(ids))
        if place.only is not None:
            linked = linked.where(place.only)
        told = (place.conditions[name] for name in narrowings if name in place.conditions)
        return self._rows.table.c.id.in_(linked.where(*told))

    def _column(self, pointer: str) -> sa.ColumnElement[Any]:
        place = self._rows.places[pointer]
        if isinstance(place, Link):
            raise TypeError(f"{pointer} has many values and cannot be ordered by")
        return place

    def _build(
        self, order: tuple[SortKey, ...], conditions: tuple[str, ...], narrowed: bool, filters: tuple[str, ...]
    ) -> tuple[sa.Select[Any], sa.Select[int]]:
        where = self._where(conditions, narrowed, filters)
        table = self._rows.table
        keys: list[sa.ColumnElement[Any]] = []
        for key in order:
            column = self._column(self._sort_fields[key.field])
            if getattr(column, "nullable", False):
                keys.append(column.is_(None))  # null sorts last in both directions (SORT-04)
            keys.append(column.desc() if key.descending else column.asc())
        select = (
            sa.select(*self._rows.columns)
            .where(*where)
            .order_by(*keys, table.c.id)
            .limit(sa.bindparam("limit"))
            .offset(sa.bindparam("offset"))
        )
        return select, sa.select(sa.func.count()).select_from(table).where(*where)

    def _aggregate(
        self,
        by: str,
        columns: tuple[sa.ColumnElement[Any], ...],
        conditions: tuple[str, ...],
        narrowed: bool,
        filters: tuple[str, ...],
    ) -> sa.Select[Any]:
        key = self._column(by)
        where = self._where(conditions, narrowed, filters)
        return sa.select(key, *columns).where(*where).group_by(key).order_by(key)


def payload(call: Call, items: list[Any], total: int) -> dict[str, Any]:
    """A list's `data` (PAGE-01)."""
    query = call.input.query
    return {"items": items, "total": total, "page": query["page"], "pageSize": query["pageSize"]}
