"""Who tests the tests: the suite against servers that break one rule each, and against the healthy one.

`prove()` gives the kill matrix as data; `terminal`, `markdown` and `document` (for JSON) write it. The catalogue of
defects belongs to the mock, which is asked for it as a command: nothing of it is imported here.
"""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from statistics import median
from threading import Thread
from typing import Any

import orjson
import pytest

from contract_tests.outcomes import SetUpFailed, Verdict
from contract_tests.plugin import HERE, Gathered
from contract_tests.run import run
from contract_tests.settings import Settings, UsageError


@dataclass(frozen=True, slots=True)
class Defect:
    """A fault that a mock can be served with. It breaks `rule`; a check of one of `also` notices it as well."""

    id: str
    rule: str
    also: tuple[str, ...]
    sentence: str

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules whose checks may catch it."""
        return (self.rule, *self.also)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of the suite against one defect.

    `test` is the first that caught it, by `rule`, `seconds` after the run began: its mock's start is among them.
    `others` are rules that were reported broken beside, `problem` how the suite broke.
    """

    defect: Defect
    test: str | None
    rule: str | None
    seconds: float
    others: tuple[str, ...] = ()
    problem: str = ""

    @property
    def caught(self) -> bool:
        """Whether a check of the rule that it breaks failed."""
        return self.test is not None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that the suite took for broken on the healthy mock, or how it broke itself."""

    seed: int
    test: str
    rule: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The kill matrix: what came of each defect, in the order of the catalogue, and the seed."""

    attempts: tuple[Attempt, ...]
    seed: int

    @property
    def survivors(self) -> tuple[Attempt, ...]:
        """Those that nothing caught."""
        return tuple(one for one in self.attempts if not one.caught)

    @property
    def median_seconds(self) -> float:
        """To the first failure, of those that were caught."""
        return round(median([one.seconds for one in self.attempts if one.caught] or [0.0]), 1)


def catalogue(names: Iterable[str] = ()) -> tuple[Defect, ...]:
    """The mock's defects, or those of these ids and rules. Raises UsageError for a name that is neither."""
    every = [Defect(**{**one, "also": tuple(one["also"])}) for one in _listed()["defects"]]
    wanted = set(names)
    if unknown := wanted - {one.id for one in every} - {one.rule for one in every}:
        raise UsageError(f"there is no defect {min(unknown)}; `kailenty-mock defects` lists them")
    return tuple(one for one in every if not wanted or {one.id, one.rule} & wanted)


def unbreakable() -> dict[str, str]:
    """The rules that no defect of the mock can break, and why."""
    return dict(_listed()["unbreakable"])


@cache
def _listed() -> dict[str, Any]:
    command = [sys.executable, "-m", "mock_server", "defects", "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise SetUpFailed(f"the mock does not tell its defects: {done.stderr.decode(errors='replace').strip()}")
    listed: dict[str, Any] = orjson.loads(done.stdout)
    return listed


def prove(
    defects: Sequence[Defect] | None = None,
    *,
    workers: int,
    seed: int = 1,
    examples: int = 10,
    seconds: float = 300.0,
    watch: Callable[[Attempt, int], None] = lambda attempt, left: None,
) -> Matrix:
    """Run the suite against each defect (of `catalogue()` where none are given), `workers` at a time.

    A run ends with the first failure of a check of the defect's rule. The tests marked with that rule are run, then
    those of `also`, and all tests only where none is marked with it. No new test is
    begun after `seconds`. `watch` hears of each attempt, and how many are left.
    """
    chosen = catalogue() if defects is None else tuple(defects)
    settings = Settings(seed=seed, examples=examples)
    attempts: dict[int, Attempt] = {}
    with _processes(workers) as pool:
        places = {pool.submit(_attempt, one, settings, seconds): place for place, one in enumerate(chosen)}
        try:
            for future in as_completed(places):
                attempts[places[future]] = future.result()
                watch(future.result(), len(chosen) - len(attempts))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return Matrix(tuple(attempts[place] for place in range(len(chosen))), seed)


def false_alarms(
    seeds: Iterable[int], *, workers: int, examples: int = 10, watch: Callable[[int, list[Alarm]], None]
) -> tuple[Alarm, ...]:
    """What the suite has to say against the healthy mock, under each of the seeds: nothing, if it is right.

    `watch` hears of each seed what was said under it.
    """
    found: list[Alarm] = []
    with _processes(workers) as pool:
        runs = {pool.submit(_alarms, Settings(seed=seed, examples=examples)): seed for seed in seeds}
        for future in as_completed(runs):
            watch(runs[future], future.result())
            found += future.result()
    return tuple(sorted(found, key=lambda alarm: alarm.seed))


def _processes(workers: int) -> ProcessPoolExecutor:
    """Processes that are used once: a run leaves nothing to the next. What all need is imported before they fork."""
    context = multiprocessing.get_context("forkserver")
    tests = [f"contract_tests.{path.stem}" for path in sorted(HERE.glob("test_*.py"))]
    context.set_forkserver_preload(["contract_tests.prove", "xdist.plugin", *tests])
    return ProcessPoolExecutor(max(1, workers), context, _end_with_parent, max_tasks_per_child=1)


def _end_with_parent() -> None:
    """End when the process that asked for this one is gone: killed, it has told nobody to stop."""

    def follow() -> None:
        if (parent := multiprocessing.parent_process()) is not None:
            parent.join()
            os._exit(1)

    Thread(target=follow, daemon=True).start()


def _attempt(defect: Defect, settings: Settings, limit: float) -> Attempt:
    _silence()
    begun = time.monotonic()
    first: list[tuple[str, str, float]] = []

    def watch(gathered: Gathered) -> None:
        for one in gathered.outcomes[-1:]:
            if one.finding is not None and one.finding.rule in defect.rules and not first:
                first.append((one.test, one.finding.rule, round(time.monotonic() - begun, 1)))
                pytest.exit("caught")
        if time.monotonic() - begun > limit:
            pytest.exit("out of time")

    others: set[str] = set()
    problem = ""
    checked: tuple[str, ...] = ()
    for rules in ((defect.rule,), *([defect.also] if defect.also else []), ()):
        if (not rules and defect.rule in checked) or time.monotonic() - begun > limit:
            break
        chosen = replace(settings, rules=rules, defect=defect.id)
        results = run(chosen, workers=0, watch=watch)
        others |= {one.finding.rule for one in results.outcomes if one.finding is not None}
        problem = next((one.reason for one in results.outcomes if one.verdict is Verdict.ERROR), problem)
        checked = results.checked
        if first:
            break
    test, rule, seconds = first[0] if first else (None, None, round(time.monotonic() - begun, 1))
    return Attempt(defect, test, rule, seconds, tuple(sorted(others - {rule})), "" if first else problem)


def _alarms(settings: Settings) -> list[Alarm]:
    _silence()
    return [
        Alarm(settings.seed, one.test, one.finding.rule if one.finding else None, str(one.finding or one.reason))
        for one in run(settings, workers=0).outcomes
        if one.verdict in (Verdict.FAILED, Verdict.ERROR)
    ]


def _silence() -> None:
    """A defective mock announces itself, which is no news here."""
    with suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)


