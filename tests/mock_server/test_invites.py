"""Invites and sub-invites, over HTTP."""

from typing import Any

import pytest

from tests.mock_server.running import Mock, ok, refused

MOTHER: dict[str, Any] = {
    "allowMultipleBookings": True,
    "publicLinkValue": "product/new-demo",
    "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
    "candidates": [],
    "voteDeadlineAt": "2030-07-01T00:00:00.000Z",
    "meeting": {"meetingDurationMinutes": 30, "title": "Product demo"},
}
DIRECT: dict[str, Any] = {
    "requiredAttendees": [{"type": "labels", "labelIds": ["lbl_engineering"]}],
    "candidates": [{"name": "Grace", "email": "grace@candidates.example"}],
    "voteDeadlineAt": "2030-07-01T00:00:00Z",
    "meeting": {"meetingDurationMinutes": 45, "title": "Interview", "location": "Room 4"},
}


def test_a_mother_is_created_as_asked_and_found(mock: Mock) -> None:
    """INV-01, INV-02, INV-03: the reference's own body."""
    alan = mock.as_("usr_alan")
    made = ok(alan.post("/invites", MOTHER))
    assert made | {"id": "", "booking": None} == {
        "id": "",
        "kind": "mother",
        "status": "active",
        "recruiterUserId": "usr_alan",
        "allowMultipleBookings": True,
        "publicLinkValue": "product/new-demo",
        "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
        "candidates": [],
        "voteDeadlineAt": "2030-07-01T00:00:00.000Z",
        "meeting": {"title": "Product demo", "meetingDurationMinutes": 30, "description": None, "location": None},
        "motherInviteId": None,
        "booking": None,
        "createdAt": "2030-05-15T10:00:00.000Z",
        "updatedAt": "2030-05-15T10:00:00.000Z",
    }
    assert ok(alan.get(f"/invites/{made['id']}")) == made
    assert made in alan.whole("/invites")


def test_an_invite_without_allow_multiple_bookings_is_direct(mock: Mock) -> None:
    """INV-01, ENV-05: the deadline came without a fraction and leaves with one."""
    made = ok(mock.as_("usr_alan").post("/invites", DIRECT))
    assert (made["kind"], made["allowMultipleBookings"]) == ("direct", False)
    assert made["voteDeadlineAt"] == "2030-07-01T00:00:00.000Z"
    assert made["meeting"]["location"] == "Room 4"


def test_ids_and_times_depend_on_the_seed_and_the_requests_alone(mock: Mock) -> None:
    alan = mock.as_("usr_alan")
    first = [ok(alan.post("/invites", DIRECT)) for _ in range(3)]
    mock.reset()
    alan.post("/invites", MOTHER | {"requiredAttendees": [{"type": "users", "userIds": ["usr_nobody"]}]})
    assert [ok(alan.post("/invites", DIRECT)) for _ in range(3)] == first
    assert len({invite["id"] for invite in first}) == 3


@pytest.mark.parametrize("change", [{"candidates": []}, {"publicLinkValue": "a/b"}])
def test_a_direct_invite_has_candidates_and_no_link(mock: Mock, change: dict[str, Any]) -> None:
    """INV-04."""
    refused(mock.as_("usr_alan").post("/invites", DIRECT | change), 400)


def test_a_mother_has_no_candidates(mock: Mock) -> None:
    """INV-04."""
    refused(mock.as_("usr_alan").post("/invites", MOTHER | {"candidates": DIRECT["candidates"]}), 400)


def test_a_deadline_that_has_passed_gives_the_documented_message(mock: Mock) -> None:
    """INV-06, D-10."""
    for deadline in ("2030-05-15T10:00:00.000Z", "2026-07-01T00:00:00.000Z"):
        answer = mock.as_("usr_alan").post("/invites", MOTHER | {"voteDeadlineAt": deadline})
        assert refused(answer, 400, "INV-06") == "voteDeadlineAt must be in the future"
        assert answer.json()["error"] == "Validation failed"


def test_a_public_link_is_unique_in_its_workspace_only(mock: Mock) -> None:
    """INV-05, TEN-03: globex has the same link as acme."""
    alan, rival = mock.as_("usr_alan"), mock.as_("usr_gx_alan")
    ok(alan.post("/invites", MOTHER))
    refused(alan.post("/invites", MOTHER), 409, "INV-05")
    attendees = [{"type": "users", "userIds": ["usr_gx_alan"]}]
    ok(rival.post("/invites", MOTHER | {"requiredAttendees": attendees}))


