"""A rehearsal of staging: the suite against a workspace that gives it nothing but credentials."""

import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.contract_tests.workspace import (
    COMMAND,
    Workspace,
    contract,
    environment,
    kill,
    started,
    token,
    wait,
    workspace,
)

# Rules that need no write, and little time.
SOME = "PAGE,SORT-01"


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with workspace(tmp_path_factory.mktemp("worlds")) as started:
        yield started


def rows(staging: Workspace) -> dict[str, Any]:
    """Everything that is there, as the admin sees it."""
    found = {}
    for path, query in (
        ("/invites", "includeSubInvites=true"),
        ("/labels", ""),
        ("/users", ""),
        *(("/meetings", f"from={year}-01-01T00:00:00.000Z&to={year + 1}-01-01T00:00:00.000Z") for year in years()),
    ):
        at = 0
        while True:
            data = staging.ask("GET", f"{path}?{query}&page={at}&pageSize=100".replace("?&", "?"))
            found |= {row["id"]: row for row in data["items"]}
            at += 1
            if at * 100 >= data["total"]:
                break
    return found


def years() -> range:
    """All that a request can name."""
    return range(2025, 2099)


def results(folder: Path) -> dict[str, Any]:
    """What a run said as JSON."""
    content: dict[str, Any] = json.loads((folder / "out" / "results.json").read_text())
    return content


def test_reading_leaves_everything_as_it_was(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path)
    before = rows(staging)
    done = contract(tmp_path, "run", "--rules", f"{SOME},LBL-02,ROLE-01", "--out", "out", given=staging.environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert rows(staging) == before
    assert "left behind: nothing" in done.stdout
    told = results(tmp_path)
    assert not told["failures"]
    assert any("writing needs --allow-writes" in reason for reason in told["notVerified"])


def test_writing_leaves_what_it_certifies_and_nothing_else(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path, writes=True)
    before = rows(staging)
    done = contract(tmp_path, "run", "-n", "auto", "--examples", "1", "--out", "out", given=staging.environment)
    assert done.returncode == 0, done.stdout + done.stderr
    told = results(tmp_path)
    assert not told["failures"]
    after = rows(staging)
    assert {row_id: after.get(row_id) for row_id in before} == before
    here = {line.split()[1] for line in told["left"] if line.endswith(staging.url.removeprefix("http://"))}
    assert after.keys() - before.keys() == here
    assert not any(line.startswith("label") for line in told["left"])
    for row_id in here:
        assert told["facts"]["run"] in json.dumps(after[row_id])


def test_what_a_killed_run_left_is_swept(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path, writes=True)
    before = rows(staging)
    run = started(tmp_path, "run", "--rules", "LBL,ROLE-02,MTG", given=staging.environment)
    ledger = tmp_path / ".kailenty-contract" / "ledger.jsonl"
    wait(lambda: ledger.exists() and ledger.read_text().count('"settled"') > 8)
    kill(run)
    # The last request may still be on its way through the server.
    time.sleep(1)
    # What only the ledger of intentions knows is found by its mark.
    swept = contract(tmp_path, "sweep", given=staging.environment)
    assert swept.returncode == 0, swept.stdout + swept.stderr
    new = rows(staging).keys() - before.keys()
    assert not any(row_id.startswith("lbl") for row_id in new)
    left = [line for line in swept.stdout.splitlines() if line.endswith(staging.url.removeprefix("http://"))]
    assert new == {line.split()[2] for line in left}
    again = contract(tmp_path, "sweep", given=staging.environment)
    assert "deleted: 0 rows" in again.stdout


def test_what_a_server_created_though_it_refused_is_swept(tmp_path: Path) -> None:
    with workspace(tmp_path, "--defect", "conflicting-label-created") as defective:
        defective.config(tmp_path, writes=True)
        done = contract(tmp_path, "run", "--rules", "LBL-02", given=defective.environment)
        assert "FAILED ERR-11" in done.stdout or "LBL-02" in done.stdout, done.stdout + done.stderr
        assert not any("[ct-" in label["name"] for label in defective.ask("GET", "/labels?pageSize=100")["items"])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_cleans_up(staging: Workspace, tmp_path: Path, how: signal.Signals) -> None:
    staging.config(tmp_path, writes=True)
    run = subprocess.Popen(
        [*COMMAND, "run", "--rules", "LBL,ROLE-02"],
        cwd=tmp_path,
        env=environment(staging.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    ledger = tmp_path / ".kailenty-contract" / "ledger.jsonl"
    wait(lambda: ledger.exists() and '"settled"' in ledger.read_text())
    run.send_signal(how)
    out, errors = run.communicate(timeout=60)
    assert run.returncode == 2, out + errors
    assert "stopped: interrupted" in out
    assert "Traceback" not in errors
    assert "left behind" in out
    assert "  label " not in out


def test_budgets_are_kept(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path)
    record = tmp_path / "requests.jsonl"
    done = contract(
        tmp_path, "run", "--rules", SOME, "--max-requests", "40", "--record", str(record), "--out", "out",
        given=staging.environment,
    )  # fmt: skip
    # The pre-flight's requests are beside the budget, one for each credential.
    assert len(record.read_text().splitlines()) <= 40 + 5
    assert any("budget of requests" in reason for reason in results(tmp_path)["notVerified"]), done.stdout


def test_a_rate_is_kept(staging: Workspace, tmp_path: Path) -> None:
    staging.config(tmp_path)
    record = tmp_path / "requests.jsonl"
    begun = time.monotonic()
    done = contract(
        tmp_path, "run", "--rules", "PAGE-07", "--rate", "40", "--record", str(record), given=staging.environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sent = len(record.read_text().splitlines())
    assert sent > 100
    assert time.monotonic() - begun > sent / 40 - 2


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def saying(status: int, headers: dict[str, str], body: bytes) -> Iterator[str]:
    """The URL of a server that says the same to everybody."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def refused(folder: Path, url: str, given: dict[str, str]) -> str:
    """The one line that a run is refused with."""
    done = contract(folder, "run", "--target", url, given=given)
    assert done.returncode == 2, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert not done.stdout
    return lines[0]


def test_a_dead_server_is_told(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert f"nothing answers at {url}" in refused(tmp_path, url, {})


def test_a_wrong_url_is_told(staging: Workspace, tmp_path: Path) -> None:
    with saying(404, {"Content-Type": "application/json"}, b'{"detail": "Not Found"}') as url:
        assert "is no kailenty App API: it answers 404" in refused(tmp_path, url, {})


def test_an_html_page_is_told(tmp_path: Path) -> None:
    page = b"<!doctype html><title>Corporate proxy: sign in</title>"
    with saying(200, {"Content-Type": "text/html"}, page) as url:
        line = refused(tmp_path, url, {})
    assert 'an HTML page titled "Corporate proxy: sign in"' in line


def test_a_redirect_is_told(tmp_path: Path) -> None:
    with saying(302, {"Location": "https://login.example.com/"}, b"") as url:
        assert "redirects to https://login.example.com/" in refused(tmp_path, url, {})


def test_an_expired_credential_is_told(staging: Workspace, tmp_path: Path) -> None:
    old = token(staging.world, staging.admin, "--flaw", "expired")
    line = refused(tmp_path, staging.url, {"KAILENTY_CONTRACT_ADMIN": f"bearer:{old}"})
    assert "the credential of admin is refused with 401: its token expired at" in line
    assert old not in line
