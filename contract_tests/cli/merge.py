"""`kailenty-contract merge`."""

import sys
from pathlib import Path

import click

from contract_tests.baseline import read
from contract_tests.cli import options
from contract_tests.cli.run import finish
from contract_tests.report.results import load, merge
from contract_tests.report.terminal import summary
from contract_tests.settings import UsageError
from contract_tests.verdicts import Judged


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@options.option("--baseline", type=click.Path(path_type=Path, dir_okay=False), help="A file of known failures.")
@options.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A directory for the reports.")
def command(files: tuple[Path, ...], baseline: Path | None, out: Path | None) -> None:
    """Join the results.json of all shards of a run, and judge them as one.

    \b
    kailenty-contract run --shard 1/2 --out one    on one machine
    kailenty-contract run --shard 2/2 --out two    on another
    kailenty-contract merge one/results.json two/results.json --out both
    """
    try:
        parts = [load(file) for file in files]
        merged = merge([results for results, _, _ in parts])
        known = read(baseline) if baseline else ()
    except UsageError as error:
        raise options.Refused(str(error)) from None
    require = tuple(dict.fromkeys(rule for _, _, required in parts for rule in required))
    judged = Judged(merged, any(strict for _, strict, _ in parts), require, known)
    click.echo(summary(judged))
    if out is not None:
        finish(judged, out)
    sys.exit(judged.exit_code)
