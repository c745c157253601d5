"""The rules of meetings, one by one, on meetings that the run makes."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from contract_tests.comparing import agree, named, one_of
from contract_tests.data import around_now
from contract_tests.making import Making, Row, ahead, making, told
from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.target import Answer, Target

MADE = ("id", "outlookEventId", "teamsJoinUrl", "createdAt", "updatedAt")
EVENT = ("outlookEventId", "teamsJoinUrl")


@pytest.fixture
def own(target: Target) -> Iterator[Making]:
    """The run's own rows."""
    with making(target) as made:
        yield made


def days(first: int, last: int) -> dict[str, str]:
    """A range of days from today."""
    return {"from": ahead(first), "to": ahead(last)}


def found(own: Making, row: Row) -> Row:
    """A meeting, as the list has it: it cannot be asked for by its id."""
    start = datetime.fromisoformat(row["startAt"])
    rows = own.caller.whole("listMeetings", **{"from": row["startAt"], "to": told(start + timedelta(milliseconds=1))})
    return one_of(rows, row["id"]) or {}


def patch(own: Making, row: Row, **body: Any) -> Answer:
    """An edit."""
    return own.caller.call("updateMeeting", row["id"], body=body)


def attend(own: Making, row: Row, *optional: str) -> Answer:
    """A change of the optional attendees."""
    return own.caller.call("updateMeetingAttendees", row["id"], body={"optionalAttendees": list(optional)})


def unchanged(own: Making, refusal: Answer, before: Row) -> None:
    """Raises Broken if a refused request changed a meeting after all."""
    agree(refusal, "ERR-11", before, found(own, before), but=())


def full(own: Making, **changes: Any) -> Row:
    """A meeting with everything that one can have."""
    required, optional = own.others(2)
    people = {"requiredAttendees": [required], "optionalAttendees": [optional], "guests": guests(1)}
    texts = {"description": "A talk", "location": "Room 4"}
    row: Row = own.meeting(**{**people, **texts, **changes}).data
    return row


def guests(count: int) -> list[Row]:
    """Guests, all different."""
    return [{"name": f"Guest {number}", "email": f"guest{number}@guests.example"} for number in range(count)]


@verifies("MTG-06", "MTG-07", "ENV-04")
def test_a_meeting_is_stored_as_asked(own: Making) -> None:
    required, optional = own.others(2)
    body = own.meeting_body(
        requiredAttendees=[required],
        optionalAttendees=[optional],
        guests=guests(1),
        labelIds=[label["id"] for label in labels(own)[:1]],
        description="A talk",
        location="Room 4",
    )
    stored_as(own, body, body)


@verifies("MTG-06", "MTG-07", "ENV-04")
def test_what_a_meeting_lacks_is_empty(own: Making) -> None:
    body = own.meeting_body()
    lacking: Row = {name: [] for name in ("requiredAttendees", "optionalAttendees", "guests", "labelIds")}
    stored_as(own, body, {**body, **lacking, "description": None, "location": None})


def stored_as(own: Making, body: Row, expected: Row) -> None:
    """A body creates a meeting that is found as it was answered."""
    created = own.create(own.caller, "createMeeting", body=body).must_be(201, "MTG-07")
    me = own.id_of(own.caller)
    rules = {"recruiterUserId": "MTG-06", "hostUserId": "MTG-06"}
    own_rows = {"recruiterUserId": me, "hostUserId": me, "inviteId": None}
    agree(created, "MTG-07", {**expected, **own_rows}, but=MADE, rules=rules)
    if not all(created.data[name] for name in EVENT):
        raise created.broken("MTG-07", "an outlookEventId and a teamsJoinUrl", created.data)
    agree(created, "MTG-07", created.data, found(own, created.data), but=())


def labels(own: Making) -> list[Row]:
    """The workspace's labels, none where nobody may list them."""
    who = next((name for name in ("manager", "admin") if name in own.target.callers), None)
    return own.target.caller(who).whole("listLabels") if who else []


@verifies("MTG-06", "MTG-13")
def test_managers_name_hosts(own: Making) -> None:
    manager = next((name for name in ("manager", "admin") if name in own.target.callers), None)
    if manager is None:
        raise NotVerified("no credential of manager or admin was given")
    caller = own.target.caller(manager)
    first, second = [user["id"] for user in own.users if user["id"] != own.id_of(caller)][:2]
    before = own.meeting(caller, hostUserId=first, optionalAttendees=[own.id_of(caller)])
    agree(before, "MTG-06", {**before.data, "hostUserId": first, "recruiterUserId": own.id_of(caller)}, but=())
    moved = caller.call("updateMeeting", before.data["id"], body={"hostUserId": second}).must_be(200, "MTG-13")
    agree(moved, "MTG-12", {**before.data, "hostUserId": second}, but=(*EVENT, "updatedAt"))
    for name in EVENT:
        if moved.data[name] == before.data[name]:
            raise moved.broken("MTG-13", f"a new {name}", moved.data[name])
    back = caller.call("updateMeeting", before.data["id"], body={"hostUserId": second, "title": own.target.mark("x")})
    agree(back, "MTG-14", {**moved.data, "title": own.target.mark("x")})


