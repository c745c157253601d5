"""What the command line tells of itself."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from tests.mock_server.cli.commands import COMMAND, GENERATE, SUBCOMMANDS, fails, failure, output, run


@pytest.mark.parametrize("name", SUBCOMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_tells_of_every_option(name: str, flag: str) -> None:
    command = SUBCOMMANDS[name]
    assert isinstance(command, click.Command)
    printed = " ".join(output(name, flag).split())
    assert " ".join((command.help or "").replace("\b", "").split())[:60] in printed
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.opts}"
            assert all(opt in printed for opt in (*option.opts, *option.secondary_opts))
            assert " ".join(option.help.split())[:40] in printed
        else:
            assert option.human_readable_name in printed


def test_help_names_the_commands() -> None:
    printed = output("--help")
    for name, command in SUBCOMMANDS.items():
        assert re.search(rf"^  {name} +\w", printed, re.MULTILINE)
        assert command is not None
    assert "KAILENTY_MOCK_SERVE_HOST_SUFFIX" in printed
    assert run().exit_code == 2
    assert output("--version") == f"kailenty-mock, version {version('kailenty-contract-suite')}\n"
    assert "frobnicate" in fails("frobnicate")


def test_what_help_shows_works(tmp_path: Path) -> None:
    """Its examples name a user that there is."""
    shown = re.findall(r"kailenty-mock token (\w+)", output("--help") + output("token", "--help"))
    assert shown
    for persona in shown:
        assert output("token", persona).count(".") == 2


def test_the_command_is_the_module(tmp_path: Path) -> None:
    """As a process, with output that is bytes for others to read."""
    generated = subprocess.run([*COMMAND, *GENERATE, "--seed", "7"], capture_output=True, check=True)
    assert generated.stdout == run(*GENERATE, "--seed", "7").stdout_bytes
    done = subprocess.run([*COMMAND, "token", "nobody"], capture_output=True, text=True, check=False)
    assert failure(done.returncode, done.stdout, done.stderr, 2).startswith("acme has no user nobody")


def test_help_imports_no_server() -> None:
    code = (
        "import sys; from mock_server.cli import main; main(['--help'], standalone_mode=False);"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    for heavy in ("connexion", "sqlalchemy", "starlette", "yaml", "orjson", "jsonschema_rs", "faker"):
        assert f"'{heavy}'" not in done.stderr
