"""Personas and their credentials."""

from urllib.parse import urlsplit

import pytest

from fixtures import load_world
from tests.mock_server.control.calling import ADA_KEY, send
from tests.mock_server.running import Mock, ok, refused


def test_personas_are_everybody_with_credentials(mock: Mock) -> None:
    items = mock.control("GET", "/personas")["items"]
    port = urlsplit(mock.url).port
    users = {(world, user.id): user for world in ("acme", "globex") for user in load_world(world).users}
    assert {(item["workspace"], item["userId"]) for item in items} == set(users)
    for item in items:
        user = users[item["workspace"], item["userId"]]
        assert item["host"] == f"{item['workspace']}.localhost:{port}"
        assert (item["name"], item["role"], item["status"]) == (user.name, user.role, user.status)
        assert item["role"] == "admin" or item["apiKey"] is None
    assert {item["userId"]: item["apiKey"] for item in items if item["apiKey"]} == {
        "usr_ada": ADA_KEY,
        "usr_grace": "kly_acme_grace_test_key",
        "usr_konrad": "kly_acme_konrad_test_key",
        "usr_gx_ada": "kly_globex_ada_test_key",
        "usr_gx_konrad": "kly_globex_konrad_test_key",
    }


def test_each_credential_of_a_persona_is_theirs(mock: Mock) -> None:
    """AUTH-02, AUTH-04, AUTH-05, AUTH-10: at their host, and rejected where they are not active."""
    for item in mock.personas.values():
        ways = [{"Authorization": f"Bearer {item[name]}"} for name in ("token", "microsoftToken")]
        ways += [{"X-API-Key": item["apiKey"]}] if item["apiKey"] else []
        for headers in ways:
            answer = mock.with_(headers, item["host"]).get("/invites", x="unknown")
            if item["status"] == "active":
                refused(answer, 400)
                caller = f"{item['userId']}; role={item['role']}; workspace={item['workspace']}"
                assert answer.headers["x-mock-caller"] == caller
            else:
                refused(answer, 401, "AUTH-10")


def test_personas_of_one_workspace(mock: Mock) -> None:
    items = mock.control("GET", "/personas?workspace=globex")["items"]
    assert [item for item in mock.control("GET", "/personas")["items"] if item["workspace"] == "globex"] == items
    assert "globex" in refused(send(mock, "GET", "/personas?workspace=initech"), 404)
    refused(send(mock, "GET", "/personas?workspace="), 400)
    refused(send(mock, "GET", "/personas?workspace=a%20b"), 400)
    refused(send(mock, "GET", "/personas?workspaces=acme"), 400)


@pytest.mark.parametrize(
    "host", ["localhost", "acme.localhost", "127.0.0.1", "[::1]", "localhost:" + "9" * 5000, "localhost:x"]
)
def test_personas_name_the_port_that_was_asked(mock: Mock, host: str) -> None:
    """None where there was none, or one that is none."""
    answer = mock.client.get("/_mock/personas?workspace=acme", headers={"Host": host})
    assert {item["host"] for item in ok(answer)["items"]} == {"acme.localhost"}
