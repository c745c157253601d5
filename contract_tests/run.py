"""Runs the tests: shares them among processes, gathers what they come to, and tries each failure once more."""

import os
import platform
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import pytest

from contract_tests.outcomes import Outcome, Results, Verdict
from contract_tests.plugin import ENVIRONMENT, HERE, STOP_FILE, Gathered
from contract_tests.session import call_pytest
from contract_tests.settings import Settings

# So many failures are tried again; with more of them, the first ones tell enough.
_TRIED_AGAIN = 20

_PACKAGES = ("kailenty-contract-suite", "hypothesis", "schemathesis", "pytest", "httpx")

_INTERRUPTED = "interrupted"

Watch = Callable[[Gathered], None]


def run(settings: Settings, *, workers: int, watch: Watch = lambda _: None, again: bool = True) -> Results:
    """Run the tests on `workers` processes, 0 for this one, and failures once `again`.

    Interrupted, it comes to what it has so far.
    """
    begun = time.monotonic()
    settings = replace(settings, started=settings.started or time.time())
    gathered = Gathered(watch)
    interrupted = _pytest(settings, gathered, [str(HERE)], workers)
    outcomes = gathered.outcomes
    if again and not interrupted and not gathered.stop and not settings.fail_fast:
        outcomes = _again(settings, outcomes, workers)
    if not outcomes and not interrupted:
        outcomes = [Outcome("", (), None, Verdict.ERROR, "no test was found")]
    facts = _facts(settings, workers)
    facts["requests"] = sum(one.requests for one in outcomes)
    facts["seconds"] = round(time.monotonic() - begun, 1)
    facts["tests"] = gathered.total
    if gathered.stop:
        facts["stopped"] = gathered.stop
    return Results(tuple(outcomes), facts, tuple(sorted(gathered.checked)))


def _pytest(settings: Settings, gathered: Gathered, tests: list[str], workers: int) -> bool:
    """Whether it was interrupted."""
    arguments = ["-p", "xdist.plugin"]
    arguments += ["-n", str(workers), "--dist", "worksteal"] if workers else []
    arguments += ["-x"] if settings.fail_fast else []
    with TemporaryDirectory(prefix="kailenty-contract-") as directory, _stoppable(gathered):
        given = {ENVIRONMENT: settings.dumps(), STOP_FILE: str(Path(directory) / "stop")}
        code = call_pytest(*arguments, *tests, plugin=gathered, given=given)
    if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        gathered.outcomes.append(Outcome("", (), None, Verdict.ERROR, f"pytest came to {pytest.ExitCode(code).name}"))
    return gathered.stop == _INTERRUPTED


@contextmanager
def _stoppable(gathered: Gathered) -> Iterator[None]:
    """Ctrl-C and SIGTERM stop the run in good order; the second of them at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        if gathered.stop == _INTERRUPTED:
            raise KeyboardInterrupt
        gathered.halt(_INTERRUPTED)

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _again(settings: Settings, outcomes: list[Outcome], workers: int) -> list[Outcome]:
    """The outcomes, those of failures with whether they failed once more, each on its own.

    Where a network is between, a test that broke on it is tried again too, and the second time counts.
    """
    broke = [one for one in outcomes if one.verdict is Verdict.ERROR and "::" in one.test and not settings.is_mock]
    failed = [*(one for one in outcomes if one.finding is not None), *broke][:_TRIED_AGAIN]
    if not failed:
        return outcomes
    spent = sum(one.requests for one in outcomes)
    left = replace(settings, max_requests=max(0, settings.max_requests - spent), rules=(), shard=(1, 1))
    if not settings.is_mock:
        # What the first time could not delete bears the first mark, and is not in the way.
        left = replace(left, run_id=f"{settings.run_id}-2")
    gathered = Gathered()
    _pytest(left, gathered, [str(HERE / one.test) for one in failed], min(workers, len(failed)))
    second = {one.test: one for one in gathered.outcomes}
    return [_both(one, second[one.test]) if one in failed and one.test in second else one for one in outcomes]


def _both(first: Outcome, second: Outcome) -> Outcome:
    """What a test came to that was run twice."""
    requests = first.requests + second.requests
    if first.finding is not None:
        came = second.finding is not None and second.finding.rule == first.finding.rule
        return replace(first, reproduced=came, requests=requests)
    if second.verdict is not Verdict.PASSED:
        return replace(second, requests=requests)
    return replace(second, reason=f"{first.test} passed the second time; before: {first.reason}", requests=requests)


def _facts(settings: Settings, workers: int) -> dict[str, str | int | float]:
    return {
        "target": settings.target,
        "mode": "read and write" if settings.is_mock or settings.allow_writes else "read only",
        "callers": "all" if settings.is_mock else ", ".join(settings.credentials) or "none",
        "run": settings.run_id,
        "seed": settings.seed,
        "examples": settings.examples,
        "shard": "/".join(str(part) for part in settings.shard),
        "started": datetime.fromtimestamp(settings.started, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "processes": max(1, workers),
        "python": platform.python_version(),
        **({"defect": settings.defect} if settings.defect else {}),
        **{name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def default_workers() -> int:
    """How many processes `auto` is."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, usable or 1)
