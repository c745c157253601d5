"""What was saved of a workspace is put back, whatever has become of its rows, and the rows of others are let alone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from fixtures import generate_world, load_world
from mock_server.moment import Moment
from mock_server.store import Store, Transaction, saved
from mock_server.store.copies import copy
from mock_server.store.tables import CONTENT, SAVED, moments, own_columns, workspace_of
from mock_server.store.worlds import insert, remove

START = datetime(2030, 5, 15, 10, tzinfo=UTC)
MOMENT = Moment(START, True, 7)
KEPT = (moments, *SAVED.values())


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    with store.transaction() as tx:
        for world in (generate_world("made", users=30, invites=80, seed=3), load_world("acme")):
            insert(tx, world, START)
            saved.save(tx, world.workspace, "one", MOMENT)
    yield store
    store.close()


def rows(store: Store, tables: tuple[sa.Table, ...] = CONTENT) -> dict[str, set[Any]]:
    with store.transaction() as tx:
        return {table.name: set(tx.all(sa.select(table), {})) for table in tables}


def nothing(tx: Transaction) -> None:
    """Leave them as they are."""


def all_removed(tx: Transaction) -> None:
    remove(tx, "made")


def half_removed(tx: Transaction) -> None:
    for table in CONTENT:
        first = sa.select(sa.func.min(own_columns(table)[0])).where(workspace_of(table) == "made").scalar_subquery()
        tx.write(table.delete().where(workspace_of(table) == "made", own_columns(table)[0] > first), {})


def all_changed(tx: Transaction) -> None:
    """Of each row that can be, a member that is no part of its key."""
    for table in CONTENT:
        for column in own_columns(table):
            if not column.primary_key and isinstance(column.type, sa.Text) and table.c.get("tenant_id") is not column:
                changed = column + sa.literal_column("'x'")
                tx.write(table.update().where(workspace_of(table) == "made").values({column: changed}), {})


def one_as_null(tx: Transaction) -> None:
    for table in CONTENT:
        for column in own_columns(table):
            if column.nullable:
                tx.write(table.update().where(workspace_of(table) == "made").values({column: sa.null()}), {})


def another_instead(tx: Transaction) -> None:
    remove(tx, "made")
    insert(tx, generate_world("made", users=20, invites=50, seed=4), START)


@pytest.mark.parametrize("damage", [nothing, all_removed, half_removed, all_changed, one_as_null, another_instead])
def test_rows_are_put_back(store: Store, damage: Callable[[Transaction], None]) -> None:
    before = rows(store)
    assert all(before.values())
    with store.transaction() as tx:
        damage(tx)
    assert (rows(store) == before) is (damage is nothing)
    with store.transaction() as tx:
        saved.put_back(tx, "made", "one")
    assert rows(store) == before


def test_what_is_saved_has_a_name_that_may_change(store: Store) -> None:
    kept = rows(store, KEPT)
    with store.transaction() as tx:
        saved.rename(tx, "made", "one", saved.ORIGIN)
        assert (saved.find(tx, "made", "one"), saved.find(tx, "made", saved.ORIGIN)) == (None, MOMENT)
        assert (saved.names(tx, "made"), len(saved.names(tx, "acme"))) == ([], 1)
        saved.rename(tx, "made", saved.ORIGIN, "one")
    assert rows(store, KEPT) == kept


def test_what_is_deleted_leaves_no_row(store: Store) -> None:
    with store.transaction() as tx:
        saved.save(tx, "made", "two", MOMENT)
        saved.remove(tx, "acme")
        saved.delete(tx, "made", "one")
    assert {row.snapshot for found in rows(store, KEPT).values() for row in found} == {"two"}
    with store.transaction() as tx:
        saved.remove(tx, "made")
    assert not any(rows(store, KEPT).values())


def test_a_copy_says_the_same_in_other_names(store: Store) -> None:
    """But for its credentials, which are its own."""
    with store.transaction() as tx:
        world = copy(tx, "made", "copied", 9, START)
    assert (world.workspace, world.seed) == ("copied", 9)
    own = {"workspaces": {"tenant_id", "seed"}, "users": {"object_id"}, "api_keys": {"secret"}}
    with store.transaction() as tx:
        for table in CONTENT:
            columns = [column for column in own_columns(table) if column.name not in own.get(table.name, ())]
            of = [
                set(tx.all(sa.select(*columns).where(workspace_of(table) == name), {})) for name in ("made", "copied")
            ]
            assert of[0] == of[1]
