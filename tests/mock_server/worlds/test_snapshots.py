"""Worlds go back to how they were."""

from pathlib import Path
from typing import Any

import pytest

from tests.mock_server.running import Mock, ok, refused, start
from tests.mock_server.worlds.making import caller, change, make, post, state


def snapshots(workspace: str) -> str:
    return f"/worlds/{workspace}/snapshots"


def restore(mock: Mock, workspace: str, name: str) -> dict[str, Any]:
    restored: dict[str, Any] = mock.control("POST", f"{snapshots(workspace)}/{name}/restore")
    return restored


def test_a_restored_world_is_as_it_was_saved(mock: Mock) -> None:
    """Rows, keys, clock and the ids to come, request ids too."""
    made = make(mock, workspace="one")
    ada = caller(mock, made)
    change(mock, "one", ada)
    assert mock.control("POST", snapshots("one"), {"name": "v1.0"}) == {
        "name": "v1.0",
        "savedAt": "2030-05-15T10:00:00.000Z",
    }
    label = {"name": "Next", "color": "#000000"}
    first = ada.post("/labels", label)
    saved = state(mock, "one")
    mock.control("PUT", "/worlds/one/clock", {"advanceSeconds": 60, "frozen": False})
    ok(ada.delete(f"/labels/{ok(first)['id']}"))
    mock.control("DELETE", "/worlds/one/api-keys/key_ada")
    assert restore(mock, "one", "v1.0")["workspace"] == "one"
    again = ada.post("/labels", label)
    assert (again.text, again.headers["x-request-id"]) == (first.text, first.headers["x-request-id"])
    assert state(mock, "one") == saved
    assert mock.control("GET", "/worlds/one/clock") == {"now": "2030-05-15T10:00:00.000Z", "frozen": True}


@pytest.mark.parametrize("workspace", ["acme", "one"])
def test_a_reset_world_is_as_it_began(mock: Mock, workspace: str) -> None:
    """Its snapshots stay, and so does the clock that worlds of the start share."""
    made = make(mock, workspace="one")
    ada = mock.as_("usr_ada") if workspace == "acme" else caller(mock, made)
    first = ada.get("/labels").headers["x-request-id"]
    began = state(mock, workspace)
    ran = change(mock, workspace, ada)
    mock.control("POST", snapshots(workspace), {"name": "changed"})
    changed = state(mock, workspace)
    mock.control("PUT", f"/worlds/{workspace}/clock", {"advanceSeconds": 60})
    mock.control("POST", f"/worlds/{workspace}/reset")
    now = mock.control("GET", f"/worlds/{workspace}/clock")["now"]
    assert now == ("2030-05-15T10:01:00.000Z" if workspace == "acme" else "2030-05-15T10:00:00.000Z")
    assert state(mock, workspace) == began | {"now": now}
    restore(mock, workspace, "changed")
    assert state(mock, workspace) == changed | {"now": now}
    mock.control("POST", f"/worlds/{workspace}/reset")
    assert ada.get("/labels").headers["x-request-id"] == first
    if workspace == "one":
        assert change(mock, workspace, ada) == ran


def test_snapshots_are_listed_replaced_and_deleted(mock: Mock) -> None:
    make(mock, workspace="one")
    names = ["b", "a", "Z.9_x-y", "a" * 100]
    for name in names:
        mock.control("POST", snapshots("one"), {"name": name})
    mock.control("PUT", "/worlds/one/clock", {"advanceSeconds": 60})
    mock.control("POST", snapshots("one"), {"name": "b"})
    listed = mock.control("GET", snapshots("one"))["items"]
    assert [item["name"] for item in listed] == sorted(names)
    assert {item["name"]: item["savedAt"] for item in listed}["b"] == "2030-05-15T10:01:00.000Z"
    assert mock.control("DELETE", f"{snapshots('one')}/b") in listed
    assert "b" not in [item["name"] for item in mock.control("GET", snapshots("one"))["items"]]
    refused(mock.client.delete(f"/_mock{snapshots('one')}/b"), 404)
    refused(post(mock, f"{snapshots('one')}/b/restore"), 404)
    refused(post(mock, f"{snapshots('acme')}/a/restore"), 404)


@pytest.mark.parametrize("name", ["", ".", "..", "a b", "a/b", "-a", "a" * 101, 1, None])
def test_what_names_no_snapshot(mock: Mock, name: Any) -> None:
    before = mock.control("GET", snapshots("acme"))
    assert "/name" in refused(post(mock, snapshots("acme"), {"name": name}), 400)
    assert mock.control("GET", snapshots("acme")) == before


def test_a_copy_has_no_snapshots(mock: Mock) -> None:
    make(mock, workspace="one")
    mock.control("POST", snapshots("one"), {"name": "a"})
    make(mock, workspace="two", copyOf="one")
    assert mock.control("GET", snapshots("two")) == {"items": []}


def test_worlds_and_snapshots_survive_the_server(tmp_path: Path) -> None:
    options = ("--database", f"sqlite:///{tmp_path / 'mock.db'}", "--clock", "2030-05-15T10:00:00Z", "--frozen")
    with start(*options) as mock:
        for name, clock in (("still", {"frozen": True}), ("runs", {"now": "2040-01-01T00:00:00Z", "frozen": False})):
            made = make(mock, workspace=name, clock=clock, seed=7, expiresInSeconds=60)
        mock.control("PUT", "/worlds/still/clock", {"advanceSeconds": 5})
        mock.control("POST", snapshots("still"), {"name": "saved"})
        mock.control("POST", snapshots("acme"), {"name": "of-start"})
        about = mock.control("GET", "/worlds/still")
        saved = state(mock, "still")
        mock.control("PUT", "/worlds/still/clock", {"advanceSeconds": 60})
        restore(mock, "still", "saved")
        change(mock, "still", mock.with_({"X-API-Key": "kly_still_ada_test_key"}, "still.localhost"))
        changed = state(mock, "still")
        began = state(mock, "acme")
        mock.control("DELETE", "/worlds/acme/api-keys/key_ada")
    with start(*options, "--world", "acme") as mock:
        port = about["host"].rpartition(":")[2]
        again = mock.control("GET", "/worlds/still")
        assert again["host"].rpartition(":")[2] != ""
        assert {k: v for k, v in again.items() if port not in str(about[k])} == {
            k: v for k, v in about.items() if port not in str(v)
        }
        assert state(mock, "still") == changed
        assert mock.control("GET", "/worlds/runs/clock")["now"] >= "2040-01-01T00:00:00.000Z"
        restore(mock, "still", "saved")
        assert state(mock, "still") == saved
        mock.control("POST", "/worlds/still/reset")
        assert mock.control("GET", "/worlds/still/clock") == {"now": "2030-05-15T10:00:00.000Z", "frozen": True}
        assert mock.control("GET", snapshots("acme"))["items"][0]["name"] == "of-start"
        assert "globex" in refused(post(mock, "/worlds/globex/reset"), 409)
        assert state(mock, "acme") != began
        for _ in range(2):
            mock.control("POST", "/worlds/acme/reset")
            assert state(mock, "acme") == began
            mock.control("DELETE", "/worlds/acme/api-keys/key_ada")
        mock.control("PUT", "/clock", {"advanceSeconds": 60})
        refused(mock.client.get("/_mock/worlds/still"), 404)
    assert made["workspace"] == "runs"
