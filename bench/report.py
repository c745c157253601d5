"""The results side by side, as a table to read and as JSON to keep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import detection, machine
from bench.compare import Outcome, Plan
from bench.load import Sample
from bench.probe import ABILITIES
from bench.worlds import RATIO

BASIS = "mock"
MISSING = "error"


def table(outcomes: list[Outcome], plan: Plan) -> str:
    """A Markdown table, one column a server; in brackets, how many times the mock's value."""
    rows: list[list[str]] = [["", *(f"{one.server.title} {_version(one)}" for one in outcomes)]]
    for operation in plan.operations:
        for connections in plan.connections:
            cell = (operation.key, connections)
            name = f"{operation.title}, {connections} conn."
            samples = {one.server.key: one.sample(cell) for one in outcomes}
            speeds = {key: found.requests_per_second if found else None for key, found in samples.items()}
            rows.append([f"{name}: requests/s", *ratios(speeds, "{:,.0f}")])
            latencies = [_latency(found) for found in samples.values()]
            rows.append([f"{name}: p50 / p99 ms", *latencies])
    cold = {one.server.key: one.cold_start() for one in outcomes}
    rows.append(["cold start to first answer, s", *ratios(cold, "{:.2f}")])
    started = {one.server.key: one.started_mb() for one in outcomes}
    rows.append(["memory after start, MB", *ratios(started, "{:,.0f}")])
    loaded = {one.server.key: one.loaded_mb for one in outcomes}
    rows.append(["memory after load, MB", *ratios(loaded, "{:,.0f}")])
    rows += [[name, *(one.abilities.get(key, "?") for one in outcomes)] for key, name in ABILITIES.items()]
    return markdown(rows)


def ratios(values: dict[str, float | None], form: str) -> list[str]:
    """Each value, and in brackets how many times the mock's it is."""
    basis = values.get(BASIS)
    cells = []
    for key, value in values.items():
        if value is None:
            cells.append(MISSING)
        elif basis and key != BASIS:
            cells.append(f"{form.format(value)} ({value / basis:.2f}x)")
        else:
            cells.append(form.format(value))
    return cells


def growth_table(found: dict[str, dict[str, Any]]) -> str:
    """The summary of `growth` as a Markdown table."""
    rows: list[list[str]] = []
    for name, result in found.items():
        cells = {}
        for size, value in result["medianMicroseconds"].items():
            count = result["rows"][size]
            rows_read = "" if count is None else f" ({count} rows)"
            cells[f"{int(size):,} invites, µs"] = f"{value:,.0f}{rows_read}"
        target = result["target"]
        rows = rows or [["", *cells, "ratio", "target"]]
        rows.append([name, *cells.values(), f"{result['ratio']:.2f}", f"<= {target}" if target else ""])
    return markdown(rows)


def worlds_table(found: dict[str, dict[str, Any]]) -> str:
    """The summary of `worlds` as a Markdown table."""
    rows: list[list[str]] = []
    for kind, result in found.items():
        cells = {f"with {int(count):,}, ms": f"{value:.2f}" for count, value in result["medianMilliseconds"].items()}
        limit = result["limitMilliseconds"]
        rows = rows or [["", *cells, "ratio", "target"]]
        target = f"<= {RATIO} times" if limit is None else f"<= {limit:.0f} ms"
        rows.append([kind, *cells.values(), f"{result['ratio']:.2f}", target])
    return markdown(rows)


def large_table(found: dict[str, dict[str, Any]], invites: int) -> str:
    """The summary of a large world as a Markdown table."""
    rows = [["", f"of {invites:,} invites, ms", "target"]]
    for kind, result in found.items():
        rows.append([kind, f"{result['medianMilliseconds']:.0f}", f"<= {result['limitMilliseconds']:.0f} ms"])
    return markdown(rows)


