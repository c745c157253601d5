"""Where a run's mock is: one for the run, also where xdist shares it among processes."""

from contextlib import ExitStack
from typing import Any

import pytest

from pytest_kailenty.server import CannotStart, find, serving
from pytest_kailenty.settings import Settings

# What the run's controller tells its workers.
_TOLD = "kailenty"


class Source:
    """Gives the mock's address: the one named, the one the controller tells, or that of a server started at need."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self._settings = settings
        self._told: dict[str, str] | None = getattr(config, "workerinput", {}).get(_TOLD)
        self._started: str | None = None
        self._server = ExitStack()

    def url(self) -> str:
        """The address. Raises CannotStart."""
        if self._settings.url is not None:
            return self._settings.url
        if self._told is not None:
            if "problem" in self._told:
                raise CannotStart(self._told["problem"])
            return self._told["url"]
        if self._started is None:
            command = find(self._settings.command)
            self._started = self._server.enter_context(serving(command, self._settings.serve_options))
        return self._started

    def tell(self, workerinput: dict[str, Any]) -> None:
        """Tell a worker the address, or why there is none: only a test that needs the mock then fails."""
        if self._told is None:
            try:
                self._told = {"url": self.url()}
            except CannotStart as problem:
                self._told = {"problem": str(problem)}
        workerinput[_TOLD] = self._told

    def stop(self) -> None:
        """Stop the server, if this process started one."""
        self._server.close()
