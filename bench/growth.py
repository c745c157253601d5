"""The mock alone: what a hundred times the data costs."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.client import send, wait_for
from bench.document import BASE, PAGE_SIZE
from bench.process import free_port, started
from bench.servers import mock_command, personas

SIZES = (1_000, 100_000)
USERS = 100
SEED = 7
TARGETS = {"list": 3.0, "create": 1.5}
LISTS, CREATES, WARM = 200, 100, 20  # few creates: the small world must stay small
Latencies = dict[str, dict[int, list[float]]]  # operation -> invites -> microseconds of each request


@dataclass(frozen=True, slots=True)
class Target:
    """A running mock with one world, and the requests that fit it."""

    port: int
    requests: dict[str, bytes]


def measure(rounds: int, say: Callable[[str], None]) -> Latencies:
    """Measure both worlds in turn, round by round, each round on a fresh server."""
    found: Latencies = {name: {size: [] for size in SIZES} for name in TARGETS}
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        worlds = {size: Path(directory) / f"world-{size}.json" for size in SIZES}
        for size, path in worlds.items():
            say(f"generating a world of {size:,} invites")
            path.write_bytes(_generate(size))
        for number in range(rounds):
            for size, path in worlds.items():
                say(f"round {number + 1} of {rounds}: {size:,} invites")
                with _serving(path) as target:
                    for name, count in (("list", LISTS), ("create", CREATES)):
                        found[name][size] += _latencies(target, name, count)
    return found


def summary(found: Latencies) -> dict[str, dict[str, Any]]:
    """For each operation the median of each world, their ratio, and whether that is within the target."""
    small, large = SIZES
    result: dict[str, dict[str, Any]] = {}
    for name, by_size in found.items():
        medians = {size: median(by_size[size]) for size in SIZES}
        ratio = medians[large] / medians[small]
        result[name] = {
            "medianMicroseconds": {str(size): round(value, 1) for size, value in medians.items()},
            "ratio": round(ratio, 3),
            "target": TARGETS[name],
            "met": ratio <= TARGETS[name],
        }
    return result


def _generate(invites: int) -> bytes:
    options = ["--users", str(USERS), "--invites", str(invites), "--seed", str(SEED), "--format", "json"]
    command = [*mock_command(), "world", "--workspace", "acme", *options]
    return subprocess.run(command, check=True, capture_output=True).stdout


@contextmanager
def _serving(world: Path) -> Iterator[Target]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        command = [*mock_command(), "serve", "--port", str(port), "--world", str(world)]
        with started(command, Path(directory)) as child:
            wait_for(child, port, "/_mock/health")
            yield Target(port, _requests(port))


def _requests(port: int) -> dict[str, bytes]:
    """A list page and a create of a regular user, as bytes to send: building them is not measured."""
    user = personas(port, "user")[0]
    admin = {"Authorization": f"Bearer {personas(port, 'admin')[0]['token']}"}
    label = send(port, "GET", f"{BASE}/labels", headers=admin).json()["data"]["items"][0]["id"]
    head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {user['token']}\r\n"
    query = f"labelIds={label}&sort=title:asc,createdAt:desc&page=0&pageSize={PAGE_SIZE}"
    body = json.dumps(
        {
            "allowMultipleBookings": True,
            "requiredAttendees": [{"type": "users", "userIds": [user["userId"]]}],
            "candidates": [],
            "voteDeadlineAt": "2099-07-01T00:00:00.000Z",
            "meeting": {"meetingDurationMinutes": 30, "title": "Product demo"},
        }
    )
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return {
        "list": f"GET {BASE}/invites?{query} HTTP/1.1\r\n{head}\r\n".encode(),
        "create": f"POST {BASE}/invites HTTP/1.1\r\n{head}{kind}\r\n{body}".encode(),
    }


def _latencies(target: Target, name: str, count: int) -> list[float]:
    """The microseconds of each of `count` requests on one kept connection, after a few that do not count."""
    request, found = target.requests[name], []
    with socket.create_connection(("127.0.0.1", target.port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(-WARM, count):
            begin = time.perf_counter()
            connection.sendall(request)
            _read_answer(connection)
            if number >= 0:
                found.append((time.perf_counter() - begin) * 1e6)
    return found


def _read_answer(connection: socket.socket) -> None:
    """Read one whole answer; a plain socket, because a client library costs as much as what is measured."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _receive(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *fields = head.split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in fields if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += _receive(connection)
    if status.split()[1][:1] != b"2":
        raise RuntimeError(f"{status.decode()}: {body[:200].decode(errors='replace')}")


def _receive(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise RuntimeError("the server closed the connection")
    return part
