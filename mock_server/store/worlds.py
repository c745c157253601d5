"""Worlds into tables, and the rows of a workspace."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from fixtures import Invite, Meeting, World, resolve
from mock_server.store import tables
from mock_server.store.documents import Document, Row, invite_links, invite_row, meeting_links, meeting_row
from mock_server.store.transaction import Transaction

_BATCH = 5_000

_REMOVE = tuple(
    table.delete().where(tables.workspace_of(table) == sa.bindparam("workspace")) for table in tables.CONTENT
)


def remove(tx: Transaction, workspace: str) -> None:
    """Remove every row of a workspace."""
    for statement in _REMOVE:
        tx.write(statement, {"workspace": workspace})


def read(tx: Transaction, table: sa.Table, workspace: str, snapshot: str | None = None) -> list[Any]:
    """What the rows of a workspace say in a table, as they are, or as they were saved under a name."""
    return tx.all(_read(table, snapshot is not None), {"workspace": workspace, "snapshot": snapshot})


@cache
def _read(table: sa.Table, saved: bool) -> sa.Select[Any]:
    columns = tables.own_columns(table)
    if not saved:
        return sa.select(*columns).where(tables.workspace_of(table) == sa.bindparam("workspace"))
    aside = tables.SAVED[table]
    at = (aside.c[name] == sa.bindparam(name) for name in ("workspace", "snapshot"))
    return sa.select(*(aside.c[column.name] for column in columns)).where(*at)


def insert(tx: Transaction, world: World, start: datetime) -> None:
    """Write a world whose times count from `start`."""
    for table, rows in _rows(world, start):
        stream = iter(rows)
        while batch := list(islice(stream, _BATCH)):
            tx.write(tables.INSERT[table], *batch)


def _rows(world: World, start: datetime) -> Iterator[tuple[sa.Table, Iterable[Row]]]:
    at = {"workspace": world.workspace}

    def when(text: str) -> str:
        return resolve(text, start)

    yield (
        tables.workspaces,
        [{"name": world.workspace, "tenant_id": world.tenant_id, "seed": world.seed, "sequence": world.sequence}],
    )
    yield (
        tables.users,
        (
            {
                **at,
                "id": user.id,
                "name": user.name,
                "email": user.email,
                "role": user.role,
                "status": user.status,
                "object_id": user.object_id,
            }
            for user in world.users
        ),
    )
    yield (
        tables.labels,
        (
            {
                **at,
                "id": label.id,
                "name": label.name,
                "folded_name": label.name.casefold(),
                "color": label.color,
                "description": label.description,
                "created_at": when(label.created_at),
            }
            for label in world.labels
        ),
    )
    yield (
        tables.user_labels,
        (
            {**at, "user_id": user.id, "label_id": label, "position": position}
            for user in world.users
            for position, label in enumerate(user.label_ids)
        ),
    )
    yield (
        tables.api_keys,
        (
            {
                **at,
                "id": key.id,
                "name": key.name,
                "secret": key.secret,
                "created_by_user_id": key.created_by_user_id,
                "created_at": when(key.created_at),
                "revoked_at": None if key.revoked_at is None else when(key.revoked_at),
                "position": position,
            }
            for position, key in enumerate(world.api_keys)
        ),
    )
    bookings = {meeting.invite_id: meeting.id for meeting in world.meetings if meeting.invite_id is not None}
    invites = [(invite, _invite(invite, start)) for invite in world.invites]
    yield (
        tables.invites,
        (
            invite_row(
                world.workspace,
                document,
                own_vote_deadline=invite.own_vote_deadline,
                booking_id=bookings.get(invite.id),
            )
            for invite, document in invites
        ),
    )
    links = [invite_links(world.workspace, document) for _, document in invites]
    yield tables.invite_users, (row for users, _ in links for row in users)
    yield tables.invite_labels, (row for _, labels in links for row in labels)
    meetings = [_meeting(meeting, start) for meeting in world.meetings]
    yield tables.meetings, (meeting_row(world.workspace, document) for document in meetings)
    parts = [meeting_links(world.workspace, document) for document in meetings]
    yield tables.meeting_users, (row for users, _ in parts for row in users)
    yield tables.meeting_labels, (row for _, labels in parts for row in labels)


def _invite(invite: Invite, start: datetime) -> Document:
    return {
        "id": invite.id,
        "kind": invite.kind,
        "recruiterUserId": invite.recruiter_user_id,
        "allowMultipleBookings": invite.kind == "mother",
        "publicLinkValue": invite.public_link_value,
        "requiredAttendees": invite.required_attendees,
        "candidates": invite.candidates,
        "voteDeadlineAt": resolve(invite.vote_deadline_at, start),
        "meeting": invite.meeting,
        "motherInviteId": invite.mother_invite_id,
        "createdAt": resolve(invite.created_at, start),
        "updatedAt": resolve(invite.updated_at, start),
    }


def _meeting(meeting: Meeting, start: datetime) -> Document:
    return {
        "id": meeting.id,
        "inviteId": meeting.invite_id,
        "recruiterUserId": meeting.recruiter_user_id,
        "hostUserId": meeting.host_user_id,
        "title": meeting.title,
        "description": meeting.description,
        "location": meeting.location,
        "startAt": resolve(meeting.start_at, start),
        "endAt": resolve(meeting.end_at, start),
        "requiredAttendees": meeting.required_attendees,
        "optionalAttendees": meeting.optional_attendees,
        "guests": meeting.guests,
        "labelIds": meeting.label_ids,
        "outlookEventId": meeting.outlook_event_id,
        "teamsJoinUrl": meeting.teams_join_url,
        "createdAt": resolve(meeting.created_at, start),
        "updatedAt": resolve(meeting.updated_at, start),
    }
