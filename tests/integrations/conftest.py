"""A mock that the integrations' tests share, and runs of pytest with the plugin."""

import sys
from collections.abc import Iterator

import pytest

from tests.integrations.running import ROOT, Run
from tests.mock_server.running import serving


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Give the address of the worker's mock."""
    with serving() as url:
        yield url


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine's, no other plugin, and a way to the mock for processes in other folders."""
    for name in ("KAILENTY_MOCK_URL", "KAILENTY_MOCK_COMMAND", "KAILENTY_MOCK_CONTROL_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'integrations/pytest'}")


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Give a function that runs pytest with the plugin, and xdist if need be, on a test file's text."""

    def run(test: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test)
        xdist = ("-p", "xdist") if "-n" in options else ()
        return pytester.runpytest("-p", "pytest_kailenty.plugin", "-p", "no:cacheprovider", *xdist, *options)

    return run


@pytest.fixture
def command() -> str:
    """Give the command that starts the mock of this repository."""
    return f"{sys.executable} -m mock_server"
