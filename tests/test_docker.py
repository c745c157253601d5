"""What the Dockerfile says holds: linters (`tox -e lint`) read its form, and no engine is needed for the rest."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.mock_server.running import serving

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", "")


def test_every_package_is_copied_and_let_through() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {*packages["packages"], "pyproject.toml", "README.md"}
    copied = {word for line in re.findall(r"^COPY (?!--from)(.*)", DOCKERFILE, re.MULTILINE) for word in line.split()}
    let_through = set(re.findall(r"^!(.*)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied - {"./"} == wanted
    assert let_through == wanted


@pytest.fixture(scope="module")
def health() -> list[str]:
    """Give the command of the health check, for this Python."""
    found = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert found is not None
    python, *arguments = json.loads(found[1])
    assert python == "python"
    return [sys.executable, *arguments]


def test_the_health_check_passes_while_the_mock_serves_and_fails_afterwards(health: list[str]) -> None:
    with serving("--host", "0.0.0.0") as url:
        there = [word.replace(":8080", f":{url.rsplit(':', 1)[1]}") for word in health]
        assert there != health
        assert subprocess.run(there, check=False, timeout=30).returncode == 0
    assert subprocess.run(there, check=False, timeout=30, stderr=subprocess.DEVNULL).returncode == 1
