"""Soft mode: refusals by role and by strictness are let through and told, and no other."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.mock_server.journal.reading import explained, steps
from tests.mock_server.running import Mock, ok, refused, start

ADA = {"X-API-Key": "kly_acme_ada_test_key"}
BERLIN = {"name": "Berlin", "color": "#0F766E"}
MEETING = {"title": "A talk", "startAt": "2030-05-21T09:00:00.000Z", "endAt": "2030-05-21T09:30:00.000Z"}


@pytest.fixture(scope="module")
def running_softly() -> Iterator[Mock]:
    options = ("--validate-responses", "--clock", "2030-05-15T10:00:00Z", "--frozen")
    with start("--enforce", "warn", *options) as mock:
        yield mock


@pytest.fixture
def soft(running_softly: Mock) -> Mock:
    """A mock in soft mode, begun anew."""
    running_softly.reset()
    return running_softly


def told(answer: httpx.Response) -> list[str]:
    """What an answer says that production would have refused."""
    return answer.headers.get_list("x-mock-would-refuse")


def test_a_role_may_do_what_it_may_not(soft: Mock) -> None:
    answer = soft.as_("usr_alan").post("/labels", BERLIN)
    assert ok(answer)["name"] == "Berlin"
    assert told(answer) == ["403 ROLE-02; This is for admins; your role is user"]
    entry = explained(soft, answer)
    assert (entry["status"], entry["rule"]) == (201, None)
    assert entry["wouldRefuse"] == [
        {"step": "role", "status": 403, "rule": "ROLE-02", "message": "This is for admins; your role is user"}
    ]
    assert steps(entry, "passed")["role"] == "Soft mode let through: 403 ROLE-02; This is for admins; your role is user"
    assert "Berlin" in [label["name"] for label in soft.with_(ADA).whole("/labels")]


def test_a_role_may_ask_for_what_it_may_not(soft: Mock) -> None:
    answer = soft.as_("usr_alan").post("/meetings", {**MEETING, "hostUserId": "usr_zoe"})
    assert ok(answer)["hostUserId"] == "usr_zoe"
    [line] = told(answer)
    assert line.startswith("403 ROLE-05; Another host is for managers and admins")
    assert [one["step"] for one in explained(soft, answer)["wouldRefuse"]] == ["content role"]


def test_unknown_and_repeated_parameters_are_left_out(soft: Mock) -> None:
    """Of a repeated one the first stays."""
    answer = soft.with_(ADA).send("GET", "/labels?pageSize=1&pageSize=2&pagesize=3&x=")
    assert (ok(answer)["pageSize"], len(ok(answer)["items"])) == (1, 1)
    assert told(answer) == [
        "400 STR-02; The parameter pageSize is given more than once",
        "400 STR-01; The query parameter pagesize is unknown; did you mean pageSize?",
        "400 STR-01; The query parameter x is unknown; known are page, pageSize, sort, sortBy, sortDir",
    ]


def test_unknown_members_are_left_out(soft: Mock) -> None:
    """Wherever they are."""
    body: dict[str, Any] = {
        "requiredAttendees": [{"type": "users", "userIds": ["usr_ada"], "why": 1}],
        "candidates": [{"name": "A", "email": "a@example.org", "age": 30}],
        "voteDeadlineAt": "2030-07-01T00:00:00.000Z",
        "meeting": {"meetingDurationMinutes": 30, "title": "Demo", "colour": "red"},
        "priority": {"high": True},
    }
    answer = soft.with_(ADA).post("/invites", body)
    made = ok(answer)
    assert made["requiredAttendees"] == [{"type": "users", "userIds": ["usr_ada"]}]
    assert made["candidates"] == [{"name": "A", "email": "a@example.org"}]
    assert "colour" not in made["meeting"]
    lines = told(answer)
    assert {line.partition(";")[0] for line in lines} == {"400 STR-03"}
    assert {one["rule"] for one in explained(soft, answer)["wouldRefuse"]} == {"STR-03"}


def test_several_refusals_of_one_request(soft: Mock) -> None:
    answer = soft.as_("usr_alan").send("POST", "/labels?x=1", json={**BERLIN, "size": 3})
    assert [line.split(";")[0] for line in told(answer)] == ["403 ROLE-02", "400 STR-01", "400 STR-03"]
    ok(answer)


def test_what_is_told_though_another_check_refuses(soft: Mock) -> None:
    answer = soft.as_("usr_alan").delete("/labels/lbl_none")
    refused(answer, 404)
    assert [line.split(";")[0] for line in told(answer)] == ["403 ROLE-02"]


HARD: dict[str, tuple[int, Any]] = {
    "no-credential": (401, lambda mock: mock.with_({}).get("/labels")),
    "tenant": (401, lambda mock: mock.with_(ADA, mock.personas["usr_gx_ada"]["host"]).get("/labels")),
    "unknown-path": (404, lambda mock: mock.with_(ADA).get("/labls")),
    "method": (405, lambda mock: mock.with_(ADA).delete("/labels")),
    "hidden": (404, lambda mock: mock.as_("usr_zoe").get("/invites/inv_active")),
    "state": (409, lambda mock: mock.with_(ADA).patch("/invites/inv_sub_active", {"meeting": {"title": "A"}})),
    "schema": (400, lambda mock: mock.with_(ADA).post("/labels", {**BERLIN, "color": "red"})),
    "missing": (400, lambda mock: mock.with_(ADA).post("/labels", {"colour": "red"})),
    "empty": (400, lambda mock: mock.with_(ADA).patch("/invites/inv_active", {"tittle": "A"})),
    "value": (400, lambda mock: mock.with_(ADA).get("/labels", pageSize=0)),
    "media-type": (415, lambda mock: mock.with_(ADA).send("POST", "/labels", content=b"{}")),
    "control": (400, lambda mock: mock.client.get("/_mock/personas?workspaces=acme")),
    "too-much": (400, lambda mock: mock.with_(ADA).send("GET", "/labels?" + "&".join(f"x{n}" for n in range(51)))),
}


@pytest.mark.parametrize("why", HARD)
def test_nothing_else_is_soft(soft: Mock, why: str) -> None:
    status, send = HARD[why]
    refused(send(soft), status)


def test_the_strict_mode_tells_nothing(mock: Mock) -> None:
    answer = mock.as_("usr_alan").post("/labels", BERLIN)
    refused(answer, 403, "ROLE-02")
    assert told(answer) == []
