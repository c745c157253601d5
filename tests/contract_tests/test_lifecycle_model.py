"""The model of the contract that lifecycles are held against, and what it expects of requests."""

from typing import Any

import pytest

from contract_tests.lifecycle import judging
from contract_tests.model import Model, Person, merged
from contract_tests.parallel import explained

NOW, LATER, LATEST = (f"2030-06-0{day}T09:00:00.000Z" for day in (1, 2, 3))
ADMIN, ALAN, EDITH = Person("ada", "admin"), Person("alan", "user"), Person("edith", "user")


def invite(name: str, kind: str = "direct", mother: str | None = None, **changes: Any) -> dict[str, Any]:
    row = {
        "id": name,
        "kind": kind,
        "recruiterUserId": "alan",
        "publicLinkValue": None,
        "requiredAttendees": [{"type": "labels", "labelIds": ["sales"]}],
        "candidates": [],
        "voteDeadlineAt": LATEST,
        "meeting": {"title": "Demo", "location": None},
        "motherInviteId": mother,
    }
    return {**row, **changes}


def meeting(name: str, **changes: Any) -> dict[str, Any]:
    row = {"id": name, "inviteId": None, "recruiterUserId": "alan", "hostUserId": "alan", "labelIds": [], "guests": []}
    return {**row, "startAt": LATER, "endAt": LATEST, "requiredAttendees": [], "optionalAttendees": [], **changes}


@pytest.fixture
def model() -> Model:
    """A mother with two subs, one of which has a deadline of its own, a direct invite and a meeting."""
    rows = [
        invite("direct"),
        invite("mother", "mother", publicLinkValue="taken"),
        invite("sub", "sub", "mother", voteDeadlineAt=None),
        invite("timed", "sub", "mother", voteDeadlineAt=LATER),
    ]
    return Model(NOW, {row["id"]: row for row in rows}, {"met": meeting("met", optionalAttendees=["edith"])})


def test_a_sub_invite_follows_its_mother(model: Model) -> None:
    """SUB-02, SUB-03: but for a deadline of its own."""
    model.invites["mother"] = merged(model.invites["mother"], {"meeting": {"location": "Room 4"}})
    assert model.invite("sub")["meeting"] == {"title": "Demo", "location": "Room 4"}
    assert [model.invite(one)["voteDeadlineAt"] for one in ("sub", "timed")] == [LATEST, LATER]


def test_the_clock_and_bookings_tell_the_status(model: Model) -> None:
    """INV-09: expired from the deadline on, unless booked."""
    model.now = LATER
    assert [model.invite(one)["status"] for one in ("sub", "timed")] == ["active", "expired"]
    model.meetings["booked"] = meeting("booked", inviteId="timed")
    assert model.invite("timed")["status"] == "booked"
    assert model.invite("timed")["booking"] == model.meetings["booked"]


def test_a_regular_user_sees_their_own(model: Model) -> None:
    """OWN-01 to OWN-05, INV-08."""
    assert model.invites_of(EDITH, subs=True, users=[], labels=[]) == {}
    assert set(model.invites_of(ALAN, subs=False, users=[], labels=[])) == {"direct", "mother"}
    assert set(model.invites_of(ADMIN, subs=True, users=[], labels=["sales"])) == set(model.invites)
    assert not model.sees_meeting(EDITH, "met")


def test_touching_is_no_conflict(model: Model) -> None:
    """AVL-01, AVL-02, AVL-05."""
    busy = {(LATER, LATEST)}
    assert model.conflicts("edith", NOW, LATEST, but="another") == busy
    assert model.conflicts("edith", NOW, LATEST, but="met") == set()
    assert model.conflicts("edith", NOW, LATER, but="another") == set()
    assert model.conflicts("ada", NOW, LATEST, but="another") == set()


@pytest.mark.parametrize(
    ("person", "row", "body", "status", "rule"),
    [
        (ALAN, "direct", {}, 400, "INV-15"),
        (EDITH, "direct", {"voteDeadlineAt": NOW}, 400, "INV-06"),
        (EDITH, "direct", {"voteDeadlineAt": LATER}, 404, "OWN-03"),
        (ADMIN, "sub", {"voteDeadlineAt": LATER}, 409, "INV-12"),
        (ALAN, "mother", {"candidates": [{}]}, 400, "INV-14"),
        (ALAN, "direct", {"publicLinkValue": "free"}, 400, "INV-14"),
        (ALAN, "sub", {"requiredAttendees": [{"type": "labels", "labelIds": ["gone"]}]}, 404, "INV-07"),
    ],
)
def test_the_first_check_answers(model: Model, person: Person, row: str, body: Any, status: int, rule: str) -> None:
    """ERR-12."""
    model.deleted = ["gone"]
    refusal = judging.update_invite(model, person, row, body)
    assert refusal is not None
    assert (refusal.status, refusal.rule) == (status, rule)


def test_what_may_be_done_is_not_refused(model: Model) -> None:
    """INV-05: an invite's own link is not taken."""
    assert judging.update_invite(model, ADMIN, "mother", {"publicLinkValue": "taken"}) is None
    assert judging.create_sub(model, ALAN, "mother", {"candidate": {}}) is None
    assert judging.update_attendees(model, ALAN, "met", ["ada"]) is None


def test_what_keeps_a_label(model: Model) -> None:
    """LBL-03 to LBL-07."""
    model.labels = {name: {"id": name, "name": name} for name in ("sales", "worn", "had", "free")}
    model.meetings["met"]["labelIds"] = ["worn"]
    model.users["ada"] = {"id": "ada", "labels": [{"id": "had"}]}
    refusals = {name: judging.delete_label(model, ADMIN, name) for name in model.labels}
    rules = {name: refusal and refusal.rule for name, refusal in refusals.items()}
    assert rules == {"sales": "LBL-04", "worn": "LBL-05", "had": "LBL-03", "free": None}
    refusal = judging.create_label(model, ADMIN, "SALES")
    assert refusal is not None
    assert refusal.rule == "LBL-02"


def test_some_order_explains_what_is_left() -> None:
    """A change that is lost is explained by none."""
    before = {"a": 0, "b": 0, "c": 0}
    changes = [{"a": 1, "b": 1}, {"a": 2, "b": 2}, {"c": 3}]
    assert explained(before, changes, {"a": 1, "b": 1, "c": 3}, "abc")
    assert not explained(before, changes, {"a": 1, "b": 2, "c": 3}, "abc")
    assert not explained(before, changes, {"a": 2, "b": 2, "c": 0}, "abc")
