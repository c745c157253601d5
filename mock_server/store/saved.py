"""Workspaces as they were, kept under names: copied inside the database, and put back where rows differ."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mock_server.clock import text
from mock_server.moment import Moment
from mock_server.store.tables import CONTENT, SAVED, moments, own_columns, workspace_of
from mock_server.store.transaction import Transaction

# How a workspace began; and how it was when its requests began, where that has no other name any more. No client can
# give these names.
BASE, ORIGIN = "", "-"

_WORKSPACE = sa.bindparam("workspace", type_=sa.Text)
_SNAPSHOT = sa.bindparam("snapshot", type_=sa.Text)


def _that(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.workspace == _WORKSPACE, table.c.snapshot == _SNAPSHOT


def _save(table: sa.Table) -> sa.Insert:
    there = sa.select(workspace_of(table), _SNAPSHOT, *own_columns(table)).where(workspace_of(table) == _WORKSPACE)
    return SAVED[table].insert().from_select(list(SAVED[table].c), there)


def _remove(table: sa.Table) -> sa.Delete:
    """Removes the rows that are not as they were saved."""
    saved = SAVED[table]
    same = (
        saved.c[column.name].is_not_distinct_from(column) if column.nullable else saved.c[column.name] == column
        for column in own_columns(table)
    )
    return table.delete().where(workspace_of(table) == _WORKSPACE, ~sa.exists().where(*_that(saved), *same))


def _add(table: sa.Table) -> sa.Insert:
    """Adds the saved rows that are not there."""
    saved, there = SAVED[table], table.alias()
    key = (there.c[column.name] == saved.c[column.name] for column in own_columns(table) if column.primary_key)
    lacking = ~sa.exists().where(there.c[workspace_of(table).name] == _WORKSPACE, *key)
    own = own_columns(table)
    rows = sa.select(saved.c.workspace, *(saved.c[column.name] for column in own)).where(*_that(saved), lacking)
    return table.insert().from_select([workspace_of(table), *own], rows)


_SAVE = tuple(_save(table) for table in CONTENT)
_PUT_BACK = tuple(change(table) for table in CONTENT for change in (_remove, _add))
_KEPT = (moments, *SAVED.values())
_DELETE = tuple(table.delete().where(*_that(table)) for table in _KEPT)
_RENAME = tuple(table.update().where(*_that(table)).values(snapshot=sa.bindparam("other")) for table in _KEPT)
_REMOVE_ALL = tuple(table.delete().where(table.c.workspace == _WORKSPACE) for table in _KEPT)

_NOTE = moments.insert()
_GET = sa.select(moments).where(*_that(moments))
_LIST = (
    sa.select(moments.c.snapshot, moments.c.saved_at)
    .where(moments.c.workspace == _WORKSPACE, moments.c.snapshot != BASE, moments.c.snapshot != ORIGIN)
    .order_by(moments.c.snapshot)
)


def save(tx: Transaction, workspace: str, name: str, moment: Moment) -> None:
    """Keep a workspace's rows as they are, and the moment that it is, under a name that is free."""
    at = {"workspace": workspace, "snapshot": name}
    tx.write(_NOTE, {**at, "saved_at": text(moment.now), "frozen": moment.frozen, "served": moment.served})
    for statement in _SAVE:
        tx.write(statement, at)


def find(tx: Transaction, workspace: str, name: str) -> Moment | None:
    """The moment that was saved under a name."""
    row = tx.first(_GET, {"workspace": workspace, "snapshot": name})
    return row and Moment(datetime.fromisoformat(row.saved_at), bool(row.frozen), row.served)


def put_back(tx: Transaction, workspace: str, name: str) -> None:
    """Make a workspace's rows those that were saved."""
    for statement in _PUT_BACK:
        tx.write(statement, {"workspace": workspace, "snapshot": name})


def names(tx: Transaction, workspace: str) -> list[Any]:
    """`snapshot` and `saved_at` of each that a client has named, in order of name."""
    return tx.all(_LIST, {"workspace": workspace})


def rename(tx: Transaction, workspace: str, name: str, other: str) -> None:
    """Keep under another name what was saved under this one."""
    for statement in _RENAME:
        tx.write(statement, {"workspace": workspace, "snapshot": name, "other": other})


def delete(tx: Transaction, workspace: str, name: str) -> None:
    """Forget what was saved under a name."""
    for statement in _DELETE:
        tx.write(statement, {"workspace": workspace, "snapshot": name})


def remove(tx: Transaction, workspace: str) -> None:
    """Forget all that was saved of a workspace."""
    for statement in _REMOVE_ALL:
        tx.write(statement, {"workspace": workspace})
