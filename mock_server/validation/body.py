"""The body of a request: its bytes, its media type and its JSON, before any schema."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NoReturn

import orjson
from starlette.types import Receive

from mock_server.meanings import ContentTooLarge, Invalid, UnsupportedMediaType
from mock_server.validation.words import cut, pointer, shown

_CHARSET = re.compile(r';\s*charset\s*=\s*("?)([^\s;"]*)\1\s*(?:;|$)', re.IGNORECASE)
_NO_NUMBER = re.compile(r"NaN|-?Infinity")


def check_declared_size(length: bytes | None, limit: int) -> None:
    """Check a Content-Length, if there is one. Raises ContentTooLarge (ERR-09)."""
    digits = (length or b"").lstrip(b"0")
    # No limit has 19 digits, and Python refuses to read numbers of more than 4300.
    if digits.isdigit() and (len(digits) > 18 or int(digits) > limit):
        raise _too_large(limit)


async def receive_body(receive: Receive, limit: int) -> bytes:
    """Read a body. Raises ContentTooLarge (ERR-09) at the first byte too many, Invalid (STR-04) if it breaks off."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid("The body ended before it was complete", rule="STR-04")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> ContentTooLarge:
    return ContentTooLarge(f"The body has more than {limit} bytes", rule="ERR-09")


def check_media_type(content_type: bytes | None, content_encoding: bytes | None = None) -> None:
    """Check that a body is declared as JSON in UTF-8, and not as compressed. Raises UnsupportedMediaType (ERR-08)."""
    if content_encoding is not None and content_encoding.lower() not in (b"", b"identity"):
        coding = cut(content_encoding.decode("latin-1"))
        raise UnsupportedMediaType(f"The Content-Encoding is {coding}, expected none", rule="ERR-08")
    if content_type != b"application/json" and (problem := _media_type_problem(content_type)):
        raise UnsupportedMediaType(problem, rule="ERR-08")


@lru_cache(maxsize=64)
def _media_type_problem(content_type: bytes | None) -> str | None:
    if content_type is None:
        return "The Content-Type is missing, expected application/json"
    text = content_type.decode("latin-1").strip()
    charset = _CHARSET.search(text)
    if text.partition(";")[0].strip().lower() == "application/json" and (
        charset is None or charset[2].lower() in ("utf-8", "utf8")
    ):
        return None
    return f"The Content-Type is {cut(text) or 'empty'}, expected application/json"


def parse(raw: bytes) -> Any:
    """Read JSON in UTF-8, nested at most 254 levels deep. Raises Invalid (STR-04)."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        _refuse(raw, error)
    try:
        again = orjson.dumps(value)
    except TypeError:
        raise Invalid("The body is nested more than 254 levels deep", rule="STR-04") from None
    # A member named twice is lost in parsing, and its quotes with it. Without escapes every quote bounds a text.
    if b"\\" in raw or raw.count(b'"') != again.count(b'"'):
        _check_names(raw)
    return value


def _refuse(raw: bytes, error: json.JSONDecodeError) -> NoReturn:
    raise Invalid(f"The body is not valid JSON: {_flaw(raw, error)}", rule="STR-04") from None


def _flaw(raw: bytes, error: json.JSONDecodeError) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        return "it begins with a byte order mark, which UTF-8 does not need"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:2]:
        return "it looks like UTF-16 or UTF-32, expected UTF-8"
    try:
        text = raw.decode()
    except UnicodeDecodeError as flaw:
        return f"it is not UTF-8, see the byte 0x{raw[flaw.start]:02x} at offset {flaw.start}"
    if not text.strip(" \t\r\n"):
        return "it has nothing but white space"
    place = f"at line {error.lineno}, column {error.colno}"
    if number := _NO_NUMBER.match(text, max(error.pos - 1, 0)) or _NO_NUMBER.match(text, error.pos):
        return f"{number[0]} is no JSON number, {place}"
    return f"{cut(error.msg)}, {place}"


class _Repeating:
    """Stands for an object that names a member twice."""

    def __init__(self, name: str) -> None:
        self.name = name


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeating:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            return _Repeating(name)
        members[name] = value
    return members


def _check_names(raw: bytes) -> None:
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), json.loads(raw.decode(), object_pairs_hook=_members))]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Repeating):
            where = pointer(path)
            raise Invalid(f"{where or 'The body'} names {shown(value.name)} more than once", rule="STR-04")
        inner: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, dict):
            inner = value.items()
        elif isinstance(value, list):
            inner = enumerate(value)
        waiting += [((*path, token), item) for token, item in inner if isinstance(item, (dict, list, _Repeating))]
