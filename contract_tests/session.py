"""pytest on the suite's own tests, whatever else is installed or set around it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import pytest

from contract_tests.plugin import HERE

_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"


def call_pytest(*arguments: str, plugin: object, given: Mapping[str, str]) -> int:
    """Call pytest with a plugin and what is `given` in the environment; what it came to."""
    own = ["-c", str(HERE / "pytest.ini"), "--rootdir", str(HERE), "-p", "no:terminal"]
    apart = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        # Who calls may be one process of a pytest of their own; ours, where there are any, are told anew.
        "PYTEST_XDIST_WORKER_COUNT": "1",
        _STORAGE: os.environ.get(_STORAGE) or str(_storage()),
    }
    with _environment({**apart, **given}):
        return pytest.main([*own, *arguments], plugins=[plugin])


def _storage() -> Path:
    """Where Hypothesis keeps its tables of Unicode, which take seconds to make: the user's cache, for later runs too.

    Where that cannot be written, Hypothesis does without.
    """
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a container may run as somebody whom it does not know
        cache = Path(gettempdir())
    return cache / "kailenty-contract" / "hypothesis"


@contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
