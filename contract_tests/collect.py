"""Which tests there are, and which rules each looks at."""

import pytest

from contract_tests.outcomes import SetUpFailed
from contract_tests.plugin import HERE
from contract_tests.session import call_pytest


class _Collected:
    def __init__(self) -> None:
        self.tests: list[tuple[str, tuple[str, ...]]] = []
        self.problem = ""

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problem = str(report.longrepr).strip().splitlines()[-1]

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            rules = (str(rule) for mark in item.iter_markers("verifies") for rule in mark.args)
            self.tests.append((item.nodeid, tuple(rules)))


def collect() -> list[tuple[str, tuple[str, ...]]]:
    """The id and the rules of every test. Raises SetUpFailed."""
    found = _Collected()
    call_pytest("--collect-only", str(HERE), plugin=found, given={})
    if found.problem:
        raise SetUpFailed(found.problem)
    return found.tests
