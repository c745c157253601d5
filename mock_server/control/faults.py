"""A workspace's faults, and its rate limit."""

from collections.abc import Mapping
from typing import Any

from mock_server.control.given import given, own_world
from mock_server.exchange import Exchange
from mock_server.faults.fault import Fault
from mock_server.faults.past import past
from mock_server.faults.reading import check
from mock_server.limits import RateLimit
from mock_server.meanings import Conflict, NotFound
from mock_server.stack import Handler
from mock_server.state import State
from mock_server.validation.words import hint
from mock_server.workspace import Workspace

_MOST = 100


def handlers(state: State) -> Mapping[str, Handler]:
    """The operations by their ids."""

    def addressed(exchange: Exchange) -> Workspace:
        return own_world(state, exchange)

    async def list_faults(exchange: Exchange) -> dict[str, Any]:
        return {"items": [_view(fault) for fault in addressed(exchange).faults]}

    async def add(exchange: Exchange) -> dict[str, Any]:
        workspace, body = addressed(exchange), given(exchange).body
        check(body)
        if len(workspace.faults) >= _MOST:
            raise Conflict(f"{workspace.name} has {_MOST} faults already; take some away first", rule="CONTROL")
        return _view(workspace.faults.add(body, workspace.seed, await past(state, workspace, body)))

    async def clear(exchange: Exchange) -> dict[str, Any]:
        addressed(exchange).faults.clear()
        return await list_faults(exchange)

    async def delete(exchange: Exchange) -> dict[str, Any]:
        workspace, fault_id = addressed(exchange), given(exchange).path["faultId"]
        fault = workspace.faults.remove(fault_id)
        if fault is None:
            there = tuple(one.id for one in workspace.faults)
            raise NotFound(f"There is no fault {fault_id} in {workspace.name}; {hint(fault_id, there)}", rule="CONTROL")
        return _view(fault)

    async def get_limit(exchange: Exchange) -> dict[str, Any] | None:
        meter = addressed(exchange).meter
        return None if meter is None else {"requests": meter.limit.requests, "perSeconds": meter.limit.per_seconds}

    async def set_limit(exchange: Exchange) -> dict[str, Any] | None:
        body = given(exchange).body
        addressed(exchange).limit(RateLimit(body["requests"], body["perSeconds"]))
        return await get_limit(exchange)

    async def delete_limit(exchange: Exchange) -> dict[str, Any] | None:
        addressed(exchange).limit(None)
        return await get_limit(exchange)

    return {
        "listFaults": list_faults,
        "addFault": add,
        "clearFaults": clear,
        "deleteFault": delete,
        "getRateLimit": get_limit,
        "setRateLimit": set_limit,
        "deleteRateLimit": delete_limit,
    }


def _view(fault: Fault) -> dict[str, Any]:
    """A fault as the control document's `Fault`; of `times`, what is left."""
    left = {} if fault.left is None else {"times": fault.left}
    return {"id": fault.id, **fault.given, **left, "applied": fault.applied}
