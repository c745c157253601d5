"""Meetings: bookings in Outlook and Teams, with or without an invite."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from mock_server.domain.call import SEE_ALL, Call, require
from mock_server.domain.lists import Link, ListQuery, Rows, payload
from mock_server.meanings import Conflict, Forbidden, Invalid, NotFound, Unfit
from mock_server.store import Transaction
from mock_server.store.identifiers import next_digest
from mock_server.store.tables import meeting_labels, meeting_users, meetings
from mock_server.store.worlds import json_text, meeting_links
from mock_server.validation import check_period
from openapi import load_app_api

COLUMNS = tuple(column for column in meetings.c if column.name != "workspace")

_LIST = ListQuery(
    load_app_api().operations["listMeetings"],
    Rows(
        meetings,
        COLUMNS,
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
_GET = sa.select(*COLUMNS).where(meetings.c.workspace == sa.bindparam("workspace"), meetings.c.id == sa.bindparam("id"))
_INSERT, _INSERT_USERS, _INSERT_LABELS = meetings.insert(), meeting_users.insert(), meeting_labels.insert()
_UPDATE = (
    meetings.update()
    .where(meetings.c.workspace == sa.bindparam("at"), meetings.c.id == sa.bindparam("key"))
    .values({column: sa.bindparam(f"set_{column.name}") for column in COLUMNS})
)
_UNLINK = tuple(
    table.delete().where(table.c.workspace == sa.bindparam("at"), table.c.meeting_id == sa.bindparam("key"))
    for table in (meeting_users, meeting_labels)
)


def view(row: Sequence[Any]) -> dict[str, Any]:
    """A meeting as the contract shows it, from a row of `COLUMNS`; unpacked, for lists show many."""
    (
        booking_id,
        invite_id,
        recruiter_user_id,
        host_user_id,
        title,
        description,
        location,
        start_at,
        end_at,
        required_attendees,
        optional_attendees,
        guests,
        label_ids,
        outlook_event_id,
        teams_join_url,
        created_at,
        updated_at,
    ) = row
    return {
        "id": booking_id,
        "inviteId": invite_id,
        "recruiterUserId": recruiter_user_id,
        "hostUserId": host_user_id,
        "title": title,
        "description": description,
        "location": location,
        "startAt": start_at,
        "endAt": end_at,
        "requiredAttendees": orjson.Fragment(required_attendees),
        "optionalAttendees": orjson.Fragment(optional_attendees),
        "guests": orjson.Fragment(guests),
        "labelIds": orjson.Fragment(label_ids),
        "outlookEventId": outlook_event_id,
        "teamsJoinUrl": teams_join_url,
        "createdAt": created_at,
        "updatedAt": updated_at,
    }


def find(call: Call) -> Any:
    """The row of the meeting that the path names. Raises NotFound, also where the caller may not see it (OWN-04)."""
    booking_id = call.input.path["bookingId"]
    row = call.tx.first(_GET, {"workspace": call.workspace, "id": booking_id})
    if row is None:
        raise NotFound(f"There is no meeting {booking_id}", rule="TEN-02")
    if not call.principal.sees_all and call.principal.user_id not in (row.recruiter_user_id, row.host_user_id):
        raise NotFound(f"There is no meeting {booking_id}", rule="OWN-04", passes=SEE_ALL)
    return row


def list_meetings(call: Call) -> dict[str, Any]:
    """The meetings that start in the range, with statistics over all that match (MTG-02, MTG-04, MTG-05)."""
    query = call.input.query
    span = {"range_start": query["from"], "range_end": query["to"]}
    page = _LIST.page(call, "range", **span)
    stats = [
        {"recruiterUserId": recruiter, "total": total, "upcoming": total - int(past), "past": int(past)}
        for recruiter, total, past in _LIST.aggregate(call, "/recruiterUserId", _STATS, "range", **span)
    ]
    return {**payload(call, [view(row) for row in page.rows], page.total), "stats": stats}


def event(tx: Transaction, workspace: str) -> dict[str, str]:
    """A new event in Outlook, with its link to Teams (MTG-07, MTG-13)."""
    made = next_digest(tx, workspace)
    return {
        "outlook_event_id": f"AAMk{made}",
        "teams_join_url": f"https://teams.microsoft.com/l/meetup-join/mock/{made}",
    }


def insert(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Write a meeting, its lists still being lists."""
    tx.write(_INSERT, _packed(row))
    _link(tx, row)


def create_meeting(call: Call) -> dict[str, Any]:
    """Create a meeting without an invite.

    Raises Invalid (MTG-09, MTG-10), NotFound (MTG-11), or Forbidden for another host (ROLE-05).
    """
    body = call.input.body
    caller = call.principal.user_id
    row = {
        "workspace": call.workspace,
        "invite_id": None,
        "recruiter_user_id": caller,
        "host_user_id": body.get("hostUserId", caller),
        "title": body["title"],
        "description": body.get("description"),
        "location": body.get("location"),
        "start_at": body["startAt"],
        "end_at": body["endAt"],
        "required_attendees": body.get("requiredAttendees", []),
        "optional_attendees": body.get("optionalAttendees", []),
        "guests": body.get("guests", []),
        "label_ids": body.get("labelIds", []),
    }
    _check_people(call, row)
    _require_named(call, body)
    _check_host(call, caller)
    row |= {"id": call.new_id("mtg"), **event(call.tx, call.workspace), "created_at": call.now, "updated_at": call.now}
    insert(call.tx, row)
    return view(call.tx.first(_GET, {"workspace": call.workspace, "id": row["id"]}))


