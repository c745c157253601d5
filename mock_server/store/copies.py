"""A workspace's rows as those of another."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from fixtures import World, renamed
from mock_server.store import tables
from mock_server.store.dump import people
from mock_server.store.transaction import Transaction
from mock_server.store.worlds import insert

# What may be many, and the same in every copy: it is copied inside the database.
_SAME = (
    tables.invites,
    tables.invite_users,
    tables.invite_labels,
    tables.meetings,
    tables.meeting_users,
    tables.meeting_labels,
)


def _copy(table: sa.Table) -> sa.Insert:
    own = tables.own_columns(table)
    name = sa.bindparam("name", type_=sa.Text)
    rows = sa.select(name, *own).where(table.c.workspace == sa.bindparam("workspace"))
    return table.insert().from_select([table.c.workspace, *own], rows)


_COPY = tuple(_copy(table) for table in _SAME)


def copy(tx: Transaction, workspace: str, name: str, seed: int, now: datetime) -> World:
    """Write a workspace's rows once more, as those of a new one. Gives that without its invites and meetings."""
    for statement in _COPY:
        tx.write(statement, {"workspace": workspace, "name": name})
    world = renamed(replace(people(tx, workspace), seed=seed), name)
    insert(tx, world, now)
    return world
