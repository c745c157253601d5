"""Workspaces as they are at a moment, and put back to one."""

from typing import Any

from mock_server.clock import text
from mock_server.meanings import Conflict, NotFound
from mock_server.moment import Moment
from mock_server.state import State
from mock_server.store import Store, Transaction, made
from mock_server.store import worlds as rows
from mock_server.store.dump import dump
from mock_server.workspace import Workspace
from mock_server.worlds.making import clock_at


def present(tx: Transaction, workspace: Workspace) -> Moment:
    """A workspace as it is now."""
    return Moment(dump(tx, workspace.name), workspace.clock.now(), workspace.clock.frozen, workspace.served)


async def save(state: State, workspace: Workspace, name: str) -> str:
    """Save a workspace as it is now under a name, in place of what was saved there. Gives the time it was saved at."""

    def write(tx: Transaction) -> str:
        moment = present(tx, workspace)
        saved_at = text(moment.now)
        made.save(tx, workspace.name, name, saved_at=saved_at, content=moment.json().decode())
        return saved_at

    return await state.store.run(write)


async def saved(state: State, workspace: Workspace) -> list[Any]:
    """Name and time of each snapshot, in order of name."""
    return await state.store.run(lambda tx: made.all_saved(tx, workspace.name))


async def restore(state: State, workspace: Workspace, name: str) -> None:
    """Put a workspace back to a snapshot. Raises NotFound."""
    await _put_back(state, workspace, await _saved(state, workspace, name))


async def forget(state: State, workspace: Workspace, name: str) -> str:
    """Delete a snapshot. Gives the time it was saved at. Raises NotFound."""

    def write(tx: Transaction) -> str:
        saved_at: str = _row(tx, workspace, name).saved_at
        made.delete(tx, workspace.name, name)
        return saved_at

    return await state.store.run(write)


async def apart(state: State, workspace: Workspace, name: str | None) -> Store:
    """A store with a workspace as it was saved under a name, or else as it is now, and nothing beside.

    Raises NotFound.
    """
    if name is None:
        moment = await state.store.run(lambda tx: present(tx, workspace))
    else:
        moment = await _saved(state, workspace, name)
    store = Store()
    await store.run(lambda tx: rows.insert(tx, moment.world, moment.now))
    return store


async def reset(state: State, workspace: Workspace) -> None:
    """Put a workspace back to how it began. Raises Conflict where that is not known any more."""
    if workspace.made:
        base = await _saved(state, workspace, made.BASE)
    elif workspace.name in state.worlds:
        base = Moment(state.worlds[workspace.name], state.began, state.clock.frozen)
    else:
        raise Conflict(f"How {workspace.name} began is not known: it was in the database already", rule="CONTROL")
    await _put_back(state, workspace, base)


async def _saved(state: State, workspace: Workspace, name: str) -> Moment:
    row = await state.store.run(lambda tx: _row(tx, workspace, name))
    return Moment.of_json(row.content)


def _row(tx: Transaction, workspace: Workspace, name: str) -> Any:
    row = made.saved(tx, workspace.name, name)
    if row is None:
        raise NotFound(f"The workspace {workspace.name} has no snapshot {name}", rule="CONTROL")
    return row


async def _put_back(state: State, workspace: Workspace, moment: Moment) -> None:
    def write(tx: Transaction) -> None:
        rows.remove(tx, workspace.name)
        rows.insert(tx, moment.world, moment.now)
        made.set_clock(tx, workspace.name, clock_at(moment).saved())

    await state.store.run(write)
    workspace.begin(moment)
