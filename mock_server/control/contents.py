"""What is in a world, as an admin of it sees it."""

from collections.abc import Mapping
from typing import Any

from mock_server import domain
from mock_server.clock import text
from mock_server.control.given import given, in_world
from mock_server.domain import Call
from mock_server.exchange import Exchange
from mock_server.principal import Principal
from mock_server.stack import Handler
from mock_server.state import State
from mock_server.store import Transaction
from mock_server.validation import Input
from openapi import load_app_api

# The list of each, with what a request would say; times compare as texts.
_LISTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "users": ("listUsers", {}),
    "labels": ("listLabels", {}),
    "invites": ("listInvites", {"includeSubInvites": True}),
    "meetings": ("listMeetings", {"from": "0", "to": "9"}),
}


def handlers(state: State) -> Mapping[str, Handler]:
    """The operations by their ids."""

    async def get_state(exchange: Exchange) -> dict[str, Any]:
        limit, now = given(exchange).query["limit"], text(exchange.now)
        return await in_world(state, exchange, lambda tx, name: contents(tx, name, now=now, limit=limit))

    return {"getWorldState": get_state}


def contents(tx: Transaction, workspace: str, *, now: str, limit: int) -> dict[str, Any]:
    """A workspace's rows as the control document's `WorldState`."""
    everybody = Principal(workspace, "", "admin", "")
    found: dict[str, Any] = {"workspace": workspace, "now": now}
    for kind, (name, query) in _LISTS.items():
        operation = load_app_api().operations[name]
        order = operation.listing.order if operation.listing else ()
        asked = Input({}, {**query, "page": 0, "pageSize": limit}, order, None)
        listed = domain.HANDLERS[name](Call(tx, operation, everybody, now, asked))
        found[kind] = {"items": listed["items"], "total": listed["total"]}
    return found
