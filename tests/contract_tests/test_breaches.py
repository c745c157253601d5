"""Flawed requests made from a valid one: each has a flaw, and every kind and limit is among them."""

from typing import Any

import orjson

from contract_tests.shape import Request, flaw
from contract_tests.shape.breaches import breaches
from openapi import load_app_api

DOCUMENT = load_app_api()


def of(name: str, body: Any = None, query: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, Any, Request]]:
    """The breaches of an operation's request: the rule of each, its body, and itself."""
    operation = DOCUMENT.operations[name]
    path = tuple((one.name, "none") for one in operation.parameters_in("path"))
    given = Request(path, query, None if body is None else orjson.dumps(body))
    assert flaw(DOCUMENT, operation, given) is None
    made = list(breaches(DOCUMENT, operation, given))
    flaws = [flaw(DOCUMENT, operation, one) for one in made]
    return [(found.rule, one.body, one) for one, found in zip(made, flaws, strict=True) if found is not None]


def test_a_body_is_broken_in_every_way() -> None:
    label = {"name": "Data", "color": "#0F766E"}
    found = of("createLabel", label)
    assert {rule for rule, _, _ in found} == {"STR-01", "STR-03", "STR-05"}
    bodies = [body for _, body, _ in found]
    for expected in (
        {"name": "Data"},
        {"color": "#0F766E"},
        {**label, "unexpected": 1},
        {**label, "color": "?"},
        {**label, "name": "Data".ljust(51, "x")},
        {**label, "description": "x" * 501},
        {**label, "name": None},
        [],
        None,
    ):
        assert expected in bodies


def test_members_within_members_are_broken_too() -> None:
    attendees = {"type": "users", "userIds": ["usr_1"]}
    meeting = {"title": "Talk", "meetingDurationMinutes": 30}
    invite = {
        "requiredAttendees": [attendees],
        "candidates": [{"name": "Grace", "email": "grace@candidates.example"}],
        "voteDeadlineAt": "2096-07-01T00:00:00.000Z",
        "meeting": meeting,
    }
    bodies = [body for _, body, _ in of("createInvite", invite)]
    for expected in (
        {**invite, "meeting": {**meeting, "meetingDurationMinutes": 4}},
        {**invite, "meeting": {**meeting, "meetingDurationMinutes": 481}},
        {**invite, "requiredAttendees": [{**attendees, "userIds": ["usr_1", "usr_1"]}]},
        {**invite, "candidates": [{"name": "Grace"}]},
    ):
        assert expected in bodies


def test_times_are_broken_in_bodies_and_queries() -> None:
    times = {"startAt": "2096-07-01T09:00:00.000Z", "endAt": "2096-07-01T10:00:00.000Z"}
    moved = [body["endAt"] for rule, body, _ in of("updateMeeting", times) if rule == "STR-06"]
    assert "2096-02-30T10:00:00.000Z" in moved
    assert "2096-07-01T10:00:00.000+02:00" in moved
    query = (("from", times["startAt"]), ("to", times["endAt"]))
    rules = [rule for rule, _, _ in of("listMeetings", query=query)]
    assert {"STR-01", "STR-02", "STR-06", "MTG-01"} <= set(rules)
