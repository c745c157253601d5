"""Bundles: worlds with their requests, as files."""

from collections.abc import Mapping
from typing import Any

from fixtures import WorldError
from mock_server.control.given import given, own_world, problems
from mock_server.control.worlds import new_world_view
from mock_server.exchange import Exchange
from mock_server.meanings import Invalid
from mock_server.stack import Handler
from mock_server.state import State
from mock_server.worlds import bundles, making


def handlers(state: State, suffix: str) -> Mapping[str, Handler]:
    """The operations by their ids. `suffix` is the domain that workspaces are shown under."""

    async def export_bundle(exchange: Exchange) -> dict[str, Any]:
        return await bundles.export(state, own_world(state, exchange))

    async def import_bundle(exchange: Exchange) -> dict[str, Any]:
        bundle = given(exchange).body
        try:
            world, moment = bundles.read_moment(bundle["state"], "/state/world")
        except WorldError as error:
            raise Invalid(problems(error), rule="CONTROL") from None
        name = given(exchange).query.get("workspace", bundle["workspace"])
        beginning = making.Beginning(world, world.seed, moment)
        workspace = await making.create(state, name, beginning, source="bundle")
        return await new_world_view(state, workspace, exchange, suffix)

    return {"exportBundle": export_bundle, "importBundle": import_bundle}
