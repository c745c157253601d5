"""The mock alone: how fast worlds are made and put back, and what a thousand of them cost the others."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.client import send, wait_for
from bench.document import BASE
from bench.growth import generate, serving
from bench.latency import latencies, request
from bench.process import Child, free_port, started
from bench.servers import QUIET, mock_command

COUNTS = (1, 1_000)
CONTROL = "/_mock/worlds"
MAKE, RESTORE, COPY = "make a world", "restore a snapshot", "copy a world"
GET, LIST, CREATE = "get an invite", "list invites", "create an invite"
# The most milliseconds, whatever the number of worlds; and for requests the most times as long with many of them.
LIMITS = {MAKE: 20.0, RESTORE: 20.0, COPY: 20.0}
RATIO = 1.2
BATCHES = 10
TIMES = {MAKE: 4, COPY: 4, RESTORE: 6, GET: 30, LIST: 30, CREATE: 10}  # in each batch

# A large world: how many invites it has, how often each request is sent, and the most milliseconds that it may take.
INVITES = 20_000
TIMES_LARGE = 5
LIMIT_LARGE = 1_000.0
SAVE, RESET = "save a snapshot", "reset a world"

Found = dict[str, dict[int, list[float]]]  # the microseconds of each request, by number of worlds


def measure(rounds: int, say: Callable[[str], None]) -> tuple[Found, dict[int, float]]:
    """Measure two servers at once, one with a world and one with many, in turn, batch by batch: both meet the same
    machine. Each round has fresh ones. Gives the memory in MB too.
    """
    found: Found = {kind: {count: [] for count in COUNTS} for kind in TIMES}
    memory: dict[int, float] = {}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        with ExitStack() as stack:
            servers = {count: stack.enter_context(_serving()) for count in COUNTS}
            for count, (child, port) in servers.items():
                for _ in range(count - 1):
                    _control(port, "POST", "", {})
                memory[count] = child.memory_mb()
            messages = {count: _messages(port) for count, (_, port) in servers.items()}
            for kind, times in TIMES.items():
                for batch in range(BATCHES):
                    for count, (_, port) in servers.items():
                        warm = 2 if batch == 0 else 1
                        found[kind][count] += latencies(port, messages[count][kind], times, warm)
                        if kind in (MAKE, COPY):
                            _remove(port, warm + times)
    return found, memory


def measure_large(say: Callable[[str], None]) -> dict[str, list[float]]:
    """The microseconds of each request about a large world. Others wait meanwhile."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        path = Path(directory) / "world.json"
        path.write_bytes(generate(INVITES))
        say(f"a world of {INVITES:,} invites")
        with serving(path) as port:
            _control(port, "POST", "", {"workspace": "measured", "copyOf": "acme"})
            messages = {
                SAVE: request("POST", f"{CONTROL}/measured/snapshots", {}, json.dumps({"name": "start"})),
                RESTORE: request("POST", f"{CONTROL}/measured/snapshots/start/restore", {}),
                RESET: request("POST", f"{CONTROL}/measured/reset", {}),
                COPY: request("POST", CONTROL, {}, json.dumps({"copyOf": "measured"})),
            }
            for kind, message in messages.items():
                found[kind] = latencies(port, message, TIMES_LARGE, warm=1)
    return found


@contextmanager
def _serving() -> Iterator[tuple[Child, int]]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        command = [*mock_command(), "serve", "--port", str(port), *QUIET]
        with started(command, Path(directory)) as child:
            wait_for(child, port, "/_mock/health")
            yield child, port


def _messages(port: int) -> dict[str, bytes]:
    """Each request, about a world made for them."""
    name = _control(port, "POST", "", {"workspace": "measured"})["workspace"]
    _control(port, "POST", f"/{name}/snapshots", {"name": "start"})
    headers = {"Host": f"{name}.localhost", "X-API-Key": f"kly_{name}_ada_test_key"}
    body = {
        "allowMultipleBookings": True,
        "requiredAttendees": [{"type": "users", "userIds": ["usr_ada"]}],
        "candidates": [],
        "voteDeadlineAt": "2099-07-01T00:00:00.000Z",
        "meeting": {"meetingDurationMinutes": 30, "title": "Product demo"},
    }
    return {
        GET: request("GET", f"{BASE}/invites/inv_active", headers),
        LIST: request("GET", f"{BASE}/invites?pageSize=20", headers),
        CREATE: request("POST", f"{BASE}/invites", headers, json.dumps(body)),
        RESTORE: request("POST", f"{CONTROL}/{name}/snapshots/start/restore", {}),
        MAKE: request("POST", CONTROL, {}, "{}"),
        COPY: request("POST", CONTROL, {}, json.dumps({"copyOf": name})),
    }


def _remove(port: int, count: int) -> None:
    """Delete the worlds that were made last, so that there are as many as before."""
    worlds = [world["workspace"] for world in _control(port, "GET", "")["items"]]
    for name in worlds[-count:]:
        _control(port, "DELETE", f"/{name}")


def summary(found: Found) -> dict[str, dict[str, Any]]:
    """For each request the median of each number of worlds, their ratio, and whether they meet the target."""
    few, many = COUNTS
    result: dict[str, dict[str, Any]] = {}
    for kind, by_count in found.items():
        medians = {count: median(by_count[count]) / 1000 for count in COUNTS}
        ratio, limit = medians[many] / medians[few], LIMITS.get(kind)
        result[kind] = {
            "medianMilliseconds": {str(count): round(value, 3) for count, value in medians.items()},
            "ratio": round(ratio, 3),
            "limitMilliseconds": limit,
            "met": ratio <= RATIO if limit is None else max(medians.values()) <= limit,
        }
    return result


def summary_large(found: dict[str, list[float]]) -> dict[str, dict[str, Any]]:
    """For each request about a large world the median, and whether that is within the limit."""
    medians = {kind: median(values) / 1000 for kind, values in found.items()}
    return {
        kind: {"medianMilliseconds": round(value, 1), "limitMilliseconds": LIMIT_LARGE, "met": value <= LIMIT_LARGE}
        for kind, value in medians.items()
    }


def _control(port: int, method: str, path: str, body: Any = None) -> dict[str, Any]:
    answer = send(port, method, CONTROL + path, body)
    if not answer.ok:
        raise RuntimeError(f"{method} {path}: {answer.status}: {answer.body[:200].decode()}")
    data: dict[str, Any] = answer.json()["data"]
    return data
