"""Requests that break HTTP itself."""

import pytest

from tests.mock_server.bad_input.sending import JSON, LABEL, refused
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Wire, request

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