@verifies("MTG-01", "MTG-03")
def test_a_range_is_needed_and_ordered(target: Target) -> None:
    caller = target.caller(next((name for name in target.callers if name != "rival"), "user"))
    start = datetime.fromisoformat(ahead(0))
    for query in ({}, {"from": ahead(1)}, {"to": ahead(1)}):
        caller.call("listMeetings", query=query).must_be(400, "MTG-01", f"only {list(query)}")
    for span in (timedelta(0), timedelta(days=-1), timedelta(days=366, milliseconds=1)):
        query = {"from": told(start), "to": told(start + span)}
        caller.call("listMeetings", query=query).must_be(400, "MTG-03", f"a range of {span}")
    query = {"from": told(start), "to": told(start + timedelta(days=366))}
    caller.call("listMeetings", query=query).must_be(200, "MTG-03", "a range of 366 days")


@verifies("MTG-02")
def test_ranges_are_half_open(own: Making) -> None:
    answer = own.meeting(startAt=ahead(6, 12), endAt=ahead(6, 13))
    row = answer.data
    before, after = told(datetime.fromisoformat(row["startAt"]) - timedelta(milliseconds=1)), ahead(6, 12, 1)
    for start, end, listed in (
        (row["startAt"], after, True),
        (before, row["startAt"], False),
        (before, told(datetime.fromisoformat(row["startAt"]) + timedelta(milliseconds=1)), True),
        (after, row["endAt"], False),
        (row["endAt"], ahead(6, 14), False),
    ):
        rows = own.caller.whole("listMeetings", **{"from": start, "to": end})
        if (one_of(rows, row["id"]) is not None) is not listed:
            raise answer.broken("MTG-02", f"[{start}, {end}) {'' if listed else 'not '}to have {row['startAt']}", rows)
        if outside := [one["startAt"] for one in rows if not start <= one["startAt"] < end]:
            raise answer.broken("MTG-02", f"starts in [{start}, {end})", outside)


@verifies("MTG-04", "MTG-05")
@pytest.mark.parametrize("who", ["admin", "manager", "user"])
def test_stats_count_what_matches(target: Target, who: str) -> None:
    caller = target.caller(who)
    query = around_now()
    before = datetime.now(UTC)
    rows = caller.whole("listMeetings", **query)
    answer = caller.call("listMeetings", query={**query, "pageSize": 1})
    ends = [datetime.fromisoformat(row["endAt"]) for row in rows]
    if any(abs(end - before) < timedelta(minutes=2) for end in ends):
        raise NotVerified("a meeting ends just now")
    counted(answer, rows, told(before))
    if rows:
        recruiter = rows[-1]["recruiterUserId"]
        theirs = [row for row in rows if row["recruiterUserId"] == recruiter]
        answer = caller.call("listMeetings", query={**query, "pageSize": 1, "recruiterUserIds": recruiter})
        counted(answer, theirs, told(before))


def counted(answer: Answer, rows: list[Row], now: str) -> None:
    """Raises Broken unless stats count these rows."""
    total = Counter(row["recruiterUserId"] for row in rows)
    past = Counter(row["recruiterUserId"] for row in rows if row["endAt"] <= now)
    stats = answer.data["stats"]
    if [entry["recruiterUserId"] for entry in stats] != sorted(total):
        raise answer.broken("MTG-04", f"one entry for each of {sorted(total)}", stats)
    if sum(entry["total"] for entry in stats) != answer.data["total"]:
        raise answer.broken("MTG-04", f"totals that add up to {answer.data['total']}", stats)
    for entry in stats:
        who = entry["recruiterUserId"]
        if entry["total"] != total[who]:
            raise answer.broken("MTG-04", f"{total[who]} meetings of {who}", entry)
        if (entry["upcoming"], entry["past"]) != (total[who] - past[who], past[who]):
            raise answer.broken("MTG-05", f"{past[who]} past and {total[who] - past[who]} upcoming", entry)


@verifies("MTG-05", "MTG-15")
def test_what_has_ended_is_past_and_stays(own: Making) -> None:
    before = full(own)
    own.meeting(startAt=ahead(7, 9), endAt=ahead(7, 10))
    own.clock(ahead(6, 9, 59))
    answer = own.caller.call("listMeetings", query=days(6, 8))
    counted(answer, answer.data["items"], ahead(6, 9, 59))
    before = patch(own, before, title=own.target.mark("Running")).must_be(200, "MTG-15", "it is still running").data
    own.clock(ahead(6, 10))
    answer = own.caller.call("listMeetings", query=days(6, 8))
    counted(answer, answer.data["items"], ahead(6, 10))
    for send in (
        partial(patch, own, before, title="x"),
        partial(patch, own, before, startAt=ahead(9), endAt=ahead(9, 1)),
        partial(attend, own, before),
    ):
        refusal = send().must_be(409, "MTG-15", "it has ended")
        unchanged(own, refusal, before)


