"""The database: one transaction a request."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool

from mock_server.store.tables import metadata, workspaces
from mock_server.store.transaction import Transaction

T = TypeVar("T")

_WORKSPACES = sa.select(workspaces).order_by(workspaces.c.name)


class Store:
    """The state of every workspace, in the database at `url` (a SQLAlchemy URL; SQLite in memory by default).

    Raises `sqlalchemy.exc.ArgumentError` for a URL that is none, and the driver's error where it cannot connect.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        parsed = make_url(url)
        # SQLite answers in microseconds: its one connection is kept, and used in the event loop itself.
        self._inline = parsed.get_backend_name() == "sqlite"
        self._engine = (
            sa.create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
            if self._inline
            else sa.create_engine(parsed)
        )
        self._kept: sa.Connection | None = self._engine.connect() if self._inline else None
        if self._kept is not None and parsed.database not in (None, "", ":memory:"):
            self._kept.exec_driver_sql("PRAGMA journal_mode=WAL")
            self._kept.exec_driver_sql("PRAGMA synchronous=NORMAL")
            self._kept.commit()
        metadata.create_all(self._kept or self._engine)
        if self._kept is not None:
            self._kept.commit()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that is undone if the block raises."""
        if self._kept is not None:
            with self._kept.begin():
                yield Transaction(self._kept)
        else:
            with self._engine.begin() as connection:
                yield Transaction(connection)

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Do the work in one transaction: here and now on SQLite, in a thread where the database makes one wait."""
        if self._inline:
            return self._work(work)
        return await asyncio.to_thread(self._work, work)

    def _work(self, work: Callable[[Transaction], T]) -> T:
        with self.transaction() as tx:
            return work(tx)

    def analyze(self) -> None:
        """Tell the planner what there is now. The word is the same in SQLite and PostgreSQL."""
        with self.transaction() as tx:
            tx.run("ANALYZE")

    def workspaces(self) -> dict[str, Any]:
        """Each workspace's row by its name, in order of name."""
        with self.transaction() as tx:
            return {row.name: row for row in tx.all(_WORKSPACES, {})}

    def close(self) -> None:
        """Give the connections back."""
        if self._kept is not None:
            self._kept.close()
        self._engine.dispose()
