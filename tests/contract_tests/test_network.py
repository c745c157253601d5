"""A bad network, an expired credential, a login page: none of it is the server's fault, and nothing is forgotten."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract_tests.network import Asked, between
from tests.contract_tests.workspace import Workspace, contract, token, workspace

# It asks for as much however many rows there are.
READS = "PAGE-07"
WRITES = "LBL"


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with workspace(tmp_path_factory.mktemp("worlds")) as begun:
        yield begun


def each(number: int, spoilt: Callable[[Asked], object]) -> Callable[[Asked], object]:
    """Spoil each n-th request."""
    return lambda asked: spoilt(asked) if asked.number % number == number - 1 else asked.passed_on()


def after(number: int, spoilt: Callable[[Asked], object]) -> Callable[[Asked], object]:
    """Spoil every request after so many."""
    return lambda asked: spoilt(asked) if asked.number >= number else asked.passed_on()


def results(folder: Path) -> dict[str, Any]:
    """What a run said as JSON."""
    content: dict[str, Any] = json.loads((folder / "out" / "results.json").read_text())
    return content


def written(folder: Path, *said: str) -> str:
    """All that a run wrote and said."""
    return "".join([*said, *(path.read_text() for path in folder.rglob("*") if path.is_file())])


def marked(staging: Workspace) -> set[str]:
    """The rows of runs that the admin sees."""
    found = staging.ask("GET", "/labels?pageSize=100")["items"]
    for path in ("/invites?includeSubInvites=true&sort=createdAt:desc", *(
        f"/meetings?from={year}-01-01T00:00:00Z&to={year + 1}-01-01T00:00:00Z" for year in range(2026, 2036)
    )):  # fmt: skip
        found += staging.ask("GET", f"{path}&pageSize=100")["items"]
    return {row["id"] for row in found if "[ct-" in json.dumps(row)}


def test_a_rate_limit_is_honoured(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path)
    limited: list[int] = []
    spoil = each(40, lambda asked: (limited.append(asked.number), asked.limited()))
    with between(staging, spoil) as (url, _):
        done = contract(
            tmp_path, "run", "--target", url, "--rules", READS, "--out", "out",
            given=staging.environment,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(limited) > 2
    assert not results(tmp_path)["failures"]
    assert not any("429" in reason for reason in results(tmp_path)["notVerified"])


def test_slow_answers_are_waited_for(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path)
    with between(staging, each(40, lambda asked: asked.late(0.5))) as (url, numbers):
        done = contract(tmp_path, "run", "--target", url, "--rules", READS, "--timeout", "5", given=staging.environment)
        assert done.returncode == 0, done.stdout + done.stderr
        assert next(numbers) > 100


@pytest.mark.parametrize("how", [Asked.lost_behind_a_page, Asked.lost], ids=["pages", "resets"])
def test_lost_answers_are_no_failures_of_the_server(
    staging: Workspace, tmp_path: Path, how: Callable[[Asked], object]
) -> None:
    staging.config(tmp_path, writes=True)
    before = marked(staging)
    with between(staging, each(25, how)) as (url, _):
        done = contract(tmp_path, "run", "--target", url, "--rules", WRITES, "--out", "out", given=staging.environment)
        swept = contract(tmp_path, "sweep", "--target", url, given=staging.environment)
    assert not results(tmp_path)["failures"], done.stdout + done.stderr
    # A test that writes is tried once more; where that fails too, the suite says that it failed.
    assert done.returncode in (0, 2), done.stdout + done.stderr
    assert "passed the second time; before: ConnectionError" in done.stdout
    left = {line.split()[2] for line in swept.stdout.splitlines() if line.startswith("  left  ")}
    assert marked(staging) - before <= left, swept.stdout + swept.stderr
    assert not any(row_id.startswith("lbl") for row_id in marked(staging))


def test_a_server_that_is_gone_ends_the_run(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path)
    with between(staging, after(60, Asked.lost)) as (url, _):
        done = contract(tmp_path, "run", "--target", url, "--rules", "PAGE-01", given=staging.environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "requests in a row" in done.stdout


def test_a_credential_that_expires_ends_the_run(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path, writes=True)
    good = staging.environment["KAILENTY_CONTRACT_USER"].partition(":")[2]
    old = token(staging.world, staging.user, "--flaw", "expired")

    def expired(asked: Asked) -> None:
        if good in asked.headers.get("Authorization", ""):
            asked.headers.replace_header("Authorization", f"Bearer {old}")
        asked.passed_on()

    with between(staging, after(20, expired)) as (url, _):
        done = contract(
            tmp_path, "run", "--target", url, "--rules", WRITES, "--out", "out", given=staging.environment
        )  # fmt: skip
    assert done.returncode == 2, done.stdout + done.stderr
    assert "the run was stopped: the credential of user is refused with 401" in done.stdout
    assert not results(tmp_path)["failures"]
    assert "  label " not in done.stdout


@pytest.mark.parametrize(
    ("status", "told"),
    [(302, "redirects to https://login.example.com/?was=$"), (200, 'with an HTML page titled "Sign in, $')],
)
def test_a_login_page_in_between_ends_the_run_and_tells_no_secret(
    staging: Workspace, tmp_path: Path, status: int, told: str
) -> None:
    staging.config(tmp_path, writes=True)

    def login(asked: Asked) -> None:
        given = asked.headers.get("Authorization")
        if given is None:
            asked.passed_on()
            return
        headers = {"Location": f"https://login.example.com/?was={given}", "Content-Type": "text/html"}
        asked.told(status, headers, f"<html><title>Sign in, {given}</title></html>".encode())

    with between(staging, after(20, login)) as (url, _):
        record = ("--record", "record.jsonl", "--out", "out")
        done = contract(tmp_path, "run", "--target", url, "--rules", WRITES, *record, given=staging.environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert told in done.stdout
    assert not results(tmp_path)["failures"]
    everything = written(tmp_path, done.stdout, done.stderr)
    assert not any(secret in everything for secret in staging.secrets)
