"""Whatever comes over the socket: refused in the envelope, with a reason, and nothing changed.

The client is a socket with bytes of our own. Requests that break HTTP itself never reach the app; they are in a table
of their own.
"""

import gzip
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson
import pytest

from openapi import load_app_api
from tests.mock_server.running import API, Mock, ok, start
from tests.mock_server.wire import ADA, Answer, Wire, chunked, request

JSON = "Content-Type: application/json"
LABEL = b'{"name": "Data", "color": "#0F766E"}'
GOOD = request("GET", f"{API}/labels?pageSize=1", ADA)
YEARS = [
    {"from_": "2029-06-01T00:00:00Z", "to": "2030-05-15T00:00:00Z"},
    {"from_": "2030-05-15T00:00:00Z", "to": "2031-05-14T00:00:00Z"},
]

# What a refusal may carry. A header that a client smuggled in would be none of these.
HEADERS = {
    "content-type",
    "content-length",
    "x-request-id",
    "x-mock-rule",
    "x-mock-reason",
    "x-mock-credential",
    "x-mock-caller",
    "x-mock-roles",
    "x-mock-nearest",
    "x-mock-explanation",
    "www-authenticate",
    "access-control-allow-origin",
    "allow",
    "vary",
    "server",
    "date",
    "connection",
}


def everything(mock: Mock) -> list[Any]:
    """All that an admin of each workspace sees, and the keys."""
    found: list[Any] = []
    for workspace, user in (("acme", "usr_ada"), ("globex", "usr_gx_ada")):
        admin = mock.as_(user)
        found += [admin.whole("/invites", includeSubInvites="true"), admin.whole("/labels"), admin.whole("/users")]
        found += [admin.whole("/meetings", **year) for year in YEARS]
        found += [mock.control("GET", f"/worlds/{workspace}/api-keys")]
    return found


@pytest.fixture
def unchanged(mock: Mock) -> Iterator[Mock]:
    """A mock that has the same rows afterwards, and still serves."""
    before = everything(mock)
    yield mock
    assert everything(mock) == before


def refused(answer: Answer, status: int, rule: str | None, *told: str, head: bool = False) -> str:
    """Check that an answer is a refusal in the envelope, whose message tells these; the message."""
    assert answer.status == status, answer
    assert set(answer.headers) <= HEADERS, answer
    assert answer.headers["content-type"] == "application/json"
    assert rule is None or answer.headers["x-mock-rule"] == rule, answer
    if head:
        return ""
    body = answer.json
    assert list(body) == ["success", "error", "message", "requestId"]
    assert body["success"] is False
    assert body["requestId"] == answer.headers["x-request-id"]
    for text in told:
        assert text in body["message"], body["message"]
    assert len(body["message"]) < 1000
    message: str = body["message"]
    return message


def refuses(mock: Mock, sent: bytes, status: int, rule: str | None, *told: str) -> None:
    """Check that a request is refused, alone on its connection and with others after it."""
    head = sent.startswith(b"HEAD ")
    with Wire(mock.url) as wire:
        refused(wire.ask(sent), status, rule, *told, head=head)
        assert wire.ask(GOOD).status == 200, "the connection does not serve on"
    with Wire(mock.url) as wire:
        line, _, rest = sent.partition(b"\r\n")
        refused(wire.ask(line + b"\r\nConnection: close\r\n" + rest), status, rule, *told, head=head)
        assert wire.is_closed()


def post(path: str, body: bytes, *headers: str) -> bytes:
    return request("POST", f"{API}{path}", ADA, *(headers or (JSON,)), body=body)


def invite(**members: Any) -> bytes:
    """A good direct invite but for these members; bytes go in as they are."""
    whole: dict[str, Any] = {
        "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
        "candidates": [{"name": "Grace", "email": "grace@candidates.example"}],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"meetingDurationMinutes": 45, "title": "Interview"},
        **members,
    }
    return b"{%s}" % b",".join(
        b"%s:%s" % (orjson.dumps(name), value if isinstance(value, bytes) else orjson.dumps(value))
        for name, value in whole.items()
    )


def minutes(number: bytes) -> bytes:
    """A good invite but for how long its meeting takes."""
    return invite(meeting=b'{"title":"Interview","meetingDurationMinutes":%s}' % number)


def named(name: bytes) -> bytes:
    """A label whose name is this JSON."""
    return b'{"color":"#0F766E","name":%s}' % name