@pytest.mark.parametrize(
    ("attendees", "missing"),
    [
        ({"type": "users", "userIds": ["usr_zoe", "usr_nobody", "usr_none"]}, "usr_nobody"),
        ({"type": "users", "userIds": ["usr_gx_alan"]}, "usr_gx_alan"),
        ({"type": "labels", "labelIds": ["lbl_engineering", "lbl_nothing"]}, "lbl_nothing"),
    ],
)
def test_attendees_that_do_not_exist_are_named(mock: Mock, attendees: Any, missing: str) -> None:
    """INV-07, TEN-04: a user of another workspace does not exist here."""
    alan = mock.as_("usr_alan")
    before = alan.whole("/invites")
    assert missing in refused(alan.post("/invites", MOTHER | {"requiredAttendees": [attendees]}), 404, "INV-07")
    assert alan.whole("/invites") == before


def test_patch_merges(mock: Mock) -> None:
    """INV-11: also inside meeting."""
    alan = mock.as_("usr_alan")
    made = ok(alan.post("/invites", DIRECT))
    mock.at("2030-05-15T11:00:00Z")
    changed = ok(alan.patch(f"/invites/{made['id']}", {"meeting": {"title": "Second interview"}}))
    expected = made | {
        "meeting": made["meeting"] | {"title": "Second interview"},
        "updatedAt": "2030-05-15T11:00:00.000Z",
    }
    assert changed == expected == ok(alan.get(f"/invites/{made['id']}"))
    cleared = ok(alan.patch(f"/invites/{made['id']}", {"meeting": {"location": None}}))
    assert cleared["meeting"] == expected["meeting"] | {"location": None}