@verifies("MTG-08")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2020-06-03T10:00:00.000Z", "2020-06-03T11:00:00.000Z"),
        (ahead(6, 10), ahead(6, 10)),
        (ahead(6, 10), ahead(6, 9)),
        (ahead(6, 10), ahead(7, 10).replace(".000", ".001")),
    ],
)
def test_times_are_ahead_in_order_and_within_a_day(own: Making, start: str, end: str) -> None:
    body = own.meeting_body(startAt=start, endAt=end)
    own.create(own.caller, "createMeeting", body=body).must_be(400, "MTG-08", f"{start} to {end}")
    before = own.meeting().data
    refusal = patch(own, before, startAt=start, endAt=end).must_be(400, "MTG-08", f"{start} to {end}")
    unchanged(own, refusal, before)


@verifies("MTG-08")
def test_one_time_alone_fits_the_stored_other(own: Making) -> None:
    before = own.meeting().data
    for body in ({"startAt": before["endAt"]}, {"endAt": before["startAt"]}, {"endAt": ahead(8, 9)}):
        refusal = patch(own, before, **body).must_be(400, "MTG-08", str(body))
        unchanged(own, refusal, before)
    moved = patch(own, before, endAt=ahead(7, 9)).must_be(200, "MTG-08", "24 hours")
    agree(moved, "MTG-12", {**before, "endAt": ahead(7, 9)})


@verifies("MTG-09")
def test_twenty_people_are_the_most(own: Making) -> None:
    first, second = own.others(2)
    me = own.id_of(own.caller)
    body = own.meeting_body(requiredAttendees=[me, first], guests=guests(18))
    created = own.create(own.caller, "createMeeting", body=body).must_be(201, "MTG-09", "20 people, the host twice")
    body["guests"] = guests(19)
    own.create(own.caller, "createMeeting", body=body).must_be(400, "MTG-09", "21 people")
    for send in (partial(patch, own, created.data, guests=guests(19)), partial(attend, own, created.data, second)):
        refusal = send().must_be(400, "MTG-09", "21 people")
        unchanged(own, refusal, created.data)
    attend(own, created.data).must_be(200, "MTG-09", "20 people")


@verifies("MTG-10")
def test_nobody_is_both_required_and_optional(own: Making) -> None:
    one, other = own.others(2)
    body = own.meeting_body(requiredAttendees=[one], optionalAttendees=[other, one])
    own.create(own.caller, "createMeeting", body=body).must_be(400, "MTG-10")
    before = full(own)
    for send in (partial(patch, own, before, requiredAttendees=[one, other]), partial(attend, own, before, one)):
        refusal = send().must_be(400, "MTG-10")
        unchanged(own, refusal, before)


@verifies("MTG-11")
@pytest.mark.parametrize("member", ["requiredAttendees", "optionalAttendees", "labelIds", "hostUserId"])
def test_who_does_not_exist_is_named(own: Making, member: str) -> None:
    value: Any = own.unknown if member == "hostUserId" else [own.unknown]
    body = own.meeting_body(**{member: value})
    named(own.create(own.caller, "createMeeting", body=body), "MTG-11", own.unknown)
    before = own.meeting().data
    refusal = (
        attend(own, before, own.unknown) if member == "optionalAttendees" else patch(own, before, **{member: value})
    )
    named(refusal, "MTG-11", own.unknown)
    unchanged(own, refusal, before)


@verifies("MTG-12", "MTG-14")
@pytest.mark.parametrize("member", ["title", "description", "location", "times", "requiredAttendees", "guests", "host"])
def test_patch_changes_what_is_given_alone(own: Making, member: str) -> None:
    before = full(own)
    changes: dict[str, Row] = {
        "title": {"title": own.target.mark("Other")},
        "description": {"description": None},
        "location": {"location": "Room 5"},
        "times": {"startAt": ahead(7, 11), "endAt": ahead(7, 12)},
        "requiredAttendees": {"requiredAttendees": []},
        "guests": {"guests": guests(2)[1:]},
        "host": {"hostUserId": before["hostUserId"]},
    }
    change = changes[member]
    answer = patch(own, before, **change).must_be(200, "MTG-12")
    rules = dict.fromkeys(EVENT, "MTG-14")
    agree(answer, "MTG-12", {**before, **change}, rules=rules)
    agree(answer, "MTG-12", answer.data, found(own, answer.data), but=(), rules=rules)


@verifies("MTG-16", "MTG-14")
def test_optional_attendees_are_replaced_and_nothing_else(own: Making) -> None:
    before = full(own)
    me = own.id_of(own.caller)
    for optional in ([me], [], before["optionalAttendees"]):
        before = {**before, "optionalAttendees": optional}
        answer = attend(own, before, *optional).must_be(200, "MTG-16")
        rules = dict.fromkeys(EVENT, "MTG-14")
        agree(answer, "MTG-16", before, rules=rules)
        agree(answer, "MTG-16", before, found(own, before), rules=rules)


@verifies("INV-15")
def test_an_empty_patch_is_refused(own: Making) -> None:
    before = own.meeting().data
    unchanged(own, patch(own, before).must_be(400, "INV-15", "an empty body"), before)
