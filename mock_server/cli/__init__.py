"""The command `kailenty-mock`. Each subcommand is imported when it is called, so that `--help` is quick."""

from importlib import import_module
from typing import Any

import click

_COMMANDS = {
    "serve": "Serve the mock.",
    "token": "Mint a token for a persona, a flawed one too.",
    "openapi": "Print an OpenAPI document.",
    "world": "Print a world, or generate one.",
    "replay": "Send a bundle's requests again, and show the first difference.",
    "defects": "List the defects that it can be served with.",
}


class _Lazy(click.Group):
    """Finds each subcommand in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"mock_server.cli.{cmd_name}").command
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


@click.group(
    cls=_Lazy,
    context_settings={"auto_envvar_prefix": "KAILENTY_MOCK", "help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="kailenty-contract-suite", prog_name="kailenty-mock")
def main() -> None:
    """A stateful mock of the kailenty App API.

    \b
    kailenty-mock serve                      serve the worlds acme and globex at http://127.0.0.1:8080
    kailenty-mock token usr_alan             a bearer token of a persona
    kailenty-mock openapi --format json      the contract
    kailenty-mock world acme                 a world's data, to copy and change
    kailenty-mock replay bundle.json         what a world was asked, asked again

    Every option can also be set in the environment: --host-suffix of serve as KAILENTY_MOCK_SERVE_HOST_SUFFIX, and so
    on; a flag by 1 or 0, an option that may be given several times by values with spaces between.
    """
