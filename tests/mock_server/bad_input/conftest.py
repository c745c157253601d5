"""A mock that no bad request changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock_server.running import Mock

YEARS = [
    {"from_": "2029-06-01T00:00:00Z", "to": "2030-05-15T00:00:00Z"},
    {"from_": "2030-05-15T00:00:00Z", "to": "2031-05-14T00:00:00Z"},
]


def everything(mock: Mock) -> list[Any]:
    """All that an admin of each workspace sees, and the keys."""
    found: list[Any] = []
    for workspace, user in (("acme", "usr_ada"), ("globex", "usr_gx_ada")):
        admin = mock.as_(user)
        found += [admin.whole("/invites", includeSubInvites="true"), admin.whole("/labels"), admin.whole("/users")]
        found += [admin.whole("/meetings", **year) for year in YEARS]
        found += [mock.control("GET", f"/worlds/{workspace}/api-keys")]
    return found


@pytest.fixture
def unchanged(mock: Mock) -> Iterator[Mock]:
    """A mock that has the same rows afterwards, and still serves."""
    before = everything(mock)
    yield mock
    assert everything(mock) == before
