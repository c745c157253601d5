"""The store: one transaction a request, in memory and in a file."""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, OperationalError

from fixtures import load_world
from mock_server.store import Store, Transaction
from mock_server.store.identifiers import digest, next_digest
from mock_server.store.tables import CONTENT, labels
from mock_server.store.worlds import insert, remove

START = datetime(2030, 5, 15, 10, tzinfo=UTC)
INSERT = labels.insert()
NAMES = sa.select(labels.c.name).where(labels.c.workspace == sa.bindparam("workspace")).order_by(labels.c.name)


def label(name: str) -> dict[str, Any]:
    return {
        "workspace": "acme",
        "id": f"lbl_{name}",
        "name": name,
        "folded_name": name.casefold(),
        "color": "#000000",
        "description": None,
        "created_at": "2030-05-15T10:00:00.000Z",
    }


def names(store: Store) -> list[str]:
    with store.transaction() as tx:
        return [row.name for row in tx.all(NAMES, {"workspace": "acme"})]


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = Store("sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'mock.db'}")
    yield store
    store.close()


def run(store: Store, work: Any) -> Any:
    return asyncio.run(store.run(work))


def test_what_is_done_stays(store: Store) -> None:
    assert run(store, lambda tx: tx.write(INSERT, label("a"), label("b"))) is None
    assert run(store, lambda tx: tx.write(INSERT)) is None
    assert names(store) == ["a", "b"]


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    """ERR-11: no row, and no id counted."""
    run(store, lambda tx: insert(tx, load_world("acme"), START))
    before = names(store)

    def fail(tx: Transaction) -> None:
        tx.write(INSERT, label("a"))
        next_digest(tx, "acme")
        raise LookupError

    with pytest.raises(LookupError):
        run(store, fail)
    assert names(store) == before
    assert run(store, lambda tx: next_digest(tx, "acme")) == digest(load_world("acme").seed, 1)


def test_a_value_that_is_taken_is_told_from_other_errors(store: Store) -> None:
    """What the transaction did before is undone."""
    run(store, lambda tx: tx.write(INSERT, label("a")))
    with pytest.raises(IntegrityError, match="folded_name"):
        run(store, lambda tx: tx.write(INSERT, label("b"), label("A")))
    assert names(store) == ["a"]


def test_ids_are_decided_by_seed_and_count(store: Store) -> None:
    """Each workspace counts for itself."""
    for world in ("acme", "globex"):
        run(store, lambda tx, world=world: insert(tx, load_world(world), START))
    made = [run(store, lambda tx: next_digest(tx, "acme")) for _ in range(100)]
    assert made == [digest(load_world("acme").seed, number) for number in range(1, 101)]
    assert len(set(made)) == 100
    assert all(len(one) == 16 and one.isalnum() and one.islower() for one in made)
    assert run(store, lambda tx: next_digest(tx, "globex")) == digest(load_world("globex").seed, 1)


def test_worlds_are_removed_and_written_anew(store: Store) -> None:
    def rows() -> dict[str, list[Any]]:
        with store.transaction() as tx:
            return {table.name: tx.all(sa.select(table), {}) for table in CONTENT}

    run(store, lambda tx: insert(tx, load_world("acme"), START))
    written = rows()
    assert all(written.values())
    assert list(store.workspaces()) == ["acme"]
    run(store, lambda tx: remove(tx, "globex"))
    assert rows() == written
    run(store, lambda tx: remove(tx, "acme"))
    assert not any(rows().values())
    assert store.workspaces() == {}
    run(store, lambda tx: insert(tx, load_world("acme"), START))
    assert rows() == written


def test_a_file_is_left_whole(tmp_path: Path) -> None:
    """Without the files beside it that SQLite works with."""
    store = Store(f"sqlite:///{tmp_path / 'mock.db'}")
    run(store, lambda tx: tx.write(INSERT, label("a")))
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["mock.db"]
    again = Store(f"sqlite:///{tmp_path / 'mock.db'}")
    assert names(again) == ["a"]
    again.close()


def test_databases_in_memory_are_apart() -> None:
    one, other = Store(), Store()
    run(one, lambda tx: tx.write(INSERT, label("a")))
    assert (names(one), names(other)) == (["a"], [])
    one.close()
    other.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("mock.db", ArgumentError),
        ("nosql://host", NoSuchModuleError),
        ("sqlite:////no/such/folder/mock.db", OperationalError),
    ],
)
def test_a_database_that_is_none(url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Store(url)


def test_two_processes_can_read_one_file(tmp_path: Path) -> None:
    """A look into the database while the mock runs holds up neither."""
    store = Store(f"sqlite:///{tmp_path / 'mock.db'}")
    run(store, lambda tx: tx.write(INSERT, label("a")))
    other = sqlite3.connect(tmp_path / "mock.db")
    assert other.execute("select name from labels").fetchall() == [("a",)]
    run(store, lambda tx: tx.write(INSERT, label("b")))
    assert other.execute("select name from labels order by name").fetchall() == [("a",), ("b",)]
    other.close()
    store.close()
