"""The workspaces that were made while the server ran: rows about workspaces, not of them."""

from typing import Any

import sqlalchemy as sa

from mock_server.store.tables import made
from mock_server.store.transaction import Transaction

_MADE = sa.select(made)
_INSERT = made.insert()
_SET_CLOCK = made.update().where(made.c.workspace == sa.bindparam("at")).values(clock=sa.bindparam("saved"))
_REMOVE = made.delete().where(made.c.workspace == sa.bindparam("workspace"))


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
    """Forget a workspace."""
    tx.write(_REMOVE, {"workspace": workspace})
