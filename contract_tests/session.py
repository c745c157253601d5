"""pytest on the suite's own tests, whatever else is installed or set around it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract_tests.plugin import HERE

# Where Hypothesis keeps its tables of Unicode, which take seconds to make: not in the folder that the command is called
# in, and for later runs too. It works without them where they cannot be written.
_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "kailenty-contract" / "hypothesis"


def call_pytest(*arguments: str, plugin: object, given: Mapping[str, str]) -> int:
    """Call pytest with a plugin and what is `given` in the environment; what it came to."""
    own = ["-c", str(HERE / "pytest.ini"), "--rootdir", str(HERE), "-p", "no:terminal"]
    apart = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        _STORAGE: os.environ.get(_STORAGE) or str(_CACHE),
    }
    with _environment({**apart, **given}):
        return pytest.main([*own, *arguments], plugins=[plugin])


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
