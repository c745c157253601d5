"""The lines of the README, and of the pages behind it, do what it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mock_server.running import start

README = Path(__file__).parent.parent / "README.md"
PAGES = [README, *sorted(README.parent.glob("docs/*.md"))]
# A block to run, and the output shown below it, if any.
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```\n(?:\n```\n(.*?)```)?", re.DOTALL)
BLOCKS = [
    pytest.param(block[1], block[2] or "", id=f"{page.name}:{block[1].splitlines()[0][:40]}")
    for page in PAGES
    for block in BLOCK.finditer(page.read_text())
]


@pytest.mark.parametrize(("block", "shown"), BLOCKS)
def test_lines_run_and_succeed(block: str, shown: str, tmp_path: Path) -> None:
    """Each block is run as it stands, but for the port, by a shell; curl's own exit code tells failures.

    Where curl shows a refusal's head, it has the headers that the page shows.
    """
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
    headers = re.findall(r"^[a-z-]+: .*", shown, re.MULTILINE)
    assert bool(headers) is refusal
    assert set(headers) <= set(done.stdout.replace("\r", "").splitlines())


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
