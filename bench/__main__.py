"""The benchmark's command line: `python -m bench peers`, `growth`, `worlds`, `journal` and `detection`."""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
from pathlib import Path

import click

from bench import chart, detection, detectors, growth, journal, load, machine, report, servers, worlds
from bench.compare import Outcome, Plan, compare
from bench.document import load as load_contract
from bench.server import install

HERE = Path(__file__).parent
OPERATIONS = ("get", "list", "create")
SERVERS = ",".join(servers.SERVERS)


@click.group()
def main() -> None:
    """Compare the mock with other servers and with itself on more data, the suite with other tools. Loopback only."""
    signal.signal(signal.SIGTERM, _interrupt)


@main.command()
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Measurements of each.")
@click.option("--seconds", default=5, show_default=True, type=click.IntRange(1), help="Length of one.")
@click.option("--warm-up", default=20, show_default=True, type=click.IntRange(0), help="Most seconds of it.")
@click.option("--connections", default="1,16", show_default=True, help="Numbers of connections.")
@click.option("--servers", "chosen", default=SERVERS, show_default=True, help="Which servers.")
@click.option("--operations", default=",".join(OPERATIONS), show_default=True, help="Which requests.")
@click.option("--out", default=HERE / "results", type=click.Path(path_type=Path), help="Where to write.")
def peers(
    rounds: int,
    seconds: int,
    warm_up: int,
    connections: str,
    chosen: str,
    operations: str,
    out: Path,
) -> None:
    """Measure the mock beside Prism, Mockoon, Scalar, WireMock and Specmatic."""
    keys = _choice(chosen, tuple(servers.SERVERS), "--servers")
    contract = load_contract()
    available = contract.operations()
    plan = Plan(
        rounds=rounds,
        seconds=seconds,
        warm_up=warm_up,
        connections=tuple(int(count) for count in connections.split(",")),
        operations=tuple(available[key] for key in _choice(operations, OPERATIONS, "--operations")),
    )
    if not load.available():
        _stop(load.HOW_TO_GET_WRK)
    wanted = [servers.SERVERS[key](contract) for key in keys]
    if any("npm" in server.needs for server in wanted):
        _need_npm()
    if any("java" in server.needs for server in wanted) and shutil.which("java") is None:
        _stop("java is missing: install Java 17, or leave wiremock and specmatic out with `--servers`")
    busy = _load_before()
    outcomes = compare(wanted, plan, _say)
    click.echo(report.table(outcomes, plan))
    data = report.results(outcomes, plan, _command()) | {"loadAverageBefore": busy}
    report.save(out / "peers.json", data)
    (out / "chart.svg").write_text(_chart(outcomes, plan), encoding="utf-8")
    for line in report.errors(outcomes):
        click.echo(f"error: {line}", err=True)
    if not all(outcome.complete for outcome in outcomes):
        sys.exit(1)


@main.command("growth")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="Measurements of each.")
@click.option("--out", default=HERE / "results", type=click.Path(path_type=Path), help="Where to write.")
def growth_command(rounds: int, out: Path) -> None:
    """Measure the mock with 1,000 and with 100,000 invites."""
    busy = _load_before()
    found = growth.summary(growth.measure(rounds, _say))
    click.echo(report.growth_table(found))
    about = {"machine": machine.describe(), "loadAverageBefore": busy, "rounds": rounds}
    report.save(out / "growth.json", about | {"operations": found})
    if not all(result["met"] for result in found.values()):
        sys.exit(1)


@main.command("worlds")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Measurements of each.")
@click.option("--out", default=HERE / "results", type=click.Path(path_type=Path), help="Where to write.")
def worlds_command(rounds: int, out: Path) -> None:
    """Measure making and restoring worlds, small and large, and the mock with one and with 1,000 of them."""
    busy = _load_before()
    large = worlds.summary_large(worlds.measure_large(_say))
    times, memory = worlds.measure(rounds, _say)
    found = worlds.summary(times)
    click.echo(report.worlds_table(found))
    click.echo()
    click.echo(report.large_table(large, worlds.INVITES))
    click.echo("\nmemory: " + ", ".join(f"{megabytes:,.0f} MB with {count:,}" for count, megabytes in memory.items()))
    about = {"machine": machine.describe(), "loadAverageBefore": busy, "rounds": rounds}
    megabytes = {str(count): round(value, 1) for count, value in memory.items()}
    report.save(out / "worlds.json", about | {"memoryMegabytes": megabytes, "operations": found, "large": large})
    if not all(result["met"] for result in (*found.values(), *large.values())):
        sys.exit(1)


