"""Making worlds and removing them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.exc import IntegrityError

from fixtures import World, load_world, names, renamed
from mock_server.clock import Clock, text
from mock_server.journal import Journal
from mock_server.meanings import Conflict, Invalid, NotFound
from mock_server.moment import Moment
from mock_server.state import State
from mock_server.store import Transaction, made, saved
from mock_server.store import worlds as rows
from mock_server.store.copies import copy
from mock_server.workspace import Workspace

_builtin = cache(load_world)

# What stands in a path where workspaces do.
_RESERVED = frozenset({"import"})


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a workspace begins as, and when: a world of data, whose times count from then, or a workspace as it is."""

    of: World | Workspace
    seed: int
    moment: Moment


def known(state: State, name: str) -> World:
    """A world that the server was started with, or else a built-in one. Raises NotFound."""
    if name in state.worlds:
        return state.worlds[name]
    if name in names():
        return _builtin(name)
    raise NotFound(f"There is no world {name}, only {', '.join(sorted({*state.worlds, *names()}))}", rule="CONTROL")


async def create(
    state: State, name: str | None, beginning: Beginning, *, source: str, expires_in: timedelta | None = None
) -> Workspace:
    """Make a workspace, under a name of its own if none is given.

    It is gone after `expires_in` of the server's time. Raises Conflict for a name that is taken, and Invalid for a time
    that no clock can show.
    """
    name = name or state.new_name()
    if name in _RESERVED:
        raise Conflict(f"No workspace can be named {name}: the control API has a path of that name", rule="CONTROL")
    if name in state.workspaces or name in state.worlds:
        raise Conflict(f"There is a workspace {name} already", rule="CONTROL")
    moment = replace(beginning.moment, now=_whole_milliseconds(beginning.moment.now))
    beginning = replace(beginning, moment=moment)
    clock, now = clock_at(moment), state.clock.now()
    expires_at = None if expires_in is None else now + expires_in

    def write(tx: Transaction) -> World:
        world = _fill(tx, state, name, beginning)
        expires = None if expires_at is None else text(expires_at)
        made.insert(tx, name, source=source, created_at=text(now), expires_at=expires, clock=clock.saved())
        saved.save(tx, name, saved.BASE, moment)
        return world

    try:
        world = await state.store.run(write)
    except IntegrityError:
        # Another request made it at the same moment.
        raise Conflict(f"There is a workspace {name} already", rule="CONTROL") from None
    workspace = Workspace(
        name,
        world.tenant_id,
        world.seed,
        clock,
        Journal(state.desk),
        now,
        source=source,
        expires_at=expires_at,
        made=True,
    )
    workspace.begin(saved.BASE, moment)
    state.add(workspace)
    return workspace


def _fill(tx: Transaction, state: State, name: str, beginning: Beginning) -> World:
    """Write a new workspace's rows. Gives what it is a workspace of."""
    if isinstance(beginning.of, Workspace):
        state.require(beginning.of)
        return copy(tx, beginning.of.name, name, beginning.seed, beginning.moment.now)
    world = renamed(replace(beginning.of, seed=beginning.seed), name)
    if other := state.of_tenant(world.tenant_id):
        raise Conflict(f"The tenant {world.tenant_id} belongs to the workspace {other.name}", rule="CONTROL")
    try:
        rows.insert(tx, world, beginning.moment.now)
    except ValueError as error:  # a time that leaves the years there are, counted from now
        raise Invalid(str(error), rule="CONTROL") from None
    return world


async def delete(state: State, workspace: Workspace) -> None:
    """Remove a workspace with all that belongs to it. Raises Conflict for one that the server was started with."""
    if not workspace.made:
        raise Conflict(f"The server was started with {workspace.name}: it can be reset, not deleted", rule="CONTROL")

    def write(tx: Transaction) -> None:
        rows.remove(tx, workspace.name)
        made.remove(tx, workspace.name)
        saved.remove(tx, workspace.name)

    await state.store.run(write)
    state.drop(workspace)


def clock_at(moment: Moment) -> Clock:
    """A clock that stands at a moment, or runs on from it. Raises Invalid for a time that it cannot show."""
    try:
        return Clock(moment.now, frozen=moment.frozen)
    except ValueError as error:
        raise Invalid(str(error), rule="CONTROL") from None


def _whole_milliseconds(moment: datetime) -> datetime:
    """A time as the contract can write it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
