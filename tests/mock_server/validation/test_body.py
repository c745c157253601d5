"""The body before its schema: size, media type, JSON."""

from typing import Any

import orjson
import pytest

from mock_server.meanings import ContentTooLarge, Invalid, UnsupportedMediaType
from tests.mock_server.validation.asking import JSON, MOTHER, ask, refused, told

LABEL = {"name": "Data", "color": "#0F766E"}


def test_a_body_is_read_and_given_as_it_is() -> None:
    assert ask("createInvite", body=MOTHER).body == MOTHER


def test_a_body_may_come_in_pieces() -> None:
    raw = orjson.dumps(MOTHER)
    assert ask("createInvite", chunks=[raw[:7], b"", raw[7:]]).body == MOTHER


def test_a_body_that_breaks_off_is_refused() -> None:
    assert told("createLabel", chunks=[]) == ("STR-04", "The body ended before it was complete")


def test_without_a_body_there_is_none() -> None:
    assert ask("getInvite").body is None


# -- 413 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "length",
    ["101", "0101", "9" * 30, "9" * 5000, "0" * 5000 + "101"],
    ids=["one-more", "zero-before", "30-digits", "5000-digits", "5000-zeros"],
)
def test_a_body_declared_too_large_is_refused_unread(length: str) -> None:
    refusal = refused("createLabel", headers={"content-length": length}, chunks=[], max_body=100)
    assert isinstance(refusal, ContentTooLarge)
    assert (refusal.rule, refusal.message) == ("ERR-09", "The body has more than 100 bytes")


def test_a_body_that_grows_too_large_is_refused() -> None:
    refusal = refused("createLabel", headers={}, chunks=[b" " * 60, b" " * 41, b"unread"], max_body=100)
    assert isinstance(refusal, ContentTooLarge)


def test_a_body_that_no_operation_asked_for_is_left_unread() -> None:
    headers = {"content-length": "1000000", "content-type": "text/plain"}
    assert ask("getInvite", headers=headers, chunks=[], max_body=100).body is None


def test_a_body_as_large_as_allowed_is_read() -> None:
    raw = orjson.dumps(LABEL).ljust(100)
    assert ask("createLabel", body=raw, headers={**JSON, "content-length": "100"}, max_body=100).body == LABEL


@pytest.mark.parametrize("length", ["", "x", "-1", "1 ", "0" * 5000])
def test_a_content_length_that_is_no_number_is_the_servers_business(length: str) -> None:
    assert ask("createLabel", body=LABEL, headers={**JSON, "content-length": length}).body == LABEL


# -- 415 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; v=1; charset=utf8",
        "application/json; v=1",
        " application/json ;",
    ],
)
def test_json_in_utf_8_is_taken(content_type: str) -> None:
    assert ask("createLabel", body=LABEL, headers={"content-type": content_type}).body == LABEL


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "The Content-Type is missing, expected application/json"),
        ({"content-type": ""}, "The Content-Type is empty, expected application/json"),
        ({"content-type": "text/plain"}, "The Content-Type is text/plain, expected application/json"),
        (
            {"content-type": "application/json; charset=latin-1"},
            "The Content-Type is application/json; charset=latin-1, expected application/json",
        ),
        (
            {"content-type": "application/json;q=1;charset=utf-16"},
            "The Content-Type is application/json;q=1;charset=utf-16, expected application/json",
        ),
        (
            {"content-type": "application/problem+json"},
            "The Content-Type is application/problem+json, expected application/json",
        ),
        ({"content-type": "a\xff\x00"}, "The Content-Type is aÿ\\u0000, expected application/json"),
    ],
)
def test_what_is_not_declared_as_json_is_refused(headers: dict[str, str], message: str) -> None:
    refusal = refused("createLabel", body=LABEL, headers=headers)
    assert isinstance(refusal, UnsupportedMediaType)
    assert (refusal.rule, refusal.message) == ("ERR-08", message)


def test_a_body_that_no_operation_asked_for_is_ignored() -> None:
    assert ask("getInvite", body=b"\xff", headers={"content-type": "text/plain", "content-length": "1"}).body is None
    assert ask("reset", body=b"{", headers={"transfer-encoding": "chunked"}).body is None


# -- The order of checks --------------------------------------------------------------------------------------------


def test_size_comes_before_media_type_and_that_before_the_rest() -> None:
    both: dict[str, Any] = {"path": {"inviteId": "a b"}, "query": "x=1", "body": b"{", "headers": {}}
    assert isinstance(refused("updateInvite", **both, max_body=0), ContentTooLarge)
    assert isinstance(refused("updateInvite", **both), UnsupportedMediaType)


def test_path_comes_before_query_and_that_before_the_body() -> None:
    assert told("updateInvite", path={"inviteId": "a b"}, query="x=1", body=b"{")[1].startswith("inviteId")
    assert told("updateInvite", query="x=1", body=b"{")[1].startswith("The query parameter x")
    assert told("updateInvite", body=b"{")[1].startswith("The body")


