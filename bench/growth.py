"""The mock alone: what a hundred times the data costs."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.client import send, wait_for
from bench.document import BASE, PAGE_SIZE
from bench.latency import latencies, request
from bench.process import free_port, started
from bench.servers import QUIET, mock_command, personas

SIZES = (1_000, 100_000)
USERS = 100
SEED = 7
LIST, MANAGED, CREATE = "list, a user's", "list, a manager's", "create"
# A user's page is nearly empty in the small world, so its ratio has that in it; a manager's is more alike.
TARGETS: dict[str, float | None] = {LIST: 3.0, MANAGED: None, CREATE: 1.5}
COUNTS = {LIST: 200, MANAGED: 200, CREATE: 100}  # few creates: the small world must stay small


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
            path.write_bytes(generate(size))
        for number in range(rounds):
            for size, path in worlds.items():
                say(f"round {number + 1} of {rounds}: {size:,} invites")
                with serving(path) as port:
                    for name, request in _requests(port).items():
                        found[name][size].rows = request.rows
                        found[name][size].latencies += latencies(port, request.message, COUNTS[name])
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


def generate(invites: int) -> bytes:
    """The file of a world with that many invites, the workspace acme."""
    options = ["--users", str(USERS), "--invites", str(invites), "--seed", str(SEED), "--format", "json"]
    command = [*mock_command(), "world", "--workspace", "acme", *options]
    return subprocess.run(command, check=True, capture_output=True).stdout


@contextmanager
def serving(world: Path) -> Iterator[int]:
    """The port of a mock with a world."""
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
        LIST: Request(_request("GET", path, _bearer(user)), len(_get(port, user, path)["items"])),
        MANAGED: Request(_request("GET", path, _bearer(manager)), len(_get(port, manager, path)["items"])),
        CREATE: Request(_request("POST", "/invites", _bearer(user), body)),
    }


def _get(port: int, persona: dict[str, str], path: str) -> dict[str, Any]:
    data: dict[str, Any] = send(port, "GET", BASE + path, headers=_bearer(persona)).json()["data"]
    return data


def _request(method: str, path: str, headers: dict[str, str], body: str = "") -> bytes:
    return request(method, BASE + path, headers, body)


def _bearer(persona: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {persona['token']}"}
