"""Tables into worlds: the way back of `worlds.insert`."""

from collections import defaultdict
from typing import Any

import orjson
import sqlalchemy as sa

from fixtures import ApiKey, Invite, Label, Meeting, User, World
from mock_server.store import tables
from mock_server.store.documents import Document
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
_INVITES = (
    sa.select(tables.invites.c.own_vote_deadline, tables.invites.c.document)
    .where(tables.invites.c.workspace == sa.bindparam("workspace"))
    .order_by(tables.invites.c.created_at, tables.invites.c.id)
)
_MEETINGS = (
    sa.select(tables.meetings.c.document)
    .where(tables.meetings.c.workspace == sa.bindparam("workspace"))
    .order_by(tables.meetings.c.start_at, tables.meetings.c.id)
)


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
        invites=tuple(_invite(row) for row in tx.all(_INVITES, here)),
        meetings=tuple(_meeting(orjson.loads(row.document)) for row in tx.all(_MEETINGS, here)),
    )


def _invite(row: Any) -> Invite:
    document = orjson.loads(row.document)
    return Invite(
        id=document["id"],
        kind=document["kind"],
        own_vote_deadline=bool(row.own_vote_deadline),
        recruiter_user_id=document["recruiterUserId"],
        public_link_value=document["publicLinkValue"],
        required_attendees=tuple(document["requiredAttendees"]),
        candidates=tuple(document["candidates"]),
        vote_deadline_at=document["voteDeadlineAt"],
        meeting=document["meeting"],
        mother_invite_id=document["motherInviteId"],
        created_at=document["createdAt"],
        updated_at=document["updatedAt"],
    )


def _meeting(document: Document) -> Meeting:
    return Meeting(
        id=document["id"],
        invite_id=document["inviteId"],
        recruiter_user_id=document["recruiterUserId"],
        host_user_id=document["hostUserId"],
        title=document["title"],
        description=document["description"],
        location=document["location"],
        start_at=document["startAt"],
        end_at=document["endAt"],
        required_attendees=tuple(document["requiredAttendees"]),
        optional_attendees=tuple(document["optionalAttendees"]),
        guests=tuple(document["guests"]),
        label_ids=tuple(document["labelIds"]),
        outlook_event_id=document["outlookEventId"],
        teams_join_url=document["teamsJoinUrl"],
        created_at=document["createdAt"],
        updated_at=document["updatedAt"],
    )
