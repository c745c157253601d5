"""The comparison: every server in turn, round by round."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from statistics import median
from subprocess import CalledProcessError

from bench import load
from bench.client import send_operation, wait_for
from bench.document import Operation
from bench.probe import probe
from bench.process import Child, StartError, free_port, started
from bench.server import Server

Say = Callable[[str], None]
Cell = tuple[str, int]  # an operation and a number of connections
# A server that does not start, answer or let itself be set up is an outcome, not the end of it all.
FAILURES = (StartError, OSError, HTTPException, CalledProcessError, LookupError, TypeError)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and how long."""

    rounds: int
    seconds: int
    warm_up: int
    connections: tuple[int, ...]
    operations: tuple[Operation, ...]


@dataclass(slots=True)
class Outcome:
    """All that was measured of one server. An error stands where a number is missing."""

    server: Server
    error: str | None = None
    abilities: dict[str, str] = field(default_factory=dict)
    answer_bytes: dict[str, int] = field(default_factory=dict)
    warmed_seconds: int = 0
    cold_starts: list[float] = field(default_factory=list)
    idle_mb: list[float] = field(default_factory=list)
    loaded_mb: float | None = None
    samples: dict[Cell, list[load.Sample]] = field(default_factory=dict)
    failures: dict[Cell, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether no number is missing."""
        return self.error is None and not self.failures

    def sample(self, cell: Cell) -> load.Sample | None:
        """The medians of a cell, None where there is an error."""
        samples = self.samples.get(cell)
        return load.medians(samples) if samples and cell not in self.failures else None

    def cold_start(self) -> float | None:
        """The median time from start to first answer, in seconds."""
        return median(self.cold_starts) if self.cold_starts else None

    def started_mb(self) -> float | None:
        """The median memory at the first answer, in MB."""
        return median(self.idle_mb) if self.idle_mb else None


@dataclass(frozen=True, slots=True)
class Running:
    """A server that stays up during all rounds: code compiled at run time is as fast as it gets."""

    outcome: Outcome
    child: Child
    port: int
    work: Path

    def measure(self, operation: Operation, connections: int, seconds: int) -> None:
        """One run of one cell. One failure makes the cell an error, whatever other rounds give."""
        cell = (operation.key, connections)
        if cell in self.outcome.failures:
            return
        try:
            prefix = self.outcome.server.prefix
            sample = load.run(self.port, prefix, operation, connections, seconds, self.work)
            self.outcome.samples.setdefault(cell, []).append(sample)
        except load.LoadError as error:
            self.outcome.failures[cell] = str(error)


def compare(servers: list[Server], plan: Plan, say: Say) -> list[Outcome]:
    """Measure all servers; what fails is noted and the others go on."""
    outcomes = [Outcome(server) for server in servers]
    with ExitStack() as stack:
        running = []
        for outcome in outcomes:
            try:
                running.append(stack.enter_context(_up(outcome)))
                _get_ready(running[-1], plan, say)
            except FAILURES as error:
                outcome.error = str(error) or type(error).__name__
                say(f"{outcome.server.title}: {outcome.error}")
        usable = [one for one in running if one.outcome.error is None]
        for number in range(plan.rounds):
            for one in usable:
                say(f"round {number + 1} of {plan.rounds}: {one.outcome.server.title}")
                _round(one, plan)
    return outcomes


def _round(one: Running, plan: Plan) -> None:
    try:
        _cold_start(one.outcome)
        for operation in plan.operations:
            one.outcome.server.reset(one.port)
            for connections in plan.connections:
                one.measure(operation, connections, plan.seconds)
        one.outcome.loaded_mb = one.child.memory_mb()
    except FAILURES as error:
        one.outcome.error = str(error) or type(error).__name__


def _get_ready(one: Running, plan: Plan, say: Say) -> None:
    """See that every request is answered with 2xx, find out what the server can do, and warm it up."""
    outcome, server = one.outcome, one.outcome.server
    say(f"warming up: {server.title} {server.version()}")
    server.reset(one.port)
    for operation in plan.operations:
        answer = send_operation(one.port, server.prefix, operation)
        if not answer.ok:
            body = answer.body[:200].decode(errors="replace")
            failure = f"status {answer.status} before the measurement: {body}"
            outcome.failures |= {(operation.key, connections): failure for connections in plan.connections}
        outcome.answer_bytes[operation.key] = len(answer.body)
    outcome.abilities = probe(server, one.port)
    for operation in plan.operations:
        if (operation.key, plan.connections[0]) in outcome.failures:
            continue
        try:
            most, limit = max(plan.connections), plan.warm_up
            warmed = load.warm_up(one.port, server.prefix, operation, most, limit, one.work)
            outcome.warmed_seconds += warmed
        except load.LoadError as error:
            outcome.failures |= {(operation.key, connections): str(error) for connections in plan.connections}


@contextmanager
def _up(outcome: Outcome) -> Iterator[Running]:
    """A server in a directory of its own, answering."""
    server, port = outcome.server, free_port()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as directory:
        work = Path(directory)
        server.prepare(work)
        with started(server.command(port), work) as child:
            wait_for(child, port, f"{server.prefix}/invites/{server.contract.invite_id}")
            yield Running(outcome, child, port, work)


def _cold_start(outcome: Outcome) -> None:
    """Start once more, beside the idle others, and stop at the first answer."""
    server, port = outcome.server, free_port()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as directory:
        work = Path(directory)
        server.prepare(work)
        begin = time.perf_counter()
        with started(server.command(port), work) as child:
            wait_for(child, port, f"{server.prefix}/invites/{server.contract.invite_id}")
            outcome.cold_starts.append(time.perf_counter() - begin)
            outcome.idle_mb.append(child.memory_mb())
