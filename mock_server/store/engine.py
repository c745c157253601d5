"""The database: one transaction a request."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import PoolProxiedConnection
from sqlalchemy.pool import StaticPool

from mock_server.store.tables import metadata, workspaces
from mock_server.store.transaction import Transaction

T = TypeVar("T")

# How many rows a table has to have for its statistics to tell anything.
_TELLING = 1000

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
        # What the driver raises where a unique value is taken.
        self.taken: type[Exception] = self._engine.dialect.loaded_dbapi.IntegrityError
        metadata.create_all(self._engine)
        self._kept = self._engine.raw_connection() if self._inline else None
        self._kept_transaction = self._begin(self._kept, kept=True) if self._kept else None
        if self._kept_transaction is not None and parsed.database not in (None, "", ":memory:"):
            self._kept_transaction.run("PRAGMA journal_mode=WAL")
            self._kept_transaction.run("PRAGMA synchronous=NORMAL")

    def transaction(self) -> Transaction:
        """A transaction, to be entered; it is undone if its block raises."""
        return self._kept_transaction or self._begin(self._engine.raw_connection(), kept=False)

    def _begin(self, connection: PoolProxiedConnection, *, kept: bool) -> Transaction:
        # A connection that is kept needs no more of the pool, which costs something at every call.
        own = connection.dbapi_connection if kept else None
        return Transaction(own or connection, self._engine.dialect, kept=kept)

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
            if self._inline:
                # Of a few rows, half are one workspace's: it would search whole tables for them, of a thousand too.
                tx.run(f"DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < {_TELLING}")
                tx.run("ANALYZE sqlite_master")

    def check(self) -> None:
        """See that the tables are ours: a database may be of another version. Raises the driver's error."""
        with self.transaction() as tx:
            for table in metadata.sorted_tables:
                tx.first(sa.select(table).limit(0), {})

    def workspaces(self) -> dict[str, Any]:
        """Each workspace's row by its name, in order of name."""
        with self.transaction() as tx:
            return {row.name: row for row in tx.all(_WORKSPACES, {})}

    def close(self) -> None:
        """Give the connections back."""
        if self._kept is not None:
            self._kept.close()
        self._engine.dispose()
