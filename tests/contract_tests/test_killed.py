"""A command that is killed can stop nothing itself, and still leaves no process behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.contract_tests.workspace import COMMAND, environment


@pytest.mark.parametrize(
    "arguments",
    [("run", "-n", "0"), ("run", "-n", "2"), ("prove", "--healthy", "1", "-n", "1")],
    ids=["run", "run with workers", "prove"],
)
def test_its_workers_and_mocks_end(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Soon, although each has work for half a minute."""
    command = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert _within(60, lambda: any("mock_server serve" in one for one in _processes(command.pid)))
        time.sleep(4)  # until that serves
        command.kill()
        command.wait()
        assert _within(15, lambda: not _processes(command.pid)), _processes(command.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(command.pid, signal.SIGKILL)
        command.wait()


def _processes(session: int) -> list[str]:
    """The commands that run in a session."""
    listed = subprocess.run(["ps", "-A", "-o", "sess=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if line.split()[0] == str(session)]


def _within(seconds: float, so: Callable[[], bool]) -> bool:
    """Whether it comes to be so."""
    end = time.monotonic() + seconds
    while not so():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
