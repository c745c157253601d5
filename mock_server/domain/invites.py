"""Invites: direct ones, multi-use mothers, and the sub-invites issued from them.

A sub-invite keeps a copy of what it mirrors of its mother, rewritten whenever the mother changes (SUB-02), so that
lists sort and filter it like any other.
"""

from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from mock_server.domain import meetings
from mock_server.domain.call import SEE_ALL, Call, require
from mock_server.domain.lists import Link, ListQuery, Rows, payload
from mock_server.meanings import Conflict, NotFound, Unfit
from mock_server.store import Transaction
from mock_server.store.tables import invite_labels, invite_users, invites
from mock_server.store.worlds import invite_links, json_text
from openapi import load_app_api

_STATUS = sa.case(
    (invites.c.booking_id.is_not(None), "booked"),
    (invites.c.vote_deadline_at <= sa.bindparam("now"), "expired"),
    else_="active",
)
_STORED = tuple(column for column in invites.c if column.name != "workspace")
_COLUMNS = (*_STORED, _STATUS.label("status"))
_ROWS = Rows(
    invites,
    _COLUMNS,
    {
        "/createdAt": invites.c.created_at,
        "/updatedAt": invites.c.updated_at,
        "/meeting/title": invites.c.title,
        "/meeting/meetingDurationMinutes": invites.c.meeting_duration_minutes,
        "/voteDeadlineAt": invites.c.vote_deadline_at,
        "/status": _STATUS,
        "/kind": invites.c.kind,
        "/recruiterUserId": invites.c.recruiter_user_id,
        "/requiredAttendees/*/userIds/*": Link(
            invite_users.c.invite_id, invite_users.c.user_id, owner=invite_users.c.recruiter_user_id
        ),
        "/requiredAttendees/*/labelIds/*": Link(
            invite_labels.c.invite_id, invite_labels.c.label_id, owner=invite_labels.c.recruiter_user_id
        ),
    },
)
_LIST = ListQuery(load_app_api().operations["listInvites"], _ROWS, {"roots": invites.c.mother_invite_id.is_(None)})
_LIST_SUBS = ListQuery(
    load_app_api().operations["listSubInvites"],
    _ROWS,
    {"of mother": invites.c.mother_invite_id == sa.bindparam("mother")},
)

_HERE = invites.c.workspace == sa.bindparam("workspace")
_GET = sa.select(*_COLUMNS).where(_HERE, invites.c.id == sa.bindparam("id"))
_BY_LINK = sa.select(invites.c.id).where(_HERE, invites.c.public_link_value == sa.bindparam("link"))
_INSERT, _INSERT_USERS, _INSERT_LABELS = invites.insert(), invite_users.insert(), invite_labels.insert()
_KEY = (invites.c.workspace == sa.bindparam("at"), invites.c.id == sa.bindparam("key"))
_SUBS = (invites.c.workspace == sa.bindparam("at"), invites.c.mother_invite_id == sa.bindparam("key"))
_MIRRORED = ("required_attendees", "title", "meeting_duration_minutes", "description", "location", "updated_at")
_UPDATE = (
    invites.update()
    .where(*_KEY)
    .values(
        {
            name: sa.bindparam(f"set_{name}")
            for name in (*_MIRRORED, "public_link_value", "candidates", "vote_deadline_at")
        }
    )
)
_UPDATE_SUBS = invites.update().where(*_SUBS).values({name: sa.bindparam(f"set_{name}") for name in _MIRRORED})
_UPDATE_DEADLINES = (
    invites.update()
    .where(*_SUBS, invites.c.own_vote_deadline.is_(False))
    .values({name: sa.bindparam(f"set_{name}") for name in ("vote_deadline_at", "updated_at")})
)
_SUBS_OF = sa.select(invites.c.id, invites.c.recruiter_user_id, invites.c.required_attendees).where(*_SUBS)
_UNLINK = tuple(
    table.delete().where(*(column == sa.bindparam(column.name) for column in table.primary_key))
    for table in (invite_users, invite_labels)
)


def view(row: Sequence[Any], booking: dict[str, Any] | None) -> dict[str, Any]:
    """An invite as the contract shows it, from a row of `_COLUMNS`; unpacked, for lists show many."""
    (
        invite_id,
        kind,
        recruiter_user_id,
        public_link_value,
        required_attendees,
        candidates,
        vote_deadline_at,
        _,
        title,
        meeting_duration_minutes,
        description,
        location,
        mother_invite_id,
        _,
        created_at,
        updated_at,
        status,
    ) = row
    return {
        "id": invite_id,
        "kind": kind,
        "status": status,
        "recruiterUserId": recruiter_user_id,
        "allowMultipleBookings": kind == "mother",
        "publicLinkValue": public_link_value,
        "requiredAttendees": orjson.Fragment(required_attendees),
        "candidates": orjson.Fragment(candidates),
        "voteDeadlineAt": vote_deadline_at,
        "meeting": {
            "title": title,
            "meetingDurationMinutes": meeting_duration_minutes,
            "description": description,
            "location": location,
        },
        "motherInviteId": mother_invite_id,
        "booking": booking,
        "createdAt": created_at,
        "updatedAt": updated_at,
    }