def test_the_bodies_that_the_tables_break_are_good(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        assert wire.ask(post("/labels", LABEL)).status == 201
        assert wire.ask(post("/labels", named(b'"a"'))).status == 201
        assert wire.ask(post("/invites", minutes(b"30"))).status == 201


# -- Bodies that are no JSON ------------------------------------------------------------------------------------------

NO_JSON: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "cut-off": (LABEL[:-1], ("not valid JSON", "line 1, column 36")),
    "more-after-it": (LABEL + LABEL, ("not valid JSON", "line 1, column 37")),
    "comma-at-the-end": (b'{"name": "a",}', ("not valid JSON", "column")),
    "single-quotes": (b"{'name': 'a'}", ("not valid JSON", "column")),
    "comment": (b'{} // "name"', ("not valid JSON", "column")),
    "on-line-3": (b'{\n"name":\nx}', ("line 3, column 1",)),
    "invalid-utf-8": (named(b'"a\xffb"'), ("not UTF-8", "0xff", "offset 28")),
    "overlong-utf-8": (named(b'"\xc0\xaf"'), ("not UTF-8", "0xc0")),
    "surrogate-in-utf-8": (named(b'"\xed\xa0\x80"'), ("not UTF-8", "0xed")),
    "latin-1": (named('"é"'.encode("latin-1")), ("not UTF-8", "0xe9")),
    "utf-16": (LABEL.decode().encode("utf-16"), ("UTF-16", "expected UTF-8")),
    "utf-16-le": (LABEL.decode().encode("utf-16-le"), ("UTF-16", "expected UTF-8")),
    "utf-16-be": (LABEL.decode().encode("utf-16-be"), ("UTF-16", "expected UTF-8")),
    "utf-32": (LABEL.decode().encode("utf-32"), ("UTF-32", "expected UTF-8")),
    "bom": (b"\xef\xbb\xbf" + LABEL, ("byte order mark",)),
    "gzip": (b"\x1f\x8b\x08\x00", ("not UTF-8", "0x8b")),
    "form": (b"name=Data&color=%230F766E", ("not valid JSON", "column 1")),
    "blank": (b" \r\n\t", ("nothing but white space",)),
    "null-byte": (b"\0", ("not valid JSON",)),
    "null-byte-in-a-text": (named(b'"a\0b"'), ("not valid JSON", "column")),
    "null-byte-at-the-end": (LABEL + b"\0", ("not valid JSON", "column 37")),
    "line-break-in-a-text": (named(b'"a\nb"'), ("not valid JSON", "line 1")),
    "lone-high-surrogate": (named(rb'"\ud800"'), ("not valid JSON", "surrogate")),
    "lone-low-surrogate": (named(rb'"\udc00"'), ("not valid JSON", "column")),
    "surrogates-the-wrong-way-round": (named(rb'"\udc00\ud800"'), ("not valid JSON", "column")),
    "nan": (named(b"NaN"), ("NaN is no JSON number", "line 1")),
    "infinity": (named(b"Infinity"), ("Infinity is no JSON number",)),
    "minus-infinity": (named(b"-Infinity"), ("-Infinity is no JSON number",)),
    "beyond-double": (named(b"1e400"), ("not valid JSON", "infinity")),
    "5000-digits": (named(b"9" * 5000), ("not valid JSON", "column")),
    "leading-zero": (named(b"01"), ("not valid JSON",)),
    "plus": (named(b"+1"), ("not valid JSON",)),
    "hexadecimal": (named(b"0x1"), ("not valid JSON",)),
    "same-name-twice": (b'{"name": "a", "name": "b", "color": "#0F766E"}', ('"name" more than once', "The body")),
    "same-name-twice-in-escapes": (rb'{"name": "a", "n\u0061me": "b", "color": "#0F766E"}', ('"name" more than once',)),
    "same-unknown-name-twice": (b'{"x": 1, "x": 1}', ('"x" more than once',)),
    "10000-arrays": (b"[" * 10_000 + b"]" * 10_000, ("depth",)),
    "10000-objects": (b'{"name":' * 10_000 + b"1" + b"}" * 10_000, ("depth",)),
    "10000-arrays-in-a-member": (named(b"[" * 10_000 + b"]" * 10_000), ("depth",)),
    "10000-arrays-never-closed": (b"[" * 10_000, ("depth",)),
    "300-arrays": (b"[" * 300 + b"]" * 300, ("more than 254 levels",)),
}


@pytest.mark.parametrize("case", NO_JSON)
def test_a_body_that_is_no_json(unchanged: Mock, case: str) -> None:
    """STR-04, ERR-05, ERR-10, ERR-11."""
    body, told = NO_JSON[case]
    refuses(unchanged, post("/labels", body), 400, "STR-04", *told)


def test_a_missing_body(unchanged: Mock) -> None:
    """STR-04: with a length of nothing, without any, in no chunk at all, and of a PATCH and PUT too."""
    for method, path in (("POST", "/labels"), ("PATCH", "/invites/inv_mother"), ("PUT", "/users/usr_zoe/labels")):
        for more in ((), (JSON,), ("Content-Length: 0",), (JSON, "Content-Length: 0")):
            refuses(unchanged, request(method, API + path, ADA, *more), 400, "STR-04", "A body is missing")
    empty = request("POST", f"{API}/labels", ADA, JSON, "Transfer-Encoding: chunked", body=chunked(b""), length=False)
    refuses(unchanged, empty, 400, "STR-04", "A body is missing")


def test_a_name_given_twice_deep_within(unchanged: Mock) -> None:
    """STR-04: the message has the JSON pointer."""
    twice = invite(meeting=b'{"title":"Interview","meetingDurationMinutes":30,"title":"Other"}')
    refuses(unchanged, post("/invites", twice), 400, "STR-04", '/meeting names "title" more than once')
    twice = invite(candidates=b'[{"name":"a","email":"a@b.example"},{"name":"a","email":"a@b.example","name":"b"}]')
    refuses(unchanged, post("/invites", twice), 400, "STR-04", '/candidates/1 names "name" more than once')


# -- JSON that does not fit -------------------------------------------------------------------------------------------

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