# -- The matrix as text -----------------------------------------------------------------------------------------------


def terminal(matrix: Matrix) -> str:
    """The matrix for a terminal: a line each, and what it comes to."""
    width = max((len(one.defect.id) for one in matrix.attempts), default=0)
    lines = [f"{one.defect.rule:<8} {one.defect.id:<{width}}  {_told(one)}" for one in matrix.attempts]
    return "\n".join([*lines, "", summary(matrix)])


def _told(one: Attempt) -> str:
    if one.caught:
        beside = f" ({one.rule})" if one.rule != one.defect.rule else ""
        return f"caught after {one.seconds:.1f} s by {one.test}{beside}"
    return "NOT CAUGHT" + (f": {one.problem}" if one.problem else f", seen as {' '.join(one.others) or 'nothing'}")


def summary(matrix: Matrix) -> str:
    """What the matrix comes to, in one line."""
    caught = len(matrix.attempts) - len(matrix.survivors)
    return (
        f"{caught} of {len(matrix.attempts)} defects caught, in a median of {matrix.median_seconds} s to the first "
        f"failure (seed {matrix.seed})"
    )


_PAGE = """\
# The kill matrix

Which check of the suite catches which fault. Each line is a mock with one defect (`kailenty-mock serve --defect ID`)
that breaks the rule beside it. Named is the first check that failed by that rule, or by the rule in brackets, which
the defect breaks as well; s is the seconds until then, with the start of the mock. To renew this page:

```sh
kailenty-contract prove --markdown docs/kill-matrix.md
```

{summary}.

| rule | defect | what it does | caught by | s |
|---|---|---|---|---|
{rows}

No defect breaks these rules:

{others}
"""


def markdown(matrix: Matrix) -> str:
    """The matrix as a page of the documentation."""
    rows = [
        f"| {one.defect.rule} | `{one.defect.id}` | {one.defect.sentence} | {_caught(one)} | "
        f"{one.seconds if one.caught else ''} |"
        for one in matrix.attempts
    ]
    others = [f"- {rule}: {why}" for rule, why in unbreakable().items()]
    return _PAGE.format(summary=summary(matrix), rows="\n".join(rows), others="\n".join(others))


def _caught(one: Attempt) -> str:
    if one.test is None:
        return "**not caught**"
    name = one.test.rpartition("::")[2].partition("[")[0]
    return f"`{name}`" + (f" ({one.rule})" if one.rule != one.defect.rule else "")


def document(matrix: Matrix) -> dict[str, Any]:
    """The matrix for JSON."""
    attempts = [{**asdict(one), "caught": one.caught} for one in matrix.attempts]
    caught = len(matrix.attempts) - len(matrix.survivors)
    return {"seed": matrix.seed, "caught": caught, "medianSeconds": matrix.median_seconds, "attempts": attempts}
