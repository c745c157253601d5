"""The candidate, who books."""

from typing import Any

import pytest

from tests.mock_server.control.calling import START, send
from tests.mock_server.running import Mock, ok, refused

DIRECT: dict[str, Any] = {
    "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
    "candidates": [
        {"name": "Grace", "email": "grace@candidates.example"},
        {"name": "Linus", "email": "linus@candidates.example"},
    ],
    "voteDeadlineAt": "2030-07-01T00:00:00Z",
    "meeting": {"meetingDurationMinutes": 45, "title": "Interview", "description": "A talk", "location": "Room 4"},
}


def booking(invite_id: str) -> str:
    return f"/worlds/acme/invites/{invite_id}/booking"


def routed(mock: Mock, label_ids: list[str], start_at: str) -> list[str]:
    """Who attends a meeting that is booked for these labels."""
    groups = [{"type": "labels", "labelIds": label_ids}]
    made = ok(mock.as_("usr_marta").post("/invites", DIRECT | {"requiredAttendees": groups}))
    attendees: list[str] = mock.book(made["id"], start_at)["requiredAttendees"]
    return attendees


@pytest.mark.parametrize(
    ("email", "number"), [(None, 0), ("grace@candidates.example", 0), ("linus@candidates.example", 1)]
)
def test_a_candidate_books(mock: Mock, email: str | None, number: int) -> None:
    """INV-09, INV-10: the one named, or the first; the meeting is the invite's."""
    alan = mock.as_("usr_alan")
    invite = ok(alan.post("/invites", DIRECT))
    given = {"startAt": "2030-05-21T09:00:00Z"} | ({"candidateEmail": email} if email else {})
    made = mock.control("POST", booking(invite["id"]), given)
    generated = {"id", "outlookEventId", "teamsJoinUrl"}
    assert {name: value for name, value in made.items() if name not in generated} == {
        "inviteId": invite["id"],
        "recruiterUserId": "usr_alan",
        "hostUserId": "usr_alan",
        "title": "Interview",
        "description": "A talk",
        "location": "Room 4",
        "startAt": "2030-05-21T09:00:00.000Z",
        "endAt": "2030-05-21T09:45:00.000Z",
        "requiredAttendees": ["usr_zoe"],
        "optionalAttendees": [],
        "guests": [DIRECT["candidates"][number]],
        "labelIds": [],
        "createdAt": START,
        "updatedAt": START,
    }
    booked = ok(alan.get(f"/invites/{invite['id']}"))
    assert (booked["status"], booked["booking"]) == ("booked", made)
    assert made in alan.whole("/meetings", from_="2030-05-21T00:00:00Z", to="2030-05-22T00:00:00Z")
    assert "booked" in refused(send(mock, "POST", booking(invite["id"]), given), 409, "INV-09")


def test_a_label_routes_to_its_first_member_who_is_free(mock: Mock) -> None:
    """INV-10: engineers are Ada, Alan and Edith. Who is busy is passed over; if all are, it is the first."""
    when = "2030-05-22T09:00:00Z"
    assert [routed(mock, ["lbl_engineering"], when) for _ in range(4)] == [
        ["usr_ada"],
        ["usr_alan"],
        ["usr_edith"],
        ["usr_ada"],
    ]
    assert routed(mock, ["lbl_engineering"], "2030-05-22T09:45:00Z") == ["usr_ada"]
    assert routed(mock, ["lbl_engineering"], "2030-05-22T09:44:00Z") == ["usr_ada"]


def test_each_label_routes_by_itself(mock: Mock) -> None:
    """INV-10: one who is in both groups attends once; nobody attends for a group without members."""
    when = "2030-05-22T09:00:00Z"
    assert routed(mock, ["lbl_engineering", "lbl_hiring"], when) == ["usr_ada"]
    assert routed(mock, ["lbl_engineering", "lbl_hiring"], when) == ["usr_alan", "usr_ada"]
    assert routed(mock, ["lbl_unused"], when) == []


def test_nobody_inactive_is_routed_to(mock: Mock) -> None:
    """INV-10."""
    ada = mock.as_("usr_ada")
    for user in ("usr_dora", "usr_piet", "usr_konrad", "usr_zoe"):
        ok(ada.put(f"/users/{user}/labels", {"labelIds": ["lbl_unused"]}))
    assert [routed(mock, ["lbl_unused"], "2030-05-22T09:00:00Z") for _ in range(2)] == [["usr_zoe"]] * 2


@pytest.mark.parametrize(
    ("invite", "body", "status", "told"),
    [
        (
            "inv_active",
            {"startAt": "2030-05-21T09:00:00Z", "candidateEmail": "no@where.example"},
            404,
            "no@where.example",
        ),
        ("inv_active", {"startAt": "2030-05-21T09:00:00Z", "candidateEmail": "no mail"}, 400, "/candidateEmail"),
        ("inv_active", {"startAt": START}, 400, "startAt must be in the future"),
        ("inv_active", {"startAt": "2020-05-21T09:00:00Z"}, 400, "startAt must be in the future"),
        ("inv_active", {"startAt": "2030-02-30T09:00:00Z"}, 400, "/startAt"),
        ("inv_active", {}, 400, "/startAt is missing"),
        ("inv_active", {"startAt": "2030-05-21T09:00:00Z", "endAt": "2030-05-21T10:00:00Z"}, 400, "/endAt is unknown"),
        ("inv_mother", {"startAt": "2030-05-21T09:00:00Z"}, 409, "mother"),
        ("inv_booked", {"startAt": "2030-05-21T09:00:00Z"}, 409, "booked"),
        ("inv_expired", {"startAt": "2030-05-21T09:00:00Z"}, 409, "expired"),
        ("inv_nowhere", {"startAt": "2030-05-21T09:00:00Z"}, 404, "inv_nowhere"),
        ("inv_gx_active", {"startAt": "2030-05-21T09:00:00Z"}, 404, "inv_gx_active"),
    ],
)
def test_what_cannot_be_booked(mock: Mock, invite: str, body: Any, status: int, told: str) -> None:
    """INV-09, INV-16, TEN-02."""
    before = mock.as_("usr_ada").whole("/invites", includeSubInvites="true")
    assert told in refused(send(mock, "POST", booking(invite), body), status)
    assert mock.as_("usr_ada").whole("/invites", includeSubInvites="true") == before


def test_an_invite_cannot_be_booked_after_its_deadline(mock: Mock) -> None:
    """INV-08, INV-09."""
    deadline = ok(mock.as_("usr_ada").get("/invites/inv_active"))["voteDeadlineAt"]
    mock.at(deadline)
    told = refused(send(mock, "POST", booking("inv_active"), {"startAt": "2030-06-21T09:00:00Z"}), 409)
    assert "expired" in told


def test_a_booking_in_an_unknown_workspace(mock: Mock) -> None:
    path = "/worlds/initech/invites/inv_active/booking"
    refused(send(mock, "POST", path, {"startAt": "2030-05-21T09:00:00Z"}), 404)