NO_TIMES = {
    "no-such-day": "2030-02-30T00:00:00Z",
    "no-leap-year": "2031-02-29T00:00:00Z",
    "day-0": "2030-07-00T00:00:00Z",
    "month-13": "2030-13-01T00:00:00Z",
    "leap-second": "2030-06-30T23:59:60Z",
    "leap-second-that-was": "2016-12-31T23:59:60Z",
    "hour-24": "2030-07-01T24:00:00Z",
    "far-future": "9999-12-31T23:59:59Z",
    "year-2100": "2100-01-01T00:00:00Z",
    "five-digit-year": "12030-07-01T00:00:00Z",
    "signed-year": "+002030-07-01T00:00:00Z",
    "year-0": "0000-01-01T00:00:00Z",
    "offset": "2030-07-01T00:00:00+02:00",
    "negative-offset": "2030-07-01T00:00:00-08:00",
    "unknown-offset": "2030-07-01T00:00:00-00:00",
    "offset-without-colon": "2030-07-01T00:00:00+0000",
    "no-offset": "2030-07-01T00:00:00",
    "no-seconds": "2030-07-01T00:00Z",
    "date-alone": "2030-07-01",
    "time-alone": "00:00:00Z",
    "space-between": "2030-07-01 00:00:00Z",
    "small-letters": "2030-07-01t00:00:00z",
    "basic-format": "20300701T000000Z",
    "week": "2030-W27-1T00:00:00Z",
    "comma": "2030-07-01T00:00:00,5Z",
    "point-without-digits": "2030-07-01T00:00:00.Z",
    "ten-digits": "2030-07-01T00:00:00.1234567890Z",
    "blank-before": " 2030-07-01T00:00:00Z",
    "line-break-after": "2030-07-01T00:00:00Z\n",
    "null-after": "2030-07-01T00:00:00Z\0",
    "other-digits": "٢٠٣٠-07-01T00:00:00Z",
    "full-width": "\uff12\uff10\uff13\uff10-07-01T00:00:00Z",
    "words": "tomorrow",
    "number": "1909267200",
    "long": "2030-07-01T00:00:00Z" * 500,
}


@pytest.mark.parametrize("case", NO_TIMES)
def test_a_time_that_is_none(unchanged: Mock, case: str) -> None:
    """STR-06: in a body and in a query."""
    time_ = NO_TIMES[case]
    sent = post("/invites", invite(voteDeadlineAt=time_))
    refuses(unchanged, sent, 400, "STR-06", "/voteDeadlineAt is", orjson.dumps(time_).decode()[:60], "expected a")
    encoded = "".join(f"%{byte:02X}" for byte in time_.encode())
    sent = request("GET", f"{API}/meetings?from={encoded}&to=2031-01-01T00:00:00Z", ADA)
    refuses(unchanged, sent, 400, "STR-06", "from is", "expected a")


@pytest.mark.parametrize("value", [1909267200, None, [], {}, True])
def test_a_time_of_another_type(unchanged: Mock, value: Any) -> None:
    """STR-05."""
    sent = post("/invites", invite(voteDeadlineAt=value))
    refuses(unchanged, sent, 400, "STR-05", f"/voteDeadlineAt is {orjson.dumps(value).decode()}", "expected a string")


def test_an_empty_time(unchanged: Mock) -> None:
    """STR-06: in a query it is a parameter without a value."""
    refuses(unchanged, post("/invites", invite(voteDeadlineAt="")), 400, "STR-06", '/voteDeadlineAt is ""')
    sent = request("GET", f"{API}/meetings?from=&to=2031-01-01T00:00:00Z", ADA)
    refuses(unchanged, sent, 400, "STR-06", "from has no value")


# -- Size and media type ----------------------------------------------------------------------------------------------

TWENTY_MB = named(b'"%s"' % (b"a" * 20_000_000))


@pytest.mark.parametrize("transfer", ["length", "chunks"])
def test_a_body_of_20_mb(unchanged: Mock, transfer: str) -> None:
    """ERR-09: refused before it is read, or as soon as it is too much; the connection ends with it."""
    large = post("/labels", TWENTY_MB)
    if transfer == "chunks":
        head = request("POST", f"{API}/labels", ADA, JSON, "Transfer-Encoding: chunked")
        large = head + chunked(TWENTY_MB)
    for _ in range(2):
        with Wire(unchanged.url) as wire:
            refused(wire.ask(large), 413, "ERR-09", "more than 1048576 bytes")
    with Wire(unchanged.url) as wire:
        assert wire.ask(GOOD).status == 200


@pytest.mark.parametrize("length", ["1048577", "20000000", "9223372036854775808", "18446744073709551615"])
def test_a_length_alone_is_refused_without_waiting(unchanged: Mock, length: str) -> None:
    """ERR-09."""
    with Wire(unchanged.url) as wire:
        sent = request("POST", f"{API}/labels", ADA, JSON, f"Content-Length: {length}")
        refused(wire.ask(sent), 413, "ERR-09", "more than 1048576 bytes")


def test_the_largest_body_is_an_option() -> None:
    """ERR-09: one byte more is too many, counted or announced."""
    with start("--max-body", "100") as mock:
        for size, status in ((100, 201), (101, 413)):
            label = b'{"name": "a%d", "color": "#0F766E"}'
            counted, streamed = ((label % number).ljust(size) for number in (1, 2))
            with Wire(mock.url) as wire:
                assert wire.ask(post("/labels", counted)).status == status
            head = request("POST", f"{API}/labels", ADA, JSON, "Transfer-Encoding: chunked")
            with Wire(mock.url) as wire:
                assert wire.ask(head + chunked(streamed, 7)).status == status


