"""A running mock, which makes worlds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pytest_kailenty.clock import rfc3339
from pytest_kailenty.control import Control, given
from pytest_kailenty.world import World

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
        seed: int | None = None,
        now: datetime | str | None = None,
        frozen: bool | None = None,
    ) -> World:
        """Make a world: of a built-in name, or of a document as `kailenty-mock world` prints it.

        `seed` decides its ids, `now` and `frozen` where its clock starts and whether it stands. It lasts until it is
        deleted. Raises ControlError, which names what is wrong.
        """
        clock = given(now=None if now is None else rfc3339(now), frozen=frozen)
        made_of = {"world": world or self._world} if document is None else {"document": document}
        made = self.control.send("POST", "/worlds", {**made_of, **given(seed=seed, clock=clock or None)})
        return World(self, made)

    @contextmanager
    def world(self, world: str | None = None, **how: Any) -> Iterator[World]:
        """Make a world as `create` does, for as long as the context lasts: for fixtures of a wider scope."""
        made = self.create(world, **how)
        try:
            yield made
        finally:
            made.delete()
