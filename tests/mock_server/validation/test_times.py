"""Times: their canonical form, the future, and periods."""

from datetime import timedelta
from typing import Any

import pytest

from mock_server.clock import text
from mock_server.meanings import Invalid
from mock_server.validation import canonical_time, check_period
from openapi.extensions import Period
from tests.mock_server.validation.asking import DIRECT, MEETING, NOW, ask, told

DAY = Period("startAt", "endAt", 24)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("2030-07-01T00:00:00.000Z", "2030-07-01T00:00:00.000Z"),
        ("2030-07-01T00:00:00Z", "2030-07-01T00:00:00.000Z"),
        ("2030-07-01T00:00:00+00:00", "2030-07-01T00:00:00.000Z"),
        ("2030-07-01T00:00:00.5Z", "2030-07-01T00:00:00.500Z"),
        ("2030-07-01T00:00:00.05+00:00", "2030-07-01T00:00:00.050Z"),
        ("2030-07-01T00:00:00.123+00:00", "2030-07-01T00:00:00.123Z"),
        ("2030-07-01T00:00:00.123999999Z", "2030-07-01T00:00:00.123Z"),
    ],
)
def test_times_have_one_form(given: str, canonical: str) -> None:
    assert canonical_time(given) == canonical
    assert ask("createInvite", body={**DIRECT, "voteDeadlineAt": given}).body["voteDeadlineAt"] == canonical


@pytest.mark.parametrize(
    "given", ["soon", "2030-07-01", "2030-07-01T00:00:00", "2100-01-01T00:00:00Z", "2030-13-01T00:00:00Z"]
)
def test_what_is_no_time_is_refused(given: str) -> None:
    rule, message = told("createInvite", body={**DIRECT, "voteDeadlineAt": given})
    assert rule == "STR-06"
    assert message.startswith(f'/voteDeadlineAt is "{given}", expected a moment, RFC 3339 in UTC')


@pytest.mark.parametrize("given", ["2030-02-29T00:00:00Z", "2030-06-31T00:00:00Z"])
def test_a_day_that_the_calendar_lacks_is_refused(given: str) -> None:
    expected = f'/voteDeadlineAt is "{given}", expected a time that the calendar has'
    assert told("createInvite", body={**DIRECT, "voteDeadlineAt": given}) == ("STR-06", expected)


def test_a_time_of_another_type_breaks_the_schema() -> None:
    assert told("createInvite", body={**DIRECT, "voteDeadlineAt": 5}) == (
        "STR-05",
        "/voteDeadlineAt is 5, expected a string",
    )


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(milliseconds=1), timedelta(days=1000)])
@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("createInvite", DIRECT),
        ("updateInvite", {}),
        ("createSubInvite", {"candidate": {"name": "Grace", "email": "grace@candidates.example"}}),
    ],
)
def test_a_deadline_must_be_in_the_future(operation: str, body: dict[str, Any], ago: timedelta) -> None:
    past = {**body, "voteDeadlineAt": text(NOW - ago)}
    assert told(operation, body=past) == ("INV-06", "voteDeadlineAt must be in the future")


def test_a_deadline_one_millisecond_ahead_passes() -> None:
    soon = text(NOW + timedelta(milliseconds=1))
    assert ask("updateInvite", body={"voteDeadlineAt": soon}).body == {"voteDeadlineAt": soon}


def test_what_is_finer_than_a_millisecond_is_not_in_the_future() -> None:
    finer = text(NOW).replace("Z", "9Z")
    assert told("updateInvite", body={"voteDeadlineAt": finer})[0] == "INV-06"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"startAt": "2030-05-15T09:59:59Z"}, "startAt"),
        ({"endAt": "2030-05-15T09:59:59Z"}, "endAt"),
        ({"startAt": "2030-05-15T09:00:00Z", "endAt": "2030-05-15T08:00:00Z"}, "startAt"),
    ],
)
def test_a_meeting_must_be_in_the_future(change: dict[str, Any], name: str) -> None:
    for operation, body in (("createMeeting", {**MEETING, **change}), ("updateMeeting", change)):
        assert told(operation, body=body) == ("MTG-08", f"{name} must be in the future")


def test_a_booking_must_be_in_the_future_too() -> None:
    assert told("bookInvite", body={"startAt": text(NOW)}) == ("ERR-05", "startAt must be in the future")


@pytest.mark.parametrize("operation", ["createMeeting", "updateMeeting"])
def test_a_meeting_ends_after_it_starts(operation: str) -> None:
    body = {**MEETING, "endAt": MEETING["startAt"]}
    at = "2030-07-01T09:00:00.000Z"
    expected = f"startAt must come before endAt, but {at} is not before {at}"
    assert told(operation, body=body) == ("MTG-08", expected)


def test_a_meeting_lasts_at_most_a_day() -> None:
    assert ask("createMeeting", body={**MEETING, "endAt": "2030-07-02T09:00:00Z"})
    body = {**MEETING, "endAt": "2030-07-02T09:00:00.001Z"}
    assert told("createMeeting", body=body) == ("MTG-08", "startAt and endAt must be at most 24 hours apart")


def test_one_end_of_a_period_alone_is_for_the_stored_row_to_judge() -> None:
    assert ask("updateMeeting", body={"endAt": "2090-07-01T09:00:00Z"})


def test_a_window_may_lie_in_the_past_and_be_of_any_length_but_not_backwards() -> None:
    window = {"userIds": ["usr_ada"], "startAt": "2001-01-01T00:00:00Z", "endAt": "2090-01-01T00:00:00Z"}
    assert ask("checkAvailability", body=window)
    rule, message = told("checkAvailability", body={**window, "endAt": window["startAt"]})
    assert rule == "AVL-06"
    assert message.startswith("startAt must come before endAt")


def test_a_range_has_at_most_366_days() -> None:
    assert ask("listMeetings", query="from=2030-01-01T00:00:00Z&to=2031-01-02T00:00:00Z")
    refusal = told("listMeetings", query="from=2030-01-01T00:00:00Z&to=2031-01-02T00:00:00.001Z")
    assert refusal == ("MTG-03", "from and to must be at most 366 days apart")
    rule, message = told("listMeetings", query="from=2030-01-02T00:00:00Z&to=2030-01-01T00:00:00Z")
    assert rule == "MTG-03"
    assert message.startswith("from must come before to")


def test_a_period_can_be_checked_alone() -> None:
    check_period(DAY, "2030-07-01T00:00:00.000Z", "2030-07-01T00:00:00.001Z")
    with pytest.raises(Invalid, match="at most 24 hours apart") as caught:
        check_period(DAY, "2030-07-01T00:00:00.000Z", "2030-07-02T00:00:00.001Z")
    assert caught.value.rule == "MTG-08"
    with pytest.raises(Invalid, match="a must come before b"):
        check_period(Period("a", "b", 1), "2030-07-01T00:00:00.000Z", "2030-07-01T00:00:00.000Z")
