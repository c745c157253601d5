"""What lasts from request to request: the store and the clock, and how they begin."""

from collections.abc import Sequence

from fixtures import World
from mock_server.clock import Clock
from mock_server.settings import Settings
from mock_server.store import Store
from mock_server.store import worlds as world_rows


class State:
    """The workspaces and the time. A database that has workspaces already is taken as it is."""

    def __init__(self, settings: Settings, worlds: Sequence[World]) -> None:
        self._settings = settings
        self._worlds = tuple(worlds)
        self.clock = Clock(settings.clock, frozen=settings.frozen)
        self.store = Store(settings.database)
        if not self.store.workspaces():
            self._fill()

    def reset(self) -> None:
        """Begin anew: the worlds, counted from the clock's start, and no id generated yet."""
        self.clock.__init__(self._settings.clock, frozen=self._settings.frozen)  # type: ignore[misc]
        self._fill()

    def _fill(self) -> None:
        start = self.clock.now()
        with self.store.transaction() as tx:
            world_rows.clear(tx)
            for world in self._worlds:
                world_rows.insert(tx, world, start)
        self.store.analyze()
