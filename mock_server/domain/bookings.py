"""The candidate's part: booking an invite on its public page, which the App API does not offer."""

from datetime import datetime, timedelta

import orjson
import sqlalchemy as sa

from mock_server.clock import text
from mock_server.domain import availability, invites, meetings
from mock_server.meanings import Conflict, NotFound
from mock_server.store import Transaction
from mock_server.store.identifiers import next_digest
from mock_server.store.tables import user_labels, users

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
) -> orjson.Fragment:
    """Book an active direct or sub-invite: a meeting is made of it (INV-09, INV-10).

    The recruiter hosts. The users that the invite names attend, and of each label the first active user who is free
    then, or else the first. Raises NotFound for the invite or the candidate, Conflict for a mother (INV-16) and for
    an invite that is not active.
    """
    row = invites.find(tx, workspace, invite_id, now)
    invite = orjson.loads(row.document)
    wanted = [one for one in invite["candidates"] if candidate_email in (None, one["email"])]
    if invite["candidates"] and not wanted:
        raise NotFound(f"The invite {invite_id} has no candidate {candidate_email}", rule="INV-09")
    if row.kind == "mother":
        raise Conflict(f"The invite {invite_id} is a mother: issue a sub-invite and book that", rule="INV-16")
    if row.status != "active":
        raise Conflict(f"The invite {invite_id} is {row.status}, not active", rule="INV-09")
    subject = invite["meeting"]
    end = text(datetime.fromisoformat(start_at) + timedelta(minutes=subject["meetingDurationMinutes"]))
    groups = invite["requiredAttendees"]
    label_ids = list(dict.fromkeys(label for group in groups for label in group.get("labelIds", ())))
    named = [user for group in groups for user in group.get("userIds", ())]
    routed = [_of_group(tx, workspace, label, start_at, end) for label in label_ids]
    meeting = {
        "id": f"mtg_{next_digest(tx, workspace)}",
        "inviteId": invite_id,
        "recruiterUserId": invite["recruiterUserId"],
        "hostUserId": invite["recruiterUserId"],
        "title": subject["title"],
        "description": subject["description"],
        "location": subject["location"],
        "startAt": start_at,
        "endAt": end,
        "requiredAttendees": list(dict.fromkeys([*named, *filter(None, routed)])),
        "optionalAttendees": [],
        "guests": wanted[:1],
        "labelIds": label_ids,
        **meetings.event(tx, workspace),
        "createdAt": now,
        "updatedAt": now,
    }
    invites.save(tx, workspace, {**invite, "updatedAt": now}, booking_id=meeting["id"])
    return meetings.insert(tx, workspace, meeting)


def _of_group(tx: Transaction, workspace: str, label: str, start: str, end: str) -> str | None:
    members = [row.id for row in tx.all(_GROUP, {"workspace": workspace, "label": label})]
    busy = availability.conflicts(tx, workspace, members, start, end) if members else {}
    return next((member for member in members if member not in busy), members[0] if members else None)
