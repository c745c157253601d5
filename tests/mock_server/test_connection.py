"""What an app may do to a client's connection, and odd but honest requests, over a real socket."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.mock_server.journal.reading import requests
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Wire, chunked, request

JSON = "Content-Type: application/json"
LABEL = b'{"name": "Data", "color": "#0F766E"}'


@pytest.fixture(scope="module")
def cutting() -> Iterator[str]:
    """The address of an app that ends connections, without a word about it in its log."""
    command = [sys.executable, "-m", "tests.mock_server.cutting"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()
        assert process.stderr.read() == ""


def received(wire: Wire) -> bytes:
    """All that comes until the server ends the connection."""
    parts = []
    while part := wire.socket.recv(1000):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("path", ["/abort", "/abort/half"])
def test_the_client_of_an_aborted_connection_sees_a_reset(cutting: str, path: str) -> None:
    with Wire(cutting) as wire:
        wire.send(request("GET", path))
        with pytest.raises(ConnectionResetError):
            received(wire)


def test_a_closed_connection_ends_in_order(cutting: str) -> None:
    with Wire(cutting) as wire:
        wire.send(request("GET", "/close"))
        assert received(wire) == b""
    with Wire(cutting) as wire:
        wire.send(request("GET", "/close/half"))
        head, _, body = received(wire).partition(b"\r\n\r\n")
        assert b"content-length: 4" in head
        assert body == b"ab"


def test_requests_behind_an_aborted_one_are_lost_with_it(cutting: str) -> None:
    with Wire(cutting) as wire:
        wire.send(request("GET", "/") + request("GET", "/abort") + request("GET", "/"))
        with pytest.raises(ConnectionResetError):
            received(wire)
    with Wire(cutting) as wire:
        assert wire.ask(request("GET", "/")).body == b"abcd"


@pytest.mark.parametrize("http", ["h2c", "websocket"])
def test_an_offer_to_change_the_protocol_is_declined(mock: Mock, http: str) -> None:
    """Java's client makes one with its first request. The body is read all the same, and the next request too."""
    offer = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {http}", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk")
    with Wire(mock.url) as wire:
        post = request("POST", f"{API}/labels", ADA, JSON, *offer, body=LABEL)
        assert wire.ask(post).status == 201
        head = request("POST", f"{API}/labels", ADA, JSON, *offer, "Transfer-Encoding: chunked")
        assert wire.ask(head + chunked(LABEL.replace(b"Data", b"Upgrade: x"))).json["data"]["name"] == "Upgrade: x"
        assert wire.ask(request("GET", f"{API}/labels", ADA, *offer)).status == 200


@pytest.mark.parametrize("pieces", [1, 7, 1_000_000])
def test_an_offer_is_declined_however_its_request_comes(mock: Mock, pieces: int) -> None:
    """In many pieces, and between others in one: neither its body nor what follows is lost."""
    offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk")
    plain = request("POST", f"{API}/labels", ADA, JSON, *offer, body=LABEL)
    in_chunks = request("POST", f"{API}/labels", ADA, JSON, *offer, "Transfer-Encoding: chunked")
    get = request("GET", f"{API}/labels?pageSize=1", ADA, *offer)
    sent = get + plain + get + in_chunks + chunked(LABEL.replace(b"Data", b"Chunks"), 5) + get * 40
    with Wire(mock.url) as wire:
        for start in range(0, len(sent), pieces):
            wire.send(sent[start : start + pieces])
        assert [wire.answer().status for _ in range(44)] == [200, 201, 200, 201, *[200] * 40]
    with Wire(mock.url) as wire:
        wire.send(get * 1000)
        assert {wire.answer().status for _ in range(1000)} == {200}


@pytest.mark.parametrize("trailer", [ADA, "Host: globex.localhost", "Content-Type: text/plain", "Expect: 100-continue"])
def test_what_stands_behind_a_body_is_none_of_its_head(mock: Mock, trailer: str) -> None:
    """A credential, a host or a type of its own: those who read the head alone would not see it."""
    body = chunked(LABEL)[:-2] + trailer.encode() + b"\r\n\r\n"
    for credential, status in (("X-Nobody: 1", 401), (ADA, 201)):
        with Wire(mock.url) as wire:
            head = request("POST", f"{API}/labels", credential, JSON, "Transfer-Encoding: chunked")
            assert wire.ask(head + body).status == status
            assert wire.ask(request("GET", f"{API}/labels", ADA)).status == 200


