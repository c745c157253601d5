"""The rules of invites and sub-invites, one by one, on rows that the run makes."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from contract_tests.comparing import TOUCHED, agree, named, one_of
from contract_tests.making import Making, Row, ahead, making
from contract_tests.outcomes import SetUpFailed
from contract_tests.plugin import verifies
from contract_tests.target import Answer, Target

PERSON = {"name": "Grace", "email": "grace@candidates.example"}
PAST = "2020-07-01T00:00:00.000Z"


@pytest.fixture
def own(target: Target) -> Iterator[Making]:
    """The run's own rows."""
    with making(target) as made:
        yield made


def get(own: Making, invite_id: str) -> Answer:
    """An invite, as its recruiter reads it."""
    return own.caller.call("getInvite", invite_id)


def unchanged(own: Making, before: Row) -> None:
    """Raises Broken if a refused request changed an invite after all."""
    agree(get(own, before["id"]), "ERR-11", before, but=())


def refused(own: Making, before: Row, body: Row, status: int, rule: str, why: str) -> None:
    """A PATCH that is refused, and changes nothing."""
    own.caller.call("updateInvite", before["id"], body=body).must_be(status, rule, why)
    unchanged(own, before)


def stored(own: Making, body: Row, **also: Any) -> Row:
    """An invite as a body creates it."""
    return {
        "status": "active",
        "recruiterUserId": own.id_of(own.caller),
        "publicLinkValue": None,
        "motherInviteId": None,
        "booking": None,
        **body,
        "meeting": {"description": None, "location": None, **body["meeting"]},
        **also,
    }


MADE = ("id", "createdAt", "updatedAt")
MEMBERS = {
    "kind": "INV-01",
    "allowMultipleBookings": "INV-01",
    "recruiterUserId": "INV-02",
    "status": "INV-09",
    "publicLinkValue": "INV-03",
}


@verifies("INV-01", "INV-02", "INV-03", "ENV-04")
def test_a_direct_invite_is_stored_as_asked(own: Making) -> None:
    body = own.direct_body()
    created = own.create(own.caller, "createInvite", body=body).must_be(201, "INV-03")
    agree(created, "INV-03", stored(own, body, kind="direct", allowMultipleBookings=False), but=MADE, rules=MEMBERS)
    found_everywhere(own, created)


@verifies("INV-01", "INV-02", "INV-03", "ENV-04")
def test_a_mother_is_stored_as_asked(own: Making) -> None:
    body = own.mother_body(publicLinkValue=own.link("stored"))
    created = own.create(own.caller, "createInvite", body=body).must_be(201, "INV-03")
    agree(created, "INV-03", stored(own, body, kind="mother"), but=MADE, rules=MEMBERS)
    found_everywhere(own, created)


def found_everywhere(own: Making, created: Answer) -> None:
    """INV-03: by its id and in lists."""
    row = created.data
    agree(get(own, row["id"]).must_be(200, "INV-03"), "INV-03", row, but=())
    listed = one_of(own.caller.whole("listInvites"), row["id"])
    agree(created, "INV-03", row, listed or {}, but=())


@verifies("ENV-05")
@pytest.mark.parametrize("written", ["Z", ".5Z", "+00:00", ".123999Z"])
def test_times_come_back_in_utc_with_milliseconds(own: Making, written: str) -> None:
    moment = ahead(5).removesuffix(".000Z")
    digits = {".5Z": "500", ".123999Z": "123"}.get(written, "000")
    created = own.direct(voteDeadlineAt=moment + written)
    agree(
        created, "ENV-05", {"voteDeadlineAt": f"{moment}.{digits}Z"}, {"voteDeadlineAt": created.data["voteDeadlineAt"]}
    )


@verifies("INV-04")
def test_who_has_candidates_and_links(own: Making) -> None:
    people = [{"name": f"Grace {n}", "email": f"g{n}@candidates.example"} for n in range(51)]
    for body, why in (
        (own.direct_body(candidates=[]), "a direct invite without candidates"),
        (own.direct_body(candidates=people), "51 candidates"),
        (own.direct_body(publicLinkValue=own.link("direct")), "a direct invite with a link"),
        (own.mother_body(candidates=[PERSON]), "a mother with a candidate"),
    ):
        own.create(own.caller, "createInvite", body=body).must_be(400, "INV-04", why)
    own.create(own.caller, "createInvite", body=own.direct_body(candidates=people[:50])).must_be(201, "INV-04")


