"""Load from wrk, and what it says about it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.document import API_KEY, Operation

SCRIPT = Path(__file__).with_name("load.lua")
HOW_TO_GET_WRK = "wrk is missing: `apt-get install wrk` (Debian, Ubuntu) or `brew install wrk` (macOS)"
FAILURES = ("status", "connect", "read", "write", "timeout")
WARM_SLICE = 2  # seconds
WARM_GAIN = 1.05  # a slice that is not this much faster than the best before it shows no more gain


class LoadError(Exception):
    """A run that is no measurement."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run of wrk measured."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float


def available() -> bool:
    """Whether wrk is installed."""
    return shutil.which("wrk") is not None


def parse(output: str) -> Sample:
    """Read the result line of load.lua; any failed request makes the run void."""
    line = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        raise LoadError(f"wrk gave no result: {output.strip()[-200:]}")
    result: dict[str, int] = json.loads(line.removeprefix("RESULT "))
    failed = {kind: result[kind] for kind in FAILURES if result[kind]}
    if failed:
        raise LoadError("failed requests: " + ", ".join(f"{count} {kind}" for kind, count in failed.items()))
    if not result["requests"]:
        raise LoadError("no request was answered")
    return Sample(
        requests_per_second=result["requests"] / result["microseconds"] * 1e6,
        p50_ms=result["p50"] / 1000,
        p99_ms=result["p99"] / 1000,
    )


def run(port: int, prefix: str, operation: Operation, connections: int, seconds: int, work: Path) -> Sample:
    """Load a server with one request from one thread, so that the server has the other cores."""
    body = work / f"{operation.key}.body"
    arguments = [operation.method, API_KEY]
    if operation.body is not None:
        body.write_bytes(operation.body)
        arguments.append(str(body))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)]
    url = f"http://127.0.0.1:{port}{prefix}{operation.path}"
    done = subprocess.run([*command, url, "--", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LoadError(f"wrk ended with code {done.returncode}: {done.stderr.strip()[-200:]}")
    return parse(done.stdout)


def warm_up(port: int, prefix: str, operation: Operation, connections: int, limit: int, work: Path) -> int:
    """Load until it gets no faster, at most `limit` seconds; tell how long that took.

    Java and Node compile while they run: WireMock becomes several times as fast within half a minute.
    """
    best, spent, idle = 0.0, 0, 0
    while spent < limit and idle < 2:
        speed = run(port, prefix, operation, connections, WARM_SLICE, work).requests_per_second
        spent += WARM_SLICE
        idle = 0 if speed > best * WARM_GAIN else idle + 1
        best = max(best, speed)
    return spent


def medians(samples: list[Sample]) -> Sample:
    """The median of each measure over the rounds."""
    return Sample(
        median(sample.requests_per_second for sample in samples),
        median(sample.p50_ms for sample in samples),
        median(sample.p99_ms for sample in samples),
    )