def detection_table(outcomes: list[detection.Outcome]) -> str:
    """Which tool caught which defect, with the seconds of its run, as a Markdown table."""
    rows = [["rule", "defect", *(one.detector.title for one in outcomes)]]
    for attempts in zip(*(one.attempts for one in outcomes), strict=True):
        defect = attempts[0].defect
        rows.append([defect.rule, defect.id, *(f"{_caught(one.caught)}, {one.seconds:.1f} s" for one in attempts)])
    rows.append(["", "caught", *(f"{one.caught} of {len(one.attempts)}" for one in outcomes)])
    for caught in (True, False):
        medians = [one.median_seconds(caught=caught) for one in outcomes]
        told = ["-" if value is None else f"{value:.1f}" for value in medians]
        rows.append(["", f"median seconds where it was {_caught(caught)}", *told])
    rows.append(["", "findings of the healthy mock", *(str(len(one.healthy)) for one in outcomes)])
    return markdown(rows)


def _caught(caught: bool) -> str:
    return "caught" if caught else "missed"


def detection_results(outcomes: list[detection.Outcome]) -> dict[str, Any]:
    """What each tool told, by tool."""
    return {
        one.detector.key: {
            "title": one.detector.title,
            "version": one.detector.version(),
            "setup": one.detector.setup,
            "caught": one.caught,
            "medianSecondsCaught": one.median_seconds(caught=True),
            "medianSecondsMissed": one.median_seconds(caught=False),
            "healthy": sorted(one.healthy),
            "defects": {
                attempt.defect.id: {
                    "rule": attempt.defect.rule,
                    "caught": attempt.caught,
                    "seconds": attempt.seconds,
                    "findings": attempt.findings,
                }
                for attempt in one.attempts
            },
        }
        for one in outcomes
    }


def journal_table(found: dict[str, dict[str, Any]]) -> str:
    """The summary of `journal` as a Markdown table."""
    rows: list[list[str]] = []
    for key, result in found.items():
        times = result["microsecondsPerRequest"]
        rows = rows or [["µs per request", *times, "ratio", "target"]]
        cells = [f"{value:,.0f}" for value in times.values()]
        rows.append([key, *cells, f"{result['ratio']:.3f}", f"<= {result['target']}"])
    return markdown(rows)


def markdown(rows: list[list[str]]) -> str:
    """Rows as an aligned Markdown table; the first row is the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def errors(outcomes: Iterable[Outcome]) -> list[str]:
    """Why numbers are missing."""
    found = []
    for one in outcomes:
        if one.error:
            found.append(f"{one.server.title}: {one.error}")
        for (key, connections), why in one.failures.items():
            found.append(f"{one.server.title}, {key} at {connections}: {why}")
    return found


def results(outcomes: list[Outcome], plan: Plan, command: str) -> dict[str, Any]:
    """Everything that was measured, each round of it."""
    return {
        "command": command,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.describe(),
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "warmUpSeconds": plan.warm_up,
        "servers": {one.server.key: _as_data(one, plan) for one in outcomes},
    }


def save(path: Path, data: dict[str, Any]) -> None:
    """Write results as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _as_data(one: Outcome, plan: Plan) -> dict[str, Any]:
    cells: dict[str, dict[str, Any]] = {}
    for operation in plan.operations:
        cells[operation.key] = {"answerBytes": one.answer_bytes.get(operation.key)}
        for connections in plan.connections:
            cell = (operation.key, connections)
            found = one.sample(cell)
            cells[operation.key][str(connections)] = {
                "median": found and _sample(found),
                "rounds": [_sample(sample) for sample in one.samples.get(cell, [])],
                "error": one.failures.get(cell),
            }
    return {
        "title": one.server.title,
        "version": _version(one),
        "setup": one.server.setup,
        "error": one.error,
        "abilities": one.abilities,
        "coldStartSeconds": {"median": one.cold_start(), "rounds": one.cold_starts},
        "memoryMb": {"afterStart": one.started_mb(), "afterLoad": one.loaded_mb},
        "warmedSeconds": one.warmed_seconds,
        "operations": cells,
    }


def _sample(sample: Sample) -> dict[str, float]:
    return {
        "requestsPerSecond": round(sample.requests_per_second, 1),
        "p50Ms": sample.p50_ms,
        "p99Ms": sample.p99_ms,
    }


def _version(one: Outcome) -> str:
    try:
        return one.server.version()
    except (OSError, ImportError):
        return "?"


def _latency(sample: Sample | None) -> str:
    return f"{sample.p50_ms:.2f} / {sample.p99_ms:.2f}" if sample else MISSING
