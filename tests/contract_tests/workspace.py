"""A mock that stands for a real workspace: a process of its own, other data, another host, no control API."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from contract_tests.transport import reachable
from fixtures import World, dump_world, generate_world

ROOT = Path(__file__).parent.parent.parent
BASE = "/api/v1/app"
SUFFIX = "staging.localhost"
CONTROL_TOKEN = "not-for-the-suite"

# One for all requests: each client reads the certificates anew.
_client = httpx.Client(timeout=30)


@dataclass(frozen=True)
class Workspace:
    """Where the workspace is, and the variables that a run needs for it."""

    url: str
    rival_url: str
    host: str
    port: int
    environment: Mapping[str, str]
    secrets: tuple[str, ...]
    world: Path
    admin: str
    user: str

    def config(self, folder: Path, *, writes: bool = False, extra: str = "") -> Path:
        """A file of settings."""
        hosts = [self.host, self.host.replace("north", "south")] if writes else []
        path = folder / "contract.toml"
        path.write_text(
            f'target = "{self.url}"\nwrite-hosts = {hosts!r}\nallow-writes = {str(writes).lower()}\n{extra}'
        )
        return path

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The data of an answer to the admin."""
        key = self.environment["KAILENTY_CONTRACT_ADMIN"].partition(":")[2]
        url, host = reachable(f"{self.url}{BASE}{path}")
        answer = _client.request(method, url, headers={"X-API-Key": key, **host}, json=body)
        return answer.raise_for_status().json()["data"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The data of an answer of the mock's control API, which the suite cannot use."""
        url, host = reachable(f"{self.url}/_mock{path}")
        headers = {"Authorization": f"Bearer {CONTROL_TOKEN}", **host}
        answer = _client.request(method, url, headers=headers, json=body).raise_for_status()
        return answer.json()["data"] if answer.content else None


@contextmanager
def workspace(folder: Path, *options: str) -> Iterator[Workspace]:
    """Serve the worlds north and south, generated, until the end."""
    north = generate_world("north", users=14, invites=25, meetings=25, labels=5, seed=3)
    south = generate_world("south", users=4, invites=5, meetings=5, labels=2, seed=4)
    files = [_written(folder, world) for world in (north, south)]
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--no-access-log", "--no-banner"]
    command += ["--host-suffix", SUFFIX, "--control-token", CONTROL_TOKEN, *options]
    command += [part for file in files for part in ("--world", str(file))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    with process:
        try:
            line = process.stdout.readline()
            port = int(line.strip().removesuffix(BASE).rsplit(":", 1)[1])
            yield _described(port, north, south, files)
        finally:
            process.terminate()


def _written(folder: Path, world: World) -> Path:
    path = folder / f"{world.workspace}.json"
    path.write_bytes(dump_world(world, "json"))
    return path


def _described(port: int, north: World, south: World, files: list[Path]) -> Workspace:
    def found(world: World, role: str, number: int = 0) -> str:
        return [user.id for user in world.users if (user.role, user.status) == (role, "active")][number]

    admin = next(key.secret for key in north.api_keys if key.revoked_at is None)
    tokens = {
        "ADMIN": f"key:{admin}",
        "MANAGER": f"bearer:{token(files[0], found(north, 'manager'))}",
        "USER": f"bearer:{token(files[0], found(north, 'user'))}",
        "OTHER_USER": f"bearer:{token(files[0], found(north, 'user', 1))}",
        "RIVAL": f"bearer:{token(files[1], found(south, 'admin'))}",
    }
    rival_url = f"http://south.{SUFFIX}:{port}"
    return Workspace(
        url=f"http://north.{SUFFIX}:{port}",
        rival_url=rival_url,
        host=f"north.{SUFFIX}",
        port=port,
        environment={**{f"KAILENTY_CONTRACT_{name}": value for name, value in tokens.items()},
                     "KAILENTY_CONTRACT_RIVAL_URL": rival_url},
        secrets=tuple(value.partition(":")[2] for value in tokens.values()),
        world=files[0],
        admin=found(north, "admin"),
        user=found(north, "user"),
    )  # fmt: skip


def token(world: Path, user: str, *options: str) -> str:
    """A bearer token."""
    command = [sys.executable, "-m", "mock_server", "token", user, "--world", str(world), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


COMMAND = [sys.executable, "-c", "from contract_tests.cli import main; main()"]


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command, with nothing of the caller's settings."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("KAILENTY_")}
    return {**own, "PYTHONPATH": str(ROOT), **(given or {})}


def started(folder: Path, *arguments: str, given: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Begin `kailenty-contract` as the head of a group of processes."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(given),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(run: subprocess.Popen[bytes]) -> None:
    """End all processes of a run at once, as nothing can prevent."""
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def wait(ready: Callable[[], object], seconds: float = 60) -> None:
    """Until something is the case."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def contract(folder: Path, *arguments: str, given: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `kailenty-contract` to its end, in one process unless more are asked for: each takes seconds to begin."""
    alone = {"KAILENTY_CONTRACT_WORKERS": "0", **(given or {})}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(alone),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
