"""The command `kailenty-contract`. Each subcommand is imported when it is called, so that `--help` is quick."""

import sys
from importlib import import_module
from typing import Any

import click

_COMMANDS = {
    "run": "Test a server: which rules hold, which are broken, which could not be verified.",
    "plan": "Print what a run would send, without sending it.",
    "sweep": "Clean up what runs left behind, and list what the API cannot delete.",
    "merge": "Join the results of shards.",
    "rules": "List the rules, and the checks of each.",
    "prove": "Run the suite against servers with known defects.",
}

# Installed with the extra `conformance`; the mock alone does without.
_NEEDED = {"hypothesis", "schemathesis", "pytest", "xdist", "httpx", "jinja2"}


class _Lazy(click.Group):
    """Finds each subcommand in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        try:
            command: click.Command = import_module(f"contract_tests.cli.{cmd_name}").command
        except ModuleNotFoundError as error:
            if error.name in _NEEDED:
                missing = f"{error.name} is missing; install the suite with its extra, '.[conformance]' instead of '.'"
                click.echo(f"Error: {missing}", err=True)
                sys.exit(2)
            raise
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read the output has seen enough; click ends with 1
            raise
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'the output'}: {error.strerror}") from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kailenty-contract-suite", prog_name="kailenty-contract")
def main() -> None:
    """Tells whether a server keeps the contract of the kailenty App API.

    \b
    kailenty-contract run                    test a mock of its own
    kailenty-contract run --target URL       test a workspace; reads only, unless it is told otherwise
    kailenty-contract plan --target URL      what that would send

    Settings come from options, the environment (--allow-writes is KAILENTY_CONTRACT_ALLOW_WRITES, and so on) and the
    file contract.toml, in this order.
    """
