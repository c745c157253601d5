"""A server with nothing but its defaults, for tests that only ask it."""

from collections.abc import Iterator

import pytest

from tests.mock_server.cli.commands import Served, served


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    """The worker's server."""
    with served() as server:
        yield server
