"""Clients that hang up, are slow, or ask for much at once."""

import socket
import struct
import time
from contextlib import suppress

import pytest

from tests.mock_server.bad_input.sending import GOOD, JSON, LABEL, post, refused
from tests.mock_server.running import API, Mock, ok
from tests.mock_server.wire import ADA, Wire, request

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
