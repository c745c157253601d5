"""A mock in a process of its own, one a worker, begun anew for every test; and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mock_server.browser import Browser, launched
from tests.mock_server.running import Mock, start
from tests.openapi.node import node_modules

__all__ = ["node_modules"]


@pytest.fixture(scope="session")
def running() -> Iterator[Mock]:
    """The worker's mock, which checks each of its answers against the contract."""
    with start("--validate-responses", "--clock", "2030-05-15T10:00:00Z", "--frozen") as mock:
        yield mock


@pytest.fixture
def mock(running: Mock) -> Mock:
    """The mock as it was when it started: Wednesday 2030-05-15, 10:00 UTC, standing still."""
    running.reset()
    return running


@pytest.fixture(scope="session")
def browser(node_modules: Path) -> Iterator[Browser]:
    """The worker's browser."""
    with launched(node_modules) as browser:
        yield browser
