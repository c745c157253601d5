"""Schemathesis' own command line finds no failure, with every phase and every check, as the README runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mock_server.running import API, start

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("user", ["usr_ada", "usr_alan"])
def test_the_command_line_finds_nothing(user: str, tmp_path: Path) -> None:
    with start("--validate-responses") as mock:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(ROOT / "schemathesis.toml")),
                *("run", f"{mock.url}{API}/openapi.json", "--phases", "examples,coverage,fuzzing,stateful"),
                *("--checks", "all", "--max-examples", "5", "--seed", "1", "--no-color"),
                *("-H", f"Authorization: Bearer {mock.personas[user]['token']}"),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    (tmp_path / "output.txt").write_text(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Failures" not in done.stdout
