"""`kailenty-contract prove`."""

import sys
from pathlib import Path

import click
import orjson

from contract_tests import prove
from contract_tests.cli import options
from contract_tests.outcomes import SetUpFailed
from contract_tests.run import default_workers
from contract_tests.settings import UsageError


@click.command()
@click.argument("names", nargs=-1, metavar="[DEFECT|RULE]...")
@click.option("--workers", "-n", type=click.IntRange(1, 64), help="How many defects at a time.  [default: one a core]")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of every run.")
@click.option("--examples", type=click.IntRange(1), default=10, show_default=True, help="Values tried for a property.")
@click.option("--healthy", type=click.IntRange(1), metavar="SEEDS", help="Run the healthy mock, under so many seeds.")
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="A file for the matrix in Markdown.")
@click.option("--json", "json_", type=click.Path(path_type=Path, dir_okay=False), help="A file for the matrix in JSON.")
def command(
    names: tuple[str, ...],
    workers: int | None,
    seed: int,
    examples: int,
    healthy: int | None,
    markdown: Path | None,
    json_: Path | None,
) -> None:
    """Run the suite against mocks with one defect each: each must be caught, by a check of the rule that it breaks.

    Exits with 1 where a defect is not caught; with --healthy, where a healthy mock is taken for broken.
    """
    processes = workers or default_workers()
    try:
        if healthy:
            sys.exit(_healthy(range(seed, seed + healthy), processes, examples))
        defects = prove.catalogue(names)
        matrix = prove.prove(defects, workers=processes, seed=seed, examples=examples, watch=_watch)
    except (SetUpFailed, UsageError) as error:
        raise options.Refused(str(error)) from None
    click.echo(prove.terminal(matrix))
    try:
        if markdown:
            markdown.write_text(prove.markdown(matrix), "utf-8")
        if json_:
            json_.write_bytes(orjson.dumps(prove.document(matrix), option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise options.Refused(f"{error.filename}: {error.strerror}") from None
    sys.exit(1 if matrix.survivors else 0)


def _watch(attempt: prove.Attempt, left: int) -> None:
    told = "caught" if attempt.caught else "NOT CAUGHT"
    click.echo(f"{attempt.defect.id}: {told} after {attempt.seconds:.1f} s, {left} left", err=True)


def _healthy(seeds: range, workers: int, examples: int) -> int:
    def watch(seed: int, alarms: list[prove.Alarm]) -> None:
        click.echo(f"seed {seed}: {len(alarms)} false alarms", err=True)

    alarms = prove.false_alarms(seeds, workers=workers, examples=examples, watch=watch)
    for one in alarms:
        click.echo(f"seed {one.seed}: {one.rule or 'error'} by {one.test}: {one.reason}")
    click.echo(f"{len(seeds)} seeds, {len(alarms)} false alarms")
    return 1 if alarms else 0
