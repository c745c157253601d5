"""What lasts from request to request: the store and the running workspaces, and how they begin."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fixtures import World
from mock_server.clock import Clock
from mock_server.journal import Desk, Journal
from mock_server.settings import Settings
from mock_server.store import Store
from mock_server.store import worlds as world_rows
from mock_server.workspace import Workspace


class State:
    """The workspaces and the time. A database that has workspaces already is taken as it is.

    `server` stands for the workspace of requests that belong to none. It and the workspaces of the start share one
    clock, `clock`. What all of their journals share is `desk`.
    """

    def __init__(self, settings: Settings, worlds: Sequence[World]) -> None:
        self._settings = settings
        self._worlds = tuple(worlds)
        self._workspaces: dict[str, Workspace] = {}
        self._by_tenant: dict[str, Workspace] = {}
        self.clock = Clock(settings.clock, frozen=settings.frozen)
        self.desk = Desk(settings.journal)
        self.server = Workspace("", "", 0, self.clock, Journal(self.desk))
        self.store = Store(settings.database)
        if not self.store.workspaces():
            self._fill()
        self._run()

    @property
    def workspaces(self) -> Mapping[str, Workspace]:
        """The running workspaces by name."""
        return MappingProxyType(self._workspaces)

    def of_tenant(self, tenant_id: str | None) -> Workspace | None:
        """The workspace of a Microsoft tenant."""
        return None if tenant_id is None else self._by_tenant.get(tenant_id)

    def reset(self) -> None:
        """Begin anew: the worlds of the start, counted from the clock's start, and no id generated yet."""
        self.clock.__init__(self._settings.clock, frozen=self._settings.frozen)  # type: ignore[misc]
        self.server.served = 0
        self.server.journal.clear()
        self._fill()
        self._run()

    def _run(self) -> None:
        """Begin with the workspaces that the store has."""
        self._workspaces.clear()
        self._by_tenant.clear()
        for row in self.store.workspaces().values():
            workspace = Workspace(row.name, row.tenant_id, row.seed, self.clock, Journal(self.desk))
            self._workspaces[row.name] = self._by_tenant[row.tenant_id] = workspace

    def _fill(self) -> None:
        start = self.clock.now()
        with self.store.transaction() as tx:
            world_rows.clear(tx)
            for world in self._worlds:
                world_rows.insert(tx, world, start)
        self.store.analyze()
