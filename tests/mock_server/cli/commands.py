"""Commands that end by themselves, and `serve`, which ends when it is told to."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click
import httpx
from click.testing import CliRunner, Result

from mock_server.cli import main
from tests.mock_server.running import API

COMMAND = [sys.executable, "-m", "mock_server"]
ADA_KEY = "kly_acme_ada_test_key"
WORLDS = ("acme", "globex")
GENERATE = ("world", "--users", "20", "--invites", "40")
CONTEXT = click.Context(main)
SUBCOMMANDS = {name: main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)}


def run(*arguments: str, **variables: str) -> Result:
    """A command that ends by itself, in this process: one of its own takes a second to import what it needs."""
    return CliRunner().invoke(main, arguments, prog_name="kailenty-mock", env=variables)


def output(*arguments: str) -> str:
    """What a command that succeeds prints; it says nothing on stderr."""
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def fails(*arguments: str, status: int = 2, **variables: str) -> str:
    """The one line in which a command says why it fails."""
    done = run(*arguments, **variables)
    return failure(done.exit_code, done.stdout, done.stderr, status)


def server_fails(*arguments: str, status: int = 2) -> str:
    """The one line in which a server says why it does not start."""
    done = subprocess.run([*COMMAND, "serve", *arguments], capture_output=True, text=True, timeout=60, check=False)
    return failure(done.returncode, done.stdout, done.stderr, status)


def failure(code: int, stdout: str, stderr: str, status: int) -> str:
    assert (code, stdout) == (status, ""), stderr
    *usage, line = stderr.splitlines()
    assert not usage or usage[0].startswith("Usage: "), stderr
    assert line.startswith("Error: "), stderr
    return line.removeprefix("Error: ")


@dataclass
class Served:
    """A server in a process: what it has said so far, and its base URL once it serves."""

    process: subprocess.Popen[str]
    url: str = ""
    banner: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=headers)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Stop it; its exit code, and how long it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(20), time.monotonic() - begun


@contextmanager
def served(*options: str, **variables: str) -> Iterator[Served]:
    """`serve` with a banner, on a free port unless the options say otherwise."""
    port = () if "--port" in options or "KAILENTY_MOCK_SERVE_PORT" in variables else ("--port", "0")
    process = subprocess.Popen(
        [*COMMAND, "serve", *port, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    one = Served(process)
    reader = threading.Thread(target=lambda stream: one.errors.extend(stream), args=(process.stderr,))
    with process:
        reader.start()
        try:
            for line in process.stdout:
                one.banner.append(line.rstrip("\n"))
                if line.startswith("Stop with Ctrl-C") or ("--no-banner" in options and line.startswith("console")):
                    break
            assert one.banner, "it did not start"
            one.url = one.banner[0].split(" at ")[1].removesuffix(API)
            yield one
        finally:
            process.kill()
            process.wait()
            reader.join()


def told(one: Served, number: int) -> list[str]:
    """The first lines on stderr, once there are so many."""
    until = time.monotonic() + 20
    while len(one.errors) < number and time.monotonic() < until:
        time.sleep(0.01)
    return one.errors
