"""From a label to a rescheduled meeting, with the client that openapi-python-client generates.

Checked by mypy with the generated package beside it, so every name and type here is one that a caller gets.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypeVar

import httpx
from kailenty_client import AuthenticatedClient
from kailenty_client.api.invites import create_invite, create_sub_invite, get_invite, list_invites, list_sub_invites
from kailenty_client.api.labels import create_label, delete_label, list_labels
from kailenty_client.api.meetings import check_availability, list_meetings, update_meeting, update_meeting_attendees
from kailenty_client.api.users import list_users, replace_user_labels
from kailenty_client.models import (
    AttendeesUpdate,
    AvailabilityRequest,
    DirectInviteCreate,
    Error,
    Invite,
    InviteKind,
    InviteStatus,
    LabelAttendees,
    LabelCreate,
    ListInvitesSortBy,
    ListInvitesSortDir,
    ListInvitesSortItem,
    Meeting,
    MeetingTemplateCreate,
    MeetingUpdate,
    MotherInviteCreate,
    Person,
    SubInviteCreate,
    User,
    UserAttendees,
    UserLabelsUpdate,
)
from kailenty_client.types import Response

T = TypeVar("T")

GRACE = Person(name="Grace Hopper", email="grace@candidates.example")


def connect(url: str, api_key: str) -> AuthenticatedClient:
    """Give a client that sends an API key."""
    return AuthenticatedClient(
        base_url=f"{url}/api/v1/app",
        token=api_key,
        prefix="",
        auth_header_name="X-API-Key",
        httpx_args={"event_hooks": {"request": [comma_separated]}},
    )


def comma_separated(request: httpx.Request) -> None:
    """Join a repeated query parameter: the generator ignores `explode: false`."""
    values: dict[str, list[str]] = {}
    for name, value in request.url.params.multi_items():
        values.setdefault(name, []).append(value)
    request.url = request.url.copy_with(params={name: ",".join(several) for name, several in values.items()})


def in_milliseconds(time: datetime) -> datetime:
    """Cut a time off as the server does: the client sends as many digits as a time has."""
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def done(answer: T | Error | None) -> T:
    """Give the answer of a request that must succeed."""
    assert not isinstance(answer, Error), answer.message
    assert answer is not None
    return answer


def refused(answer: Response[T | Error], status: HTTPStatus) -> Error:
    """Give the error of a request that must fail."""
    assert answer.status_code == status
    assert isinstance(answer.parsed, Error)
    assert answer.parsed.success is False
    assert answer.headers["x-request-id"] == answer.parsed.request_id
    return answer.parsed


def invite_to_meeting(client: AuthenticatedClient, now: datetime, book: Callable[[str, str], None]) -> Meeting:
    """Go the whole way; `book` is what the candidate does, with the invite's id and the start."""
    start = now + timedelta(days=7)
    labelled = a_user_with_a_new_label(client)
    mother = a_mother_invite(client, labelled, start - timedelta(days=1))
    sub = a_sub_invite(client, mother)
    book(sub.id, start.isoformat())
    meeting = the_booking(client, sub)
    assert meeting.start_at == in_milliseconds(start)
    assert meeting.end_at == meeting.start_at + timedelta(minutes=30)
    assert labelled.id in meeting.required_attendees
    assert GRACE in meeting.guests
    is_listed(client, meeting)
    return is_changed(client, meeting, labelled)


def a_user_with_a_new_label(client: AuthenticatedClient) -> User:
    """An admin creates a label and assigns it to a regular user."""
    label = done(
        create_label.sync(client=client, body=LabelCreate(name="Data platform", color="#0F766E", description=None))
    ).data
    assert label.description is None
    assert label in done(list_labels.sync(client=client, page_size=100)).data.items
    user = next(user for user in done(list_users.sync(client=client)).data.items if user.id == "usr_zoe")
    changed = done(replace_user_labels.sync(user.id, client=client, body=UserLabelsUpdate(label_ids=[label.id]))).data
    assert changed.labels == [label]
    assert done(list_users.sync(client=client, label_ids=[label.id])).data.items == [changed]
    return changed


def a_mother_invite(client: AuthenticatedClient, attendee: User, deadline: datetime) -> Invite:
    """A mother invite that asks for somebody with the label."""
    body = MotherInviteCreate(
        allow_multiple_bookings=True,
        public_link_value="product/data-platform",
        required_attendees=[
            LabelAttendees(type_="labels", label_ids=[label.id for label in attendee.labels]),
            UserAttendees(type_="users", user_ids=["usr_ada"]),
        ],
        vote_deadline_at=deadline,
        meeting=MeetingTemplateCreate(title="Product demo", meeting_duration_minutes=30),
    )
    mother = done(create_invite.sync(client=client, body=body)).data
    assert mother.kind is InviteKind.MOTHER
    assert mother.required_attendees == body.required_attendees
    assert mother.vote_deadline_at == in_milliseconds(deadline)
    assert mother.booking is None
    return mother


