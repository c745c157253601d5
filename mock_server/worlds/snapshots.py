"""Workspaces as they are at a moment, and put back to one."""

from collections.abc import Callable
from typing import Any

from mock_server.clock import text
from mock_server.meanings import Conflict, NotFound
from mock_server.moment import Moment
from mock_server.state import State
from mock_server.store import Store, Transaction, made, saved
from mock_server.store import worlds as rows
from mock_server.store.tables import CONTENT, INSERT, workspace_of
from mock_server.workspace import Workspace
from mock_server.worlds.making import clock_at


async def save(state: State, workspace: Workspace, name: str) -> str:
    """Save a workspace as it is now under a name, in place of what was saved there. Gives the time it was saved at.

    Raises NotFound for one that is deleted meanwhile.
    """

    def write(tx: Transaction) -> str:
        state.require(workspace)
        moment = workspace.moment()
        _free(tx, workspace, name)
        saved.save(tx, workspace.name, name, moment)
        return text(moment.now)

    saved_at = await state.store.run(write)
    _freed(workspace, name)
    return saved_at


async def names(state: State, workspace: Workspace) -> list[Any]:
    """`snapshot`, which is the name, and `saved_at` of each snapshot, in order of name."""
    return await state.store.run(lambda tx: saved.names(tx, workspace.name))


async def restore(state: State, workspace: Workspace, name: str) -> None:
    """Put a workspace back to a snapshot. Raises NotFound."""
    await _put_back(state, workspace, name)


async def forget(state: State, workspace: Workspace, name: str) -> str:
    """Delete a snapshot. Gives the time it was saved at. Raises NotFound."""

    def write(tx: Transaction) -> str:
        saved_at = text(_moment(tx, workspace, name).now)
        _free(tx, workspace, name)
        return saved_at

    saved_at = await state.store.run(write)
    _freed(workspace, name)
    return saved_at


async def apart(state: State, workspace: Workspace, name: str | None) -> Store:
    """A store with a workspace as it was saved under a name, or else as it is now, and nothing beside.

    Raises NotFound.
    """

    def read(tx: Transaction) -> list[list[Any]]:
        if name is not None:
            _moment(tx, workspace, name)
        return [rows.read(tx, table, workspace.name, name) for table in CONTENT]

    def write(tx: Transaction) -> None:
        for table, found in zip(CONTENT, there, strict=True):
            at = {workspace_of(table).name: workspace.name}
            tx.write(INSERT[table], *({**at, **row._asdict()} for row in found))

    there = await state.store.run(read)
    store = Store()
    await store.run(write)
    return store


async def reset(state: State, workspace: Workspace) -> None:
    """Put a workspace back to how it began. Raises Conflict where that is not known any more."""

    def ready(tx: Transaction) -> None:
        if saved.find(tx, workspace.name, saved.BASE) is not None:
            return
        if workspace.name not in state.worlds:
            raise Conflict(f"How {workspace.name} began is not known: it was in the database already", rule="CONTROL")
        rows.remove(tx, workspace.name)
        rows.insert(tx, state.worlds[workspace.name], state.began)
        saved.save(tx, workspace.name, saved.BASE, Moment(state.began, state.clock.frozen))

    await _put_back(state, workspace, saved.BASE, ready)


async def _put_back(
    state: State, workspace: Workspace, name: str, ready: Callable[[Transaction], None] = lambda _: None
) -> None:
    def write(tx: Transaction) -> Moment:
        state.require(workspace)
        ready(tx)
        moment = _moment(tx, workspace, name)
        saved.put_back(tx, workspace.name, name)
        saved.delete(tx, workspace.name, saved.ORIGIN)
        made.set_clock(tx, workspace.name, clock_at(moment).saved())
        return moment

    workspace.begin(name, await state.store.run(write))


def _free(tx: Transaction, workspace: Workspace, name: str) -> None:
    """Let a name stand for no snapshot. Where the workspace's requests began at that, it is kept as their origin."""
    if workspace.origin == name:
        saved.rename(tx, workspace.name, name, saved.ORIGIN)
    else:
        saved.delete(tx, workspace.name, name)


def _freed(workspace: Workspace, name: str) -> None:
    if workspace.origin == name:
        workspace.origin = saved.ORIGIN


def _moment(tx: Transaction, workspace: Workspace, name: str) -> Moment:
    moment = saved.find(tx, workspace.name, name)
    if moment is None:
        raise NotFound(f"The workspace {workspace.name} has no snapshot {name}", rule="CONTROL")
    return moment