@pytest.mark.parametrize(
    "declared",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/json-patch+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        'application/json; charset="utf-16"',
        "application/json, text/plain",
        "json",
        "*/*",
        "a" * 5000,
    ],
)
def test_a_body_that_is_not_declared_as_json(unchanged: Mock, declared: str | None) -> None:
    """ERR-08."""
    headers = () if declared is None else (f"Content-Type: {declared}",)
    sent = request("POST", f"{API}/labels", ADA, *headers, body=LABEL)
    found = "is missing" if declared is None else f"is {declared[:60]}" if declared else "is empty"
    refuses(unchanged, sent, 415, "ERR-08", f"The Content-Type {found}", "expected application/json")


@pytest.mark.parametrize("types", [("text/plain", "application/json"), ("application/json", "application/json")])
def test_a_body_that_is_declared_twice(unchanged: Mock, types: tuple[str, str]) -> None:
    """ERR-08: one reader of it would take the first, another the last."""
    sent = request("POST", f"{API}/labels", ADA, *(f"Content-Type: {one}" for one in types), body=LABEL)
    refuses(unchanged, sent, 415, "ERR-08", f"The Content-Type is {', '.join(types)}, expected application/json")


@pytest.mark.parametrize("body", [gzip.compress(LABEL, mtime=0), LABEL], ids=["compressed", "plain"])
@pytest.mark.parametrize("coding", ["gzip", "GZip", "br", "identity, gzip", "a" * 5000])
def test_a_body_that_is_compressed(unchanged: Mock, coding: str, body: bytes) -> None:
    """ERR-08: whether it is or not, nobody reads it as it is declared."""
    sent = post("/labels", body, JSON, f"Content-Encoding: {coding}")
    refuses(unchanged, sent, 415, "ERR-08", f"The Content-Encoding is {coding[:60]}", "expected none")


@pytest.mark.parametrize(
    "declared",
    [
        "application/json; charset=utf-8",
        'Application/JSON; Charset="UTF-8"',
        "application/json;charset=utf8",
        "application/json ; x=y",
    ],
)
def test_other_ways_to_declare_json(mock: Mock, declared: str) -> None:
    with Wire(mock.url) as wire:
        assert wire.ask(post("/labels", LABEL, f"Content-Type: {declared}", "Content-Encoding: identity")).status == 201


# -- Paths ------------------------------------------------------------------------------------------------------------

# Of each id, the status of a GET and what it says.
IDS: dict[str, tuple[bytes, int, str]] = {
    "encoded-slash": (b"inv%2Fmother", 404, "There is no path"),
    "encoded-slash-to-another-route": (b"inv_mother%2Fsub-invites", 404, "There is no path"),
    "dot": (b".", 404, "There is no invite ."),
    "dots": (b"..", 404, "There is no invite .."),
    "encoded-dots": (b"%2E%2e", 404, "There is no invite .."),
    "dots-to-another-route": (b"../labels", 404, "There is no path"),
    "encoded-dots-to-another-route": (b"%2E%2E%2Flabels", 404, "There is no path"),
    "backslash": (b"..%5Clabels", 404, r"There is no invite ..\labels"),
    "space": (b"inv%20mother", 400, 'inviteId is "inv mother"'),
    "blank-around": (b"%20inv_mother%20", 400, 'inviteId is " inv_mother "'),
    "plus": (b"inv+mother", 404, "There is no invite inv+mother"),
    "comma": (b"inv_mother,inv_active", 400, "inviteId is"),
    "semicolon": (b"inv_mother;v=1", 404, "There is no invite inv_mother;v=1"),
    "encoded-percent": (b"inv%25mother", 404, "There is no invite inv%mother"),
    "encoded-twice": (b"inv%255Fmother", 404, "There is no invite inv%5Fmother"),
    "stray-percent": (b"inv%", 404, "There is no invite inv%"),
    "no-hexadecimal": (b"inv%zz", 404, "There is no invite inv%zz"),
    "null": (b"inv_mother%00", 400, r'inviteId is "inv_mother\u0000"'),
    "null-alone": (b"%00", 400, r'inviteId is "\u0000"'),
    "invalid-utf-8": (b"inv%ff", 400, "inviteId is"),
    "overlong-utf-8": (b"%c0%ae%c0%ae", 400, "inviteId is"),
    "encoded-surrogate": (b"%ed%a0%80", 400, "inviteId is"),
    "no-utf-8": (b"inv_\xff", 400, "inviteId is"),
    "non-ascii": ("inv_größe".encode(), 400, 'inviteId is "inv_größe"'),
    "encoded-non-ascii": (b"inv_gr%C3%B6%C3%9Fe", 400, 'inviteId is "inv_größe"'),
    "right-to-left": (b"%E2%80%AEinv", 400, r'inviteId is "\u202einv"'),
    "line-break": (b"inv%0d%0aX-Evil:%201", 400, "inviteId is"),
    "tab": (b"inv%09mother", 400, r'inviteId is "inv\tmother"'),
    "sql": (b"inv_mother'%20or%20'1'='1", 400, "inviteId is"),
    "65-characters": (b"a" * 65, 400, "inviteId has 65 characters, expected 1 to 64"),
    "10-kb": (b"a" * 10_000, 400, "inviteId has 10000 characters, expected 1 to 64"),
    "10-kb-of-escapes": (b"%41" * 10_000, 400, "inviteId has 10000 characters, expected 1 to 64"),
    "10-kb-of-slashes": (b"/" * 10_000, 404, "There is no path"),
    "unknown": (b"inv_nowhere", 404, "There is no invite inv_nowhere"),
    "wrong-case": (b"INV_MOTHER", 404, "There is no invite INV_MOTHER"),
}


