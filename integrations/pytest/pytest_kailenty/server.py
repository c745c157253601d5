"""A mock of the run's own: the command is found, started on a free port, and stopped."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

NAME = "kailenty-mock"

# Where `uv tool install` and `pipx install` put commands; not every PATH has these.
_TOOLS = ("UV_TOOL_BIN_DIR", "PIPX_BIN_DIR", "XDG_BIN_HOME")

# `--until-stdin-closes`: where this process is killed and cannot stop it, the mock ends with the pipe that they share.
_OPTIONS = ["--host", "127.0.0.1", "--port", "0", "--no-banner", "--no-access-log", "--until-stdin-closes"]

_ADDRESS = re.compile(rb"^kailenty mock at http://\S+:(\d+)/", re.MULTILINE)

# In seconds: it takes one or two, longer on a machine that is busy with many tests.
_START, _STOP, _LOOK = 60, 5, 0.01


class CannotStart(Exception):  # noqa: N818 - it says what is the case
    """There is no mock, and its one line says why."""


def find(named: str | None) -> list[str]:
    """The command and its arguments: as named, or `kailenty-mock` from where commands are. Raises CannotStart."""
    command, *arguments = shlex.split(named or "") or [NAME]
    folders = [os.environ.get(name) for name in ("PATH", *_TOOLS)] + [str(Path.home() / ".local/bin")]
    found = shutil.which(command, path=os.pathsep.join(filter(None, folders)))
    if found is None:
        raise CannotStart(
            f"{command} is neither on PATH nor where uv and pipx install tools: install the kailenty contract suite "
            "with one of these, name its command with --kailenty-command, or a running mock with --kailenty-url"
        )
    return [found, *arguments]


@contextmanager
def serving(command: Sequence[str], options: Sequence[str] = ()) -> Iterator[str]:
    """Start the mock, give its address once it serves, and stop it at the end. Raises CannotStart."""
    started = [*command, "serve", *_OPTIONS, *options]
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                started,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(),
                # Ctrl-C is for the tests, which then still delete their worlds.
                start_new_session=True,
            )
        except OSError as error:
            raise CannotStart(f"{shlex.join(started)}: {error.strerror}") from None
        with process:
            try:
                yield f"http://127.0.0.1:{_port(process, output.fileno(), shlex.join(started))}"
            finally:
                _stop(process)


def _port(process: subprocess.Popen[bytes], output: int, shown: str) -> int:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        ended = process.poll()
        # Not from where the file stands, which the process shares.
        said = os.pread(output, 65_536, 0)
        if found := _ADDRESS.search(said):
            return int(found[1])
        if ended is not None:
            last = said.decode(errors="replace").strip().rpartition("\n")[-1]
            raise CannotStart(f"{shown} ended with {ended}: {last}")
        time.sleep(_LOOK)
    raise CannotStart(f"{shown} does not serve after {_START} seconds")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    """This process's, without a shell's own options for `serve`: a run must not depend on them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KAILENTY_MOCK_SERVE_")}
