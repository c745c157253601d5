"""Labels and users, over HTTP."""

import pytest

from tests.mock_server.running import Mock, ok, refused


def test_a_label_is_created_and_found(mock: Mock) -> None:
    """LBL-01, ENV-04."""
    ada = mock.as_("usr_ada")
    made = ok(ada.post("/labels", {"name": "Data", "color": "#0F766E"}))
    assert made["description"] is None
    assert made in ada.whole("/labels")
    assert made in mock.as_("usr_marta").whole("/labels")


def test_a_name_is_taken_in_any_case(mock: Mock) -> None:
    """LBL-02: but not by another workspace."""
    ada = mock.as_("usr_ada")
    for name, taken in (("ENGINEERING", "Engineering"), ("éQUIPE genève", "Équipe Genève")):
        for again in (name, taken):
            message = refused(ada.post("/labels", {"name": again, "color": "#0F766E"}), 409, "LBL-02")
            assert message == f"A label is named {taken} already"
    ok(ada.post("/labels", {"name": "Only here", "color": "#0F766E"}))
    ok(mock.as_("usr_gx_ada").post("/labels", {"name": "Only here", "color": "#0F766E"}))


def test_an_unused_label_is_deleted(mock: Mock) -> None:
    """LBL-06, LBL-07."""
    ada = mock.as_("usr_ada")
    assert ok(ada.delete("/labels/lbl_unused")) == {"id": "lbl_unused"}
    assert "lbl_unused" not in [label["id"] for label in ada.whole("/labels")]
    refused(ada.delete("/labels/lbl_unused"), 404, "LBL-07")


def test_a_label_in_use_stays(mock: Mock) -> None:
    """LBL-03, LBL-04, LBL-05."""
    ada = mock.as_("usr_ada")
    label = ok(ada.post("/labels", {"name": "Busy", "color": "#0F766E"}))["id"]
    ok(ada.put("/users/usr_zoe/labels", {"labelIds": [label]}))
    refused(ada.delete(f"/labels/{label}"), 409, "LBL-03")
    invite = ok(
        ada.post(
            "/invites",
            {
                "candidates": [{"name": "G", "email": "g@c.example"}],
                "requiredAttendees": [{"type": "labels", "labelIds": [label]}],
                "voteDeadlineAt": "2030-07-01T00:00:00Z",
                "meeting": {"title": "x", "meetingDurationMinutes": 30},
            },
        )
    )
    ok(ada.put("/users/usr_zoe/labels", {"labelIds": []}))
    refused(ada.delete(f"/labels/{label}"), 409, "LBL-04")
    users = [{"type": "users", "userIds": ["usr_ada"]}]
    ok(ada.patch(f"/invites/{invite['id']}", {"requiredAttendees": users}))
    meeting = ok(
        ada.post(
            "/meetings",
            {
                "title": "x",
                "startAt": "2030-06-01T09:00:00Z",
                "endAt": "2030-06-01T10:00:00Z",
                "labelIds": [label],
            },
        )
    )
    refused(ada.delete(f"/labels/{label}"), 409, "LBL-05")
    ok(ada.patch(f"/meetings/{meeting['id']}", {"labelIds": []}))
    ok(ada.delete(f"/labels/{label}"))


@pytest.mark.parametrize("user", ["usr_marta", "usr_alan"])
def test_labels_are_the_admins_to_change(mock: Mock, user: str) -> None:
    """ROLE-02: the refusal says which role would pass."""
    caller = mock.as_(user)
    before = mock.as_("usr_ada").whole("/labels")
    for answer in (
        caller.post("/labels", {"name": "Mine", "color": "#0F766E"}),
        caller.delete("/labels/lbl_unused"),
        caller.delete("/labels/lbl_nowhere"),
    ):
        refused(answer, 403, "ROLE-02")
        assert answer.headers["x-mock-roles"] == "admin"
        assert user in answer.headers["x-mock-caller"]
    assert mock.as_("usr_ada").whole("/labels") == before


def test_labels_are_listed_for_managers_and_admins(mock: Mock) -> None:
    """ROLE-01."""
    assert mock.as_("usr_ada").whole("/labels") == mock.as_("usr_marta").whole("/labels")
    refused(mock.as_("usr_alan").get("/labels"), 403, "ROLE-01")


def test_users_are_for_admins(mock: Mock) -> None:
    """ROLE-03, USR-01, TEN-03: users of every status, of this workspace alone."""
    users = mock.as_("usr_ada").whole("/users")
    assert {user["status"] for user in users} == {"active", "pending", "disabled"}
    assert not any(user["id"].startswith("usr_gx_") for user in users)
    for user in ("usr_marta", "usr_alan"):
        refused(mock.as_(user).get("/users"), 403, "ROLE-03")
        refused(mock.as_(user).put("/users/usr_alan/labels", {"labelIds": []}), 403, "ROLE-03")


def test_labels_of_a_user_are_replaced_in_order(mock: Mock) -> None:
    """USR-02, FILT-01."""
    ada = mock.as_("usr_ada")
    answer = ok(ada.put("/users/usr_zoe/labels", {"labelIds": ["lbl_sales", "lbl_engineering"]}))
    assert [label["id"] for label in answer["labels"]] == ["lbl_sales", "lbl_engineering"]
    assert answer in ada.whole("/users", labelIds="lbl_sales")
    assert ok(ada.put("/users/usr_zoe/labels", {"labelIds": []}))["labels"] == []


@pytest.mark.parametrize("unknown", ["lbl_nowhere", "lbl_gx_engineering"])
def test_an_unknown_label_changes_nothing(mock: Mock, unknown: str) -> None:
    """USR-03, TEN-04."""
    ada = mock.as_("usr_ada")
    before = ada.whole("/users")
    answer = ada.put("/users/usr_alan/labels", {"labelIds": ["lbl_sales", unknown]})
    assert unknown in refused(answer, 404, "USR-03")
    assert ada.whole("/users") == before


@pytest.mark.parametrize("user", ["usr_nobody", "usr_gx_alan"])
def test_an_unknown_user_has_no_labels(mock: Mock, user: str) -> None:
    """USR-04, TEN-02."""
    refused(mock.as_("usr_ada").put(f"/users/{user}/labels", {"labelIds": []}), 404, "USR-04")
