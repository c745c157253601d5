"""Child processes: started on a free port of the loopback address, measured, and always stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 5.0


class StartError(Exception):
    """A server did not come up."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running server."""

    process: subprocess.Popen[bytes]
    log: Path

    def memory_mb(self) -> float:
        """The resident memory of the process and all its descendants, in MB."""
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,rss="], check=True, capture_output=True, text=True
        ).stdout
        rows = [tuple(map(int, line.split())) for line in listing.splitlines()]
        return sum_tree(rows, self.process.pid) / 1024

    def complaint(self) -> str:
        """The last lines that the server wrote to its error output."""
        return " | ".join(self.log.read_text(errors="replace").split("\n")[-6:]).strip(" |")


def sum_tree(rows: Sequence[tuple[int, ...]], root: int) -> int:
    """Add up the third column over `root` and its descendants; rows are (pid, parent, value)."""
    family = {root}
    grown = True
    while grown:
        children = {pid for pid, parent, _ in rows if parent in family} - family
        family |= children
        grown = bool(children)
    return sum(value for pid, _, value in rows if pid in family)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(command: Sequence[str], work: Path, environment: Mapping[str, str] | None = None) -> Iterator[Child]:
    """Run a command in `work`, with more variables, until the block ends, however it ends."""
    log = work / "stderr.log"
    with log.open("wb") as errors:
        # Its own session: Ctrl-C reaches this script alone, and the whole family can be stopped at once.
        process = subprocess.Popen(
            command, cwd=work, stdout=subprocess.DEVNULL, stderr=errors, stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})}, start_new_session=True,
        )  # fmt: skip
    try:
        yield Child(process, log)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        deadline = time.monotonic() + STOP_SECONDS
        while _alive(process) and time.monotonic() < deadline:
            time.sleep(0.01)


def _alive(process: subprocess.Popen[bytes]) -> bool:
    """Whether anything of the process's group still runs; the leader's end alone does not say so."""
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
