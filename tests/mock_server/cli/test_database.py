"""A database that outlasts its server, and those that cannot be served from."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mock_server.cli.commands import ADA_KEY, served, server_fails
from tests.mock_server.running import API, Mock, ok, refused, start

LABEL = {"name": "Data", "color": "#0F766E"}


def test_a_database_outlasts_the_server(tmp_path: Path) -> None:
    """Rows, keys and the count of ids; a reset fills it anew."""
    options = ("--database", f"sqlite:///{tmp_path / 'mock.db'}", "--clock", "2030-05-15T10:00:00Z", "--frozen")
    invite = {
        "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
        "candidates": [{"name": "Grace", "email": "grace@candidates.example"}],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"meetingDurationMinutes": 45, "title": "Interview"},
    }

    def fresh(mock: Mock) -> list[Any]:
        return [ok(mock.as_("usr_alan").post("/invites", invite)) for _ in range(3)]

    with start(*options) as mock:
        before = mock.as_("usr_ada").whole("/invites")
        first = fresh(mock)
        booked = mock.book(first[0]["id"], "2030-05-21T09:00:00Z")
        key = mock.control("POST", "/worlds/acme/api-keys", {"name": "Test", "createdByUserId": "usr_ada"})
        ok(mock.as_("usr_ada").delete("/labels/lbl_unused"))
    with start(*options) as mock:
        caller = mock.with_({"X-API-Key": key["apiKey"]})
        assert ok(caller.get(f"/invites/{first[0]['id']}"))["booking"] == booked
        assert [ok(caller.get(f"/invites/{one['id']}")) for one in first[1:]] == first[1:]
        assert "lbl_unused" not in [label["id"] for label in caller.whole("/labels")]
        second = fresh(mock)
        assert not {one["id"] for one in first} & {one["id"] for one in second}
    with start(*options, "--world", "globex") as mock:
        assert mock.control("GET", "/health")["workspaces"] == ["acme", "globex"]
    with start(*options) as mock:
        mock.reset()
        assert mock.as_("usr_ada").whole("/invites") == before
        refused(mock.with_({"X-API-Key": key["apiKey"]}).get("/invites"), 401)
        assert fresh(mock) == first
    assert [file.name for file in tmp_path.iterdir()] == ["mock.db"]


def test_a_killed_server_loses_nothing_that_it_answered(tmp_path: Path) -> None:
    options = ("--database", f"sqlite:///{tmp_path / 'mock.db'}")
    with served(*options) as one:
        made = httpx.post(f"{one.url}{API}/labels", headers={"X-API-Key": ADA_KEY}, json=LABEL)
        one.process.kill()
    with served(*options) as one:
        assert ok(made) in ok(one.get(f"{API}/labels?pageSize=100", **{"X-API-Key": ADA_KEY}))["items"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mock.db", "Could not parse"),
        ("nosql://host", "nosql"),
        ("sqlite:////no/such/folder/mock.db", "unable to open database file"),
        ("mysql://ada:hunter2@localhost/mock", "MySQLdb is not installed"),
        ("postgresql+asyncpg://ada:hunter2@localhost/mock", "asyncpg is for asyncio"),
    ],
)
def test_a_database_that_is_none(url: str, words: str) -> None:
    """Without the password that the URL may have."""
    line = server_fails("--database", url)
    assert line.startswith("--database ")
    assert words in line
    assert "hunter2" not in line


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is a text, and long enough to be taken for a header. " * 10)
    assert "file is not a database" in server_fails("--database", f"sqlite:///{tmp_path / 'text'}")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table workspaces (colour text)")
    other.close()
    assert "no such column" in server_fails("--database", f"sqlite:///{tmp_path / 'other.db'}")


def test_a_database_of_another_version(tmp_path: Path) -> None:
    """It is refused at the start, and not at the first request that meets what is not there."""
    file = tmp_path / "mock.db"
    with start("--database", f"sqlite:///{file}"):
        pass
    with sqlite3.connect(file) as older:
        older.execute("alter table invite_labels drop column mother_invite_id")
    older.close()
    assert "no such column: invite_labels.mother_invite_id" in server_fails("--database", f"sqlite:///{file}")
