"""`kailenty-contract plan`."""

from collections import Counter
from typing import Any

import click

from contract_tests.cli import options
from contract_tests.outcomes import SetUpFailed
from contract_tests.plan import Planned, plan
from contract_tests.run import default_workers
from contract_tests.settings import Settings


@click.command()
@options.settings_options()
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Print what a run would send, without sending it.

    The run takes place against a mock on this machine that stands in for the workspace, with the same callers and the
    same rights; what it sends is counted. A workspace with longer lists gets more of some reads.
    """
    settings = options.settings(context, given)
    try:
        planned = plan(settings, workers=default_workers())
    except SetUpFailed as error:
        raise options.Refused(str(error)) from None
    click.echo(table(settings, planned))


def table(settings: Settings, planned: list[Planned]) -> str:
    """Operations by callers, and the sums."""
    callers = sorted({one.caller for one in planned})
    rows: dict[tuple[str, str, bool], Counter[str]] = {}
    for one in planned:
        key = one.operation or "(no operation)", one.method, one.write
        rows.setdefault(key, Counter())[one.caller] += one.count
    lines = [f"{'':<24}{'':<8}{'':<6}" + "".join(f"{caller:>11}" for caller in callers)]
    for (operation, method, write), counts in sorted(rows.items(), key=lambda row: (row[0][2], row[0])):
        kind = "write" if write else "read"
        numbers = "".join(f"{counts[caller] or '':>11}" for caller in callers)
        lines.append(f"{operation:<24}{method:<8}{kind:<6}{numbers}")
    total = sum(one.count for one in planned)
    writes = sum(one.count for one in planned if one.write)
    created = sum(one.count for one in planned if one.write and (one.operation or "").startswith("create"))
    told = [] if settings.credentials or settings.is_mock else ["no credential was given, so that little can be asked"]
    told += [f"about {total} requests to {settings.target}: {total - writes} read, {writes} may write"]
    if writes:
        told.append(f"of these {created} ask for a new row, some to be refused; invites and meetings stay behind")
    if settings.rate:
        seconds = total / settings.rate
        takes = f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
        told.append(f"at {settings.rate:g} a second that takes {takes}")
    told.append(f"the budgets are {settings.max_requests} requests and {settings.max_seconds:g} s")
    return "\n".join([*lines, "", *told])
