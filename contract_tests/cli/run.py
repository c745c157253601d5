"""`kailenty-contract run`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from contract_tests.baseline import read
from contract_tests.cli import options
from contract_tests.outcomes import SetUpFailed
from contract_tests.preflight import preflight
from contract_tests.prove import catalogue
from contract_tests.report import publish
from contract_tests.report.progress import Progress
from contract_tests.report.terminal import summary
from contract_tests.run import default_workers, run
from contract_tests.settings import UsageError
from contract_tests.sweep import sweep
from contract_tests.verdicts import Judged


def _workers(_: click.Context, __: click.Parameter, value: str) -> int | None:
    if value == "auto":
        return None
    if not value.isdecimal() or int(value) > 64:
        raise click.BadParameter(f"{value} is neither auto nor a number up to 64")
    return int(value)


@click.command()
@options.settings_options()
@options.option(
    "--require", multiple=True, callback=options.rule_ids, metavar="RULE", help="Rules that must be verified, or all."
)
@options.option("--strict", is_flag=True, help="Broken assumptions of the contract count as failures too.")
@options.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@options.option("--baseline", type=click.Path(path_type=Path, dir_okay=False), help="A file of known failures.")
@options.option("--shard", callback=options.part, metavar="N/M", help="Only this part of the tests, such as 2/5.")
@options.option(
    "--workers",
    "-n",
    callback=_workers,
    default="auto",
    show_default=True,
    help="How many processes. auto: one a core, but a single one where a run writes to a workspace.",
)
@options.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A directory for the reports.")
@options.option("--record", type=click.Path(dir_okay=False), help="A file for every request, without credentials.")
@options.option("--defect", metavar="ID", help="Start the mock with a defect.")
@click.pass_context
def command(
    context: click.Context, /, baseline: Path | None, workers: int | None, out: Path | None, **given: Any
) -> None:
    """Test a server: which rules hold, which are broken, and which could not be verified.

    \b
    0  every documented rule that was verified holds
    1  a rule is broken, or one of --require was not verified
    2  the suite or its set-up failed
    3  nothing was verified
    """
    settings = options.settings(context, given)
    try:
        known = read(baseline) if baseline else ()
    except UsageError as error:
        raise options.Refused(str(error)) from None
    if settings.defect and settings.defect not in {one.id for one in catalogue()}:
        raise options.Refused(f"--defect {settings.defect} is none; `kailenty-mock defects` lists them")
    _writable(out, settings.record)
    try:
        preflight(settings)
    except SetUpFailed as error:
        raise options.Refused(str(error)) from None
    if workers is None:
        # Processes that write to one workspace would take each other's changes for the server's.
        workers = 1 if settings.allow_writes and not settings.is_mock else default_workers()
    with Progress() as progress:
        results = run(settings, workers=workers, watch=progress)
        swept = sweep(settings, run=settings.run_id)
        results = replace(results, left=swept.lines, returned=swept.returned)
    judged = Judged(results, settings.strict or settings.is_mock, settings.require, known)
    click.echo(summary(judged))
    if out is not None:
        finish(judged, out)
    sys.exit(judged.exit_code)


def _writable(out: Path | None, record: str | None) -> None:
    """Make the directory and the file, before a run of minutes could end for want of them."""
    option = f"--out {out}"
    try:
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        if record is not None:
            option = f"--record {record}"
            Path(record).touch(0o600)
    except OSError as error:
        raise options.Refused(f"{option}: {error.strerror}") from None


def finish(judged: Judged, out: Path) -> None:
    """Write the reports. Raises Refused."""
    try:
        publish(judged, out)
    except OSError as error:
        raise options.Refused(f"--out {out}: {error.strerror}") from None
    click.echo(f"reports: {out / 'report.html'}, junit.xml, results.json, summary.md")
