"""What lasts from request to request: the store and the running workspaces, and how they begin."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from types import MappingProxyType

from fixtures import World
from mock_server.clock import Clock
from mock_server.journal import Desk, Journal
from mock_server.meanings import NotFound
from mock_server.moment import Moment
from mock_server.settings import Settings
from mock_server.store import Store, Transaction, saved
from mock_server.store import made as made_rows
from mock_server.store import worlds as world_rows
from mock_server.workspace import Workspace


class State:
    """The workspaces and the time. A database that has workspaces already is taken as it is.

    `workspaces` are those that run, by name; `server` stands for that of requests that belong to none. It and the
    workspaces of the start share one clock, `clock`. `worlds` are those that the server was started with, by name;
    their times count from `began`. What all of their journals share is `desk`.
    """

    def __init__(self, settings: Settings, worlds: Sequence[World]) -> None:
        self.settings = settings
        self._workspaces: dict[str, Workspace] = {}
        # Asked at every request, so made once.
        self.workspaces: Mapping[str, Workspace] = MappingProxyType(self._workspaces)
        self._by_tenant: dict[str, Workspace] = {}
        self._next_expiry: datetime | None = None
        self._names = (f"w-{number:06x}" for number in count(1))
        self.worlds = {world.workspace: world for world in worlds}
        self.clock = Clock(settings.clock, frozen=settings.frozen)
        self.began = self.clock.now()
        self.desk = Desk(settings.journal)
        self.server = Workspace("", "", 0, self.clock, Journal(self.desk), self.began)
        self.store = Store(settings.database)
        if self.store.workspaces():
            self._take()
        else:
            with self.store.transaction() as tx:
                worlds = self._fill(tx)
            self._begin(worlds)
            self.store.analyze()

    @property
    def of_start(self) -> list[Workspace]:
        """The workspaces that were not made while the server ran."""
        return [workspace for workspace in self._workspaces.values() if not workspace.made]

    def of_tenant(self, tenant_id: str | None) -> Workspace | None:
        """The workspace of a Microsoft tenant."""
        return None if tenant_id is None else self._by_tenant.get(tenant_id)

    def new_name(self) -> str:
        """A name for a workspace, not given before and not in use."""
        return next(name for name in self._names if name not in self._workspaces)

    def add(self, workspace: Workspace) -> None:
        """Run a workspace, whose rows are in the store, from now on."""
        self._workspaces[workspace.name] = self._by_tenant[workspace.tenant_id] = workspace
        workspace.usual_limit = self.settings.rate_limit
        workspace.limit(workspace.usual_limit)
        if workspace.expires_at is not None:
            self._next_expiry = min(self._next_expiry or workspace.expires_at, workspace.expires_at)

    def drop(self, workspace: Workspace) -> None:
        """Run a workspace no longer."""
        self._workspaces.pop(workspace.name, None)
        self._by_tenant.pop(workspace.tenant_id, None)

    def require(self, workspace: Workspace) -> None:
        """Check that a workspace runs still, when it is a request's turn. Raises NotFound."""
        if self._workspaces.get(workspace.name) is not workspace:
            raise NotFound(f"The workspace {workspace.name} has been deleted or begun anew meanwhile", rule="CONTROL")

    def expired(self) -> Sequence[Workspace]:
        """The workspaces whose time is over, each told once. It is asked at every request, and cheap until then."""
        if self._next_expiry is None or (now := self.clock.now()) < self._next_expiry:
            return ()
        expiring = [(one.expires_at, one) for one in self._workspaces.values() if one.expires_at is not None]
        self._next_expiry = min((moment for moment, _ in expiring if moment > now), default=None)
        return [one for moment, one in expiring if moment <= now]

    async def reset(self) -> None:
        """Begin anew: the worlds of the start, counted from the clock's start, and no id generated yet.

        Workspaces that were made since are left alone.
        """

        def write(tx: Transaction) -> list[World]:
            self.clock.restart(self.settings.clock, frozen=self.settings.frozen)
            return self._fill(tx)

        worlds = await self.store.run(write)
        self.server.served = 0
        self.server.journal.clear()
        self._begin(worlds)

    def _fill(self, tx: Transaction) -> list[World]:
        """Write the worlds of the start, in place of the workspaces that run of them. Gives those written."""
        former = self.of_start
        self.began = self.clock.now()
        origin = Moment(self.began, self.clock.frozen)
        made = self._workspaces.keys() - {workspace.name for workspace in former}
        worlds = [world for world in self.worlds.values() if world.workspace not in made]
        for workspace in former:
            world_rows.remove(tx, workspace.name)
            saved.delete(tx, workspace.name, saved.BASE)
            saved.delete(tx, workspace.name, saved.ORIGIN)
        for world in worlds:
            world_rows.insert(tx, world, self.began)
            saved.save(tx, world.workspace, saved.BASE, origin)
        return worlds

    def _begin(self, worlds: Sequence[World]) -> None:
        """Run the worlds that have been written, in place of those that ran."""
        for workspace in self.of_start:
            self.drop(workspace)
        for world in worlds:
            workspace = Workspace(
                world.workspace,
                world.tenant_id,
                world.seed,
                self.clock,
                Journal(self.desk),
                self.began,
                origin=saved.BASE,
            )
            self.add(workspace)

    def _take(self) -> None:
        """Run the workspaces that the store has. How they began is not known any more."""
        self.store.check()
        there = self.store.workspaces()
        with self.store.transaction() as tx:
            made = made_rows.all_made(tx)
            for name in there:
                saved.delete(tx, name, saved.ORIGIN)
                if name not in made:
                    # Its times counted from another start.
                    saved.delete(tx, name, saved.BASE)
        for row in there.values():
            if (about := made.get(row.name)) is None:
                self.add(Workspace(row.name, row.tenant_id, row.seed, self.clock, Journal(self.desk), self.began))
                continue
            self.add(
                Workspace(
                    row.name,
                    row.tenant_id,
                    row.seed,
                    Clock.of_saved(about.clock),
                    Journal(self.desk),
                    datetime.fromisoformat(about.created_at),
                    source=about.source,
                    expires_at=about.expires_at and datetime.fromisoformat(about.expires_at),
                    made=True,
                )
            )