@pytest.mark.parametrize("case", IDS)
def test_an_id_that_is_none(unchanged: Mock, case: str) -> None:
    """ERR-05, ERR-06, ERR-10: of a read and of a write alike."""
    given, status, told = IDS[case]
    base = f"{API}/invites/".encode()
    refuses(unchanged, request("GET", base + given, ADA), status, None, told)
    body = b'{"meeting": {"title": "Changed"}}'
    refuses(unchanged, request("PATCH", base + given, ADA, JSON, body=body), status, None, told)
    if told != "There is no path":
        refuses(unchanged, request("GET", base + given + b"/sub-invites", ADA), status, None, told)


def test_an_encoded_id_is_the_id(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        for given in ("inv_mother", "%69nv_mother", "inv%5Fmother", "inv%5fmother"):
            assert wire.ask(request("GET", f"{API}/invites/{given}", ADA)).json["data"]["id"] == "inv_mother"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/api",
        "/api/v1",
        "/api/v2/app/invites",
        API,
        f"{API}/",
        f"{API}/invites/",
        f"{API}/invites/inv_mother/",
        f"{API}//invites",
        f"/{API}/invites",
        f"{API}/./invites",
        f"{API}/labels/../invites",
        f"{API}/Invites",
        f"{API.upper()}/invites",
        f"{API}/invites.json",
        f"{API}/invites/inv_mother/booking",
        f"{API}/openapi.json/",
        f"{API}/openapi.yaml",
        "/_mock/nowhere",
        "/_mock/health/",
        "/_mocks",
        "/" + "a" * 10_000,
        "/%ff",
        "/%00",
        "/%0d%0aX-Evil:%201",
        "/größe",
    ],
)
def test_a_path_that_there_is_not(unchanged: Mock, path: str) -> None:
    """ERR-06: with any method, and before the credential is looked at."""
    for method in ("GET", "POST", "DELETE", "HEAD", "OPTIONS", "BREW"):
        refuses(unchanged, request(method, path), 404, "ERR-06", "There is no path /")


def test_the_asterisk_is_no_path(unchanged: Mock) -> None:
    refuses(unchanged, request("OPTIONS", "*"), 404, "ERR-06", "There is no path")


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY", "BREW", "get")
OPERATIONS = load_app_api().operations.values()
PATHS = {
    path: {one.method.upper() for one in OPERATIONS if one.path == path}
    for path in dict.fromkeys(one.path for one in OPERATIONS)
}


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_a_path_has_not(unchanged: Mock, path: str) -> None:
    """ERR-07: `Allow` is complete; before the credential is looked at, and whether the row exists or not."""
    allowed = PATHS[path]
    assert allowed
    target = f"{API}{path}".replace("{", "").replace("}", "")
    with Wire(unchanged.url) as wire:
        for method in set(METHODS) - allowed:
            answer = wire.ask(request(method, target))
            assert set(answer.headers["allow"].split(", ")) == allowed
            refused(answer, 405, "ERR-07", head=method == "HEAD")


# -- Queries ----------------------------------------------------------------------------------------------------------