def find(tx: Transaction, workspace: str, invite_id: str, now: str) -> Any:
    """An invite's row with its status. Raises NotFound."""
    row = tx.first(_GET, {"workspace": workspace, "id": invite_id, "now": now})
    if row is None:
        raise NotFound(f"There is no invite {invite_id}", rule="TEN-02")
    return row


def _find_visible(call: Call) -> Any:
    row = find(call.tx, call.workspace, call.input.path["inviteId"], call.now)
    if not call.principal.sees_all and call.principal.user_id != row.recruiter_user_id:
        raise NotFound(f"There is no invite {row.id}", rule="OWN-03", passes=SEE_ALL)
    return row


def _views(call: Call, rows: list[Any]) -> list[dict[str, Any]]:
    booked = [row.booking_id for row in rows if row.booking_id is not None]
    bookings = meetings.by_ids(call.tx, call.workspace, booked) if booked else {}
    return [view(row, bookings.get(row.booking_id)) for row in rows]


def _answer(call: Call, invite_id: str) -> dict[str, Any]:
    return _views(call, [find(call.tx, call.workspace, invite_id, call.now)])[0]


def list_invites(call: Call) -> dict[str, Any]:
    """The invites visible to the caller, roots only unless asked otherwise (OWN-01, INV-08)."""
    page = _LIST.page(call, *(() if call.input.query["includeSubInvites"] else ("roots",)))
    return payload(call, _views(call, page.rows), page.total)


def get_invite(call: Call) -> dict[str, Any]:
    """One invite with its booking, if any (INV-03, INV-10). Raises NotFound (OWN-03)."""
    return _views(call, [_find_visible(call)])[0]


def list_sub_invites(call: Call) -> dict[str, Any]:
    """The sub-invites of a mother; of any other invite none (SUB-05, SUB-06). Raises NotFound (OWN-03)."""
    mother = _find_visible(call)
    page = _LIST_SUBS.page(call, "of mother", mother=mother.id)
    return payload(call, _views(call, page.rows), page.total)


def create_invite(call: Call) -> dict[str, Any]:
    """Create a direct or a mother invite (INV-01, INV-02). Raises NotFound (INV-07) or Conflict (INV-05)."""
    body = call.input.body
    _require_attendees(call, body["requiredAttendees"])
    _require_free_link(call, body.get("publicLinkValue"))
    meeting = body["meeting"]
    return _insert(
        call,
        kind="mother" if body.get("allowMultipleBookings") else "direct",
        recruiter_user_id=call.principal.user_id,
        public_link_value=body.get("publicLinkValue"),
        required_attendees=body["requiredAttendees"],
        candidates=body.get("candidates", []),
        vote_deadline_at=body["voteDeadlineAt"],
        own_vote_deadline=False,
        title=meeting["title"],
        meeting_duration_minutes=meeting["meetingDurationMinutes"],
        description=meeting.get("description"),
        location=meeting.get("location"),
        mother_invite_id=None,
    )


def create_sub_invite(call: Call) -> dict[str, Any]:
    """Issue a sub-invite from an active mother (SUB-01). Raises NotFound (OWN-03) or Conflict (SUB-04)."""
    mother = _find_visible(call)
    if mother.kind != "mother":
        raise Conflict(f"The invite {mother.id} is {mother.kind}, not a mother", rule="SUB-04")
    if mother.status != "active":
        raise Conflict(f"The mother invite {mother.id} is {mother.status}, not active", rule="SUB-04")
    deadline = call.input.body.get("voteDeadlineAt")
    return _insert(
        call,
        kind="sub",
        recruiter_user_id=mother.recruiter_user_id,
        public_link_value=None,
        required_attendees=orjson.loads(mother.required_attendees),
        candidates=[call.input.body["candidate"]],
        vote_deadline_at=deadline or mother.vote_deadline_at,
        own_vote_deadline=deadline is not None,
        title=mother.title,
        meeting_duration_minutes=mother.meeting_duration_minutes,
        description=mother.description,
        location=mother.location,
        mother_invite_id=mother.id,
    )


