"""The server as a whole: its document, its health, its personas, its clock, starting anew."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from mock_server.clock import text
from mock_server.control.clocks import set_clock, view
from mock_server.control.given import given, world
from mock_server.control.personas import personas
from mock_server.documents import document_handler
from mock_server.exchange import Exchange
from mock_server.stack import Handler
from mock_server.state import State
from openapi import load_mock_control

VERSION = version("kailenty-contract-suite")


def handlers(state: State, suffix: str) -> Mapping[str, Handler]:
    """The operations by their ids. `suffix` is the domain that workspaces are shown under."""

    async def get_health(_: Exchange) -> dict[str, Any]:
        return {
            "status": "ok",
            "version": VERSION,
            "now": text(state.clock.now()),
            "workspaces": sorted(state.workspaces),
        }

    async def list_personas(exchange: Exchange) -> dict[str, Any]:
        name = given(exchange).query.get("workspace")
        wanted = state.of_start if name is None else [world(state, name)]
        return {
            "items": await state.store.run(
                lambda tx: [one for at in wanted for one in personas(tx, at, suffix=suffix, port=exchange.port)]
            )
        }

    async def reset(exchange: Exchange) -> dict[str, Any]:
        await state.reset()
        return await get_health(exchange)

    async def get_clock(_: Exchange) -> dict[str, Any]:
        return view(state.clock)

    async def put_clock(exchange: Exchange) -> dict[str, Any]:
        return set_clock(state.clock, given(exchange).body)

    return {
        "getControlDocument": document_handler(load_mock_control()),
        "getHealth": get_health,
        "listPersonas": list_personas,
        "reset": reset,
        "getClock": get_clock,
        "setClock": put_clock,
    }
