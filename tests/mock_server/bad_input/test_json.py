"""Bodies that are no JSON."""

import pytest

from tests.mock_server.bad_input.sending import JSON, LABEL, invite, named, post, refuses
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, chunked, request

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
