"""Tables into worlds: the way back of `worlds.insert`."""

from collections import defaultdict
from typing import Any

import orjson
import sqlalchemy as sa

from fixtures import ApiKey, Invite, Label, Meeting, User, World
from mock_server.store import tables
from mock_server.store.transaction import Transaction


def _of(table: sa.Table, *order: str, without: tuple[str, ...] = ()) -> sa.Select[Any]:
    columns = (column for column in table.c if column.name not in ("workspace", *without))
    here = table.c.workspace == sa.bindparam("workspace")
    return sa.select(*columns).where(here).order_by(*(table.c[name] for name in order))


_WORKSPACE = sa.select(tables.workspaces).where(tables.workspaces.c.name == sa.bindparam("workspace"))
_USERS = _of(tables.users, "id")
_USER_LABELS = _of(tables.user_labels, "user_id", "position")
_LABELS = _of(tables.labels, "created_at", "id", without=("folded_name",))
_API_KEYS = _of(tables.api_keys, "position", without=("position",))
_INVITES = _of(tables.invites, "created_at", "id", without=("booking_id",))
_MEETINGS = _of(tables.meetings, "start_at", "id")
_SUBJECT = {
    "title": "title",
    "meetingDurationMinutes": "meeting_duration_minutes",
    "description": "description",
    "location": "location",
}
_LISTS = ("required_attendees", "optional_attendees", "guests", "label_ids")


def dump(tx: Transaction, workspace: str) -> World:
    """Every row of a workspace as a world. Its times are absolute, so it may be inserted at any start."""
    here = {"workspace": workspace}
    label_ids: dict[str, list[str]] = defaultdict(list)
    for row in tx.all(_USER_LABELS, here):
        label_ids[row.user_id].append(row.label_id)
    itself = tx.first(_WORKSPACE, here)
    return World(
        workspace=workspace,
        tenant_id=itself.tenant_id,
        seed=itself.seed,
        sequence=itself.sequence,
        users=tuple(User(**row._asdict(), label_ids=tuple(label_ids[row.id])) for row in tx.all(_USERS, here)),
        labels=tuple(Label(**row._asdict()) for row in tx.all(_LABELS, here)),
        api_keys=tuple(ApiKey(**row._asdict()) for row in tx.all(_API_KEYS, here)),
        invites=tuple(_invite(row._asdict()) for row in tx.all(_INVITES, here)),
        meetings=tuple(_meeting(row._asdict()) for row in tx.all(_MEETINGS, here)),
    )


def _invite(row: dict[str, Any]) -> Invite:
    subject = {member: row.pop(column) for member, column in _SUBJECT.items()}
    lists = {name: tuple(orjson.loads(row[name])) for name in ("required_attendees", "candidates")}
    return Invite(**row | lists | {"meeting": subject, "own_vote_deadline": bool(row["own_vote_deadline"])})


def _meeting(row: dict[str, Any]) -> Meeting:
    return Meeting(**row | {name: tuple(orjson.loads(row[name])) for name in _LISTS})
