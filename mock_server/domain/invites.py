"""Invites: direct ones, multi-use mothers, and the sub-invites issued from them.

A sub-invite keeps a copy of what it mirrors of its mother, rewritten whenever the mother changes (SUB-02), so that
lists sort and filter it like any other.
"""

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from mock_server.domain import meetings
from mock_server.domain.call import SEE_ALL, Call, require
from mock_server.domain.lists import OWN, Link, ListQuery, Rows, payload
from mock_server.meanings import Conflict, NotFound, Unfit
from mock_server.store import Transaction
from mock_server.store.documents import Document, invite_links, invite_row
from mock_server.store.tables import invite_labels, invite_users, invites
from openapi import load_app_api

_STATUS = sa.case(
    (invites.c.booking_id.is_not(None), "booked"),
    (invites.c.vote_deadline_at <= sa.bindparam("now"), "expired"),
    else_="active",
)


def _narrowed(table: sa.Table) -> dict[str, sa.ColumnElement[bool]]:
    """The narrowings of the list, by what a table knows of an invite."""
    own = table.c.recruiter_user_id == sa.bindparam("caller")
    return {OWN: own, "roots": table.c.mother_invite_id.is_(None)}


_SHOWN = (invites.c.document, _STATUS.label("status"), invites.c.booking_id)
_ROWS = Rows(
    invites,
    _SHOWN,
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
            invite_users.c.invite_id, invite_users.c.user_id, conditions=_narrowed(invite_users)
        ),
        "/requiredAttendees/*/labelIds/*": Link(
            invite_labels.c.invite_id, invite_labels.c.label_id, conditions=_narrowed(invite_labels)
        ),
    },
)
_LIST = ListQuery(load_app_api().operations["listInvites"], _ROWS, {"roots": _narrowed(invites)["roots"]})
_LIST_SUBS = ListQuery(
    load_app_api().operations["listSubInvites"],
    _ROWS,
    {"of mother": invites.c.mother_invite_id == sa.bindparam("mother")},
)

_HERE = invites.c.workspace == sa.bindparam("workspace")
_GET = sa.select(*_SHOWN, invites.c.id, invites.c.kind, invites.c.recruiter_user_id, invites.c.own_vote_deadline).where(
    _HERE, invites.c.id == sa.bindparam("id")
)
_BY_LINK = sa.select(invites.c.id).where(_HERE, invites.c.public_link_value == sa.bindparam("link"))
_INSERT, _INSERT_USERS, _INSERT_LABELS = invites.insert(), invite_users.insert(), invite_labels.insert()
# What may change of a stored invite; the document has it all.
_CHANGING = (
    "public_link_value",
    "vote_deadline_at",
    "title",
    "meeting_duration_minutes",
    "booking_id",
    "updated_at",
    "document",
)
_UPDATE = (
    invites.update()
    .where(invites.c.workspace == sa.bindparam("at"), invites.c.id == sa.bindparam("key"))
    .values({name: sa.bindparam(f"set_{name}") for name in _CHANGING})
)
_SUBS_OF = sa.select(invites.c.document, invites.c.booking_id, invites.c.own_vote_deadline).where(
    _HERE, invites.c.mother_invite_id == sa.bindparam("mother")
)
_UNLINK = tuple(
    table.delete().where(*(column == sa.bindparam(column.name) for column in table.primary_key))
    for table in (invite_users, invite_labels)
)


def view(document: str, status: str, booking: str | None) -> orjson.Fragment:
    """An invite as the contract shows it, of its document and that of its booking."""
    return orjson.Fragment(f'{document[:-1]},"status":"{status}","booking":{booking or "null"}}}')


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


def _views(call: Call, rows: list[Any]) -> list[orjson.Fragment]:
    booked = [booking_id for *_, booking_id in rows if booking_id is not None]
    bookings = meetings.documents(call.tx, call.workspace, booked) if booked else {}
    return [view(document, status, bookings.get(booking_id)) for document, status, booking_id in rows]


def _view(call: Call, row: Any) -> orjson.Fragment:
    return _views(call, [row[: len(_SHOWN)]])[0]


def list_invites(call: Call) -> dict[str, Any]:
    """The invites visible to the caller, roots only unless asked otherwise (OWN-01, INV-08)."""
    page = _LIST.page(call, *(() if call.input.query["includeSubInvites"] else ("roots",)))
    return payload(call, _views(call, page.rows), page.total)


def get_invite(call: Call) -> orjson.Fragment:
    """One invite with its booking, if any (INV-03, INV-10). Raises NotFound (OWN-03)."""
    return _view(call, _find_visible(call))


def list_sub_invites(call: Call) -> dict[str, Any]:
    """The sub-invites of a mother; of any other invite none (SUB-05, SUB-06). Raises NotFound (OWN-03)."""
    mother = _find_visible(call)
    page = _LIST_SUBS.page(call, "of mother", mother=mother.id)
    return payload(call, _views(call, page.rows), page.total)