@verifies("INV-05")
def test_a_link_is_taken_once(own: Making) -> None:
    first = own.mother(publicLinkValue=own.link("taken")).data
    body = own.mother_body(publicLinkValue=own.link("taken"))
    own.create(own.caller, "createInvite", body=body).must_be(409, "INV-05", "the link is taken")
    other = own.mother(publicLinkValue=own.link("free")).data
    refused(own, other, {"publicLinkValue": own.link("taken")}, 409, "INV-05", "the link is taken")
    kept = own.caller.call("updateInvite", first["id"], body={"publicLinkValue": own.link("taken")})
    kept.must_be(200, "INV-05", "its own link")


@verifies("INV-06")
def test_a_deadline_lies_ahead(own: Making) -> None:
    def too_late(answer: Answer) -> None:
        answer.must_be(400, "INV-06", "the deadline has passed")
        if answer.body["message"] != "voteDeadlineAt must be in the future":
            raise answer.broken("INV-06", "voteDeadlineAt must be in the future", answer.body["message"])

    too_late(own.create(own.caller, "createInvite", body=own.direct_body(voteDeadlineAt=PAST)))
    too_late(own.create(own.caller, "createInvite", body=own.mother_body(voteDeadlineAt=PAST)))
    mother = own.mother().data
    too_late(own.caller.call("updateInvite", mother["id"], body={"voteDeadlineAt": PAST}))
    issue = {"candidate": PERSON, "voteDeadlineAt": PAST}
    too_late(own.create(own.caller, "createSubInvite", mother["id"], body=issue))
    unchanged(own, mother)


@verifies("INV-07")
@pytest.mark.parametrize(("kind", "member"), [("users", "userIds"), ("labels", "labelIds")])
def test_attendees_exist(own: Making, kind: str, member: str) -> None:
    attendees = [{"type": "users", "userIds": [own.users[0]["id"]]}, {"type": kind, member: [own.unknown]}]
    for body in (own.direct_body(requiredAttendees=attendees), own.mother_body(requiredAttendees=attendees)):
        named(own.create(own.caller, "createInvite", body=body), "INV-07", own.unknown)
    before = own.direct().data
    answer = own.caller.call("updateInvite", before["id"], body={"requiredAttendees": attendees})
    named(answer, "INV-07", own.unknown)
    unchanged(own, before)


@verifies("INV-08")
def test_lists_have_root_invites_unless_asked(own: Making) -> None:
    mother = own.mother().data
    sub = own.sub(mother["id"])
    for query, expected in (
        ({}, False),
        ({"includeSubInvites": "false"}, False),
        ({"includeSubInvites": "true"}, True),
    ):
        rows = own.caller.whole("listInvites", **query)
        if (one_of(rows, sub.data["id"]) is not None) is not expected or one_of(rows, mother["id"]) is None:
            raise sub.broken("INV-08", f"{query} to list the mother and {'' if expected else 'not '}its sub", rows)
        if not expected and (subs := [row["id"] for row in rows if row["kind"] == "sub"]):
            raise sub.broken("INV-08", "root invites only", subs)


@verifies("INV-09", "INV-13", "SUB-04")
def test_time_expires_an_invite(own: Making) -> None:
    direct, mother = own.direct().data, own.mother().data
    sub = own.sub(mother["id"]).data
    own.clock(ahead(4, 23, 59))
    for row in (direct, mother, sub):
        agree(get(own, row["id"]), "INV-09", row, but=TOUCHED)
    own.clock(ahead(5))
    for row in (direct, mother, sub):
        agree(get(own, row["id"]), "INV-09", {**row, "status": "expired"}, but=TOUCHED)
    listed = one_of(own.caller.whole("listInvites"), direct["id"])
    agree(get(own, direct["id"]), "INV-09", {**direct, "status": "expired"}, listed, but=TOUCHED)
    listed = one_of(own.caller.whole("listSubInvites", mother["id"]), sub["id"])
    agree(get(own, sub["id"]), "INV-09", {**sub, "status": "expired"}, listed, but=TOUCHED)
    for row in (direct, mother):
        refused(own, {**row, "status": "expired"}, {"meeting": {"title": "x"}}, 409, "INV-13", "expired")
        refused(own, {**row, "status": "expired"}, {"voteDeadlineAt": ahead(9)}, 409, "INV-13", "expired")
    issue = own.create(own.caller, "createSubInvite", mother["id"], body={"candidate": PERSON})
    issue.must_be(409, "SUB-04", "the mother has expired")


