"""Requests for no operation, and the operations that they come close to."""

import pytest

from tests.mock_server.journal.reading import explained
from tests.mock_server.running import API, Mock, refused

ADA = {"X-API-Key": "kly_acme_ada_test_key"}

# What was asked for; the nearest operation, and what differs.
MISTAKES: list[tuple[str, str, str, list[str]]] = [
    ("GET", f"{API}/labls", "listLabels", ["labls, expected labels"]),
    ("POST", f"{API}/Labels", "createLabel", ["Labels, expected labels"]),
    ("GET", f"{API}/labels/", "listLabels", ["/ is too much"]),
    ("GET", "/labels", "listLabels", [f"the path does not begin with {API}"]),
    ("GET", "/api/v1/invites/inv_a", "getInvite", [f"the path does not begin with {API}"]),
    ("GET", "/v2/app/invites", "listInvites", [f"the path does not begin with {API}"]),
    ("DELETE", f"{API}/labels", "listLabels", ["the method is DELETE, expected GET"]),
    ("PUT", f"{API}/invites/inv_a", "getInvite", ["the method is PUT, expected GET"]),
    ("POST", f"{API}/invites/inv_a/subinvites", "createSubInvite", ["subinvites, expected sub-invites"]),
    ("PUT", f"{API}/users/usr_a/label", "replaceUserLabels", ["label, expected labels"]),
    ("GET", f"{API}/users/usr_a", "listUsers", ["/usr_a is too much"]),
    ("POST", f"{API}/meetings/mtg_a", "updateMeeting", ["the method is POST, expected PATCH"]),
    ("GET", "/_mock/world/acme/api-keys", "listApiKeys", ["world, expected worlds"]),
    ("GET", "/_mock/clocks", "getClock", ["clocks, expected clock"]),
]


@pytest.mark.parametrize(("method", "path", "operation_id", "differs"), MISTAKES)
def test_the_nearest_operation_and_what_differs(
    mock: Mock, method: str, path: str, operation_id: str, differs: list[str]
) -> None:
    """In a header for whoever asked; for the App API in the journal too."""
    answer = mock.client.request(method, path, headers=ADA)
    message = refused(answer, answer.status_code)
    nearest = answer.headers["x-mock-nearest"]
    assert nearest.partition(" (")[2].startswith(f"{'; '.join(differs)})")
    if answer.status_code == 404:
        assert "did you mean /" in message
    if path.startswith("/_mock"):
        return
    first = explained(mock, answer)["nearest"][0]
    assert (first["operationId"], first["differs"]) == (operation_id, differs)
    assert nearest.startswith(f"{first['method']} {first['path']} (")


def test_every_method_of_a_path_is_near(mock: Mock) -> None:
    answer = mock.with_(ADA).send("PUT", "/labels")
    assert [near["operationId"] for near in explained(mock, answer)["nearest"][:2]] == ["listLabels", "createLabel"]


@pytest.mark.parametrize("path", ["/favicon.ico", "/", "/a/b/c/d/e/f/g", f"{API}/quite/something/else/again"])
def test_what_is_near_to_nothing(mock: Mock, path: str) -> None:
    answer = mock.client.get(path)
    assert f"the API is below {API}" in refused(answer, 404, "ERR-06")
    assert "x-mock-nearest" not in answer.headers
    assert explained(mock, answer)["nearest"] == []
