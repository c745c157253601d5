"""What every measured server has, and the Node packages that most of them are."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from bench.document import BASE, Contract

PEERS = Path(__file__).with_name("peers")
MODULES = PEERS / "node_modules"
FILE = "app-api.json"


class Server(ABC):
    """A mock server that can serve the contract on a port of the loopback address."""

    key: ClassVar[str]
    title: ClassVar[str]
    setup: ClassVar[str]  # for the report: what was chosen beside the defaults
    package: ClassVar[str] = ""  # its npm package
    prefix: ClassVar[str] = BASE  # where it serves the document's paths
    needs: ClassVar[tuple[str, ...]] = ("npm",)  # programs that must be installed

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def version(self) -> str:
        """The version that is measured."""
        description = json.loads((MODULES / self.package / "package.json").read_text())
        return str(description["version"])

    def prepare(self, work: Path) -> None:
        """Write the files that the server reads."""
        self.contract.write(work / FILE)

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """The command line; it runs in the directory that was prepared."""

    def reset(self, port: int) -> None:  # noqa: B027 - most keep nothing, so there is nothing to undo
        """Undo what earlier requests changed."""

    def user_token(self, port: int) -> str:
        """A bearer token of a regular user; any text, where there are no users to look up."""
        return f"a-regular-user-of-{port}"


def node() -> str:
    """The Node that package.json pins for Linux, else the one that is installed."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), "")
    pinned = MODULES / f"node-linux-{machine}" / "bin" / "node"
    return str(pinned) if pinned.exists() else shutil.which("node") or "node"


def script(name: str) -> list[str]:
    """A command of an npm package, run by that Node."""
    return [node(), str(MODULES / ".bin" / name)]


def install() -> None:
    """Install the other servers as the lock file says, unless that was done."""
    if not MODULES.exists():
        # No scripts: none of the packages needs one, and one reports installations to its maker. No warnings:
        # they are about an installed Node that is too old, where the pinned one is used.
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=PEERS, check=True)