@verifies("INV-09", "INV-10", "INV-13")
def test_a_booked_invite_shows_its_meeting_as_it_is(own: Making) -> None:
    before = own.direct().data
    meeting = own.book(before, ahead(7, 9))
    booked = {**before, "status": "booked", "booking": meeting}
    rules = {"status": "INV-09", "booking": "INV-10"}
    agree(get(own, before["id"]), "INV-10", booked, rules=rules)
    changes = {"title": own.target.mark("Moved"), "startAt": ahead(8, 9), "endAt": ahead(8, 10)}
    moved = own.caller.call("updateMeeting", meeting["id"], body=changes).must_be(200, "INV-10").data
    booked = {**booked, "booking": moved}
    agree(get(own, before["id"]), "INV-10", booked, rules=rules)
    listed = one_of(own.caller.whole("listInvites"), before["id"])
    agree(get(own, before["id"]), "INV-10", booked, listed or {}, rules=rules)
    now = get(own, before["id"]).data
    refused(own, now, {"meeting": {"title": "x"}}, 409, "INV-13", "booked")
    own.clock(ahead(5))
    agree(get(own, before["id"]), "INV-09", now, but=())


@verifies("INV-11")
@pytest.mark.parametrize(
    ("change", "inside"),
    [
        ({"voteDeadlineAt": ahead(9)}, {}),
        ({"candidates": [{"name": "Ida", "email": "ida@candidates.example"}]}, {}),
        ({}, {"title": "Second interview"}),
        ({}, {"location": None}),
        ({}, {"meetingDurationMinutes": 60, "description": "Longer"}),
    ],
)
def test_patch_merges(own: Making, change: Row, inside: Row) -> None:
    before = own.direct().data
    body = {**change, **({"meeting": inside} if inside else {})}
    expected = {**before, **change, "meeting": {**before["meeting"], **inside}}
    agree(own.caller.call("updateInvite", before["id"], body=body).must_be(200, "INV-11"), "INV-11", expected)
    agree(get(own, before["id"]), "INV-11", expected)


@verifies("INV-11")
def test_patch_of_a_mother_merges(own: Making) -> None:
    before = own.mother(publicLinkValue=own.link("merged")).data
    for change in ({"voteDeadlineAt": ahead(9)}, {"publicLinkValue": own.link("other")}, {"publicLinkValue": None}):
        before = {**before, **change}
        answer = own.caller.call("updateInvite", before["id"], body=change).must_be(200, "INV-11")
        agree(answer, "INV-11", before)
        agree(get(own, before["id"]), "INV-11", before)


@verifies("INV-12")
def test_a_sub_invite_is_not_edited(own: Making) -> None:
    sub = own.sub(own.mother().data["id"]).data
    for body in ({"meeting": {"title": "x"}}, {"voteDeadlineAt": ahead(9)}, {"candidates": [PERSON]}):
        refused(own, sub, body, 409, "INV-12", "a sub-invite")


@verifies("INV-14")
def test_patch_keeps_to_the_kind(own: Making) -> None:
    refused(own, own.mother().data, {"candidates": [PERSON]}, 400, "INV-14", "candidates of a mother")
    direct = own.direct().data
    refused(own, direct, {"publicLinkValue": own.link("never")}, 400, "INV-14", "a link of a direct invite")


@verifies("INV-15")
def test_an_empty_patch_is_refused(own: Making) -> None:
    refused(own, own.direct().data, {}, 400, "INV-15", "an empty body")


