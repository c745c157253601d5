"""What the App API does: one function an operation, of the call alone. Nothing here knows HTTP."""

from collections.abc import Callable, Mapping
from typing import Any

from mock_server.domain.availability import check_availability
from mock_server.domain.call import Call
from mock_server.domain.invites import (
    create_invite,
    create_sub_invite,
    get_invite,
    list_invites,
    list_sub_invites,
    update_invite,
)
from mock_server.domain.labels import create_label, delete_label, list_labels
from mock_server.domain.meetings import create_meeting, list_meetings, update_meeting
from mock_server.domain.users import list_users, replace_user_labels

HANDLERS: Mapping[str, Callable[[Call], Any]] = {
    "listInvites": list_invites,
    "createInvite": create_invite,
    "getInvite": get_invite,
    "updateInvite": update_invite,
    "listSubInvites": list_sub_invites,
    "createSubInvite": create_sub_invite,
    "listMeetings": list_meetings,
    "createMeeting": create_meeting,
    "updateMeeting": update_meeting,
    "updateMeetingAttendees": update_meeting,
    "checkAvailability": check_availability,
    "listLabels": list_labels,
    "createLabel": create_label,
    "deleteLabel": delete_label,
    "listUsers": list_users,
    "replaceUserLabels": replace_user_labels,
}

__all__ = ["HANDLERS", "Call"]