# -- JSON -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [JSON, {}, {"content-type": "text/plain"}])
def test_a_missing_body_is_refused(headers: dict[str, str]) -> None:
    assert told("createLabel", body=b"", headers=headers) == ("STR-04", "A body is missing")


NOT_JSON = "The body is not valid JSON: "


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xef\xbb\xbf{}", NOT_JSON + "it begins with a byte order mark, which UTF-8 does not need"),
        ('{"name":1}'.encode("utf-16"), NOT_JSON + "it looks like UTF-16 or UTF-32, expected UTF-8"),
        ('{"name":1}'.encode("utf-16-le"), NOT_JSON + "it looks like UTF-16 or UTF-32, expected UTF-8"),
        ('{"name":1}'.encode("utf-32-be"), NOT_JSON + "it looks like UTF-16 or UTF-32, expected UTF-8"),
        (b'{"name":"\xc3"}', NOT_JSON + "it is not UTF-8, see the byte 0xc3 at offset 9"),
        (b'{"name":"\xed\xa0\x80"}', NOT_JSON + "it is not UTF-8, see the byte 0xed at offset 9"),
        (b" \n\t", NOT_JSON + "it has nothing but white space"),
        (b'{\n "name": NaN}', NOT_JSON + "NaN is no JSON number, at line 2, column 10"),
        (b"[Infinity]", NOT_JSON + "Infinity is no JSON number, at line 1, column 2"),
        (b"[-Infinity]", NOT_JSON + "-Infinity is no JSON number, at line 1, column 3"),
    ],
)
def test_what_is_not_json_is_told_by_its_flaw(raw: bytes, message: str) -> None:
    assert told("createLabel", body=raw) == ("STR-04", message)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'{"name": "a",\n "color" 1}', "line 2, column 10"),
        (b"{'name': 1}", "line 1, column 2"),
        (b'{"name": "\\ud800"}', "line 1, column 11"),
        (b'{"\\udc00": 1}', "line 1, column 3"),
        (b"[1e999]", "line 1, column 2"),
        (b'{"name": 01}', "line 1, column 10"),
        (b"[" + b"9" * 5000 + b"]", "line 1, column 2"),
        (b"[" * 10_000, "line 1, column"),
        (b"[" * 10_000 + b"]" * 10_000, "line 1, column"),
        (b'{"a":' * 10_000, "line 1, column"),
        (b"{} {}", "line 1, column 4"),
        (b'"\x01"', "line 1, column 2"),
    ],
)
def test_what_is_not_json_is_told_with_its_place(raw: bytes, place: str) -> None:
    rule, message = told("createLabel", body=raw)
    assert rule == "STR-04"
    assert message.startswith(NOT_JSON)
    assert place in message


@pytest.mark.parametrize("text", ['"a"', '"\\n"'])
@pytest.mark.parametrize("depth", [255, 500, 1000])
def test_a_body_nested_too_deep_is_refused(depth: int, text: str) -> None:
    raw = b"[" * depth + text.encode() + b"]" * depth
    assert told("createLabel", body=raw) == ("STR-04", "The body is nested more than 254 levels deep")


def test_a_body_nested_as_deep_as_allowed_meets_its_schema() -> None:
    raw = b'{"color":"","name":' + b"[" * 253 + b'"\\n"' + b"]" * 253 + b"}"
    rule, message = told("createLabel", body=raw)
    assert rule == "STR-05"
    assert "/name is [[[" in message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b'{"name":"a","name":"b"}', 'The body names "name" more than once'),
        (b'{"name":"a","name":"a","color":"b\\n"}', 'The body names "name" more than once'),
        (b'{"name":"a","n\\u0061me":"b"}', 'The body names "name" more than once'),
        (b'{"name":1,"name" : 2}', 'The body names "name" more than once'),
        (b'{"color":"\\u0022\\u0022","name":1,"name":2}', 'The body names "name" more than once'),
        (b'{"":1,"":1}', 'The body names "" more than once'),
        (b'{"a":[0,{"b/c":{"x":1,"x":{}}}]}', '/a/1/b~1c names "x" more than once'),
        (b'[[],{"x":[{"y":1,"y":1}],"x":1}]', '/1 names "x" more than once'),
        (b'{"a":{"\\ud83d\\ude00":1,"\xf0\x9f\x98\x80":2}}', '/a names "\N{GRINNING FACE}" more than once'),
    ],
)
def test_a_member_named_twice_is_refused(raw: bytes, message: str) -> None:
    assert told("createLabel", body=raw) == ("STR-04", message)


@pytest.mark.parametrize("name", ['"name":"x","name":"y"', "\\\\", "a\nb", "\N{GRINNING FACE}", ":", '":'])
def test_a_text_that_looks_like_members_is_a_text(name: str) -> None:
    assert ask("createLabel", body={**LABEL, "name": name}).body["name"] == name


def test_a_megabyte_is_refused_in_good_time() -> None:
    for raw in (
        b"[" + b"[]," * 300_000 + b"0]",
        b'["' + b'\\"' * 500_000 + b'"]',
        b"[" + b'{"a":1},' * 120_000 + b"0]",
    ):
        assert isinstance(refused("createMeeting", body=raw), Invalid)
