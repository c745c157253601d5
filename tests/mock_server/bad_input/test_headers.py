"""Headers that name two credentials or hosts, or would smuggle something into those of the answer."""

import pytest

from tests.mock_server.bad_input.sending import GOOD, named, post, refused, refuses
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Wire, request

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
