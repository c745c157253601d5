"""The mock alone: what a hundred times the data costs."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.client import send, wait_for
from bench.document import BASE, PAGE_SIZE
from bench.process import free_port, started
from bench.servers import QUIET, mock_command, personas

SIZES = (1_000, 100_000)
USERS = 100
SEED = 7
LIST, MANAGED, CREATE = "list, a user's", "list, a manager's", "create"
# A user's page is nearly empty in the small world, so its ratio has that in it; a manager's is more alike.
TARGETS: dict[str, float | None] = {LIST: 3.0, MANAGED: None, CREATE: 1.5}
COUNTS = {LIST: 200, MANAGED: 200, CREATE: 100}  # few creates: the small world must stay small
WARM = 20


@dataclass(frozen=True, slots=True)
class Request:
    """The bytes to send, because building them is not measured, and how many rows the answer has."""

    message: bytes
    rows: int | None = None


@dataclass(slots=True)
class Series:
    """One request in one world: the microseconds of each time it was sent."""

    rows: int | None = None
    latencies: list[float] = field(default_factory=list)


Found = dict[str, dict[int, Series]]  # by request and by number of invites


def measure(rounds: int, say: Callable[[str], None]) -> Found:
    """Measure both worlds in turn, round by round, each round on a fresh server."""
    found: Found = {name: {size: Series() for size in SIZES} for name in TARGETS}
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        worlds = {size: Path(directory) / f"world-{size}.json" for size in SIZES}
        for size, path in worlds.items():
            say(f"generating a world of {size:,} invites")
            path.write_bytes(_generate(size))
        for number in range(rounds):
            for size, path in worlds.items():
                say(f"round {number + 1} of {rounds}: {size:,} invites")
                with _serving(path) as port:
                    for name, request in _requests(port).items():
                        found[name][size].rows = request.rows
                        found[name][size].latencies += _latencies(port, request.message, COUNTS[name])
    return found


def summary(found: Found) -> dict[str, dict[str, Any]]:
    """For each request the median of each world, their ratio, and whether that is within the target."""
    small, large = SIZES
    result: dict[str, dict[str, Any]] = {}
    for name, by_size in found.items():
        medians = {size: median(by_size[size].latencies) for size in SIZES}
        ratio, target = medians[large] / medians[small], TARGETS[name]
        result[name] = {
            "medianMicroseconds": {str(size): round(value, 1) for size, value in medians.items()},
            "rows": {str(size): by_size[size].rows for size in SIZES},
            "ratio": round(ratio, 3),
            "target": target,
            "met": target is None or ratio <= target,
        }
    return result


def _generate(invites: int) -> bytes:
    options = ["--users", str(USERS), "--invites", str(invites), "--seed", str(SEED), "--format", "json"]
    command = [*mock_command(), "world", "--workspace", "acme", *options]
    return subprocess.run(command, check=True, capture_output=True).stdout


@contextmanager
def _serving(world: Path) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        command = [*mock_command(), "serve", "--port", str(port), "--world", str(world), *QUIET]
        with started(command, Path(directory)) as child:
            wait_for(child, port, "/_mock/health")
            yield port


def _requests(port: int) -> dict[str, Request]:
    """The lists of a user and of a manager, filtered by the label that gives the user most; and a create."""
    user, manager = (personas(port, role)[0] for role in ("user", "manager"))
    labels = _get(port, manager, "/labels?pageSize=100")["items"]
    label = max(labels, key=lambda label: _get(port, user, f"/invites?labelIds={label['id']}")["total"])["id"]
    path = f"/invites?labelIds={label}&sort=title:asc,createdAt:desc&page=0&pageSize={PAGE_SIZE}"
    body = json.dumps(
        {
            "allowMultipleBookings": True,
            "requiredAttendees": [{"type": "users", "userIds": [user["userId"]]}],
            "candidates": [],
            "voteDeadlineAt": "2099-07-01T00:00:00.000Z",
            "meeting": {"meetingDurationMinutes": 30, "title": "Product demo"},
        }
    )
    return {
        LIST: Request(_message("GET", path, user), len(_get(port, user, path)["items"])),
        MANAGED: Request(_message("GET", path, manager), len(_get(port, manager, path)["items"])),
        CREATE: Request(_message("POST", "/invites", user, body)),
    }


def _get(port: int, persona: dict[str, str], path: str) -> dict[str, Any]:
    data: dict[str, Any] = send(port, "GET", BASE + path, headers=_bearer(persona)).json()["data"]
    return data


def _bearer(persona: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {persona['token']}"}


def _message(method: str, path: str, persona: dict[str, str], body: str = "") -> bytes:
    headers = {"Host": "127.0.0.1", **_bearer(persona)}
    if body:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {BASE}{path} HTTP/1.1\r\n{head}\r\n{body}".encode()


def _latencies(port: int, message: bytes, count: int) -> list[float]:
    """The microseconds of each of `count` requests on one kept connection, after a few that do not count."""
    found = []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(-WARM, count):
            begin = time.perf_counter()
            connection.sendall(message)
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
