"""What comes in with Connexion."""

import subprocess
import sys


def run(code: str) -> None:
    """Run code in an interpreter of its own, where any warning is an error."""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_no_http_client_comes_in_with_the_mock() -> None:
    """They were a quarter of the start-up, and nobody asks them anything."""
    run("import sys, mock_server.app; assert not {'httpx', 'requests', 'starlette.testclient'} & sys.modules.keys()")


def test_who_wants_a_client_later_gets_the_real_one() -> None:
    run("import mock_server.app, httpx, requests; httpx.Client(); requests.Session()")
