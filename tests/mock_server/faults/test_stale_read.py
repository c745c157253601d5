"""Reads of the past: what a client sees that reads from a replica which lags behind, or through a cache."""

import pytest

from tests.mock_server.faults.common import LABEL, add, faults
from tests.mock_server.running import Caller, Mock, ok, refused

YEAR = {"from_": "2030-05-01T00:00:00Z", "to": "2030-12-31T00:00:00Z"}


def names(caller: Caller) -> list[str]:
    return [label["name"] for label in caller.whole("/labels")]


def test_reads_show_the_state_when_it_was_added(mock: Mock) -> None:
    ada = mock.as_("usr_ada")
    before = names(ada), ada.whole("/invites"), ada.whole("/meetings", **YEAR)
    fault = add(mock, kind="stale-read")
    made = ok(ada.post("/labels", LABEL))
    assert ok(ada.patch("/invites/inv_active", {"meeting": {"title": "New"}}))["meeting"]["title"] == "New"
    mock.book("inv_active", "2030-05-21T09:00:00Z")
    answer = ada.get("/labels")
    assert answer.headers["x-mock-fault-applied"] == f"stale-read {fault['id']}"
    assert (names(ada), ada.whole("/invites"), ada.whole("/meetings", **YEAR)) == before
    assert ok(ada.get("/invites/inv_active"))["status"] == "active"
    mock.control("DELETE", "/worlds/acme/faults")
    assert made["name"] in names(ada)
    assert ok(ada.get("/invites/inv_active"))["status"] == "booked"


def test_what_was_created_since_is_not_there(mock: Mock) -> None:
    """The classic: 201, and then 404."""
    ada = mock.as_("usr_ada")
    body = {
        "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
        "candidates": [{"name": "Grace", "email": "grace@candidates.example"}],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"meetingDurationMinutes": 45, "title": "Interview"},
    }
    add(mock, kind="stale-read", operations=["getInvite"], times=1)
    made = ok(ada.post("/invites", body))
    refused(ada.get(f"/invites/{made['id']}"), 404)
    assert ok(ada.get(f"/invites/{made['id']}")) == made


def test_what_writes_meets_none(mock: Mock) -> None:
    """It goes to the present, and counts for nothing."""
    ada = mock.as_("usr_ada")
    add(mock, kind="stale-read", times=5)
    answer = ada.post("/labels", LABEL)
    assert "x-mock-fault-applied" not in answer.headers
    refused(ada.post("/labels", LABEL), 409)
    assert [(fault["times"], fault["applied"]) for fault in faults(mock)] == [(5, 0)]


def test_who_may_see_what_is_as_ever(mock: Mock) -> None:
    """OWN-01, TEN-02: the caller's rows, and their workspace's alone."""
    alan = mock.as_("usr_alan")
    before = alan.whole("/invites")
    add(mock, kind="stale-read")
    assert alan.whole("/invites") == before
    refused(alan.get("/invites/inv_gx_active"), 404)
    refused(mock.as_("usr_alan").get("/labels"), 403)


def test_by_a_snapshot(mock: Mock) -> None:
    """By a fault, and by a header."""
    ada = mock.as_("usr_ada")
    mock.control("POST", "/worlds/acme/snapshots", {"name": "before"})
    ok(ada.post("/labels", LABEL))
    stale = ada.send("GET", "/labels", headers={"X-Mock-Fault": "stale-read; snapshot=before"})
    assert LABEL["name"] not in [label["name"] for label in ok(stale)["items"]]
    assert stale.headers["x-mock-fault-applied"] == "stale-read header"
    assert LABEL["name"] in names(ada)
    add(mock, kind="stale-read", snapshot="before")
    mock.control("DELETE", "/worlds/acme/snapshots/before")
    assert LABEL["name"] not in names(ada), "the fault has it, with or without the snapshot"


def test_in_a_world_of_its_own(mock: Mock) -> None:
    world = mock.control("POST", "/worlds", {"workspace": "one"})
    ada = mock.with_({"X-API-Key": "kly_one_ada_test_key"}, world["host"])
    add(mock, "one", kind="stale-read")
    ok(ada.post("/labels", LABEL))
    assert LABEL["name"] not in names(ada)
    mock.control("POST", "/worlds/one/reset")
    assert faults(mock, "one") == []


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"snapshot": "none"}, 404, "has no snapshot none"),
        ({"snapshot": ""}, 400, "/snapshot"),
        ({"operations": ["listLabels", "createLabel"]}, 400, '/operations/1 is "createLabel", which reads nothing'),
    ],
)
def test_a_bad_fault(mock: Mock, given: dict[str, object], status: int, told: str) -> None:
    answer = mock.client.post("/_mock/worlds/acme/faults", json={"kind": "stale-read", **given})
    assert told in refused(answer, status)
    assert faults(mock) == []


@pytest.mark.parametrize(
    ("method", "header", "status", "told"),
    [
        ("GET", "stale-read", 400, "X-Mock-Fault/snapshot is missing"),
        ("GET", "stale-read; snapshot=none", 400, "X-Mock-Fault/snapshot names none"),
        ("POST", "stale-read; snapshot=none", 400, 'X-Mock-Fault/kind is "stale-read", which is for what reads'),
    ],
)
def test_a_bad_header(mock: Mock, method: str, header: str, status: int, told: str) -> None:
    answer = mock.as_("usr_ada").send(method, "/labels", headers={"X-Mock-Fault": header}, json=LABEL)
    assert told in refused(answer, status)
