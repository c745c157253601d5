"""Invites and meetings as rows: the document that answers show, and beside it what lists and rules look for."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

Row = dict[str, Any]
Document = Mapping[str, Any]


def json_text(value: Any) -> str:
    """A value as the JSON text that a column keeps."""
    return orjson.dumps(value).decode()


def invite_row(
    workspace: str, document: Document, *, own_vote_deadline: bool = False, booking_id: str | None = None
) -> Row:
    """The row of an invite; its document is the answer without `status` and `booking`, which change by themselves."""
    return {
        "workspace": workspace,
        "id": document["id"],
        "kind": document["kind"],
        "recruiter_user_id": document["recruiterUserId"],
        "public_link_value": document["publicLinkValue"],
        "vote_deadline_at": document["voteDeadlineAt"],
        "own_vote_deadline": own_vote_deadline,
        "title": document["meeting"]["title"],
        "meeting_duration_minutes": document["meeting"]["meetingDurationMinutes"],
        "mother_invite_id": document["motherInviteId"],
        "booking_id": booking_id,
        "created_at": document["createdAt"],
        "updated_at": document["updatedAt"],
        "document": json_text(document),
    }


def invite_links(workspace: str, document: Document) -> tuple[list[Row], list[Row]]:
    """The rows of `invite_users` and of `invite_labels` for an invite's required attendees."""
    groups = document["requiredAttendees"]
    users = dict.fromkeys(user for group in groups for user in group.get("userIds", ()))
    labels = dict.fromkeys(label for group in groups for label in group.get("labelIds", ()))
    invite = {
        "workspace": workspace,
        "recruiter_user_id": document["recruiterUserId"],
        "invite_id": document["id"],
        "mother_invite_id": document["motherInviteId"],
    }
    return [{**invite, "user_id": user} for user in users], [{**invite, "label_id": label} for label in labels]


def meeting_row(workspace: str, document: Document) -> Row:
    """The row of a meeting; its document is the whole answer."""
    return {
        "workspace": workspace,
        "id": document["id"],
        "recruiter_user_id": document["recruiterUserId"],
        "host_user_id": document["hostUserId"],
        "title": document["title"],
        "start_at": document["startAt"],
        "end_at": document["endAt"],
        "created_at": document["createdAt"],
        "updated_at": document["updatedAt"],
        "document": json_text(document),
    }


def meeting_links(workspace: str, document: Document) -> tuple[list[Row], list[Row]]:
    """The rows of `meeting_users` and of `meeting_labels` for a meeting."""
    parts: Iterable[tuple[str, str]] = (
        ("host", document["hostUserId"]),
        *(("required", user) for user in document["requiredAttendees"]),
        *(("optional", user) for user in document["optionalAttendees"]),
    )
    meeting = {"workspace": workspace, "meeting_id": document["id"]}
    times = {"start_at": document["startAt"], "end_at": document["endAt"]}
    return (
        [{**meeting, **times, "part": part, "user_id": user} for part, user in parts],
        [{**meeting, "label_id": label} for label in document["labelIds"]],
    )
