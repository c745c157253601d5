"""Bodies against their schemas, and the sentences that tell what is wrong."""

from time import perf_counter
from typing import Any

import orjson
import pytest

from tests.mock_server.validation.asking import DIRECT, MEETING, MOTHER, ask, refused, told

LABEL = {"name": "Data", "color": "#0F766E"}


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("createInvite", DIRECT),
        ("createInvite", {**DIRECT, "allowMultipleBookings": False, "publicLinkValue": None}),
        ("createInvite", without(MOTHER, "candidates", "publicLinkValue")),
        ("updateInvite", {"meeting": {"title": "New"}}),
        ("createMeeting", MEETING),
        ("updateMeetingAttendees", {"optionalAttendees": []}),
        ("setClock", {"frozen": True}),
    ],
)
def test_what_fits_passes(operation: str, body: dict[str, Any]) -> None:
    assert ask(operation, body=body).body == body


@pytest.mark.parametrize(
    ("change", "rule", "message"),
    [
        ({"name": ""}, "STR-05", "/name has 0 characters, expected 1 to 50"),
        ({"name": "x" * 51}, "STR-05", "/name has 51 characters, expected 1 to 50"),
        ({"name": "a\0"}, "STR-05", "/name has a null character, which no text may have"),
        ({"name": None}, "STR-05", "/name is null, expected a string"),
        ({"name": 1e30}, "STR-05", "/name is 1e+30, expected a string"),
        ({"name": 2**64 - 1}, "STR-05", "/name is 18446744073709551615, expected a string"),
        ({"description": 5}, "STR-05", "/description is 5, expected a string or null"),
        ({"description": "x" * 501}, "STR-05", "/description has 501 characters, expected at most 500"),
        ({"color": "red"}, "STR-05", '/color is "red", expected a color, `#RRGGBB`, for example #2563EB'),
        ({"colour": "red"}, "STR-03", "/colour is unknown; did you mean /color?"),
        ({"Name": "x"}, "STR-03", "/Name is unknown; did you mean /name?"),
        ({"x": "y"}, "STR-03", "/x is unknown; known are name, color, description"),
        ({"a/b~\n": 1}, "STR-03", "/a~1b~0\\n is unknown; known are name, color, description"),
    ],
)
def test_one_flaw_is_one_sentence(change: dict[str, Any], rule: str, message: str) -> None:
    assert told("createLabel", body={**LABEL, **change}) == (rule, message)


@pytest.mark.parametrize(("body", "shown"), [([], "[]"), (5, "5"), (None, "null"), ("a", '"a"'), (True, "true")])
def test_a_body_that_is_no_object_is_told_as_such(body: Any, shown: str) -> None:
    raw = b"null" if body is None else body
    for operation in ("createLabel", "createInvite", "updateMeeting"):
        assert told(operation, body=raw) == ("STR-05", f"The body is {shown}, expected an object")


def test_what_is_missing_is_named() -> None:
    assert told("createLabel", body={}) == ("STR-05", "/name is missing; /color is missing")
    assert told("createInvite", body={**DIRECT, "meeting": {"meetingDurationMinutes": 5}}) == (
        "STR-05",
        "/meeting/title is missing",
    )


def test_what_is_found_is_cut() -> None:
    _, message = told("createLabel", body={**LABEL, "color": "x" * 1000})
    assert message.startswith('/color is "' + "x" * 78 + "…, expected a color")


def test_what_would_not_show_is_escaped() -> None:
    _, message = told("createLabel", body={**LABEL, "color": "\u202e\x7f\u2028\ufeff"[:3]})
    assert message.startswith('/color is "\\u202e\\u007f\\u2028", expected')


def test_at_most_three_problems_are_told() -> None:
    body = {"a": 1, "b": 1, "color": 1, "c": 1, "d": 1}
    assert told("createLabel", body=body) == (
        "STR-03",
        "/a is unknown; known are name, color, description; /b is unknown; known are name, color, description; "
        "/c is unknown; known are name, color, description (and 3 more)",
    )


def test_an_unknown_member_comes_before_the_one_it_should_have_been() -> None:
    body = {**DIRECT, "meeting": {"meetingDurationMinutes": 3, "tittle": "x"}}
    assert told("createInvite", body=body) == (
        "STR-03",
        "/meeting/tittle is unknown; did you mean /meeting/title?; /meeting/title is missing; "
        "/meeting/meetingDurationMinutes is 3, expected 5 to 480",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"requiredAttendees": []}, "/requiredAttendees has 0 items, expected 1 to 100"),
        ({"requiredAttendees": {}}, "/requiredAttendees is {}, expected an array"),
        ({"requiredAttendees": [1]}, "/requiredAttendees/0 is 1, expected an object"),
        ({"requiredAttendees": [{}]}, "/requiredAttendees/0/type is missing"),
        ({"requiredAttendees": [{"type": "x"}]}, '/requiredAttendees/0/type is "x", expected "users" or "labels"'),
        ({"requiredAttendees": [{"type": "users"}]}, "/requiredAttendees/0/userIds is missing"),
        (
            {"requiredAttendees": [{"type": "labels", "labelIds": ["a", "b", "a"]}]},
            '/requiredAttendees/0/labelIds has "a" more than once',
        ),
        (
            {"candidates": [{"name": "a", "email": "bad"}]},
            '/candidates/0/email is "bad", expected an e-mail address, for example grace@candidates.example',
        ),
        ({"candidates": [{"name": "a", "email": "a@.b"}]}, '/candidates/0/email is "a@.b", expected an e-mail address'),
        ({"candidates": [{"name": "a"}]}, "/candidates/0/email is missing"),
        ({"meeting": None}, "/meeting is null, expected an object"),
        ({"allowMultipleBookings": "yes"}, '/allowMultipleBookings is "yes", expected true or false'),
    ],
)
def test_invites_are_told_what_is_wrong_inside(change: dict[str, Any], message: str) -> None:
    assert told("createInvite", body={**DIRECT, **change}) == ("STR-05", message)


