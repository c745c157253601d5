"""The README's lines do what it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mock_server.running import start

README = Path(__file__).parent.parent / "README.md"
BLOCKS = re.findall(r"<!-- run -->\n```sh\n(.*?)```", README.read_text(), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0][:40])
def test_lines_run_and_succeed(block: str, tmp_path: Path) -> None:
    """Each block is run as it stands, but for the port, by a shell; curl's own exit code tells failures."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = tmp_path / "kailenty-mock"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m mock_server "$@"\n')
    command.chmod(0o755)
    with start() as mock:
        here = block.replace(":8080", f":{mock.url.rsplit(':', 1)[1]}")
        refusal = "curl -i" in block
        here = here.replace("curl ", "curl --silent --show-error " + ("" if refusal else "--fail-with-body "))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", here],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(README.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    if refusal:
        assert "x-mock-rule: ROLE-01" in done.stdout


def test_the_references_line_works_when_its_deadline_is_ahead() -> None:
    """D-15: the body of the reference's curl, in the summer it was written for."""
    body = {
        "allowMultipleBookings": True,
        "publicLinkValue": "product/demo",
        "requiredAttendees": [{"type": "users", "userIds": ["usr_ada"]}],
        "candidates": [],
        "voteDeadlineAt": "2026-07-01T00:00:00.000Z",
        "meeting": {"meetingDurationMinutes": 30, "title": "Product demo"},
    }
    with start("--clock", "2026-06-01T08:00:00Z") as mock:
        answer = mock.with_({"X-API-Key": "kly_acme_ada_test_key"}).post("/invites", body)
    assert answer.status_code == 201, answer.text


def test_every_option_stands_in_the_readme() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "mock_server", "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(README.parent), "COLUMNS": "200"},
    ).stdout
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", shown, re.MULTILINE)) - {"--help"}
    listed = set(re.findall(r"^\| `(--[a-z-]+)", README.read_text(), re.MULTILINE))
    assert options == listed
