"""The mock alone: what remembering requests costs."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.client import KEY, wait_for
from bench.document import BASE, Contract, Operation
from bench.process import free_port, started
from bench.servers import QUIET, Mock, mock_command

OFF, ON = "--journal 0", "as it starts"
SETTINGS: dict[str, list[str]] = {OFF: ["--journal", "0"], ON: []}
CONNECTIONS = 16
WARM = 100  # batches: the journal is full then
TARGET = 1.05  # times the time without

Found = dict[str, dict[str, list[float]]]  # the microseconds per request of each batch, by request and by setting


def measure(contract: Contract, batches: int, say: Callable[[str], None]) -> Found:
    """Measure both settings in turn, a batch of each connection's request after the other, so that noise hits both."""
    operations = contract.operations()
    found: Found = {key: {setting: [] for setting in SETTINGS} for key in operations}
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        work = Path(directory)
        with _serving(OFF, work, contract) as off, _serving(ON, work, contract) as on:
            for operation in operations.values():
                say(f"measuring: {operation.title}")
                with (
                    closing(_Client(contract, off, operation)) as without,
                    closing(_Client(contract, on, operation)) as with_,
                ):
                    clients = {OFF: without, ON: with_}
                    for number in range(-WARM, batches):
                        for setting in (OFF, ON) if number % 2 else (ON, OFF):
                            spent = clients[setting].batch()
                            if number >= 0:
                                found[operation.key][setting].append(spent / CONNECTIONS * 1e6)
    return found


def summary(found: Found) -> dict[str, dict[str, Any]]:
    """For each request the lower quartiles of both settings, their ratio, and whether that is within the target.

    What slows a batch down is mostly other programs, so the faster batches tell more of the mock.
    """
    result: dict[str, dict[str, Any]] = {}
    for key, times in found.items():
        quartiles = {setting: quantiles(times[setting], n=4)[0] for setting in SETTINGS}
        ratio = quartiles[ON] / quartiles[OFF]
        result[key] = {
            "microsecondsPerRequest": {setting: round(value, 1) for setting, value in quartiles.items()},
            "batches": len(times[ON]),
            "ratio": round(ratio, 3),
            "target": TARGET,
            "met": ratio <= TARGET,
        }
    return result


@contextmanager
def _serving(setting: str, work: Path, contract: Contract) -> Iterator[int]:
    port = free_port()
    command = [*mock_command(), "serve", "--port", str(port), *QUIET, *SETTINGS[setting]]
    with started(command, work) as child:
        wait_for(child, port, f"{BASE}/invites/{contract.invite_id}")
        yield port


class _Client:
    """So many kept connections, each with one request at a time: the server waits for nobody but its slowest answer.

    The answers to one request have all the same length.
    """

    def __init__(self, contract: Contract, port: int, operation: Operation) -> None:
        Mock(contract).reset(port)
        self._message = _message(operation)
        self._connections = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(CONNECTIONS)]
        for connection in self._connections:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._length = self._first(self._connections[0])

    def close(self) -> None:
        for connection in self._connections:
            connection.close()

    def batch(self) -> float:
        """The seconds from the first request of each connection to the last answer."""
        begin = time.perf_counter()
        for connection in self._connections:
            connection.sendall(self._message)
        answers = [_read(connection, self._length) for connection in self._connections]
        spent = time.perf_counter() - begin
        if failed := next((answer for answer in answers if not answer.startswith(b"HTTP/1.1 2")), None):
            raise RuntimeError(f"not every answer is 2xx: {failed[:200]!r}")
        return spent

    def _first(self, connection: socket.socket) -> int:
        connection.sendall(self._message)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += _read(connection, 1)
        fields = answer.lower().split(b"\r\n")
        length = next(int(line.split(b":")[1]) for line in fields if line.startswith(b"content-length:"))
        return len(answer) + len(_read(connection, length))


def _read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise RuntimeError("the server closed the connection")
        data += part
    return data


def _message(operation: Operation) -> bytes:
    headers = {"Host": "127.0.0.1", **KEY}
    if operation.body is not None:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(operation.body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{operation.method} {BASE}{operation.path} HTTP/1.1\r\n{head}\r\n".encode() + (operation.body or b"")
