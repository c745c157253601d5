"""The candidate's part: booking an invite on its public page, which the App API does not offer."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from mock_server.clock import text
from mock_server.domain import availability, invites, meetings
from mock_server.meanings import Conflict, NotFound
from mock_server.store import Transaction
from mock_server.store.identifiers import next_digest
from mock_server.store.tables import invites as invite_table
from mock_server.store.tables import user_labels, users

_BOOK = (
    invite_table.update()
    .where(invite_table.c.workspace == sa.bindparam("at"), invite_table.c.id == sa.bindparam("key"))
    .values(booking_id=sa.bindparam("booking"), updated_at=sa.bindparam("now"))
)
_GROUP = (
    sa.select(users.c.id)
    .join(user_labels, sa.and_(user_labels.c.workspace == users.c.workspace, user_labels.c.user_id == users.c.id))
    .where(
        users.c.workspace == sa.bindparam("workspace"),
        users.c.status == "active",
        user_labels.c.label_id == sa.bindparam("label"),
    )
    .order_by(users.c.id)
)


def book_invite(
    tx: Transaction, workspace: str, invite_id: str, *, start_at: str, candidate_email: str | None, now: str
) -> dict[str, Any]:
    """Book an active direct or sub-invite: a meeting is made of it (INV-09, INV-10).

    The recruiter hosts. The users that the invite names attend, and of each label the first active user who is free
    then, or else the first. Raises NotFound for the invite or the candidate, Conflict for a mother (INV-16) and for
    an invite that is not active.
    """
    invite = invites.find(tx, workspace, invite_id, now)
    candidates = orjson.loads(invite.candidates)
    wanted = [one for one in candidates if candidate_email in (None, one["email"])]
    if candidates and not wanted:
        raise NotFound(f"The invite {invite_id} has no candidate {candidate_email}", rule="INV-09")
    if invite.kind == "mother":
        raise Conflict(f"The invite {invite_id} is a mother: issue a sub-invite and book that", rule="INV-16")
    if invite.status != "active":
        raise Conflict(f"The invite {invite_id} is {invite.status}, not active", rule="INV-09")
    end = datetime.fromisoformat(start_at) + timedelta(minutes=invite.meeting_duration_minutes)
    groups = orjson.loads(invite.required_attendees)
    label_ids = list(dict.fromkeys(label for group in groups for label in group.get("labelIds", ())))
    named = [user for group in groups for user in group.get("userIds", ())]
    routed = [_of_group(tx, workspace, label, start_at, text(end)) for label in label_ids]
    booking_id = f"mtg_{next_digest(tx, workspace)}"
    meetings.insert(
        tx,
        {
            "workspace": workspace,
            "id": booking_id,
            "invite_id": invite_id,
            "recruiter_user_id": invite.recruiter_user_id,
            "host_user_id": invite.recruiter_user_id,
            "title": invite.title,
            "description": invite.description,
            "location": invite.location,
            "start_at": start_at,
            "end_at": text(end),
            "required_attendees": list(dict.fromkeys([*named, *filter(None, routed)])),
            "optional_attendees": [],
            "guests": wanted[:1],
            "label_ids": label_ids,
            **meetings.event(tx, workspace),
            "created_at": now,
            "updated_at": now,
        },
    )
    tx.write(_BOOK, {"at": workspace, "key": invite_id, "booking": booking_id, "now": now})
    return meetings.by_ids(tx, workspace, [booking_id])[booking_id]


def _of_group(tx: Transaction, workspace: str, label: str, start: str, end: str) -> str | None:
    members = [row.id for row in tx.all(_GROUP, {"workspace": workspace, "label": label})]
    busy = availability.conflicts(tx, workspace, members, start, end) if members else {}
    return next((member for member in members if member not in busy), members[0] if members else None)