@verifies("INV-16", "SUB-05")
def test_a_mother_is_never_booked(own: Making) -> None:
    mother = own.mother().data
    sub = own.sub(mother["id"]).data
    own.book(sub, ahead(7, 9))
    agree(get(own, mother["id"]), "INV-16", mother)
    booked = get(own, sub["id"])
    listed = one_of(own.caller.whole("listSubInvites", mother["id"]), sub["id"])
    agree(booked, "SUB-05", booked.data, listed or {}, but=())
    with suppress(SetUpFailed):  # A refusal is as good as no such button on the candidate's page.
        own.book(mother, ahead(7, 9))
    agree(get(own, mother["id"]), "INV-16", mother)


@verifies("SUB-01", "SUB-03")
def test_a_sub_invite_takes_after_its_mother(own: Making) -> None:
    texts = {"description": "A talk", "location": "Room 4"}
    meeting = {"title": own.target.mark("Demo"), "meetingDurationMinutes": 30, **texts}
    mother = own.mother(publicLinkValue=own.link("after"), meeting=meeting).data
    for changes in ({}, {"voteDeadlineAt": ahead(3)}):
        sub = own.sub(mother["id"], **changes)
        expected = {
            **mother,
            "kind": "sub",
            "allowMultipleBookings": False,
            "publicLinkValue": None,
            "motherInviteId": mother["id"],
            "candidates": [{"name": own.target.mark("Joan"), "email": "joan@candidates.example"}],
            **changes,
        }
        rules = {"voteDeadlineAt": "SUB-03"} if changes else None
        agree(sub, "SUB-01", expected, but=MADE, rules=rules)
        agree(get(own, sub.data["id"]), "SUB-01", sub.data, but=())
    agree(get(own, mother["id"]), "SUB-01", mother)


@verifies("SUB-02", "SUB-03")
def test_a_sub_invite_follows_its_mother(own: Making) -> None:
    mother = own.mother().data
    plain, timed = own.sub(mother["id"]).data, own.sub(mother["id"], "Ida", voteDeadlineAt=ahead(3)).data
    attendees = [{"type": "users", "userIds": [user["id"] for user in own.users[-2:]]}]
    change = {"voteDeadlineAt": ahead(9), "requiredAttendees": attendees}
    inside = {"title": own.target.mark("Demo 2"), "location": "Room 5", "meetingDurationMinutes": 60}
    own.caller.call("updateInvite", mother["id"], body={**change, "meeting": inside}).must_be(200, "SUB-02")
    after = {**change, "meeting": {**mother["meeting"], **inside}}
    for before, deadline in ((plain, ahead(9)), (timed, ahead(3))):
        expected = {**before, **after, "voteDeadlineAt": deadline}
        rules = {"voteDeadlineAt": "SUB-03"} if before is timed else None
        agree(get(own, before["id"]), "SUB-02", expected, rules=rules)
        listed = one_of(own.caller.whole("listSubInvites", mother["id"]), before["id"])
        agree(get(own, before["id"]), "SUB-02", expected, listed or {}, rules=rules)


@verifies("SUB-04")
def test_only_a_mother_issues(own: Making) -> None:
    mother = own.mother().data
    for row in (own.direct().data, own.sub(mother["id"]).data):
        answer = own.create(own.caller, "createSubInvite", row["id"], body={"candidate": PERSON})
        answer.must_be(409, "SUB-04", f"a {row['kind']} invite")
        unchanged(own, row)


@verifies("SUB-05", "SUB-06")
def test_sub_invites_are_listed_under_their_mother(own: Making) -> None:
    one, other, direct = own.mother().data, own.mother().data, own.direct().data
    issued = {
        one["id"]: [own.sub(one["id"], word).data for word in ("Joan", "Ida", "Mary")],
        other["id"]: [own.sub(other["id"]).data],
        direct["id"]: [],
        own.mother().data["id"]: [],
    }
    issued[issued[one["id"]][0]["id"]] = []
    for parent, subs in issued.items():
        answer = own.caller.call("listSubInvites", parent, query={"pageSize": 100})
        rule = "SUB-05" if subs else "SUB-06"
        expected = {sub["id"]: sub for sub in subs}
        agree(answer, rule, expected, {row["id"]: row for row in answer.data["items"]}, but=())
