"""Bodies of JSON that does not fit."""

import pytest

from tests.mock_server.bad_input.sending import JSON, LABEL, invite, minutes, named, post, refuses
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Wire, request


def test_the_bodies_that_the_tables_break_are_good(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        assert wire.ask(post("/labels", LABEL)).status == 201
        assert wire.ask(post("/labels", named(b'"a"'))).status == 201
        assert wire.ask(post("/invites", minutes(b"30"))).status == 201


MISFITS: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "array": ("/labels", b"[]", ("The body is []", "expected an object")),
    "array-of-the-object": ("/labels", b"[%s]" % LABEL, ("The body is [{", "expected an object")),
    "text": ("/labels", b'"name"', ('The body is "name"', "expected an object")),
    "number": ("/labels", b"1", ("The body is 1", "expected an object")),
    "null": ("/labels", b"null", ("The body is null", "expected an object")),
    "true": ("/labels", b"true", ("The body is true", "expected an object")),
    "null-character": ("/labels", named(rb'"a\u0000b"'), ("/name", "null character")),
    "array-for-a-text": ("/labels", named(b"[]"), ("/name is []", "expected a string")),
    "object-for-a-text": ("/labels", named(b"{}"), ("/name is {}", "expected a string")),
    "null-for-a-text": ("/labels", named(b"null"), ("/name is null", "expected a string")),
    "text-too-long": ("/labels", named(b'"%s"' % (b"a" * 51)), ("/name has 51 characters", "1 to 50")),
    "text-of-1-mb": ("/labels", named(b'"%s"' % (b"a" * 1_000_000)), ("/name has 1000000 characters", "1 to 50")),
    "empty-text": ("/labels", named(b'""'), ("/name has 0 characters", "1 to 50")),
    "missing": ("/labels", b"{}", ("/name is missing", "/color is missing")),
    "unknown": ("/labels", b'{"nam": "a", "color": "#0F766E"}', ("/nam is unknown", "did you mean /name?")),
    "integer-for-a-text": (
        "/labels",
        named(b"18446744073709551616"),
        ("/name is 1.8446744073709552e+19", "expected a string"),
    ),
    "2-to-63": (
        "/invites",
        minutes(b"9223372036854775808"),
        ("/meetingDurationMinutes is 9223372036854775808", "5 to 480"),
    ),
    "2-to-64": (
        "/invites",
        minutes(b"18446744073709551616"),
        ("/meetingDurationMinutes is 1.8446744073709552e+19", "5 to 480"),
    ),
    "2-to-70": ("/invites", minutes(b"1180591620717411303424"), ("/meetingDurationMinutes", "5 to 480")),
    "minus-2-to-64": ("/invites", minutes(b"-18446744073709551616"), ("/meetingDurationMinutes", "5 to 480")),
    "1e300": ("/invites", minutes(b"1e300"), ("/meetingDurationMinutes", "5 to 480")),
    "fraction": ("/invites", minutes(b"30.5"), ("/meeting/meetingDurationMinutes is 30.5", "an integer")),
    "text-for-an-integer": ("/invites", minutes(b'"30"'), ('/meeting/meetingDurationMinutes is "30"', "an integer")),
    "true-for-an-integer": ("/invites", minutes(b"true"), ("/meeting/meetingDurationMinutes is true", "an integer")),
    "object-for-an-array": ("/invites", invite(candidates={}), ("/candidates is {}", "expected an array")),
    "deep-within": (
        "/invites",
        invite(candidates=[{"name": "a", "email": "a@b.example"}, {"name": "b", "email": "b"}]),
        ("/candidates/1/email", '"b"', "e-mail"),
    ),
    "id-with-a-line-break": (
        "/invites",
        invite(requiredAttendees=[{"type": "users", "userIds": ["usr_zoe\r\nX-Evil: 1"]}]),
        ("/requiredAttendees/0/userIds/0", r"usr_zoe\r\nX-Evil: 1"),
    ),
    "name-with-a-line-break": ("/labels", b'{"a\\r\\nX-Evil: 1": 1}', (r"/a\r\nX-Evil: 1 is unknown",)),
    "200-levels": ("/labels", named(b"[" * 200 + b"]" * 200), ("/name is [[[", "expected a string")),
    "10000-items": ("/users/usr_zoe/labels", b'{"labelIds":[%s]}' % b",".join([b'"a"'] * 10_000), ("/labelIds",)),
    "10000-members": (
        "/labels",
        b"{%s}" % b",".join(b'"a%d":1' % n for n in range(10_000)),
        ("/a0 is unknown", "more"),
    ),
}


@pytest.mark.parametrize("case", MISFITS)
def test_json_that_does_not_fit(unchanged: Mock, case: str) -> None:
    """STR-03, STR-05, ERR-10, ERR-11: the place, what was found there, and what was expected."""
    path, body, told = MISFITS[case]
    method = "PUT" if path.startswith("/users") else "POST"
    rule = "STR-03" if "unknown" in told[0] else "STR-05"
    refuses(unchanged, request(method, API + path, ADA, JSON, body=body), 400, rule, *told)
