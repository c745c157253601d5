"""A running mock, which makes worlds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Unpack

from pytest_kailenty.clock import rfc3339
from pytest_kailenty.control import Control, given
from pytest_kailenty.world import Making, World

__tracebackhide__ = True


class Mock:
    """The mock at an address; `world` is what its worlds are made of unless a test says otherwise."""

    def __init__(self, url: str, token: str | None = None, world: str = "acme") -> None:
        """Raises ControlError if `url` is no address."""
        self.control = Control(url, token)
        self.url = self.control.url
        self._world = world

    def create(
        self,
        world: str | None = None,
        *,
        document: Mapping[str, Any] | None = None,
        copy_of: str | None = None,
        seed: int | None = None,
        now: datetime | str | None = None,
        frozen: bool | None = None,
    ) -> World:
        """Make a world, which lasts until it is deleted.

        It is made of a world that the mock knows by name, or of a world file's content, or it is a copy of a workspace
        as that is now. `seed` decides its ids; its clock begins at `now` and stands still if `frozen`. Raises
        ControlError, which names what is wrong.
        """
        made_of = given(world=world, document=document, copyOf=copy_of) or {"world": self._world}
        clock = given(now=None if now is None else rfc3339(now), frozen=frozen)
        made = self.control.send("POST", "/worlds", made_of | given(seed=seed, clock=clock or None))
        return World(self, made)

    @contextmanager
    def world(self, world: str | None = None, **how: Unpack[Making]) -> Iterator[World]:
        """Make a world as `create` does, for as long as the context lasts: for fixtures of a wider scope."""
        made = self.create(world, **how)
        try:
            yield made
        finally:
            made.delete()
