"""Alternatives exclude each other, so that every body is one thing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openapi import load_app_api, load_mock_control

DOCUMENT = load_app_api()
MEETING = {"title": "Product demo", "meetingDurationMinutes": 30}
PERSON = {"name": "Grace Hopper", "email": "grace@candidates.example"}
ABSENT = object()

invites = st.fixed_dictionaries(
    {
        "allowMultipleBookings": st.sampled_from([ABSENT, True, False, None, 1, "true"]),
        "publicLinkValue": st.sampled_from([ABSENT, None, "product/demo", "Product Demo"]),
        "candidates": st.sampled_from([ABSENT, [], [PERSON], [PERSON] * 51, None]),
        "requiredAttendees": st.just([{"type": "users", "userIds": ["usr_ada"]}]),
        "voteDeadlineAt": st.just("2099-07-01T00:00:00.000Z"),
        "meeting": st.just(MEETING),
    }
).map(lambda body: {name: value for name, value in body.items() if value is not ABSENT})


def is_valid(schema: str, body: Any) -> bool:
    return DOCUMENT.validator(f"#/components/schemas/{schema}").is_valid(body)


@settings(deadline=None)
@given(invites)
def test_no_invite_is_both_mother_and_direct(body: dict[str, Any]) -> None:
    kinds = [kind for kind in ("MotherInviteCreate", "DirectInviteCreate") if is_valid(kind, body)]
    assert len(kinds) <= 1
    assert is_valid("InviteCreate", body) == (len(kinds) == 1)


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"allowMultipleBookings": True}, True),
        ({"allowMultipleBookings": True, "candidates": []}, True),
        ({"allowMultipleBookings": True, "publicLinkValue": "a/b"}, True),
        ({"allowMultipleBookings": True, "candidates": [PERSON]}, False),
        ({"candidates": [PERSON]}, True),
        ({"allowMultipleBookings": False, "candidates": [PERSON]}, True),
        ({"allowMultipleBookings": False, "candidates": [PERSON], "publicLinkValue": None}, True),
        ({"allowMultipleBookings": False, "candidates": [PERSON], "publicLinkValue": "a/b"}, False),
        ({"allowMultipleBookings": False, "candidates": []}, False),
        ({}, False),
    ],
)
def test_an_invite_is_a_mother_or_direct(body: dict[str, Any], valid: bool) -> None:
    whole = {
        "requiredAttendees": [{"type": "labels", "labelIds": ["lbl_engineering"]}],
        "voteDeadlineAt": "2099-07-01T00:00:00.000Z",
        "meeting": MEETING,
        **body,
    }
    assert is_valid("InviteCreate", whole) is valid


def test_the_curl_body_of_the_reference_is_a_mother() -> None:
    """The vendor's own example, as it stands in the reference but for the placeholder."""
    body = {
        "allowMultipleBookings": True,
        "publicLinkValue": "product/demo",
        "requiredAttendees": [{"type": "users", "userIds": ["<user-id>"]}],
        "candidates": [],
        "voteDeadlineAt": "2026-07-01T00:00:00.000Z",
        "meeting": {"meetingDurationMinutes": 30, "title": "Product demo"},
    }
    assert is_valid("MotherInviteCreate", body)
    assert is_valid("InviteCreate", body)


@pytest.mark.parametrize(
    "group",
    [
        {"type": "users", "labelIds": ["lbl_engineering"]},
        {"type": "labels", "userIds": ["usr_ada"]},
        {"type": "users", "userIds": ["usr_ada"], "labelIds": ["lbl_engineering"]},
        {"type": "teams", "userIds": ["usr_ada"]},
        {"userIds": ["usr_ada"]},
    ],
)
def test_required_attendees_are_users_or_labels(group: dict[str, Any]) -> None:
    assert not is_valid("RequiredAttendees", [group])


@pytest.mark.parametrize(
    ("update", "valid"),
    [
        ({"now": "2099-06-01T08:00:00.000Z"}, True),
        ({"advanceSeconds": 60, "frozen": True}, True),
        ({"frozen": False}, True),
        ({"now": "2099-06-01T08:00:00.000Z", "advanceSeconds": 60}, False),
        ({}, False),
    ],
)
def test_the_clock_is_told_one_time(update: dict[str, Any], valid: bool) -> None:
    assert load_mock_control().validator("#/components/schemas/ClockUpdate").is_valid(update) is valid
