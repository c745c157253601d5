"""What the tests of faults share."""

from typing import Any

from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, request

ADA_KEY = {"X-API-Key": "kly_acme_ada_test_key"}
LABEL: dict[str, Any] = {"name": "Data", "color": "#0F766E"}


def add(mock: Mock, workspace: str = "acme", **fault: Any) -> dict[str, Any]:
    """Add a fault, and give it as it is shown."""
    made: dict[str, Any] = mock.control("POST", f"/worlds/{workspace}/faults", fault)
    return made


def faults(mock: Mock, workspace: str = "acme") -> list[dict[str, Any]]:
    """The faults of a workspace."""
    items: list[dict[str, Any]] = mock.control("GET", f"/worlds/{workspace}/faults")["items"]
    return items


def labels(mock: Mock) -> list[str]:
    """The names of acme's labels, by the control API's own way round faults: there is none for globex's."""
    mock.control("DELETE", "/worlds/acme/faults")
    return [label["name"] for label in mock.as_("usr_ada").whole("/labels")]


def asking(path: str, *headers: str) -> bytes:
    """A request of Ada's as bytes."""
    return request("GET", f"{API}{path}", ADA, *headers)
