"""Worlds into tables."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
import sqlalchemy as sa

from fixtures import Invite, Meeting, World, resolve
from mock_server.store import tables
from mock_server.store.transaction import Transaction

_BATCH = 5_000

Row = dict[str, Any]

_REMOVE = tuple(
    table.delete().where(tables.workspace_of(table) == sa.bindparam("workspace")) for table in tables.CONTENT
)


def json_text(value: Any) -> str:
    """A value as the JSON text that a column keeps."""
    return orjson.dumps(value).decode()


def remove(tx: Transaction, workspace: str) -> None:
    """Remove every row of a workspace."""
    for statement in _REMOVE:
        tx.write(statement, {"workspace": workspace})


def insert(tx: Transaction, world: World, start: datetime) -> None:
    """Write a world whose times count from `start`."""
    for table, rows in _rows(world, start):
        stream = iter(rows)
        while batch := list(islice(stream, _BATCH)):
            tx.write(table.insert(), *batch)


def invite_links(
    workspace: str, invite_id: str, recruiter: str, attendees: Iterable[Any]
) -> tuple[list[Row], list[Row]]:
    """The rows of `invite_users` and of `invite_labels` for an invite's required attendees."""
    groups = list(attendees)
    users = dict.fromkeys(user for group in groups for user in group.get("userIds", ()))
    labels = dict.fromkeys(label for group in groups for label in group.get("labelIds", ()))
    invite = {"workspace": workspace, "recruiter_user_id": recruiter, "invite_id": invite_id}
    return [{**invite, "user_id": user} for user in users], [{**invite, "label_id": label} for label in labels]


def meeting_links(
    workspace: str,
    meeting_id: str,
    *,
    period: tuple[str, str],
    host: str,
    required: Iterable[str],
    optional: Iterable[str],
    label_ids: Iterable[str],
) -> tuple[list[Row], list[Row]]:
    """The rows of `meeting_users` and of `meeting_labels` for a meeting."""
    parts = [("host", host), *(("required", user) for user in required), *(("optional", user) for user in optional)]
    meeting = {"workspace": workspace, "meeting_id": meeting_id}
    times = {"start_at": period[0], "end_at": period[1]}
    return (
        [{**meeting, **times, "part": part, "user_id": user} for part, user in parts],
        [{**meeting, "label_id": label} for label in label_ids],
    )


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
    yield tables.invites, ({**at, **_invite(invite, bookings.get(invite.id), start)} for invite in world.invites)
    links = [
        invite_links(world.workspace, invite.id, invite.recruiter_user_id, invite.required_attendees)
        for invite in world.invites
    ]
    yield tables.invite_users, (row for users, _ in links for row in users)
    yield tables.invite_labels, (row for _, labels in links for row in labels)
    yield tables.meetings, ({**at, **_meeting(meeting, start)} for meeting in world.meetings)
    parts = [
        meeting_links(
            world.workspace,
            meeting.id,
            period=(when(meeting.start_at), when(meeting.end_at)),
            host=meeting.host_user_id,
            required=meeting.required_attendees,
            optional=meeting.optional_attendees,
            label_ids=meeting.label_ids,
        )
        for meeting in world.meetings
    ]
    yield tables.meeting_users, (row for users, _ in parts for row in users)
    yield tables.meeting_labels, (row for _, labels in parts for row in labels)


def _invite(invite: Invite, booking_id: str | None, start: datetime) -> Row:
    return {
        "id": invite.id,
        "kind": invite.kind,
        "recruiter_user_id": invite.recruiter_user_id,
        "public_link_value": invite.public_link_value,
        "required_attendees": json_text(invite.required_attendees),
        "candidates": json_text(invite.candidates),
        "vote_deadline_at": resolve(invite.vote_deadline_at, start),
        "own_vote_deadline": invite.own_vote_deadline,
        "title": invite.meeting["title"],
        "meeting_duration_minutes": invite.meeting["meetingDurationMinutes"],
        "description": invite.meeting["description"],
        "location": invite.meeting["location"],
        "mother_invite_id": invite.mother_invite_id,
        "booking_id": booking_id,
        "created_at": resolve(invite.created_at, start),
        "updated_at": resolve(invite.updated_at, start),
    }


def _meeting(meeting: Meeting, start: datetime) -> Row:
    return {
        "id": meeting.id,
        "invite_id": meeting.invite_id,
        "recruiter_user_id": meeting.recruiter_user_id,
        "host_user_id": meeting.host_user_id,
        "title": meeting.title,
        "description": meeting.description,
        "location": meeting.location,
        "start_at": resolve(meeting.start_at, start),
        "end_at": resolve(meeting.end_at, start),
        "required_attendees": json_text(meeting.required_attendees),
        "optional_attendees": json_text(meeting.optional_attendees),
        "guests": json_text(meeting.guests),
        "label_ids": json_text(meeting.label_ids),
        "outlook_event_id": meeting.outlook_event_id,
        "teams_join_url": meeting.teams_join_url,
        "created_at": resolve(meeting.created_at, start),
        "updated_at": resolve(meeting.updated_at, start),
    }
