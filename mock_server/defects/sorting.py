"""Defects of order (SORT-01 to SORT-08). SORT-04 has none: nothing that can be sorted by is ever null."""

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from mock_server.defects.common import at, keys_of, ordered, relist
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row
from openapi.extensions import SortKey

_ASCENDING = {"sortBy": None, "sortDir": None}


async def _by(server: Server, request: Request, keys: list[SortKey]) -> Answer:
    """The list by other keys, where the request is a good one."""
    answer = await server.ask(request)
    return await server.ask(ordered(request, keys)) if answer.ok else answer


def _value(request: Request, row: Row, key: SortKey) -> object:
    parameter = request.operation.sort_parameter if request.operation else None
    fields = (parameter.sort_fields if parameter else None) or {}
    return at(row, fields[key.field])


@defect("SORT-01", "desc is ignored: every order ascends.", also=("SORT-02", "SORT-05"))
async def desc_ignored(server: Server, request: Request) -> Answer:
    keys = [replace(key, descending=False) for key in keys_of(request)] if request.value("sort") else []
    return await _by(server, request, keys) if keys else await server.ask(request)


@defect("SORT-01", "Strings are ordered without regard to case.", also=("SORT-02", "SORT-05"))
async def case_ignored(server: Server, request: Request) -> Answer:
    keys = keys_of(request)

    def fold(rows: list[Row]) -> list[Row]:
        for key in reversed(keys):
            rows = sorted(rows, key=lambda row: _folded(_value(request, row, key)), reverse=key.descending)
        return rows

    return await relist(server, request, fold) if keys and (await server.ask(request)).ok else await server.ask(request)


def _folded(value: object) -> tuple[str, int]:
    return (value.casefold(), 0) if isinstance(value, str) else ("", value if isinstance(value, int) else 0)


@defect("SORT-02", "Only the first key of sort counts.", also=("SORT-03",))
async def second_key_ignored(server: Server, request: Request) -> Answer:
    keys = keys_of(request)
    return await _by(server, request, keys[:1]) if len(keys) > 1 else await server.ask(request)


@defect("SORT-02", "The keys of sort count from the last to the first.")
async def keys_from_the_last(server: Server, request: Request) -> Answer:
    keys = keys_of(request)
    return await _by(server, request, keys[::-1]) if len(keys) > 1 else await server.ask(request)


@defect("SORT-03", "Rows that tie on every key stand in the reverse order of their ids.", also=("SORT-05",))
async def ties_reversed(server: Server, request: Request) -> Answer:
    return await _ties(server, request, reverse=True)


@defect("SORT-03", "Rows that tie stand in another order at every second request.", also=("SORT-05", "PAGE-02"))
async def ties_unstable(server: Server, request: Request) -> Answer:
    notes = server.memory.notes
    notes["asked"] = notes.get("asked", 0) + 1
    return await _ties(server, request, reverse=notes["asked"] % 2 == 0)


async def _ties(server: Server, request: Request, *, reverse: bool) -> Answer:
    answer = await server.ask(request)
    keys = keys_of(request)
    if not keys or not answer.ok or not reverse:
        return answer

    def turned(rows: list[Row]) -> list[Row]:
        groups = groupby(rows, key=lambda row: [_value(request, row, key) for key in keys])
        return [row for _, group in groups for row in list(group)[::-1]]

    return await relist(server, request, turned)


@defect("SORT-05", "Without sort, a list is ordered by id.")
async def default_order_by_id(server: Server, request: Request) -> Answer:
    if request.lists and not request.value("sort") and not request.value("sortBy"):
        return await relist(server, request, lambda rows: sorted(rows, key=lambda row: str(row["id"])))
    return await server.ask(request)


@defect("SORT-05", "Without sort, a list has the reverse of its default order.")
async def default_order_reversed(server: Server, request: Request) -> Answer:
    if request.lists and not request.value("sort") and not request.value("sortBy"):
        return await _by(server, request, [replace(key, descending=not key.descending) for key in keys_of(request)])
    return await server.ask(request)


@defect("SORT-06", "sortBy and sortDir are ignored.")
async def legacy_pair_ignored(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok and request.value("sortBy"):
        return await server.ask(request.with_query(_ASCENDING))
    return answer


@defect("SORT-06", "sortBy without sortDir is descending.")
async def sort_by_alone_descends(server: Server, request: Request) -> Answer:
    if request.lists and request.value("sortBy") and request.value("sortDir") is None:
        request = request.with_query({"sortDir": "desc"})
    return await server.ask(request)


@defect("SORT-07", "An unknown field in sort is passed over.")
async def unknown_field_passed_over(server: Server, request: Request) -> Answer:
    return await _mended(server, request, lambda parts: [part for part in parts if _known(request, part)])


@defect("SORT-07", "A missing direction is ascending.")
async def missing_direction_ascends(server: Server, request: Request) -> Answer:
    return await _mended(server, request, lambda parts: [part if ":" in part else f"{part}:asc" for part in parts])


@defect("SORT-07", "Of a repeated field, the first counts.")
async def repeated_field_taken(server: Server, request: Request) -> Answer:
    return await _mended(
        server, request, lambda parts: list({part.partition(":")[0]: part for part in reversed(parts)}.values())[::-1]
    )


def _known(request: Request, part: str) -> bool:
    parameter = request.operation.sort_parameter if request.operation else None
    return part.partition(":")[0] in ((parameter.sort_fields if parameter else None) or {})


async def _mended(server: Server, request: Request, mend: Callable[[list[str]], list[str]]) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "SORT-07" or not request.value("sort"):
        return answer
    parts = mend((request.value("sort") or "").split(","))
    return await server.ask(request.with_query({"sort": ",".join(parts) or None}))


@defect("SORT-08", "sort beside sortBy wins instead of being refused.")
async def sort_beats_sort_by(server: Server, request: Request) -> Answer:
    if request.lists and request.value("sort"):
        request = request.with_query(_ASCENDING)
    return await server.ask(request)


@defect("SORT-08", "sortDir without sortBy is ignored.")
async def sort_dir_alone_ignored(server: Server, request: Request) -> Answer:
    if request.lists and not request.value("sortBy") and not request.value("sort"):
        request = request.with_query({"sortDir": None})
    return await server.ask(request)
