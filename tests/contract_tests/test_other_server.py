"""The checks do not lean on the mock: a server that shares no line with it passes those that apply to it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from contract_tests.plugin import ENVIRONMENT
from contract_tests.settings import Settings
from tests.contract_tests.other_server import KEYS, other_server

ROOT = Path(__file__).parents[2]

# Of its one resource: the laws of its list, and the cells of the matrix that need no other resource.
APPLIES = "listLabels and (admin or manager)"


def run(url: str, tests: str, which: str) -> str:
    """What pytest says of some of the suite's tests against a server."""
    credentials = {role: f"X-API-Key: {key}" for key, role in KEYS.items()}
    settings = Settings(target=url, credentials=credentials, allow_writes=True, write_hosts=("127.0.0.1",))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "contract_tests" / tests)]
    return subprocess.run(
        [*command, "-k", which],
        env={**os.environ, "PYTHONPATH": str(ROOT), ENVIRONMENT: settings.dumps()},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_the_laws_hold_of_another_servers_list() -> None:
    with other_server() as url:
        said = run(url, "test_laws.py", APPLIES)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error|skipped)", said)}
    assert counts.get("passed", 0) >= 16, said
    assert not counts.keys() & {"failed", "error"}, said


def test_its_roles_and_credentials_pass_the_matrix() -> None:
    """ROLE-01, ROLE-02, AUTH-01, AUTH-06; what needs another resource or workspace is not verified."""
    with other_server() as url:
        said = run(
            url, "test_matrix.py", "(listLabels or createLabel or deleteLabel) and (cell or nobody or credential)"
        )
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error|skipped)", said)}
    assert counts.get("passed", 0) >= 12, said
    assert not counts.keys() & {"failed", "error"}, said


def test_a_broken_one_is_caught() -> None:
    """The same server, its pages one row short."""
    from tests.contract_tests import other_server as module

    whole = module.Handler._page
    module.Handler._page = (
        lambda self, query: {  # type: ignore[method-assign]
            name: value[:-1] if name == "items" else value for name, value in whole(self, query).items()
        }
    )
    try:
        with other_server() as url:
            said = run(url, "test_laws.py", f"{APPLIES} and pages")
    finally:
        module.Handler._page = whole  # type: ignore[method-assign]
    assert "PAGE-" in said
    assert "2 failed" in said, said
