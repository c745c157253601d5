"""Snapshots: worlds as they were, to go back to."""

from collections.abc import Mapping
from typing import Any

from mock_server.control.given import given, own_world
from mock_server.control.worlds import world_view
from mock_server.exchange import Exchange
from mock_server.stack import Handler
from mock_server.state import State
from mock_server.worlds import snapshots


def handlers(state: State, suffix: str) -> Mapping[str, Handler]:
    """The operations by their ids. `suffix` is the domain that workspaces are shown under."""

    async def list_snapshots(exchange: Exchange) -> dict[str, Any]:
        rows = await snapshots.names(state, own_world(state, exchange))
        return {"items": [{"name": row.snapshot, "savedAt": row.saved_at} for row in rows]}

    async def save_snapshot(exchange: Exchange) -> dict[str, Any]:
        name = given(exchange).body["name"]
        exchange.take_request_id()
        return {"name": name, "savedAt": await snapshots.save(state, own_world(state, exchange), name)}

    async def restore_snapshot(exchange: Exchange) -> dict[str, Any]:
        workspace = own_world(state, exchange)
        exchange.take_request_id()
        await snapshots.restore(state, workspace, given(exchange).path["snapshot"])
        return world_view(workspace, exchange, suffix)

    async def delete_snapshot(exchange: Exchange) -> dict[str, Any]:
        name = given(exchange).path["snapshot"]
        return {"name": name, "savedAt": await snapshots.forget(state, own_world(state, exchange), name)}

    return {
        "listSnapshots": list_snapshots,
        "saveSnapshot": save_snapshot,
        "restoreSnapshot": restore_snapshot,
        "deleteSnapshot": delete_snapshot,
    }