def test_patch_of_attendees_moves_the_invite_between_filters(mock: Mock) -> None:
    """FILT-01."""
    alan = mock.as_("usr_alan")
    made = ok(alan.post("/invites", DIRECT))["id"]
    ok(alan.patch(f"/invites/{made}", {"requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}]}))
    assert made in [one["id"] for one in alan.whole("/invites", attendeeUserIds="usr_zoe")]
    assert made not in [one["id"] for one in alan.whole("/invites", labelIds="lbl_engineering")]


@pytest.mark.parametrize(
    ("invite", "body", "status", "rule"),
    [
        ("inv_sub_active", {"meeting": {"title": "x"}}, 409, "INV-12"),
        ("inv_booked", {"meeting": {"title": "x"}}, 409, "INV-13"),
        ("inv_expired", {"meeting": {"title": "x"}}, 409, "INV-13"),
        ("inv_mother", {"candidates": DIRECT["candidates"]}, 400, "INV-14"),
        ("inv_active", {"publicLinkValue": "free/link"}, 400, "INV-14"),
        ("inv_active", {"candidates": []}, 400, "INV-14"),
        ("inv_active", {}, 400, "INV-15"),
        ("inv_mother", {"publicLinkValue": "open-day"}, 409, "INV-05"),
        ("inv_mother", {"allowMultipleBookings": False}, 400, "STR-03"),
        ("inv_nowhere", {"meeting": {"title": "x"}}, 404, None),
    ],
)
def test_what_patch_refuses(mock: Mock, invite: str, body: Any, status: int, rule: str | None) -> None:
    """INV-12 to INV-15, INV-05; and nothing changes (ERR-11)."""
    ada = mock.as_("usr_ada")
    before = ada.whole("/invites", includeSubInvites="true")
    refused(ada.patch(f"/invites/{invite}", body), status, rule)
    assert ada.whole("/invites", includeSubInvites="true") == before


def test_a_link_may_be_set_to_what_it_is(mock: Mock) -> None:
    alan = mock.as_("usr_alan")
    assert ok(alan.patch("/invites/inv_mother", {"publicLinkValue": "product/tour"}))["publicLinkValue"]
    assert ok(alan.patch("/invites/inv_mother", {"publicLinkValue": None}))["publicLinkValue"] is None


def test_a_sub_invite_mirrors_its_mother_now_and_later(mock: Mock) -> None:
    """SUB-01, SUB-02, SUB-03."""
    alan = mock.as_("usr_alan")
    mother = ok(alan.post("/invites", MOTHER))
    person = {"name": "Grace", "email": "grace@candidates.example"}
    sub = ok(alan.post(f"/invites/{mother['id']}/sub-invites", {"candidate": person}))
    own = ok(
        alan.post(
            f"/invites/{mother['id']}/sub-invites", {"candidate": person, "voteDeadlineAt": "2030-06-01T00:00:00Z"}
        )
    )
    assert sub == mother | {
        "id": sub["id"],
        "kind": "sub",
        "allowMultipleBookings": False,
        "publicLinkValue": None,
        "candidates": [person],
        "motherInviteId": mother["id"],
    }
    assert own["voteDeadlineAt"] == "2030-06-01T00:00:00.000Z"
    change = {
        "voteDeadlineAt": "2030-08-01T00:00:00.000Z",
        "meeting": {"title": "Demo 2"},
        "requiredAttendees": [{"type": "labels", "labelIds": ["lbl_sales"]}],
    }
    ok(alan.patch(f"/invites/{mother['id']}", change))
    after = {one["id"]: one for one in alan.whole(f"/invites/{mother['id']}/sub-invites")}
    assert set(after) == {sub["id"], own["id"]}
    for one in after.values():
        assert one["meeting"]["title"] == "Demo 2"
        assert one["requiredAttendees"] == change["requiredAttendees"]
    assert after[sub["id"]]["voteDeadlineAt"] == "2030-08-01T00:00:00.000Z"
    assert after[own["id"]]["voteDeadlineAt"] == "2030-06-01T00:00:00.000Z"
    found = {one["id"] for one in alan.whole("/invites", labelIds="lbl_sales", includeSubInvites="true")}
    assert {mother["id"], sub["id"], own["id"]} <= found


def test_a_manager_issues_for_the_recruiter(mock: Mock) -> None:
    """SUB-01, OWN-05: the sub belongs to the mother's recruiter."""
    person = {"name": "Grace", "email": "grace@candidates.example"}
    sub = ok(mock.as_("usr_marta").post("/invites/inv_mother/sub-invites", {"candidate": person}))
    assert sub["recruiterUserId"] == "usr_alan"
    assert ok(mock.as_("usr_alan").get(f"/invites/{sub['id']}")) == sub


@pytest.mark.parametrize("invite", ["inv_active", "inv_sub_active", "inv_mother_expired", "inv_booked"])
def test_only_an_active_mother_issues(mock: Mock, invite: str) -> None:
    """SUB-04."""
    person = {"name": "Grace", "email": "grace@candidates.example"}
    refused(mock.as_("usr_ada").post(f"/invites/{invite}/sub-invites", {"candidate": person}), 409, "SUB-04")


def test_sub_invites_are_listed_under_their_mother_alone(mock: Mock) -> None:
    """SUB-05, SUB-06, INV-08."""
    ada = mock.as_("usr_ada")
    assert {one["motherInviteId"] for one in ada.whole("/invites/inv_mother/sub-invites")} == {"inv_mother"}
    assert ada.whole("/invites/inv_active/sub-invites") == []
    assert all(one["motherInviteId"] is None for one in ada.whole("/invites"))
    everything = ada.whole("/invites", includeSubInvites="true")
    assert len(everything) == len(ada.whole("/invites")) + sum(one["kind"] == "sub" for one in everything)


def test_booking_makes_a_meeting_and_an_invite_is_booked_once(mock: Mock) -> None:
    """INV-09, INV-10, INV-13."""
    alan = mock.as_("usr_alan")
    booking = mock.book("inv_sub_active", "2030-05-20T09:00:00.000Z")
    invite = ok(alan.get("/invites/inv_sub_active"))
    assert (invite["status"], invite["booking"]) == ("booked", booking)
    assert booking["guests"] == invite["candidates"]
    assert (booking["inviteId"], booking["hostUserId"]) == ("inv_sub_active", "usr_alan")
    assert booking["endAt"] > booking["startAt"] == "2030-05-20T09:00:00.000Z"
    again = mock.client.post(
        "/_mock/worlds/acme/invites/inv_sub_active/booking", json={"startAt": "2030-05-21T09:00:00.000Z"}
    )
    refused(again, 409, "INV-09")
    moved = ok(
        alan.patch(
            f"/meetings/{booking['id']}",
            {"startAt": "2030-05-22T09:00:00.000Z", "endAt": "2030-05-22T09:30:00.000Z"},
        )
    )
    assert ok(alan.get("/invites/inv_sub_active"))["booking"] == moved


def test_a_mother_is_never_booked(mock: Mock) -> None:
    """INV-16."""
    path = "/_mock/worlds/acme/invites/inv_mother/booking"
    refused(mock.client.post(path, json={"startAt": "2030-05-20T09:00:00.000Z"}), 409, "INV-16")


def test_the_clock_expires_invites(mock: Mock) -> None:
    """INV-09: at the deadline, not before; and a booked one stays booked."""
    alan = mock.as_("usr_alan")
    made = ok(alan.post("/invites", DIRECT | {"voteDeadlineAt": "2030-05-15T12:00:00Z"}))["id"]
    for now, status in (("2030-05-15T11:59:59.999Z", "active"), ("2030-05-15T12:00:00Z", "expired")):
        mock.at(now)
        assert ok(alan.get(f"/invites/{made}"))["status"] == status
        [listed] = [one for one in alan.whole("/invites") if one["id"] == made]
        assert listed["status"] == status
    assert ok(mock.as_("usr_ada").get("/invites/inv_booked_long_ago"))["status"] == "booked"
