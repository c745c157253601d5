"""The database: one transaction a request."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import PoolProxiedConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from mock_server.store.tables import metadata, workspaces
from mock_server.store.transaction import Transaction

T = TypeVar("T")

# How many rows a table has to have for its statistics to tell anything.
_TELLING = 1000

_WORKSPACES = sa.select(workspaces).order_by(workspaces.c.name)


class Store:
    """The state of every workspace, in the database at `url` (a SQLAlchemy URL; SQLite in memory by default).

    Raises `sqlalchemy.exc.ArgumentError` for a URL that is none and for a database that is not in Unicode,
    `ImportError` for a driver that is not there or lacks something, and `sqlalchemy.exc.DBAPIError` for what it says.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        parsed = make_url(url)
        if parsed.get_dialect().is_async:
            raise ArgumentError(f"its driver {parsed.get_driver_name()} is for asyncio, which the store is not")
        # SQLite answers in microseconds: its one connection is kept, and used in the event loop itself.
        self._inline = parsed.get_backend_name() == "sqlite"
        self._engine = (
            sa.create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
            if self._inline
            else sa.create_engine(parsed, pool_pre_ping=True)  # the database may have been started anew
        )
        self._turn = asyncio.Lock()
        if not self._inline:
            self._require_unicode()
        metadata.create_all(self._engine)
        self._kept = self._engine.raw_connection() if self._inline else None
        self._kept_transaction = self._begin(self._kept, kept=True) if self._kept else None
        if self._kept_transaction is not None and parsed.database not in (None, "", ":memory:"):
            with self._kept_transaction as tx:
                tx.run("PRAGMA journal_mode=WAL")
                tx.run("PRAGMA synchronous=NORMAL")

    def _require_unicode(self) -> None:
        try:
            with self._engine.connect() as connection:
                connection.execute(sa.select(sa.literal("😀")))
        except (TypeError, UnicodeError):  # it takes texts for bytes, or knows fewer characters
            raise ArgumentError("it does not keep every text, as one with the encoding UTF-8 does") from None

    def transaction(self) -> Transaction:
        """A transaction, to be entered; it is undone if its block raises. It takes no turn (`run`)."""
        return self._kept_transaction or self._begin(self._engine.raw_connection(), kept=False)

    def _begin(self, connection: PoolProxiedConnection, *, kept: bool) -> Transaction:
        # A connection that is kept needs no more of the pool, which costs something at every call.
        own = connection.dbapi_connection if kept else None
        return Transaction(own or connection, self._engine.dialect, kept=kept)

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Do the work in one transaction: here and now on SQLite, in a thread where the database makes one wait.

        Either way transactions take turns, so that what one has looked up stays so until it has written. The next one
        begins when whoever waits for this one awaits something else.
        """
        if self._inline:
            return self._work(work)
        async with self._turn:
            return await asyncio.to_thread(self._work, work)

    def _work(self, work: Callable[[Transaction], T]) -> T:
        with self.transaction() as tx:
            return work(tx)

    def analyze(self) -> None:
        """Tell the planner what there is now. The word is the same in SQLite and PostgreSQL."""
        with self.transaction() as tx:
            for table in metadata.sorted_tables:  # there may be others
                tx.run(f"ANALYZE {table.name}")
            if self._inline:
                # Of a few rows, half are one workspace's: it would search whole tables for them, of a thousand too.
                tx.run(f"DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < {_TELLING}")
                tx.run("ANALYZE sqlite_master")

    def check(self) -> None:
        """See that the tables are ours: a database may be of another version."""
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
