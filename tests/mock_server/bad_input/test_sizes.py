"""Bodies that are too large."""

import pytest

from tests.mock_server.bad_input.sending import GOOD, JSON, named, post, refused
from tests.mock_server.running import API, Mock, start
from tests.mock_server.wire import ADA, Wire, chunked, request

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
