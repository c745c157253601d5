"""What leaves the journal has no secrets: the mock's are test credentials, and a report may be read anywhere."""

import re
from typing import Any

from mock_server.journal import Entry, Headers

_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "x-api-key"})
_COOKIES = frozenset({"cookie", "set-cookie"})
_SCHEMES = ("bearer", "basic")

# API keys and tokens wherever they stand, one cut off too, and the members that have one of whatever form.
_KEY = re.compile(r"\bkly_[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"\beyJ[\w-]{4,}(?:\.[\w-]*){0,2}")
_MEMBER = re.compile(r'("(?:apiKey|token|microsoftToken|secret)"\s*:\s*")(?:[^"\\]|\\.)+')


def redacted(value: Any) -> Any:
    """A JSON value without credentials in any of its texts."""
    match value:
        case str():
            return _MEMBER.sub(r"\1(secret)", _TOKEN.sub("(token)", _KEY.sub("(API key)", value)))
        case dict():
            return {redacted(name): redacted(inner) for name, inner in value.items()}
        case list():
            return [redacted(inner) for inner in value]
    return value


def headers(raw: Headers, recognised: str) -> dict[str, str]:
    """Headers by name; in place of the one that is a credential stands what was recognised of it."""
    shown: dict[str, str] = {}
    for key, value in raw:
        name = key.decode("latin-1").lower()
        told = _told(name, value.decode("latin-1"), recognised)
        shown[name] = f"{shown[name]}, {told}" if name in shown else told
    return shown


def recognised(entry: Entry) -> str:
    """What is known of a request's credential."""
    if entry.principal is not None:
        return entry.principal.credential
    return (entry.refused.credential if entry.refused else None) or "a credential"


def _told(name: str, value: str, recognised: str) -> str:
    if name in _COOKIES:
        return "(cookies)"
    if name not in _CREDENTIALS:
        return value
    scheme = value.partition(" ")[0]
    return f"{scheme} ({recognised})" if scheme.lower() in _SCHEMES else f"({recognised})"