def create_invite(call: Call) -> orjson.Fragment:
    """Create a direct or a mother invite (INV-01, INV-02). Raises NotFound (INV-07) or Conflict (INV-05)."""
    body = call.input.body
    _require_attendees(call, body["requiredAttendees"])
    _require_free_link(call, body.get("publicLinkValue"))
    is_mother = body.get("allowMultipleBookings", False)
    meeting = body["meeting"]
    document = {
        "id": call.new_id("inv"),
        "kind": "mother" if is_mother else "direct",
        "recruiterUserId": call.principal.user_id,
        "allowMultipleBookings": is_mother,
        "publicLinkValue": body.get("publicLinkValue"),
        "requiredAttendees": body["requiredAttendees"],
        "candidates": body.get("candidates", []),
        "voteDeadlineAt": body["voteDeadlineAt"],
        "meeting": {
            "title": meeting["title"],
            "meetingDurationMinutes": meeting["meetingDurationMinutes"],
            "description": meeting.get("description"),
            "location": meeting.get("location"),
        },
        "motherInviteId": None,
    }
    return _insert(call, document)


def create_sub_invite(call: Call) -> orjson.Fragment:
    """Issue a sub-invite from an active mother (SUB-01). Raises NotFound (OWN-03) or Conflict (SUB-04)."""
    mother = _find_visible(call)
    if mother.kind != "mother":
        raise Conflict(f"The invite {mother.id} is {mother.kind}, not a mother", rule="SUB-04")
    if mother.status != "active":
        raise Conflict(f"The mother invite {mother.id} is {mother.status}, not active", rule="SUB-04")
    document = orjson.loads(mother.document)
    deadline = call.input.body.get("voteDeadlineAt")
    document |= {
        "id": call.new_id("inv"),
        "kind": "sub",
        "allowMultipleBookings": False,
        "publicLinkValue": None,
        "candidates": [call.input.body["candidate"]],
        "voteDeadlineAt": deadline or document["voteDeadlineAt"],
        "motherInviteId": mother.id,
    }
    return _insert(call, document, own_vote_deadline=deadline is not None)


def update_invite(call: Call) -> orjson.Fragment:
    """Change an active direct or mother invite (INV-11), and with a mother its sub-invites (SUB-02, SUB-03).

    Raises NotFound (OWN-03, INV-07), Conflict (INV-12, INV-13, INV-05) or Unfit (INV-14).
    """
    body = call.input.body
    row = _find_visible(call)
    _require_attendees(call, body.get("requiredAttendees", ()))
    if row.kind == "sub":
        raise Conflict(f"The sub-invite {row.id} follows its mother and cannot be edited", rule="INV-12")
    if row.status != "active":
        raise Conflict(f"The invite {row.id} is {row.status} and cannot be edited", rule="INV-13")
    _require_free_link(call, body.get("publicLinkValue"), besides=row.id)
    _require_fit(row.kind, body)
    _change(call, row, body)
    if row.kind == "mother":
        _mirror(call, row.id, body)
    return _view(call, find(call.tx, call.workspace, row.id, call.now))


def _mirror(call: Call, mother: str, body: Mapping[str, Any]) -> None:
    """Bring what changed of a mother to her sub-invites (SUB-02, SUB-03)."""
    mirrored = {name: body[name] for name in ("requiredAttendees", "meeting") if name in body}
    for sub in call.tx.all(_SUBS_OF, {"workspace": call.workspace, "mother": mother}):
        if "voteDeadlineAt" in body and not sub.own_vote_deadline:
            _change(call, sub, {**mirrored, "voteDeadlineAt": body["voteDeadlineAt"]})
        elif mirrored:
            _change(call, sub, mirrored)


def _change(call: Call, row: Any, changes: Mapping[str, Any]) -> None:
    """Change members of an invite's document, and of its meeting those that are named."""
    before = orjson.loads(row.document)
    meeting = {**before["meeting"], **changes.get("meeting", {})}
    after = {**before, **changes, "meeting": meeting, "updatedAt": call.now}
    save(call.tx, call.workspace, after, booking_id=row.booking_id)
    if "requiredAttendees" in changes:
        for statement, links in zip(_UNLINK, invite_links(call.workspace, before), strict=True):
            for link in links:
                call.tx.write(statement, link)
        _link(call, after)


def save(tx: Transaction, workspace: str, document: Document, *, booking_id: str | None) -> None:
    """Write the changed document of a stored invite, and its booking."""
    changed = invite_row(workspace, document, booking_id=booking_id)
    key = {"at": workspace, "key": document["id"]}
    tx.write(_UPDATE, {**key, **{f"set_{name}": changed[name] for name in _CHANGING}})


def _insert(call: Call, document: dict[str, Any], *, own_vote_deadline: bool = False) -> orjson.Fragment:
    document |= {"createdAt": call.now, "updatedAt": call.now}
    row = invite_row(call.workspace, document, own_vote_deadline=own_vote_deadline)
    call.tx.write(_INSERT, row)
    _link(call, document)
    # Nobody has booked it yet, and its deadline lies ahead.
    return view(row["document"], "active", None)


def _link(call: Call, document: Document) -> None:
    users, labels = invite_links(call.workspace, document)
    call.tx.write(_INSERT_USERS, *users)
    call.tx.write(_INSERT_LABELS, *labels)


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
