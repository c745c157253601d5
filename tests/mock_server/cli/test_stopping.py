"""How a server stops."""

import shlex
import signal
import subprocess
import time

import pytest

from tests.mock_server.cli.commands import COMMAND, served
from tests.mock_server.running import API
from tests.mock_server.wire import ADA, Wire, request

LABELS = request("GET", f"{API}/labels", ADA)
CLIENTS = {
    "nobody": b"",
    "keep-alive": LABELS,
    "kept-waiting": request("GET", f"{API}/labels", ADA, "X-Mock-Fault: latency; milliseconds=60000"),
    "listening": request("GET", "/_mock/requests/stream"),
    "half-a-head": LABELS[:40],
    "half-a-body": request("POST", f"{API}/labels", ADA, "Content-Type: application/json", "Content-Length: 9") + b"{",
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("client", CLIENTS)
def test_it_stops_cleanly_and_soon(client: str, number: int) -> None:
    """With exit code 0, whatever a client is about to do, and without a word."""
    with served("--no-access-log") as one, Wire(one.url) as wire, Wire(one.url):
        wire.send(CLIENTS[client])
        if client == "keep-alive":
            assert wire.answer().status == 200
        time.sleep(0.1)
        code, seconds = one.stop(number)
        assert code == 0
        assert seconds < 2
        with pytest.raises(ConnectionError):
            Wire(one.url)
    assert one.errors == []


def test_it_stops_under_load() -> None:
    """Again and again, since threads of the server may outlive the interpreter."""
    for _ in range(3):
        with served("--no-access-log") as one:
            wires = [Wire(one.url) for _ in range(10)]
            for wire in wires:
                wire.send(LABELS * 20)
            assert one.stop()[0] == 0
            for wire in wires:
                wire.socket.close()
        assert one.errors == []


def test_it_stops_with_its_standard_input_if_asked() -> None:
    """Only when that ends, whatever comes before; without the option, not even then."""
    with served("--until-stdin-closes", "--no-access-log") as one, served("--no-access-log") as other:
        for server in (one, other):
            assert server.process.stdin is not None
            server.process.stdin.write("q\n")
            server.process.stdin.flush()
        time.sleep(0.5)
        assert one.get("/_mock/health").status_code == 200
        for server in (one, other):
            assert server.process.stdin is not None
            server.process.stdin.close()
        assert one.process.wait(10) == 0
        assert other.get("/_mock/health").status_code == 200
    assert one.errors == []


def test_a_standard_input_that_there_is_not_has_ended() -> None:
    closed = f"exec {shlex.join(COMMAND)} serve --port 0 --no-banner --until-stdin-closes <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
