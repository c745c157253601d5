"""The order that a list is asked for."""

from collections.abc import Mapping
from typing import Any

from mock_server.meanings import Invalid
from mock_server.validation.readers import ListReader
from mock_server.validation.words import bare, hint, shown
from openapi import Document, Operation, Parameter
from openapi.extensions import SortKey

_DIRECTIONS = ("asc", "desc")


class SortReader(ListReader):
    """Reads `field:asc,field:desc`.

    Raises Invalid (SORT-07): an unknown field, an unknown or missing direction, a field named twice, an empty segment.
    """

    def __init__(self, document: Document, operation: Operation, parameter: Parameter) -> None:
        super().__init__(document, operation, parameter)
        self._fields = tuple(parameter.sort_fields or ())

    def _checked(self, value: list[str]) -> list[str]:
        fields = set()
        for segment in value:
            field, _, direction = segment.partition(":")
            if problem := self._problem(field, direction, field in fields):
                raise Invalid(problem, rule="SORT-07")
            fields.add(field)
        checked: list[str] = super()._checked(value)
        return checked

    def _problem(self, field: str, direction: str, repeated: bool) -> str | None:
        if field not in self._fields:
            return f"sort names the unknown field {bare(field)}; {hint(field, self._fields)}"
        if not direction:
            return f"sort names {field} without a direction, expected {field}:asc or {field}:desc"
        if direction not in _DIRECTIONS:
            return f"sort gives {field} the direction {shown(direction)}, expected asc or desc"
        return f"sort names {field} more than once" if repeated else None


class Order:
    """Finds the order in the query of an operation."""

    def __init__(self, operation: Operation) -> None:
        self._default = operation.listing.order if operation.listing else ()
        sort = operation.sort_parameter
        self._keys: Mapping[str, SortKey] = {
            f"{field}:{direction}": SortKey(field, direction == "desc")
            for field in (sort.sort_fields or () if sort else ())
            for direction in _DIRECTIONS
        }

    def of(self, query: Mapping[str, Any]) -> tuple[SortKey, ...]:
        """The order by `sort`, by `sortBy` and `sortDir` (SORT-06), or as the document says (SORT-05).

        Raises Invalid (SORT-08): the two ways at once, or `sortDir` alone.
        """
        if not self._keys:
            return ()
        if "sort" in query:
            for other in ("sortBy", "sortDir"):
                if other in query:
                    raise Invalid(f"sort and {other} cannot be given together", rule="SORT-08")
            return tuple([self._keys[segment] for segment in query["sort"]])
        if "sortBy" in query:
            return (self._keys[f"{query['sortBy']}:{query.get('sortDir', 'asc')}"],)
        if "sortDir" in query:
            raise Invalid("sortDir needs sortBy", rule="SORT-08")
        return self._default
