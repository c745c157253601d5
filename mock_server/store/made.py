"""The workspaces that were made while the server ran, and what was saved of any: rows about workspaces, not of them."""

from typing import Any

import sqlalchemy as sa

from mock_server.store.tables import made, snapshots
from mock_server.store.transaction import Transaction

# The snapshot of how a workspace began. No other can have this name.
BASE = ""

_MADE = sa.select(made)
_INSERT = made.insert()
_SET_CLOCK = made.update().where(made.c.workspace == sa.bindparam("at")).values(clock=sa.bindparam("saved"))
_REMOVE = tuple(table.delete().where(table.c.workspace == sa.bindparam("workspace")) for table in (made, snapshots))

_ONE = (snapshots.c.workspace == sa.bindparam("workspace"), snapshots.c.name == sa.bindparam("name"))
_SAVE = snapshots.insert()
_DELETE = snapshots.delete().where(*_ONE)
_GET = sa.select(snapshots).where(*_ONE)
_LIST = (
    sa.select(snapshots.c.name, snapshots.c.saved_at)
    .where(snapshots.c.workspace == sa.bindparam("workspace"), snapshots.c.name != BASE)
    .order_by(snapshots.c.name)
)


def all_made(tx: Transaction) -> dict[str, Any]:
    """The row of each by its name."""
    return {row.workspace: row for row in tx.all(_MADE, {})}


def insert(
    tx: Transaction, workspace: str, *, source: str, created_at: str, expires_at: str | None, clock: str
) -> None:
    """Note that a workspace has been made; `clock` is as saved."""
    row = {"source": source, "created_at": created_at, "expires_at": expires_at, "clock": clock}
    tx.write(_INSERT, {"workspace": workspace, **row})


def set_clock(tx: Transaction, workspace: str, saved: str) -> None:
    """Note how a workspace's clock is set; one that was not made has none of its own."""
    tx.write(_SET_CLOCK, {"at": workspace, "saved": saved})


def remove(tx: Transaction, workspace: str) -> None:
    """Forget a workspace, and all that was saved of it."""
    for statement in _REMOVE:
        tx.write(statement, {"workspace": workspace})


def save(tx: Transaction, workspace: str, name: str, *, saved_at: str, content: str) -> None:
    """Keep a snapshot, in place of one that has its name."""
    delete(tx, workspace, name)
    tx.write(_SAVE, {"workspace": workspace, "name": name, "saved_at": saved_at, "content": content})


def saved(tx: Transaction, workspace: str, name: str) -> Any:
    """A snapshot's row, None where there is none."""
    return tx.first(_GET, {"workspace": workspace, "name": name})


def all_saved(tx: Transaction, workspace: str) -> list[Any]:
    """Name and time of each snapshot, in order of name."""
    return tx.all(_LIST, {"workspace": workspace})


def delete(tx: Transaction, workspace: str, name: str) -> None:
    """Forget a snapshot."""
    tx.write(_DELETE, {"workspace": workspace, "name": name})