# What follows `?`, the rule that refuses, and what is told.
QUERIES: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "repeated": (b"page=1&page=2", "STR-02", ("page is given more than once",)),
    "repeated-alike": (b"page=1&page=1", "STR-02", ("page is given more than once",)),
    "repeated-in-escapes": (b"page=1&p%61ge=1", "STR-02", ("page is given more than once",)),
    "repeated-filter": (b"labelIds=a&labelIds=b", "STR-02", ("labelIds is given more than once",)),
    "empty": (b"page=", "ERR-05", ("page has no value",)),
    "bare": (b"pageSize", "ERR-05", ("pageSize has no value",)),
    "empty-filter": (b"recruiterUserIds=", "FILT-05", ("recruiterUserIds has no value",)),
    "empty-sort": (b"sort=", "SORT-07", ("sort has no value",)),
    "empty-flag": (b"includeSubInvites=", "ERR-05", ('includeSubInvites is ""', "true or false")),
    "empty-name": (b"=1", "STR-01", ('"" is unknown',)),
    "exponent": (b"page=1e3", "PAGE-07", ('page is "1e3"', "0 to 1000000", "plain decimal")),
    "fraction": (b"page=1.0", "PAGE-07", ('page is "1.0"',)),
    "plus-is-a-space": (b"page=+1", "PAGE-07", ('page is " 1"',)),
    "plus": (b"page=%2B1", "PAGE-07", ('page is "+1"',)),
    "minus-zero": (b"page=-0", "PAGE-07", ('page is "-0"',)),
    "leading-zero": (b"page=01", "PAGE-07", ('page is "01"',)),
    "hexadecimal": (b"page=0x1", "PAGE-07", ('page is "0x1"',)),
    "underscore": (b"page=1_0", "PAGE-07", ('page is "1_0"',)),
    "blank-after": (b"page=1%20", "PAGE-07", ('page is "1 "',)),
    "line-break-after": (b"page=1%0A", "PAGE-07", (r'page is "1\n"',)),
    "null-after": (b"page=1%00", "PAGE-07", (r'page is "1\u0000"',)),
    "other-digits": ("page=٣".encode(), "PAGE-07", ('page is "٣"', "plain decimal")),
    "other-digits-encoded": (b"page=%D9%A3", "PAGE-07", ('page is "٣"', "plain decimal")),
    "superscript": (b"page=%C2%B2", "PAGE-07", ('page is "²"',)),
    "beyond-64-bits": (b"page=18446744073709551616", "PAGE-07", ("page is 18446744073709551616", "0 to 1000000")),
    "5000-digits": (b"page=" + b"9" * 5000, "PAGE-07", ("page is 999", "0 to 1000000")),
    "negative": (b"page=-1", "PAGE-06", ("page is -1", "0 to 1000000")),
    "page-size-0": (b"pageSize=0", "PAGE-06", ("pageSize is 0", "1 to 100")),
    "page-size-101": (b"pageSize=101", "PAGE-06", ("pageSize is 101", "1 to 100")),
    "null-text": (b"page=null", "PAGE-07", ('page is "null"',)),
    "flag-in-capitals": (b"includeSubInvites=TRUE", "ERR-05", ('includeSubInvites is "TRUE"', "true or false")),
    "flag-1": (b"includeSubInvites=1", "ERR-05", ('includeSubInvites is "1"', "true or false")),
    "unknown": (b"x=1", "STR-01", ("parameter x is unknown", "known are")),
    "nearly-known": (b"pagesize=1", "STR-01", ("pagesize is unknown", "did you mean pageSize?")),
    "brackets": (b"labelIds[]=a", "STR-01", ('"labelIds[]" is unknown', "did you mean labelIds?")),
    "semicolon": (b"page=1;pageSize=2", "PAGE-07", ('page is "1;pageSize=2"',)),
    "second-question-mark": (b"page=1?pageSize=2", "PAGE-07", ('page is "1?pageSize=2"',)),
    "stray-percent": (b"page=%", "ERR-05", ("% without two hexadecimal digits", "%25")),
    "half-an-escape": (b"page=%2", "ERR-05", ("% without two hexadecimal digits",)),
    "no-hexadecimal": (b"labelIds=100%zz", "ERR-05", ("% without two hexadecimal digits",)),
    "stray-percent-in-a-name": (b"100%=1", "ERR-05", ("% without two hexadecimal digits",)),
    "invalid-utf-8": (b"labelIds=%ff", "ERR-05", ("not UTF-8",)),
    "invalid-utf-8-in-a-name": (b"%ff=1", "ERR-05", ("not UTF-8",)),
    "overlong-utf-8": (b"labelIds=%c0%af", "ERR-05", ("not UTF-8",)),
    "encoded-surrogate": (b"labelIds=%ed%a0%80", "ERR-05", ("not UTF-8",)),
    "null-in-an-id": (b"labelIds=lbl%00", "ERR-05", (r'labelIds/0 is "lbl\u0000"',)),
    "non-ascii-id": (b"labelIds=lbl_a,lbl_%C3%A9", "ERR-05", ('labelIds/1 is "lbl_é"',)),
    "empty-segment": (b"labelIds=a,,b", "FILT-05", ("labelIds has an empty segment",)),
    "comma-alone": (b"labelIds=,", "FILT-05", ("labelIds has an empty segment",)),
    "id-twice": (b"labelIds=a,a", "FILT-05", ('labelIds has "a" more than once',)),
    "101-ids": (b"labelIds=" + b",".join(b"l%d" % n for n in range(101)), "ERR-05", ("labelIds has 101 items", "100")),
    "id-with-a-line-break": (b"labelIds=a%0d%0aX-Evil:%201", "ERR-05", (r'labelIds/0 is "a\r\nX-Evil: 1"',)),
    "name-with-a-line-break": (b"a%0d%0aX-Evil:%201=1", "STR-01", (r'"a\r\nX-Evil: 1" is unknown',)),
    "60-kb-of-an-id": (b"labelIds=" + b"a" * 60_000, "ERR-05", ("labelIds/0 has 60000 characters", "1 to 64")),
    "60-kb-of-a-name": (b"a" * 60_000 + b"=1", "STR-01", ("aaa", "is unknown")),
    "60-kb-of-ids": (b"labelIds=" + b"a," * 30_000, "FILT-05", ("labelIds has an empty segment",)),
    "60-kb-of-parameters": (b"&".join(b"a%d=1" % n for n in range(8000)), "STR-01", ("a0 is unknown",)),
    "sort-injection": (b"sort=title;drop%20table:asc", "SORT-07", ('unknown field "title;drop table"', "known are")),
    "sort-twice": (b"sort=title:asc,title:desc", "SORT-07", ("sort names title more than once",)),
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_query_that_is_refused(unchanged: Mock, case: str) -> None:
    """STR-01, STR-02, ERR-05, PAGE-06, PAGE-07, FILT-05, SORT-07."""
    query, rule, told = QUERIES[case]
    refuses(unchanged, request("GET", f"{API}/invites?".encode() + query, ADA), 400, rule, *told)


