"""API keys, made and revoked."""

from typing import Any

import pytest

from fixtures import load_world
from tests.mock_server.control.calling import ADA_KEY, START, send
from tests.mock_server.running import Mock, refused


def test_a_key_is_created_listed_and_revoked(mock: Mock) -> None:
    """AUTH-02, AUTH-08: from the next request on."""
    made = mock.control("POST", "/worlds/acme/api-keys", {"name": "Export", "createdByUserId": "usr_grace"})
    secret = made.pop("apiKey")
    assert made | {"id": ""} == {
        "id": "",
        "name": "Export",
        "createdByUserId": "usr_grace",
        "createdAt": START,
        "revokedAt": None,
    }
    listed = mock.control("GET", "/worlds/acme/api-keys")["items"]
    assert listed[-1] == made
    assert secret not in str(listed)
    caller = mock.with_({"X-API-Key": secret})
    assert caller.get("/invites", x="unknown").headers["x-mock-caller"] == "usr_grace; role=admin; workspace=acme"
    mock.control("PUT", "/clock", {"advanceSeconds": 60})
    revoked = mock.control("DELETE", f"/worlds/acme/api-keys/{made['id']}")
    assert revoked == made | {"revokedAt": "2030-05-15T10:01:00.000Z"}
    refused(caller.get("/invites"), 401, "AUTH-08")
    mock.control("PUT", "/clock", {"advanceSeconds": 60})
    assert mock.control("DELETE", f"/worlds/acme/api-keys/{made['id']}") == revoked
    assert mock.control("GET", "/worlds/acme/api-keys")["items"][-1] == revoked


def test_keys_are_listed_in_the_order_they_were_made(mock: Mock) -> None:
    made = [
        mock.control("POST", "/worlds/acme/api-keys", {"name": f"Key {n}", "createdByUserId": "usr_ada"})["id"]
        for n in range(5)
    ]
    listed = [item["id"] for item in mock.control("GET", "/worlds/acme/api-keys")["items"]]
    assert listed == [key.id for key in load_world("acme").api_keys] + made
    assert len(set(listed)) == len(listed)


def test_a_second_key_leaves_the_persona_the_first(mock: Mock) -> None:
    mock.control("POST", "/worlds/acme/api-keys", {"name": "Second", "createdByUserId": "usr_ada"})
    ada = next(item for item in mock.control("GET", "/personas")["items"] if item["userId"] == "usr_ada")
    assert ada["apiKey"] == ADA_KEY
    mock.control("DELETE", "/worlds/acme/api-keys/key_ada")
    ada = next(item for item in mock.control("GET", "/personas")["items"] if item["userId"] == "usr_ada")
    assert ada["apiKey"] not in (None, ADA_KEY)


@pytest.mark.parametrize(
    ("creator", "status"),
    [
        ("usr_marta", 409),
        ("usr_alan", 409),
        ("usr_konrad", 409),
        ("usr_piet", 409),
        ("usr_gx_ada", 404),
        ("nobody", 404),
    ],
)
def test_only_active_admins_create_keys(mock: Mock, creator: str, status: int) -> None:
    """AUTH-12."""
    before = mock.control("GET", "/worlds/acme/api-keys")
    answer = send(mock, "POST", "/worlds/acme/api-keys", {"name": "Export", "createdByUserId": creator})
    assert creator in refused(answer, status, "AUTH-12")
    assert mock.control("GET", "/worlds/acme/api-keys") == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/worlds/initech/api-keys", None, 404),
        ("POST", "/worlds/initech/api-keys", {"name": "a", "createdByUserId": "usr_ada"}, 404),
        ("DELETE", "/worlds/initech/api-keys/key_ada", None, 404),
        ("DELETE", "/worlds/globex/api-keys/key_ada", None, 404),
        ("DELETE", "/worlds/acme/api-keys/key_none", None, 404),
        ("GET", "/worlds/ACME/api-keys", None, 400),
        ("DELETE", "/worlds/acme/api-keys/a%20b", None, 400),
        ("POST", "/worlds/acme/api-keys", {"name": "a"}, 400),
        ("POST", "/worlds/acme/api-keys", {"name": "", "createdByUserId": "usr_ada"}, 400),
        ("POST", "/worlds/acme/api-keys", {"name": "a", "createdByUserId": "usr_ada", "role": "admin"}, 400),
    ],
)
def test_what_the_keys_refuse(mock: Mock, method: str, path: str, body: Any, status: int) -> None:
    before = mock.control("GET", "/worlds/acme/api-keys")
    refused(send(mock, method, path, body), status)
    assert mock.control("GET", "/worlds/acme/api-keys") == before