def test_members_of_the_other_kind_of_attendees_are_unknown() -> None:
    body = {**DIRECT, "requiredAttendees": [{"type": "users", "labelIds": ["lbl_a"]}]}
    rule, message = told("createInvite", body=body)
    assert rule == "STR-03"
    assert message == (
        "/requiredAttendees/0/labelIds is unknown; known are type, userIds; /requiredAttendees/0/userIds is missing"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({**DIRECT, "candidates": []}, "/candidates has 0 items, expected 1 to 50"),
        ({**DIRECT, "candidates": DIRECT["candidates"] * 51}, "/candidates has 51 items, expected 1 to 50"),
        (without(DIRECT, "candidates"), "/candidates is missing"),
        ({**DIRECT, "publicLinkValue": "a"}, '/publicLinkValue is "a", expected null'),
        ({**MOTHER, "candidates": DIRECT["candidates"]}, "/candidates has 1 item, expected none"),
        (
            without(MOTHER, "allowMultipleBookings"),
            '/publicLinkValue is "product/demo", expected null; /candidates has 0 items, expected 1 to 50',
        ),
    ],
)
def test_what_belongs_to_the_other_kind_of_invite_is_refused(body: dict[str, Any], message: str) -> None:
    rule, told_message = told("createInvite", body=body)
    assert (rule, set(told_message.split("; "))) == ("INV-04", set(message.split("; ")))


@pytest.mark.parametrize("value", ["Product/Demo", "a b", "a--b", "/a"])
def test_a_pattern_is_told_by_what_it_stands_for(value: str) -> None:
    rule, message = told("createInvite", body={**MOTHER, "publicLinkValue": value})
    assert rule == "STR-05"
    assert "lower-case letters and digits in parts joined by `-` or `/`, for example product/demo" in message


@pytest.mark.parametrize("operation", ["updateInvite", "updateMeeting"])
def test_an_empty_patch_is_refused(operation: str) -> None:
    rule, message = told(operation, body={})
    assert rule == "INV-15"
    assert message.startswith("The body is empty, expected at least 1 of ")


def test_an_empty_part_of_a_patch_is_refused() -> None:
    rule, message = told("updateInvite", body={"meeting": {}})
    assert rule == "STR-05"
    expected = "title, meetingDurationMinutes, description, location"
    assert message == f"/meeting is empty, expected at least 1 of {expected}"


def test_members_that_exclude_each_other_are_refused() -> None:
    body = {"now": "2030-07-01T00:00:00Z", "advanceSeconds": 5}
    assert told("setClock", body=body) == ("STR-05", "/advanceSeconds cannot be given together with now")


@pytest.mark.parametrize(("raw", "expected"), [(b"30.0", 30), (b"3e1", 30), (b"5", 5), (b"480.000", 480)])
@pytest.mark.parametrize("operation", ["createInvite", "updateInvite"])
def test_integers_may_be_written_as_fractions(operation: str, raw: bytes, expected: int) -> None:
    body = {"meeting": {"title": "a"}} if operation == "updateInvite" else {**DIRECT, "meeting": {"title": "a"}}
    text = orjson.dumps(body).replace(b'"title":"a"', b'"title":"a","meetingDurationMinutes":' + raw)
    minutes = ask(operation, body=text).body["meeting"]["meetingDurationMinutes"]
    assert (minutes, type(minutes)) == (expected, int)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"30.5", "/advanceSeconds is 30.5, expected an integer"),
        (b"true", "/advanceSeconds is true, expected an integer"),
        (b'"30"', '/advanceSeconds is "30", expected an integer'),
        (b"31622401", "/advanceSeconds is 31622401, expected -31622400 to 31622400"),
        (b"9223372036854775808", "/advanceSeconds is 9223372036854775808, expected -31622400 to 31622400"),
        (b"-99999999999999999999", "/advanceSeconds is -1e+20, expected -31622400 to 31622400"),
        (b"1e300", "/advanceSeconds is 1e+300, expected -31622400 to 31622400"),
    ],
)
def test_integers_keep_their_bounds(raw: bytes, message: str) -> None:
    assert told("setClock", body=b'{"advanceSeconds":' + raw + b"}") == ("STR-05", message)


def test_a_patch_without_integers_stays_as_it_is() -> None:
    assert ask("updateInvite", body={"candidates": []}).body == {"candidates": []}
    assert ask("setClock", body={"frozen": False}).body == {"frozen": False}


def test_the_flaw_of_a_large_body_is_told_in_good_time() -> None:
    begin = perf_counter()
    crowd = {**DIRECT, "requiredAttendees": [{"type": 1}] * 90_000}
    assert refused("createInvite", body=crowd).message.startswith(
        "/requiredAttendees has 90000 items, expected 1 to 100"
    )
    members = {f"a{index}": 0 for index in range(80_000)}
    assert refused("createLabel", body=members).rule == "STR-03"
    assert perf_counter() - begin < 15  # it would be a minute
