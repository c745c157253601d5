"""Worlds: made, listed, put back, removed; and their clocks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fixtures import World, WorldError, read_world
from mock_server.clock import Clock, text
from mock_server.control.clocks import set_clock, view
from mock_server.control.given import given, own_world, problems, world
from mock_server.control.personas import host_of, personas
from mock_server.exchange import Exchange
from mock_server.meanings import Invalid
from mock_server.moment import Moment
from mock_server.stack import Handler
from mock_server.state import State
from mock_server.store import made
from mock_server.workspace import Workspace
from mock_server.worlds import making, snapshots
from mock_server.worlds.making import Beginning
from openapi import load_app_api

# Of each role; who makes a world of thousands of users waits for these tokens only.
_PERSONAS = 5


def world_view(workspace: Workspace, exchange: Exchange, suffix: str) -> dict[str, Any]:
    """A workspace as the control document's `World`."""
    host = host_of(workspace.name, suffix, exchange.port)
    return {
        "workspace": workspace.name,
        "host": host,
        "baseUrl": f"{exchange.scope.get('scheme', 'http')}://{host}{load_app_api().base_path}",
        "seed": workspace.seed,
        "source": workspace.source,
        "createdAt": text(workspace.created_at),
        "expiresAt": workspace.expires_at and text(workspace.expires_at),
    }


async def new_world_view(state: State, workspace: Workspace, exchange: Exchange, suffix: str) -> dict[str, Any]:
    """A workspace that has just been made, with those who can call."""
    people = await state.store.run(
        lambda tx: personas(tx, workspace, suffix=suffix, port=exchange.port, shown=_PERSONAS, statuses=("active",))
    )
    return {**world_view(workspace, exchange, suffix), "personas": people}


def handlers(state: State, suffix: str) -> Mapping[str, Handler]:
    """The operations by their ids. `suffix` is the domain that workspaces are shown under."""

    async def list_worlds(exchange: Exchange) -> dict[str, Any]:
        return {"items": [world_view(one, exchange, suffix) for one in state.workspaces.values()]}

    async def create_world(exchange: Exchange) -> dict[str, Any]:
        body = given(exchange).body
        beginning, source = _beginning(state, body)
        seconds = body.get("expiresInSeconds")
        workspace = await making.create(
            state,
            body.get("workspace"),
            beginning,
            source=source,
            expires_in=None if seconds is None else timedelta(seconds=seconds),
        )
        return await new_world_view(state, workspace, exchange, suffix)

    async def get_world(exchange: Exchange) -> dict[str, Any]:
        return world_view(own_world(state, exchange), exchange, suffix)

    async def delete_world(exchange: Exchange) -> dict[str, Any]:
        workspace = own_world(state, exchange)
        await making.delete(state, workspace)
        return {"workspace": workspace.name}

    async def reset_world(exchange: Exchange) -> dict[str, Any]:
        workspace = own_world(state, exchange)
        exchange.take_request_id()
        await snapshots.reset(state, workspace)
        return world_view(workspace, exchange, suffix)

    async def get_clock(exchange: Exchange) -> dict[str, Any]:
        return view(own_world(state, exchange).clock)

    async def put_clock(exchange: Exchange) -> dict[str, Any]:
        workspace = own_world(state, exchange)
        now = set_clock(workspace.clock, given(exchange).body)
        await state.store.run(lambda tx: made.set_clock(tx, workspace.name, workspace.clock.saved()))
        return now

    return {
        "listWorlds": list_worlds,
        "createWorld": create_world,
        "getWorld": get_world,
        "deleteWorld": delete_world,
        "resetWorld": reset_world,
        "getWorldClock": get_clock,
        "setWorldClock": put_clock,
    }


def _beginning(state: State, body: Mapping[str, Any]) -> tuple[Beginning, str]:
    """How a world begins, and what it is made of. Raises NotFound or Invalid."""
    of, source, clock = _made_of(state, body)
    now, asked = clock.now(), body.get("clock", {})
    if "now" in asked:
        now = datetime.fromisoformat(asked["now"]).astimezone(UTC)
    return Beginning(of, body.get("seed", of.seed), Moment(now, asked.get("frozen", clock.frozen))), source


def _made_of(state: State, body: Mapping[str, Any]) -> tuple[World | Workspace, str, Clock]:
    """What a world is made of, what that is called, and the clock that it goes by until it has its own."""
    if "copyOf" in body:
        original = world(state, body["copyOf"])
        return original, f"copy of {original.name}", original.clock
    if "document" in body:
        return _of_document(body["document"]), "document", state.clock
    source = body.get("world", "acme")
    return making.known(state, source), source, state.clock


def _of_document(document: Any) -> World:
    try:
        return read_world(document, "/document")
    except WorldError as error:
        raise Invalid(problems(error), rule="CONTROL") from None