def update_invite(call: Call) -> dict[str, Any]:
    """Change an active direct or mother invite (INV-11), and with a mother its sub-invites (SUB-02, SUB-03).

    Raises NotFound (OWN-03, INV-07), Conflict (INV-12, INV-13, INV-05) or Unfit (INV-14).
    """
    body = call.input.body
    row = _find_visible(call)
    attendees = body.get("requiredAttendees", ())
    _require_attendees(call, attendees)
    if row.kind == "sub":
        raise Conflict(f"The sub-invite {row.id} follows its mother and cannot be edited", rule="INV-12")
    if row.status != "active":
        raise Conflict(f"The invite {row.id} is {row.status} and cannot be edited", rule="INV-13")
    _require_free_link(call, body.get("publicLinkValue"), besides=row.id)
    _require_fit(row.kind, body)
    template = {**_template(row), **body.get("meeting", {})}
    changed = {
        "public_link_value": body.get("publicLinkValue", row.public_link_value),
        "candidates": json_text(body["candidates"]) if "candidates" in body else row.candidates,
        "vote_deadline_at": body.get("voteDeadlineAt", row.vote_deadline_at),
        "required_attendees": json_text(attendees) if attendees else row.required_attendees,
        "title": template["title"],
        "meeting_duration_minutes": template["meetingDurationMinutes"],
        "description": template["description"],
        "location": template["location"],
        "updated_at": call.now,
    }
    parameters = {"at": call.workspace, "key": row.id, **{f"set_{name}": value for name, value in changed.items()}}
    call.tx.write(_UPDATE, parameters)
    if attendees:
        _relink(call, row, attendees)
    if row.kind == "mother":
        _mirror(call, body, parameters)
    return _answer(call, row.id)


def _mirror(call: Call, body: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Bring what changed of a mother to her sub-invites (SUB-02, SUB-03)."""
    if attendees := body.get("requiredAttendees"):
        for sub in call.tx.all(_SUBS_OF, parameters):
            _relink(call, sub, attendees)
    if "meeting" in body or "requiredAttendees" in body:
        call.tx.write(_UPDATE_SUBS, parameters)
    if "voteDeadlineAt" in body:
        call.tx.write(_UPDATE_DEADLINES, parameters)


def _template(row: Any) -> dict[str, Any]:
    return {
        "title": row.title,
        "meetingDurationMinutes": row.meeting_duration_minutes,
        "description": row.description,
        "location": row.location,
    }


def _insert(call: Call, *, required_attendees: list[Any], candidates: list[Any], **row: Any) -> dict[str, Any]:
    row |= {
        "workspace": call.workspace,
        "id": call.new_id("inv"),
        "required_attendees": json_text(required_attendees),
        "candidates": json_text(candidates),
        "booking_id": None,
        "created_at": call.now,
        "updated_at": call.now,
    }
    call.tx.write(_INSERT, row)
    _link(call, invite_links(call.workspace, row["id"], row["recruiter_user_id"], required_attendees))
    # Nobody has booked it yet, and its deadline lies ahead.
    return view([*(row[column.name] for column in _STORED), "active"], None)


def _link(call: Call, links: tuple[list[Any], list[Any]]) -> None:
    call.tx.write(_INSERT_USERS, *links[0])
    call.tx.write(_INSERT_LABELS, *links[1])


def _relink(call: Call, row: Any, attendees: list[Any]) -> None:
    """Replace what a stored row's attendees are found by."""
    for statement, links in zip(_UNLINK, _links(call, row, orjson.loads(row.required_attendees)), strict=True):
        for link in links:
            call.tx.write(statement, link)
    _link(call, _links(call, row, attendees))


def _links(call: Call, row: Any, attendees: list[Any]) -> tuple[list[Any], list[Any]]:
    return invite_links(call.workspace, row.id, row.recruiter_user_id, attendees)


def _require_attendees(call: Call, attendees: Any) -> None:
    require(call, "user", (user for group in attendees for user in group.get("userIds", ())), rule="INV-07")
    require(call, "label", (label for group in attendees for label in group.get("labelIds", ())), rule="INV-07")


def _require_free_link(call: Call, link: str | None, *, besides: str | None = None) -> None:
    if link is None:
        return
    taken = call.tx.first(_BY_LINK, {"workspace": call.workspace, "link": link})
    if taken is not None and taken.id != besides:
        raise Conflict(f"The publicLinkValue {link} belongs to another invite", rule="INV-05")


def _require_fit(kind: str, body: dict[str, Any]) -> None:
    """What may be changed depends on the kind that is stored (INV-14)."""
    if kind == "mother" and body.get("candidates"):
        raise Unfit("/candidates do not fit a mother invite: issue sub-invites instead", rule="INV-14")
    if kind == "direct" and body.get("candidates", True) == []:
        raise Unfit("/candidates is empty, expected 1 to 50 candidates of a direct invite", rule="INV-14")
    if kind == "direct" and body.get("publicLinkValue") is not None:
        raise Unfit("/publicLinkValue does not fit a direct invite, only a mother", rule="INV-14")