def a_sub_invite(client: AuthenticatedClient, mother: Invite) -> Invite:
    """A sub-invite for one candidate."""
    sub = done(create_sub_invite.sync(mother.id, client=client, body=SubInviteCreate(candidate=GRACE))).data
    assert sub.kind is InviteKind.SUB
    assert sub.status is InviteStatus.ACTIVE
    assert sub.mother_invite_id == mother.id
    assert sub.candidates == [GRACE]
    assert done(list_sub_invites.sync(mother.id, client=client)).data.items == [sub]
    return sub


def the_booking(client: AuthenticatedClient, sub: Invite) -> Meeting:
    """The sub-invite, read again, is booked."""
    booked = done(get_invite.sync(sub.id, client=client)).data
    assert booked.status is InviteStatus.BOOKED
    assert isinstance(booked.booking, Meeting)
    assert booked.booking.invite_id == sub.id
    return booked.booking


def is_listed(client: AuthenticatedClient, meeting: Meeting) -> None:
    """The meeting is listed in its range, counted for its recruiter, and not in another range."""
    day = timedelta(days=1)
    found = done(list_meetings.sync(client=client, from_=meeting.start_at, to=meeting.start_at + day)).data
    assert meeting in found.items
    assert sum(stats.total for stats in found.stats) == found.total
    assert meeting.recruiter_user_id in [stats.recruiter_user_id for stats in found.stats]
    before = done(list_meetings.sync(client=client, from_=meeting.start_at - day, to=meeting.start_at)).data
    assert meeting not in before.items


def is_changed(client: AuthenticatedClient, meeting: Meeting, attendee: User) -> Meeting:
    """The meeting is moved by a day, gets an optional attendee, and then the attendees are busy."""
    start, end = meeting.start_at + timedelta(days=1), meeting.end_at + timedelta(days=1)
    moved = done(update_meeting.sync(meeting.id, client=client, body=MeetingUpdate(start_at=start, end_at=end))).data
    assert (moved.start_at, moved.end_at) == (start, end)
    assert moved.title == meeting.title
    assert moved.teams_join_url == meeting.teams_join_url

    wanted = AttendeesUpdate(optional_attendees=["usr_marta"])
    changed = done(update_meeting_attendees.sync(meeting.id, client=client, body=wanted)).data
    assert changed.optional_attendees == ["usr_marta"]
    assert changed.required_attendees == meeting.required_attendees

    asked = AvailabilityRequest(user_ids=[attendee.id, "usr_marta"], start_at=start, end_at=end)
    free = done(check_availability.sync(meeting.id, client=client, body=asked)).data
    assert free.available
    assert [user.user_id for user in free.users] == [attendee.id, "usr_marta"]
    assert all(user.conflicts == [] for user in free.users)
    return changed


def errors_are_typed(client: AuthenticatedClient, stranger: AuthenticatedClient, now: datetime) -> None:
    """Each documented status comes as the error of the document, with words to show."""
    unknown = refused(get_invite.sync_detailed("inv_unknown", client=client), HTTPStatus.NOT_FOUND)
    assert "inv_unknown" in unknown.message
    in_use = refused(delete_label.sync_detailed("lbl_engineering", client=client), HTTPStatus.CONFLICT)
    assert "lbl_engineering" in in_use.message
    late = DirectInviteCreate(
        candidates=[GRACE],
        required_attendees=[UserAttendees(type_="users", user_ids=["usr_ada"])],
        vote_deadline_at=now - timedelta(days=1),
        meeting=MeetingTemplateCreate(title="Too late", meeting_duration_minutes=30),
    )
    past = refused(create_invite.sync_detailed(client=client, body=late), HTTPStatus.BAD_REQUEST)
    assert (past.error, past.message) == ("Validation failed", "voteDeadlineAt must be in the future")
    refused(list_labels.sync_detailed(client=stranger), HTTPStatus.UNAUTHORIZED)


def roles_are_typed(regular: AuthenticatedClient) -> None:
    """A regular user may not list users."""
    forbidden = refused(list_users.sync_detailed(client=regular), HTTPStatus.FORBIDDEN)
    assert "user" in forbidden.message


def several_sort_keys_and_ids(client: AuthenticatedClient) -> None:
    """With the hook, several values of a parameter travel as the document says."""
    keys = [ListInvitesSortItem.STATUSASC, ListInvitesSortItem.TITLEDESC]
    page = done(list_invites.sync(client=client, sort=keys, recruiter_user_ids=["usr_ada", "usr_alan"], page_size=100))
    rows = page.data.items
    assert {row.recruiter_user_id for row in rows} == {"usr_ada", "usr_alan"}
    by_title = sorted(rows, key=lambda row: row.meeting.title, reverse=True)
    assert [row.meeting.title for row in rows] == [
        row.meeting.title for row in sorted(by_title, key=lambda row: row.status)
    ]
    legacy = done(
        list_invites.sync(client=client, sort_by=ListInvitesSortBy.STATUS, sort_dir=ListInvitesSortDir.DESC)
    ).data.items
    assert [row.status for row in legacy] == sorted((row.status for row in legacy), reverse=True)
