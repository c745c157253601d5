"""The generated clients, and a mock for them to call."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mock_server.running import Mock, start
from tests.openapi.node import ROOT, missing, node_modules, run

__all__ = ["node_modules"]


@pytest.fixture(scope="session")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder of the generated package `kailenty_client`, which can be imported meanwhile."""
    if importlib.util.find_spec("openapi_python_client") is None:
        missing("openapi-python-client (PyPI)")
    folder = tmp_path_factory.mktemp("python-client")
    (folder / "config.yaml").write_text("post_hooks: []\n")
    generated = run(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"),
        *("--path", ROOT / "openapi" / "app-api.yaml", "--config", folder / "config.yaml"),
        *("--output-path", folder / "kailenty_client"),
    )
    assert generated.returncode == 0, generated.stdout + generated.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield folder


@pytest.fixture(scope="session")
def running() -> Iterator[Mock]:
    """Give the worker's mock, which checks each of its answers against the contract."""
    with start("--validate-responses") as mock:
        yield mock


@pytest.fixture
def mock(running: Mock) -> Mock:
    """Give the mock as it was when it started."""
    running.reset()
    return running
