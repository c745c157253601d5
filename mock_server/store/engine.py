"""The database: one transaction a request."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool

from mock_server.store.tables import metadata, workspaces

T = TypeVar("T")


class Store:
    """The state of every workspace, in the database at `url` (a SQLAlchemy URL; SQLite in memory by default).

    Raises `sqlalchemy.exc.ArgumentError` for a URL that is none, and the driver's error where it cannot connect.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        parsed = make_url(url)
        # SQLite answers in microseconds: its one connection is kept, and used in the event loop itself.
        self._inline = parsed.get_backend_name() == "sqlite"
        self.engine = (
            sa.create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
            if self._inline
            else sa.create_engine(parsed)
        )
        self._kept: sa.Connection | None = self.engine.connect() if self._inline else None
        if self._kept is not None and parsed.database not in (None, "", ":memory:"):
            self._kept.exec_driver_sql("PRAGMA journal_mode=WAL")
            self._kept.exec_driver_sql("PRAGMA synchronous=NORMAL")
            self._kept.commit()
        with self.transaction() as tx:
            metadata.create_all(tx)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that is undone if the block raises."""
        if self._kept is not None:
            with self._kept.begin():
                yield self._kept
        else:
            with self.engine.begin() as connection:
                yield connection

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Do the work in one transaction: here and now on SQLite, in a thread where the database makes one wait."""
        if self._inline:
            return self._work(work)
        return await asyncio.to_thread(self._work, work)

    def _work(self, work: Callable[[sa.Connection], T]) -> T:
        with self.transaction() as tx:
            return work(tx)

    def workspaces(self) -> dict[str, dict[str, Any]]:
        """Each workspace's row by its name, in order of name."""
        with self.transaction() as tx:
            rows = tx.execute(sa.select(workspaces).order_by(workspaces.c.name)).mappings()
            return {row["name"]: dict(row) for row in rows}

    def close(self) -> None:
        """Give the connections back."""
        if self._kept is not None:
            self._kept.close()
        self.engine.dispose()