def update_meeting(call: Call) -> dict[str, Any]:
    """Reschedule or edit a meeting (MTG-12); a change of host makes a new event (MTG-13, MTG-14).

    Raises NotFound (OWN-04, MTG-11), Forbidden (ROLE-05), Conflict (MTG-15), Invalid or, with what is stored,
    Unfit (MTG-08, MTG-09, MTG-10).
    """
    body = call.input.body
    changes = {
        column: body[member]
        for member, column in (
            ("title", "title"),
            ("description", "description"),
            ("location", "location"),
            ("startAt", "start_at"),
            ("endAt", "end_at"),
            ("hostUserId", "host_user_id"),
            ("requiredAttendees", "required_attendees"),
            ("guests", "guests"),
            ("labelIds", "label_ids"),
        )
        if member in body
    }
    return _edit(call, changes)


def update_meeting_attendees(call: Call) -> dict[str, Any]:
    """Replace the optional attendees (MTG-16). Raises as `update_meeting` does."""
    return _edit(call, {"optional_attendees": call.input.body["optionalAttendees"]})


def _edit(call: Call, changes: dict[str, Any]) -> dict[str, Any]:
    _check_people(call, changes)
    before = _unpacked(find(call))
    _require_named(call, call.input.body)
    _check_host(call, before["host_user_id"])
    if before["end_at"] <= call.now:
        raise Conflict(f"The meeting {before['id']} has ended and cannot be edited", rule="MTG-15")
    after = {**before, **changes, "updated_at": call.now}
    try:
        _check_people(call, after)
        if call.operation.period is not None:
            check_period(call.operation.period, after["start_at"], after["end_at"])
    except Invalid as problem:
        raise Unfit(problem.message, rule=problem.rule) from None
    if after["host_user_id"] != before["host_user_id"]:
        after |= event(call.tx, call.workspace)
    key = {"at": call.workspace, "key": before["id"]}
    call.tx.write(_UPDATE, {**key, **{f"set_{name}": value for name, value in _packed(after).items()}})
    for statement in _UNLINK:
        call.tx.write(statement, key)
    _link(call.tx, {**after, "workspace": call.workspace})
    return view(call.tx.first(_GET, {"workspace": call.workspace, "id": before["id"]}))


def _check_host(call: Call, present: str) -> None:
    wanted = call.input.body.get("hostUserId", present)
    if wanted != present and not call.principal.sees_all:
        raise Forbidden(
            f"Another host is for managers and admins to name; your role is {call.principal.role}",
            rule="ROLE-05",
            passes=SEE_ALL,
        )


def _require_named(call: Call, body: Mapping[str, Any]) -> None:
    people = (body.get("hostUserId"), *body.get("requiredAttendees", ()), *body.get("optionalAttendees", ()))
    require(call, "user", (user for user in people if user is not None), rule="MTG-11")
    require(call, "label", body.get("labelIds", ()), rule="MTG-11")


def _check_people(call: Call, row: Mapping[str, Any]) -> None:
    """Check who takes part, as far as the row says (MTG-09, MTG-10)."""
    required, optional = row.get("required_attendees", ()), row.get("optional_attendees", ())
    if both := next((user for user in optional if user in set(required)), None):
        raise Invalid(f"{both} is both a required and an optional attendee, expected one of them", rule="MTG-10")
    users = {*required, *optional, *filter(None, [row.get("host_user_id")])}
    guests = {guest["email"].casefold() for guest in row.get("guests", ())}
    limit = call.operation.participants
    if limit is not None and len(users) + len(guests) > limit.maximum:
        raise Invalid(
            f"Host, attendees and guests are {len(users) + len(guests)} people, expected at most {limit.maximum}",
            rule="MTG-09",
        )


_PACKED = ("required_attendees", "optional_attendees", "guests", "label_ids")


def _packed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **{name: json_text(row[name]) for name in _PACKED}}


def _unpacked(row: Any) -> dict[str, Any]:
    fields = row._asdict()
    return {**fields, **{name: orjson.loads(fields[name]) for name in _PACKED}}


def _link(tx: Transaction, row: Mapping[str, Any]) -> None:
    people, labelled = meeting_links(
        row["workspace"],
        row["id"],
        period=(row["start_at"], row["end_at"]),
        host=row["host_user_id"],
        required=row["required_attendees"],
        optional=row["optional_attendees"],
        label_ids=row["label_ids"],
    )
    tx.write(_INSERT_USERS, *people)
    tx.write(_INSERT_LABELS, *labelled)


def by_ids(tx: Transaction, workspace: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Meetings as the contract shows them, by id."""
    rows = tx.all(_SOME, {"workspace": workspace, "ids": list(ids)})
    return {row.id: view(row) for row in rows}


_SOME = sa.select(*COLUMNS).where(
    meetings.c.workspace == sa.bindparam("workspace"), meetings.c.id.in_(sa.bindparam("ids", expanding=True))
)
