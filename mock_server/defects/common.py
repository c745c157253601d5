"""What several families of defects do: lay a list out anew, take what should be refused."""

from collections.abc import Callable, Mapping
from typing import Any

from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row
from openapi.extensions import SortKey


async def relist(
    server: Server, request: Request, arrange: Callable[[list[Row]], list[Row]], *, total: int | None = None
) -> Answer:
    """The page asked for, of the whole list arranged anew."""
    answer = await server.ask(request)
    if not answer.ok:
        return answer
    rows, data = arrange(await server.whole(request)), answer.data
    start = data["page"] * data["pageSize"]
    items = rows[start : start + data["pageSize"]]
    return answer.giving({**data, "items": items, "total": len(rows) if total is None else total})


async def each(server: Server, request: Request, change: Callable[[Row], Row], *operations: str) -> Answer:
    """The healthy answer with each of its rows changed; of these operations, or of all."""
    answer = await server.ask(request)
    if answer.rows and (not operations or request.calls(*operations)):
        return answer.showing([change(row) for row in answer.rows])
    return answer


async def lenient(
    server: Server,
    request: Request,
    rules: tuple[str, ...],
    mend: Callable[[Row], Row | None],
    claim: Callable[[Row], Mapping[str, Any]] = lambda given: {},
) -> Answer:
    """Carry out what one of the rules refuses: by a body mended for the purpose, claiming what was given.

    `mend` gives None for what is to stay refused; `claim` the members that the row shows from then on.
    """
    answer = await server.ask(request)
    if answer.rule in rules and isinstance(request.json, dict):
        mended = mend(dict(request.members))
        if mended is not None:
            again = await server.ask(request.with_json(mended))
            if again.ok:
                server.memory.claim(again.data.get("id", ""), **claim(request.members))
                answer = again
    return server.shown(answer)


def at(row: Row, pointer: str) -> Any:
    """The value at a pointer."""
    value: Any = row
    for step in pointer.strip("/").split("/"):
        value = value[step]
    return value


def found(node: Any, pointer: str) -> list[Any]:
    """The values at a pointer, `*` for every index."""
    nodes = [node]
    for step in pointer.strip("/").split("/"):
        nodes = [n for one in nodes for n in (one if step == "*" else [one[step]] if step in one else [])]
    return nodes


def keys_of(request: Request) -> list[SortKey]:
    """What a list is to be ordered by, where the request is a good one."""
    operation = request.operation
    if operation is None or operation.listing is None:
        return []
    if sort := request.value("sort"):
        parts = [part.partition(":") for part in sort.split(",")]
        return [SortKey(field, direction == "desc") for field, _, direction in parts]
    if field := request.value("sortBy"):
        return [SortKey(field, request.value("sortDir") == "desc")]
    return list(operation.listing.order)


def sort_text(keys: list[SortKey]) -> str:
    """Keys as the parameter `sort` says them."""
    return ",".join(f"{key.field}:{'desc' if key.descending else 'asc'}" for key in keys)


def ordered(request: Request, keys: list[SortKey]) -> Request:
    """A request for a list in this order."""
    return request.with_query({"sort": sort_text(keys), "sortBy": None, "sortDir": None})


def filters(request: Request) -> dict[str, tuple[str, ...]]:
    """The filters that a list offers, and where they look."""
    if request.operation is None:
        return {}
    return {one.name: one.filter_targets or () for one in request.operation.filters}
