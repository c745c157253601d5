"""Which defects of a server the conformance suite finds, and which the stock tools find."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from bench.client import wait_for
from bench.detectors import Detector
from bench.process import free_port, started
from bench.servers import QUIET, mock_command


@dataclass(frozen=True, slots=True)
class Defect:
    """A fault that the mock can be served with, and the rule that it breaks."""

    id: str
    rule: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one tool against one defect: what it told that it does not tell of a healthy server."""

    defect: Defect
    findings: tuple[str, ...]
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether it told anything new."""
        return bool(self.findings)


@dataclass(slots=True)
class Outcome:
    """What came of one tool: what it has to say of a healthy server, and its attempts."""

    detector: Detector
    healthy: set[str] = field(default_factory=set)
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def caught(self) -> int:
        """How many defects it caught."""
        return sum(one.caught for one in self.attempts)

    def median_seconds(self, *, caught: bool) -> float | None:
        """Of the defects that it caught, or of those that it did not."""
        found = [one.seconds for one in self.attempts if one.caught is caught]
        return median(found) if found else None


def catalogue() -> list[Defect]:
    """The mock's defects, in the order of the rules."""
    command = [*mock_command(), "defects", "--format", "json"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [Defect(one["id"], one["rule"]) for one in told["defects"]]


def sample(defects: Sequence[Defect], number: int | None, seed: int) -> list[Defect]:
    """Some of them in their order, all where no number is given; the same ones for the same seed."""
    chosen = Random(seed).sample(range(len(defects)), min(number or len(defects), len(defects)))
    return [defects[place] for place in sorted(chosen)]


def detect(
    detectors: Sequence[Detector], defects: Sequence[Defect], healthy: int, say: Callable[[str], None]
) -> list[Outcome]:
    """Run each tool `healthy` times against a healthy mock, then against each defect in turn."""
    outcomes = [Outcome(one) for one in detectors]
    for one in outcomes:
        for number in range(healthy):
            findings, seconds = _run(one.detector, None)
            one.healthy |= findings
            say(f"{one.detector.title}: healthy mock, run {number + 1}: {len(findings)} findings, {seconds:.1f} s")
    for place, defect in enumerate(defects, 1):
        for one in outcomes:
            findings, seconds = _run(one.detector, defect)
            attempt = Attempt(defect, tuple(sorted(findings - one.healthy)), round(seconds, 1))
            one.attempts.append(attempt)
            told = "caught" if attempt.caught else "not caught"
            say(f"{place} of {len(defects)}, {defect.id}: {told} by {one.detector.title}, {seconds:.1f} s")
    return outcomes


def _run(detector: Detector, defect: Defect | None) -> tuple[set[str], float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, _served(detector, defect) as port:
        begin = time.monotonic()
        findings = detector.findings(port, defect.id if defect else None, Path(directory))
        return findings, time.monotonic() - begin


@contextmanager
def _served(detector: Detector, defect: Defect | None) -> Iterator[int]:
    """A mock, unless the tool starts its own."""
    port = free_port()
    if detector.starts_its_own:
        yield port
        return
    options = ["--defect", defect.id] if defect else []
    command = [*mock_command(), "serve", "--port", str(port), *QUIET, *options]
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, started(command, Path(directory)) as child:
        wait_for(child, port, "/_mock/health")
        yield port