def test_who_waits_to_be_asked_for_a_body_is_asked_or_refused(mock: Mock) -> None:
    """Whoever was refused may send it or not; what comes next is never taken for it."""
    waiting = (JSON, f"Content-Length: {len(LABEL)}", "Expect: 100-continue")
    get = request("GET", f"{API}/labels", ADA)
    with Wire(mock.url) as wire:
        wire.send(request("POST", f"{API}/labels", ADA, *waiting))
        assert wire.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue"
        assert wire.ask(LABEL).status == 201
        assert wire.ask(get).status == 200
    with Wire(mock.url) as wire:
        answer = wire.ask(request("POST", f"{API}/labels", *waiting))
        assert (answer.status, answer.headers["connection"]) == (401, "close")
        wire.send(get)
        assert wire.is_closed()
    with Wire(mock.url) as wire:
        assert wire.ask(request("POST", f"{API}/labels", *waiting) + LABEL).status == 401
        assert wire.ask(get).status == 200, "it did not wait, and is all there"


def test_what_is_refused_waits_for_its_turn(mock: Mock) -> None:
    """Answers come in the order of the requests, also where one of them is no HTTP."""
    good = request("GET", f"{API}/labels", ADA)
    for bad in (b"GET /\r\n\r\n", request("BREW", f"{API}/labels"), b"\x16\x03\x01\r\n\r\n"):
        with Wire(mock.url) as wire:
            wire.send(good + good + bad + good)
            assert [wire.answer().status for _ in range(3)] == [200, 200, 400]
            assert wire.is_closed()


def test_a_head_in_many_pieces(mock: Mock) -> None:
    """It is read as one in a single piece is, and refused once it is too large, whether it ends or not."""
    with Wire(mock.url) as wire:
        for byte in request("POST", f"{API}/labels", ADA, JSON, body=LABEL):
            wire.send(bytes([byte]))
        assert wire.answer().status == 201
    with Wire(mock.url) as wire:
        # The end of a head, and with it much that is none of it.
        sent = request("POST", f"{API}/labels", ADA, JSON, body=b" " * 200_000)
        for start, end in ((0, 50), (50, len(sent))):
            wire.send(sent[start:end])
            time.sleep(0.05)
        assert wire.answer().status == 400
    with Wire(mock.url) as wire:
        wire.send(b"GET / HTTP/1.1\r\nX-Long: ")
        for _ in range(100):
            wire.send(b"a" * 10_000)
        assert wire.answer().status == 431
        assert wire.is_closed()


def test_a_refusal_reaches_a_client_that_is_still_sending(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        wire.send(b"GET / HTTP/9.9\r\n" + b"a" * 5_000_000)
        answer = wire.answer()
        assert answer.status == 400
        assert answer.json["message"] == "The request is not valid HTTP: Invalid HTTP version"


@pytest.mark.parametrize(
    ("bad", "shown", "status", "message"),
    [
        (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a b HTTP/1.1", 400, "is not valid HTTP"),
        (b"\x16\x03\x01\x02\x00\r\n", "", 400, "it looks like TLS, expected http://"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "GET / HTTP/1.1", 431, "The head has more than"),
    ],
)
def test_what_is_no_http_is_in_the_journal(mock: Mock, bad: bytes, shown: str, status: int, message: str) -> None:
    """Of no workspace, and with what can be read of the first line for a path."""
    with Wire(mock.url) as wire:
        wire.send(bad)
        answer = wire.answer()
        assert wire.is_closed()
    assert answer.status == status
    assert message in answer.json["message"]
    entry = requests(mock, method="?")[0]
    assert entry["requestId"] == answer.json["requestId"] == answer.headers["x-request-id"]
    assert (entry["path"], entry["workspace"], entry["status"]) == (shown, None, status)
    assert answer.headers["x-mock-explanation"].endswith(f"/_mock/#/requests/{entry['requestId']}")


@pytest.mark.parametrize(
    "path", [f"{API}/labels", f"{API}/openapi.json", "/api/docs", "/_mock/health", "/_mock/", "/no"]
)
def test_every_answer_has_the_time_of_the_mock(mock: Mock, path: str) -> None:
    with Wire(mock.url) as wire:
        assert wire.ask(request("GET", path)).headers["date"] == "Wed, 15 May 2030 10:00:00 GMT"