@main.command("detection")
@click.option("--sample", type=click.IntRange(1), help="How many defects, chosen by the seed.  [default: all]")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Of the sample.")
@click.option("--defects", help="These defects instead, separated by commas.")
@click.option("--tools", default=",".join(detectors.DETECTORS), show_default=True, help="Which tools.")
@click.option("--examples", default=100, show_default=True, type=click.IntRange(1), help="Of Schemathesis.")
@click.option("--healthy", default=5, show_default=True, type=click.IntRange(1), help="Runs on the healthy mock.")
@click.option("--out", default=HERE / "results", type=click.Path(path_type=Path), help="Where to write.")
def detection_command(
    sample: int | None, seed: int, defects: str | None, tools: str, examples: int, healthy: int, out: Path
) -> None:
    """Count the defects that the conformance suite, Schemathesis and Specmatic find."""
    keys = _choice(tools, tuple(detectors.DETECTORS), "--tools")
    needs = {need for key in keys for need in detectors.DETECTORS[key].needs}
    if "npm" in needs:
        _need_npm()
    if "java" in needs and shutil.which("java") is None:
        _stop("java is missing: install Java 17, or leave specmatic out with `--tools`")
    every = {one.id: one for one in detection.catalogue()}
    chosen = [every[key] for key in _choice(defects, tuple(every), "--defects")] if defects else list(every.values())
    busy = _load_before()
    wanted = [detectors.DETECTORS[key](examples) for key in keys]
    outcomes = detection.detect(wanted, detection.sample(chosen, sample, seed), healthy, _say)
    click.echo(report.detection_table(outcomes))
    about = {"command": _command(), "machine": machine.describe(), "loadAverageBefore": busy, "examples": examples}
    report.save(out / "detection.json", about | {"tools": report.detection_results(outcomes)})


def _command() -> str:
    return shlex.join(["python", "-m", "bench", *sys.argv[1:]])


def _need_npm() -> None:
    if shutil.which("npm") is None:
        _stop("npm is missing: install Node.js 24, or choose with `--servers` or `--tools` what is no npm package")
    install()


@main.command("journal")
@click.option("--batches", default=500, show_default=True, type=click.IntRange(4), help="Batches of each request.")
@click.option("--out", default=HERE / "results", type=click.Path(path_type=Path), help="Where to write.")
def journal_command(batches: int, out: Path) -> None:
    """Measure the mock with its journal and without."""
    busy = _load_before()
    found = journal.summary(journal.measure(load_contract(), batches, _say))
    click.echo(report.journal_table(found))
    about = {"machine": machine.describe(), "loadAverageBefore": busy}
    report.save(out / "journal.json", about | {"operations": found})
    if not all(result["met"] for result in found.values()):
        sys.exit(1)


def _load_before() -> float:
    busy = machine.load_average()
    if busy > machine.cores() * machine.BUSY:
        _say(f"warning: the machine is busy (load average {busy}); other programs will show in the numbers")
    return busy


def _chart(outcomes: list[Outcome], plan: Plan) -> str:
    most = max(plan.connections)
    panels = []
    for operation in plan.operations:
        samples = [one.sample((operation.key, most)) for one in outcomes]
        speeds = [found.requests_per_second if found else None for found in samples]
        panels.append(chart.Panel(operation.title, speeds))
    keys = [one.server.key for one in outcomes]
    about = machine.describe()
    labels = [one.server.title + (" *" if one.abilities.get("validates") == "no" else "") for one in outcomes]
    note = f"{most} connections, median of {plan.rounds} rounds, {about['cpu']}, {about['cores']} cores"
    note += ". * does not validate requests" if any(label.endswith("*") for label in labels) else ""
    own = keys.index(report.BASIS) if report.BASIS in keys else None
    return chart.draw("Requests per second", note, labels, panels, own)


def _choice(text: str, known: tuple[str, ...], option: str) -> list[str]:
    keys = [key.strip() for key in text.split(",")]
    for key in keys:
        if key not in known:
            raise click.BadParameter(f"{key!r} is none of {', '.join(known)}", param_hint=option)
    return keys


def _say(text: str) -> None:
    click.echo(text, err=True)


def _stop(why: str) -> None:
    click.echo(why, err=True)
    sys.exit(2)


def _interrupt(*_: object) -> None:
    """Leave as on Ctrl-C, so that every server is stopped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(prog_name="python -m bench")