def test_a_query_where_none_belongs(unchanged: Mock) -> None:
    """STR-01: of a write too, and of what needs no credential."""
    refuses(unchanged, request("POST", f"{API}/labels?dryRun=1", ADA, JSON, body=LABEL), 400, "STR-01", "dryRun")
    refuses(unchanged, request("DELETE", f"{API}/labels/lbl_unused?force=true", ADA), 400, "STR-01", "force")
    refuses(unchanged, request("GET", f"{API}/openapi.json?format=yaml"), 400, "STR-01", "format")


def test_a_query_of_nothing_is_none(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        for query in ("?", "?&", "?&&page=0&"):
            assert wire.ask(request("GET", f"{API}/invites{query}", ADA)).status == 200


# -- Headers ----------------------------------------------------------------------------------------------------------

TOKEN = "Authorization: Bearer kly_acme_ada_test_key"


@pytest.mark.parametrize(
    "two", [(ADA, ADA), (ADA, TOKEN), (TOKEN, TOKEN), (TOKEN, "Authorization: Basic YTpi"), (ADA, "x-api-key:")]
)
def test_two_credentials_at_once(unchanged: Mock, two: tuple[str, str]) -> None:
    """AUTH-11: even where both are the same."""
    refuses(unchanged, request("GET", f"{API}/labels", *two), 401, "AUTH-11", "one credential")


@pytest.mark.parametrize(
    "host",
    [
        "ac%0d%0ame.localhost",
        'ac<>"me.localhost',
        "ac\tme.localhost",
        "größe.localhost",
        "%61cme.localhost",
        "a" * 10_000 + ".localhost",
    ],
)
def test_a_host_with_odd_characters(unchanged: Mock, host: str) -> None:
    """TEN-01: no workspace that the credential could be of; the header that tells it stays one short line."""
    sent = request("GET", f"{API}/labels", ADA, host=host)
    refuses(unchanged, sent, 401, "TEN-01", "belongs to another workspace")
    with Wire(unchanged.url) as wire:
        told = wire.ask(sent).headers["x-mock-credential"]
    assert told.isascii()
    assert len(told) < 200


def test_a_message_with_what_was_stored_stays_one_header(mock: Mock) -> None:
    """A label's name may have a line break; a conflict tells it in the body alone."""
    label = named(rb'"Evil\r\nX-Evil: 1"')
    with Wire(mock.url) as wire:
        assert wire.ask(post("/labels", label)).status == 201
        refused(wire.ask(post("/labels", label)), 409, "LBL-02", "Evil")


@pytest.mark.parametrize("given", ["req_mine", "req_" + "a" * 5000, ""])
def test_the_request_id_is_ours(unchanged: Mock, given: str) -> None:
    """ERR-03: what a client sends is not echoed, and no two are alike."""
    with Wire(unchanged.url) as wire:
        bad = request("GET", f"{API}/invites?x=1", ADA, f"X-Request-Id: {given}")
        ids = [wire.ask(bad).headers["x-request-id"] for _ in range(10)]
        ids += [wire.ask(GOOD).headers["x-request-id"] for _ in range(10)]
    assert len(set(ids)) == 20
    assert all(one.startswith("req_") and one != given for one in ids)


def test_a_request_names_one_host(unchanged: Mock) -> None:
    """RFC 9112: two would let two readers of a request take it for different workspaces'."""
    target = f"{API}/labels"
    refuses(unchanged, request("GET", target, ADA, host=None), 400, "ERR-05", "no host", "expected one")
    refuses(unchanged, request("GET", target, ADA, host=""), 400, "ERR-05", "no host")
    for other in ("Host: localhost", "Host: globex.localhost", "Host:"):
        refuses(unchanged, request("GET", target, ADA, other), 400, "ERR-05", "several hosts")


def test_http_1_0_needs_no_host(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        assert wire.ask(GOOD.replace(b"HTTP/1.1\r\nHost: localhost", b"HTTP/1.0")).status == 200
        assert wire.is_closed()


# What is refused before it reaches the app, for no rule of the contract.
NO_HTTP: dict[str, bytes] = {
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no-version": b"GET /\r\n\r\n",
    "other-version": b"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n",
    "method-with-a-bracket": request("G(T", f"{API}/labels", ADA),
    "space-in-the-path": request("GET", f"{API}/invites/a b", ADA),
    "tab-in-the-path": request("GET", f"{API}/invites/a\tb", ADA),
    "header-without-a-colon": request("GET", f"{API}/labels", ADA, "X-Evil"),
    "header-with-a-space-before-its-colon": request("GET", f"{API}/labels", ADA, "X-Evil : 1"),
    "folded-header": request("GET", f"{API}/labels", ADA, "X-Evil: 1\r\n  2"),
    "null-in-a-header": request("GET", f"{API}/labels", ADA, "X-Evil: a\0b"),
    "return-in-a-header": request("GET", f"{API}/labels", ADA, "X-Evil: a\rb"),
    "length-that-is-no-number": request("POST", f"{API}/labels", ADA, JSON, "Content-Length: x"),
    "negative-length": request("POST", f"{API}/labels", ADA, JSON, "Content-Length: -1"),
    "length-beyond-64-bits": request("POST", f"{API}/labels", ADA, JSON, "Content-Length: 99999999999999999999"),
    "two-lengths": request("POST", f"{API}/labels", ADA, JSON, "Content-Length: 1", body=LABEL),
    "unknown-transfer-encoding": request("POST", f"{API}/labels", ADA, JSON, "Transfer-Encoding: gzip", body=LABEL),
    "head-of-70-kb": request("GET", f"{API}/labels", ADA, "X-Long: " + "a" * 70_000),
    "query-of-70-kb": request("GET", f"{API}/labels?x=" + "a" * 70_000, ADA),
    "200-headers": request("GET", f"{API}/labels", ADA, *(f"X-{number}: 1" for number in range(200))),
}


@pytest.mark.parametrize("case", NO_HTTP)
def test_what_is_no_http(unchanged: Mock, case: str) -> None:
    with Wire(unchanged.url) as wire:
        answer = wire.ask(NO_HTTP[case])
        large = case.endswith("-kb") or case == "200-headers"
        told = "more than 65536 bytes or 100 headers" if large else "HTTP"
        refused(answer, 431 if large else 400, None, told)
        assert answer.headers["access-control-allow-origin"] == "*", "a page would see no more than a network error"
        assert wire.is_closed()


def test_a_chunk_that_is_none(unchanged: Mock) -> None:
    """STR-04."""
    head = request("POST", f"{API}/labels", ADA, JSON, "Transfer-Encoding: chunked")
    for chunks in (b"zz\r\n\r\n", b"5\r\n{}\r\n\r\n\r\n", b"-1\r\n\r\n"):
        with Wire(unchanged.url) as wire:
            refused(wire.ask(head + chunks), 400, "STR-04", "ended before it was complete")


def test_a_length_beside_chunks_smuggles_nothing(unchanged: Mock) -> None:
    """What follows the chunks is never taken for a request of its own on the same connection."""
    inner = request("DELETE", f"{API}/labels/lbl_unused", ADA)
    head = request("POST", f"{API}/labels", ADA, JSON, "Content-Length: 5", "Transfer-Encoding: chunked")
    with Wire(unchanged.url) as wire:
        wire.send(head + b"0\r\n\r\n" + inner)
        refused(wire.answer(), 400, None, "can't be present with")
        assert wire.is_closed()


# -- Clients ----------------------------------------------------------------------------------------------------------

HALF_A_BODY = request("POST", f"{API}/labels", ADA, JSON, "Content-Length: 500") + LABEL


@pytest.mark.parametrize("reset", [False, True], ids=["close", "reset"])
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST ",
        HALF_A_BODY[:60],
        HALF_A_BODY,
        request("POST", f"{API}/labels", ADA, JSON, "Transfer-Encoding: chunked") + b"10\r\n{",
        GOOD,
        GOOD * 50,
    ],
    ids=[
        "at-once",
        "in-the-line",
        "in-the-head",
        "in-the-body",
        "in-a-chunk",
        "before-the-answer",
        "before-50-answers",
    ],
)
def test_a_client_that_hangs_up(unchanged: Mock, sent: bytes, reset: bool) -> None:
    """ERR-11: a body that is not all there changes nothing, although what came of it is good."""
    for _ in range(5):
        wire = Wire(unchanged.url)
        wire.send(sent)
        if reset:
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wire.socket.close()
    with Wire(unchanged.url) as wire:
        assert wire.ask(GOOD).status == 200


