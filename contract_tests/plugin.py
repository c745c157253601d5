"""The pytest plugin that turns tests into outcomes, in each process, and gathers them in the first.

A test names its rules with `@verifies("PAGE-02", ...)`. NotVerified becomes a skip with its reason, Broken a failure,
and anything else an error of the suite: "the suite broke" is never "the server failed".
"""

import os
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pytest

from contract_tests.outcomes import Broken, Finding, NotVerified, Outcome, SetUpFailed, Step, Verdict
from contract_tests.settings import Settings
from contract_tests.target import Target, opened

ENVIRONMENT = "KAILENTY_CONTRACT_RUN"
_PROPERTY = "kailenty-outcome"


def verifies(*rules: str) -> pytest.MarkDecorator:
    """Mark a test with the rules that it verifies."""
    return pytest.mark.verifies(*rules)


def run_settings() -> Settings:
    """The settings of the present run, the defaults where none were given."""
    text = os.environ.get(ENVIRONMENT)
    return Settings.loads(text) if text else Settings()


class Gathered:
    """The outcomes of a run, in the process that started it."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.stop = ""

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a test's outcome from its report, whichever process ran it."""
        for name, value in report.user_properties:
            if name == _PROPERTY and report.when == "teardown":
                self.outcomes.append(load_outcome(orjson.loads(str(value))))


def load_outcome(fields: dict[str, Any]) -> Outcome:
    """An outcome from its JSON form."""
    finding = fields["finding"]
    if finding is not None:
        steps = tuple(Step(**step) for step in finding["steps"])
        finding = Finding(**{**finding, "steps": steps})
    return Outcome(
        **{**fields, "rules": tuple(fields["rules"]), "verdict": Verdict(fields["verdict"]), "finding": finding}
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "verifies(*rules): the rules of openapi/rules.yaml that a test verifies")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the rules asked for."""
    wanted = set(run_settings().rules)
    if wanted:
        kept = [item for item in items if wanted & set(_rules(item))]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


@pytest.fixture(scope="session")
def opened_target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """The process's own way to the target."""
    share = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    with opened(run_settings(), share=share) as target:
        yield target


@pytest.fixture
def target(opened_target: Target) -> Target:
    """The target; its `steps` are the present test's."""
    opened_target.transport.steps.clear()
    return opened_target


def _rules(item: pytest.Item) -> tuple[str, ...]:
    return tuple(str(rule) for mark in item.iter_markers("verifies") for rule in mark.args)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what a test raised into an outcome, and the report into what pytest shows of it."""
    report = yield
    if (rules := _rules(item)) and (call.when == "call" or call.excinfo is not None):
        outcome = _outcome(item, rules, call)
        item.user_properties[:] = [(_PROPERTY, orjson.dumps(asdict(outcome)).decode())]
        if outcome.verdict is Verdict.NOT_VERIFIED:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {outcome.reason}")
        elif outcome.finding is not None:
            report.longrepr = f"{outcome.finding.rule}: expected {outcome.finding.expected}\n{outcome.finding.actual}"
    report.user_properties = list(item.user_properties)
    return report


def _outcome(item: pytest.Item, rules: tuple[str, ...], call: pytest.CallInfo[None]) -> Outcome:
    params = getattr(item, "callspec", None)
    operation = params.params.get("operation") if params is not None else None
    name = getattr(operation, "operation_id", operation)
    verdict, reason, finding = _judged(None if call.excinfo is None else call.excinfo.value)
    return Outcome(item.nodeid, rules, name, verdict, reason, finding, seconds=call.duration)


def _judged(error: BaseException | None) -> tuple[Verdict, str, Finding | None]:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    match error:
        case None:
            return Verdict.PASSED, "", None
        case Broken(finding=finding):
            return Verdict.FAILED, "", finding
        case NotVerified():
            return Verdict.NOT_VERIFIED, str(error), None
        case SetUpFailed():
            return Verdict.ERROR, str(error), None
    return Verdict.ERROR, f"{type(error).__name__}: {error}", None


HERE = Path(__file__).parent
