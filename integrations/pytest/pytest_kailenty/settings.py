"""What the run is told: options, then environment variables, then the ini file."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Settings:
    """`url` of a mock that runs already, or the `command` and `serve_options` to start one with; None: as they come.

    `world` is what worlds are made of, `bundles` the folder for those of failed tests.
    """

    url: str | None
    command: str | None
    serve_options: tuple[str, ...]
    world: str
    bundles: Path
    control_token: str | None = field(repr=False)


def add_options(parser: pytest.Parser) -> None:
    """Declare options and ini values."""
    group = parser.getgroup("kailenty", "kailenty mock server")
    group.addoption("--kailenty-url", metavar="URL", help="Use the mock at this address; env KAILENTY_MOCK_URL.")
    group.addoption(
        "--kailenty-command",
        metavar="COMMAND",
        help="The command that starts the mock, kailenty-mock unless told; env KAILENTY_MOCK_COMMAND.",
    )
    group.addoption("--kailenty-world", metavar="NAME", help="The built-in world that tests get a copy of; acme.")
    group.addoption(
        "--kailenty-control-token",
        metavar="TOKEN",
        help="The token of a mock that was started with one; rather say it in the env KAILENTY_MOCK_CONTROL_TOKEN.",
    )
    parser.addini("kailenty_url", "The address of a mock to use.")
    parser.addini("kailenty_command", "The command that starts the mock.")
    parser.addini("kailenty_serve_options", "Further options of its `serve`.", type="args")
    parser.addini("kailenty_world", "The built-in world that tests get a copy of.", default="acme")
    parser.addini("kailenty_bundles", "Where bundles of failed tests go.", default=".kailenty")


def read(config: pytest.Config) -> Settings:
    """Give the settings of this run."""

    def told(name: str, variable: str | None = None) -> str | None:
        from_shell = None if variable is None else os.environ.get(variable)
        return config.getoption(f"kailenty_{name}") or from_shell or config.getini(f"kailenty_{name}") or None

    return Settings(
        url=told("url", "KAILENTY_MOCK_URL"),
        command=told("command", "KAILENTY_MOCK_COMMAND"),
        serve_options=tuple(config.getini("kailenty_serve_options")),
        world=told("world") or "acme",
        bundles=config.rootpath / config.getini("kailenty_bundles"),
        control_token=config.getoption("kailenty_control_token") or os.environ.get("KAILENTY_MOCK_CONTROL_TOKEN"),
    )
