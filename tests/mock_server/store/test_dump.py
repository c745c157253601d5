"""What is dumped is all there is."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from fixtures import World, generate_world, load_world, read_world
from mock_server.store import Store
from mock_server.store.dump import dump
from mock_server.store.tables import CONTENT
from mock_server.store.worlds import insert, remove

START = datetime(2030, 5, 15, 10, tzinfo=UTC)
LATER = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "world",
    [load_world("acme"), load_world("globex"), generate_world("made", users=30, invites=80, seed=3)],
    ids=lambda world: world.workspace,
)
def test_a_dump_gives_the_same_rows_again_at_any_start(world: World) -> None:
    def rows() -> dict[str, set[Any]]:
        with store.transaction() as tx:
            return {table.name: set(tx.all(sa.select(table), {})) for table in CONTENT}

    store = Store()
    with store.transaction() as tx:
        insert(tx, world, START)
    written = rows()
    assert all(written.values())
    with store.transaction() as tx:
        dumped = dump(tx, world.workspace).document()
        remove(tx, world.workspace)
        insert(tx, read_world(dumped), LATER)
        assert dump(tx, world.workspace).document() == dumped
    assert rows() == written
    store.close()
