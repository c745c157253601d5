"""The explorer of the mock: who is offered to whom."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.mock_server.running import Mock, serving


def offered(url: str, **headers: str) -> list[dict[str, Any]]:
    """Give the personas in the page that a reader gets."""
    response = httpx.get(f"{url}/api/docs", headers=headers)
    assert response.status_code == 200
    [data] = re.findall(r'id="personas">(.*?)</script>', response.text, re.DOTALL)
    personas: list[dict[str, Any]] = json.loads(data)
    return personas


def test_the_host_of_a_workspace_offers_its_own(mock: Mock) -> None:
    host = mock.personas["usr_ada"]["host"]
    found = offered(mock.url, Host=host)
    assert {persona["workspace"] for persona in found} == {"acme"}
    assert {persona["host"] for persona in found} == {host}
    assert {persona["role"] for persona in found} == {"admin", "manager", "user"}
    assert mock.personas["usr_ada"] in found


def test_the_bare_host_offers_all(mock: Mock) -> None:
    assert {persona["workspace"] for persona in offered(mock.url)} == {"acme", "globex"}


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:80"]
)
def test_a_foreign_host_offers_nobody(mock: Mock, host: str) -> None:
    """A page of that host could read what is in this one."""
    assert offered(mock.url, Host=host) == []


def test_no_other_origin_may_read_the_page(mock: Mock) -> None:
    response = httpx.get(f"{mock.url}/api/docs", headers={"Origin": "https://evil.example"})
    assert [name for name in response.headers if name.startswith("access-control-")] == []
    assert "apiKey" not in response.text


def test_behind_a_control_token_nobody_is_offered() -> None:
    with serving("--control-token", "secret") as url:
        assert offered(url) == []
        assert httpx.get(f"{url}/api/docs/explorer.js").status_code == 200
