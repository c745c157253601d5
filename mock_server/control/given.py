"""What the control API's handlers ask of a request."""

from collections.abc import Callable
from typing import TypeVar

from fixtures import WorldError
from mock_server.exchange import Exchange
from mock_server.meanings import NotFound
from mock_server.state import State
from mock_server.store import Transaction
from mock_server.validation import Input
from mock_server.workspace import Workspace

T = TypeVar("T")


def given(exchange: Exchange) -> Input:
    """What a request says, checked."""
    if exchange.input is None:
        raise RuntimeError("the request has not been read yet")
    return exchange.input


def world(state: State, name: str) -> Workspace:
    """A running workspace. Raises NotFound, naming those there are."""
    found = state.workspaces.get(name)
    if found is None:
        raise NotFound(f"There is no workspace {name}, only {_some(sorted(state.workspaces))}", rule="CONTROL")
    return found


def own_world(state: State, exchange: Exchange) -> Workspace:
    """The workspace that a request's path names. Raises NotFound."""
    return world(state, given(exchange).path["workspace"])


async def in_world(state: State, exchange: Exchange, work: Callable[[Transaction, str], T]) -> T:
    """Work on the rows of the workspace that a request's path names, in one transaction. Raises NotFound."""
    name = own_world(state, exchange).name
    return await state.store.run(lambda tx: work(tx, name))


def problems(error: WorldError) -> str:
    """The first three problems of a world in one text."""
    lines = str(error).splitlines()
    return "; ".join(lines[:3]) + (" and more" if len(lines) > 3 else "")


def _some(names: list[str], most: int = 5) -> str:
    beyond = len(names) - most
    return ", ".join(names[:most]) + (f" and {beyond} more" if beyond > 0 else "")
