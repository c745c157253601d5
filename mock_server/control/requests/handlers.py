"""The operations on requests."""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import islice, takewhile
from typing import Any

from mock_server.control.given import given, world
from mock_server.control.requests.matching import Difference, Match
from mock_server.control.requests.redaction import redacted
from mock_server.control.requests.stream import Stream
from mock_server.control.requests.views import view
from mock_server.exchange import Exchange
from mock_server.journal import Entry, Journal
from mock_server.meanings import Conflict, Invalid, NotFound
from mock_server.stack import Handler
from mock_server.state import State

# How many requests a verification shows.
_SHOWN = 20

_LAST = b"last-event-id"


def handlers(state: State) -> Mapping[str, Handler]:
    """The operations by their ids."""

    async def list_requests(exchange: Exchange) -> dict[str, Any]:
        query = given(exchange).query
        entries = _newest_first(_journals(state, query.get("workspace")))
        if (before := query.get("before")) is not None:
            last = _find(state, before).ended
            entries = (entry for entry in entries if entry.ended < last)
        shown = islice(filter(Match(query), entries), query["limit"])
        return {"items": [view(entry) for entry in shown], "journal": state.desk.limit}

    async def get_request(exchange: Exchange) -> dict[str, Any]:
        return view(_find(state, given(exchange).path["requestId"]))

    async def clear_requests(exchange: Exchange) -> dict[str, Any]:
        journals = _journals(state, given(exchange).query.get("workspace"))
        return {"cleared": sum(journal.clear() for journal in journals)}

    async def verify_requests(exchange: Exchange) -> dict[str, Any]:
        body = given(exchange).body
        if not state.desk.limit:
            raise Conflict("The server keeps no requests (--journal 0), so that none can be verified", rule="CONTROL")
        least, most = _expected(body)
        match = Match(body["match"])
        journals = _journals(state, body["match"].get("workspace"))
        found = [entry for entry in _newest_first(journals) if match(entry)]
        nearest = match.nearest(_newest_first(journals)) if len(found) < least else []
        return {
            "matched": len(found),
            "satisfied": least <= len(found) and (most is None or len(found) <= most),
            "expected": _words(least, most),
            "requests": [view(entry) for entry in found[:_SHOWN]],
            "nearest": [
                {"request": view(entry), "differs": [_differs(one) for one in differences]}
                for entry, differences in nearest
            ],
        }

    async def stream_requests(exchange: Exchange) -> Stream:
        workspace = given(exchange).query.get("workspace")
        journals = _journals(state, workspace)
        last = next((value.decode("latin-1") for name, value in exchange.scope["headers"] if name == _LAST), None)

        def missed() -> tuple[list[Entry], bool]:
            if last is None:
                return [], True
            kept = list(_newest_first(journals))
            after = list(takewhile(lambda entry: entry.request_id != last, kept))
            return after[::-1], len(after) < len(kept)

        return Stream(state.desk, lambda entry: workspace in (None, entry.workspace), missed)

    return {
        "listRequests": list_requests,
        "getRequest": get_request,
        "clearRequests": clear_requests,
        "verifyRequests": verify_requests,
        "streamRequests": stream_requests,
    }


def _journals(state: State, workspace: str | None) -> list[Journal]:
    """The journal of a workspace, or all of them and the server's. Raises NotFound."""
    if workspace is not None:
        return [world(state, workspace).journal]
    return [state.server.journal, *(one.journal for one in state.workspaces.values())]


def _newest_first(journals: list[Journal]) -> Iterator[Entry]:
    return merge(*(reversed(journal) for journal in journals), key=lambda entry: -entry.ended)


def _find(state: State, request_id: str) -> Entry:
    for journal in _journals(state, None):
        for entry in reversed(journal):
            if entry.request_id == request_id:
                return entry
    limit = state.desk.limit
    kept = f"each workspace keeps its last {limit}" if limit else "the server keeps none (--journal 0)"
    raise NotFound(f"There is no request {request_id} in a journal; {kept}", rule="CONTROL")


def _differs(one: Difference) -> dict[str, Any]:
    return {"member": one.member, "expected": one.expected, "found": redacted(one.found)}


def _expected(body: Mapping[str, Any]) -> tuple[int, int | None]:
    """How many requests are expected, at least and at most. Raises Invalid where none can be both."""
    if "count" in body:
        return body["count"], body["count"]
    least, most = body.get("atLeast", 0 if "atMost" in body else 1), body.get("atMost")
    if most is not None and least > most:
        raise Invalid(f"/atLeast is {least}, expected at most {most} as /atMost is", rule="CONTROL")
    return least, most


def _words(least: int, most: int | None) -> str:
    if most == 0:
        return "none"
    if least == most:
        return f"exactly {least}"
    return f"at least {least}" if most is None else f"{least} to {most}"
