"""Bodies that are declared to be something else than plain JSON."""

import gzip

import pytest

from tests.mock_server.bad_input.sending import JSON, LABEL, post, refuses
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Wire, request


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
