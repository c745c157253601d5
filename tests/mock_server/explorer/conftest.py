"""Fixtures for the tests of the explorer."""

from collections.abc import Iterator

import httpx
import pytest

from tests.mock_server.explorer.serving import serving


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """Give the port of an explorer with personas."""
    with serving() as port:
        yield port


@pytest.fixture(scope="session")
def empty_port() -> Iterator[int]:
    """Give the port of an explorer without personas."""
    with serving("--empty") as port:
        yield port


@pytest.fixture
def client(port: int) -> Iterator[httpx.Client]:
    """Give a client of the explorer with personas."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
