"""Meetings: bookings in Outlook and Teams, with or without an invite."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from mock_server.domain.call import SEE_ALL, Call, require
from mock_server.domain.lists import Link, ListQuery, Rows, payload
from mock_server.meanings import Conflict, Forbidden, Invalid, NotFound, Unfit
from mock_server.store import Transaction
from mock_server.store.documents import Document, meeting_links, meeting_row
from mock_server.store.identifiers import next_digest
from mock_server.store.tables import meeting_labels, meeting_users, meetings
from mock_server.validation import check_period
from openapi import load_app_api

_LIST = ListQuery(
    load_app_api().operations["listMeetings"],
    Rows(
        meetings,
        (meetings.c.document,),
        {
            "/startAt": meetings.c.start_at,
            "/endAt": meetings.c.end_at,
            "/createdAt": meetings.c.created_at,
            "/updatedAt": meetings.c.updated_at,
            "/title": meetings.c.title,
            "/recruiterUserId": meetings.c.recruiter_user_id,
            "/hostUserId": meetings.c.host_user_id,
            "/requiredAttendees/*": Link(
                meeting_users.c.meeting_id, meeting_users.c.user_id, meeting_users.c.part == "required"
            ),
            "/optionalAttendees/*": Link(
                meeting_users.c.meeting_id, meeting_users.c.user_id, meeting_users.c.part == "optional"
            ),
            "/labelIds/*": Link(meeting_labels.c.meeting_id, meeting_labels.c.label_id),
        },
    ),
    {
        "range": sa.and_(
            meetings.c.start_at >= sa.bindparam("range_start"), meetings.c.start_at < sa.bindparam("range_end")
        )
    },
)
_STATS = (
    sa.func.count(),
    sa.func.sum(sa.case((meetings.c.end_at <= sa.bindparam("now"), 1), else_=0)),
)
_DOCUMENTS = sa.select(meetings.c.id, meetings.c.document).where(
    meetings.c.workspace == sa.bindparam("workspace"), meetings.c.id.in_(sa.bindparam("ids", expanding=True))
)
_INSERT, _INSERT_USERS, _INSERT_LABELS = meetings.insert(), meeting_users.insert(), meeting_labels.insert()
_PEOPLE = frozenset({"hostUserId", "requiredAttendees", "optionalAttendees", "guests"})
_CHANGING = ("host_user_id", "title", "start_at", "end_at", "updated_at", "document")
_UPDATE = (
    meetings.update()
    .where(meetings.c.workspace == sa.bindparam("at"), meetings.c.id == sa.bindparam("key"))
    .values({name: sa.bindparam(f"set_{name}") for name in _CHANGING})
)
_UNLINK = tuple(
    table.delete().where(table.c.workspace == sa.bindparam("at"), table.c.meeting_id == sa.bindparam("key"))
    for table in (meeting_users, meeting_labels)
)


def documents(tx: Transaction, workspace: str, ids: Iterable[str]) -> dict[str, str]:
    """Meetings as the contract shows them, in JSON, by id."""
    return dict(tx.all(_DOCUMENTS, {"workspace": workspace, "ids": list(ids)}))


def find(call: Call) -> dict[str, Any]:
    """The meeting that the path names. Raises NotFound, also where the caller may not see it (OWN-04)."""
    booking_id = call.input.path["bookingId"]
    text = documents(call.tx, call.workspace, [booking_id]).get(booking_id)
    if text is None:
        raise NotFound(f"There is no meeting {booking_id}", rule="TEN-02")
    meeting: dict[str, Any] = orjson.loads(text)
    own = (meeting["recruiterUserId"], meeting["hostUserId"])
    if not call.principal.sees_all and call.principal.user_id not in own:
        raise NotFound(f"There is no meeting {booking_id}", rule="OWN-04", passes=SEE_ALL)
    return meeting


def list_meetings(call: Call) -> dict[str, Any]:
    """The meetings that start in the range, with statistics over all that match (MTG-02, MTG-04, MTG-05)."""
    query = call.input.query
    span = {"range_start": query["from"], "range_end": query["to"]}
    page = _LIST.page(call, "range", **span)
    stats = [
        {"recruiterUserId": recruiter, "total": total, "upcoming": total - int(past), "past": int(past)}
        for recruiter, total, past in _LIST.aggregate(call, "/recruiterUserId", _STATS, "range", **span)
    ]
    return {**payload(call, [orjson.Fragment(document) for (document,) in page.rows], page.total), "stats": stats}


def event(tx: Transaction, workspace: str) -> dict[str, str]:
    """A new event in Outlook, with its link to Teams (MTG-07, MTG-13)."""
    made = next_digest(tx, workspace)
    return {
        "outlookEventId": f"AAMk{made}",
        "teamsJoinUrl": f"https://teams.microsoft.com/l/meetup-join/mock/{made}",
    }


def insert(tx: Transaction, workspace: str, meeting: Document) -> orjson.Fragment:
    """Write a meeting; it as the contract shows it."""
    row = meeting_row(workspace, meeting)
    tx.write(_INSERT, row)
    _link(tx, workspace, meeting)
    return orjson.Fragment(row["document"])


def create_meeting(call: Call) -> orjson.Fragment:
    """Create a meeting without an invite.

    Raises Invalid (MTG-09, MTG-10), NotFound (MTG-11), or Forbidden for another host (ROLE-05).
    """
    body = call.input.body
    caller = call.principal.user_id
    meeting = {
        "inviteId": None,
        "recruiterUserId": caller,
        "hostUserId": body.get("hostUserId", caller),
        "title": body["title"],
        "description": body.get("description"),
        "location": body.get("location"),
        "startAt": body["startAt"],
        "endAt": body["endAt"],
        "requiredAttendees": body.get("requiredAttendees", []),
        "optionalAttendees": body.get("optionalAttendees", []),
        "guests": body.get("guests", []),
        "labelIds": body.get("labelIds", []),
    }
    _check_people(call, meeting)
    _require_named(call, body)
    _check_host(call, caller)
    made = {"id": call.new_id("mtg"), **meeting, **event(call.tx, call.workspace)}
    return insert(call.tx, call.workspace, {**made, "createdAt": call.now, "updatedAt": call.now})


def update_meeting(call: Call) -> orjson.Fragment:
    """Reschedule or edit a meeting (MTG-12), or replace its optional attendees (MTG-16).

    A change of host makes a new event (MTG-13, MTG-14). Raises NotFound (OWN-04, MTG-11), Forbidden (ROLE-05),
    Conflict (MTG-15), Invalid or, with what is stored, Unfit (MTG-08, MTG-09, MTG-10).
    """
    changes = call.input.body
    _check_people(call, changes)
    before = find(call)
    _require_named(call, changes)
    _check_host(call, before["hostUserId"])
    if before["endAt"] <= call.now:
        raise Conflict(f"The meeting {before['id']} has ended and cannot be edited", rule="MTG-15")
    after = {**before, **changes, "updatedAt": call.now}
    period = call.operation.period
    try:
        # What the request leaves alone may be as it is: a booked invite may name any number of people.
        if not _PEOPLE.isdisjoint(changes):
            _check_people(call, after)
        if period is not None and not {period.start, period.end}.isdisjoint(changes):
            check_period(period, after["startAt"], after["endAt"])
    except Invalid as problem:
        raise Unfit(problem.message, rule=problem.rule) from None
    if after["hostUserId"] != before["hostUserId"]:
        after |= event(call.tx, call.workspace)
    row = meeting_row(call.workspace, after)
    key = {"at": call.workspace, "key": after["id"]}
    call.tx.write(_UPDATE, {**key, **{f"set_{name}": row[name] for name in _CHANGING}})
    for statement in _UNLINK:
        call.tx.write(statement, key)
    _link(call.tx, call.workspace, after)
    return orjson.Fragment(row["document"])


def _check_host(call: Call, present: str) -> None:
    wanted = call.input.body.get("hostUserId", present)
    if wanted != present and not call.principal.sees_all:
        call.refuse(
            Forbidden(
                f"Another host is for managers and admins to name; your role is {call.principal.role}",
                rule="ROLE-05",
                passes=SEE_ALL,
            )
        )


def _require_named(call: Call, body: Mapping[str, Any]) -> None:
    people = (body.get("hostUserId"), *body.get("requiredAttendees", ()), *body.get("optionalAttendees", ()))
    require(call, "user", (user for user in people if user is not None), rule="MTG-11")
    require(call, "label", body.get("labelIds", ()), rule="MTG-11")


def _check_people(call: Call, meeting: Mapping[str, Any]) -> None:
    """Check who takes part, as far as the meeting says (MTG-09, MTG-10)."""
    required, optional = meeting.get("requiredAttendees", ()), meeting.get("optionalAttendees", ())
    if both := next((user for user in optional if user in set(required)), None):
        raise Invalid(f"{both} is both a required and an optional attendee, expected one of them", rule="MTG-10")
    users = {*required, *optional, *filter(None, [meeting.get("hostUserId")])}
    guests = {guest["email"].casefold() for guest in meeting.get("guests", ())}
    limit = call.operation.participants
    if limit is not None and len(users) + len(guests) > limit.maximum:
        raise Invalid(
            f"Host, attendees and guests are {len(users) + len(guests)} people, expected at most {limit.maximum}",
            rule="MTG-09",
        )


def _link(tx: Transaction, workspace: str, meeting: Document) -> None:
    people, labelled = meeting_links(workspace, meeting)
    tx.write(_INSERT_USERS, *people)
    tx.write(_INSERT_LABELS, *labelled)