def test_a_client_that_stops_sending_hears_why(unchanged: Mock) -> None:
    """STR-04: it has closed its side only."""
    with Wire(unchanged.url) as wire:
        wire.send(HALF_A_BODY)
        wire.socket.shutdown(socket.SHUT_WR)
        refused(wire.answer(), 400, "STR-04", "ended before it was complete")


def test_slow_clients_are_waited_for_and_hold_up_nobody(mock: Mock) -> None:
    sent = post("/labels", LABEL)
    cut = len(sent) // 12
    pieces = [sent[start : start + cut] for start in range(0, len(sent), cut)]
    idle = [Wire(mock.url) for _ in range(50)]
    with Wire(mock.url) as slow, Wire(mock.url) as other:
        for piece in pieces:
            slow.send(piece)
            time.sleep(0.02)
            begun = time.monotonic()
            assert other.ask(GOOD).status == 200
            assert time.monotonic() - begun < 5
        assert slow.answer().status == 201
    for wire in idle:
        with wire:
            assert wire.ask(GOOD).status == 200


def test_many_pipelined_requests_are_answered_in_order(unchanged: Mock) -> None:
    """Good ones and bad ones, sent before the first answer is read."""
    kinds = [
        (GOOD, 200),
        (post("/labels", b"{"), 400),
        (request("GET", f"{API}/labels"), 401),
        (post("/labels", LABEL, "Content-Type: text/plain"), 415),
        (request("GET", f"{API}/invites/inv_nowhere", ADA), 404),
        (request("PUT", f"{API}/labels"), 405),
    ]
    with Wire(unchanged.url) as wire:
        wire.send(b"".join(sent for sent, _ in kinds) * 50)
        answers = [wire.answer() for _ in range(50 * len(kinds))]
    assert [answer.status for answer in answers] == [status for _, status in kinds] * 50
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


def test_a_client_that_reads_nothing_holds_up_nobody(unchanged: Mock) -> None:
    document = request("GET", f"{API}/openapi.json")
    with Wire(unchanged.url) as greedy, Wire(unchanged.url) as other:
        greedy.socket.settimeout(0.5)
        with suppress(TimeoutError):
            greedy.socket.sendall(document * 2000)
        assert other.ask(GOOD).status == 200
    assert ok(unchanged.as_("usr_ada").get("/labels"))
