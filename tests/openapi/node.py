"""npm packages, installed as a `package-lock.json` says: once, by whoever asks first."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Give `node_modules` with the project's own tools."""
    return installed(ROOT)


def installed(folder: Path) -> Path:
    """Give a folder's `node_modules` as the lock file beside it describes them."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        missing("Node.js and npm (Debian: nodejs, npm)")
    lock, modules = folder / "package-lock.json", folder / "node_modules"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = modules / ".installed-for"
    with exclusive(lock):
        if not stamp.exists() or stamp.read_text() != wanted:
            # No package needs an install script; one of them only counts installations.
            done = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
            assert done.returncode == 0, done.stderr
            stamp.write_text(wanted)
    return modules


def missing(tool: str) -> NoReturn:
    """Skip what needs a tool that is not there; where everything must be there, on CI, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"needs {tool}")
    pytest.skip(f"needs {tool}")


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a file against every other process of this machine that asks for it."""
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a tool and give what it said."""
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=cwd, env=os.environ | quiet, capture_output=True, text=True, check=False)
