"""Who is free."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from mock_server.domain import meetings
from mock_server.domain.call import Call, require
from mock_server.store import Transaction
from mock_server.store.tables import meeting_users

# Somebody may host a meeting and attend it too: it is one conflict.
_BUSY = (
    sa.select(meeting_users.c.user_id, meeting_users.c.start_at, meeting_users.c.end_at, meeting_users.c.meeting_id)
    .distinct()
    .where(
        meeting_users.c.workspace == sa.bindparam("workspace"),
        meeting_users.c.user_id.in_(sa.bindparam("users", expanding=True)),
        meeting_users.c.meeting_id != sa.bindparam("except"),
        meeting_users.c.start_at < sa.bindparam("end"),
        meeting_users.c.end_at > sa.bindparam("start"),
    )
    .order_by(meeting_users.c.start_at, meeting_users.c.end_at, meeting_users.c.meeting_id)
)


def conflicts(
    tx: Transaction, workspace: str, users: list[str], start: str, end: str, *, without: str = ""
) -> dict[str, list[dict[str, str]]]:
    """When each user is busy inside the window, except by the meeting `without`: times only (AVL-01 to AVL-05)."""
    window = {"workspace": workspace, "users": users, "start": start, "end": end, "except": without}
    busy: dict[str, list[dict[str, str]]] = defaultdict(list)
    for user_id, start_at, end_at, _ in tx.all(_BUSY, window):
        busy[user_id].append({"startAt": start_at, "endAt": end_at})
    return busy


def check_availability(call: Call) -> dict[str, Any]:
    """Whether the given users are free (D-24). Raises NotFound for the meeting (OWN-04) or a user (AVL-06)."""
    meeting = meetings.find(call)
    body = call.input.body
    users = body["userIds"]
    require(call, "user", users, rule="AVL-06")
    busy = conflicts(call.tx, call.workspace, users, body["startAt"], body["endAt"], without=meeting["id"])
    answers = [{"userId": user, "available": user not in busy, "conflicts": busy.get(user, [])} for user in users]
    return {"available": not busy, "users": answers}
