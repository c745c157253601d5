"""`kailenty-contract sweep`."""

from pathlib import Path
from typing import Any

import click

from contract_tests.cli import options
from contract_tests.outcomes import SetUpFailed
from contract_tests.preflight import preflight
from contract_tests.settings import UsageError
from contract_tests.sweep import sweep


@click.command()
@options.settings_options("--seed", "--examples", "--rules", "--max-requests", "--max-seconds", "--manager", "--user",
                          "--other-user")  # fmt: skip
@click.pass_context
def command(context: click.Context, /, ledger: Path, **given: Any) -> None:
    """Clean up what runs left on a workspace, and list what the API cannot delete.

    What runs created is read from the ledger. Labels are taken off users and deleted; invites and meetings are listed,
    to be cancelled in the dashboard. It needs --allow-writes, and exits with 1 where a label is left.
    """
    settings = options.settings(context, {**given, "ledger": ledger})
    if settings.is_mock:
        raise options.Refused("--target is the workspace to clean up; a mock of its own leaves nothing behind")
    if not settings.allow_writes:
        raise options.Refused("sweep deletes labels of earlier runs: it needs --allow-writes")
    try:
        preflight(settings)
        swept = sweep(settings)
    except (SetUpFailed, UsageError) as error:
        raise options.Refused(str(error)) from None
    click.echo(f"deleted: {swept.deleted} rows")
    for line in swept.returned:
        click.echo(f"  {line}")
    for line in swept.lines:
        click.echo(f"  left  {line}")
    click.echo(f"left behind: {len(swept.left) or 'nothing'}")
    if any(one.kind in ("label", "user") for one in swept.left):
        raise SystemExit(1)
