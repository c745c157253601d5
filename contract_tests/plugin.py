"""The pytest plugin that turns tests into outcomes, in each process, and gathers them in the first.

A test names its rules with `@verifies("PAGE-02", ...)`. NotVerified becomes a skip with its reason, Broken a failure,
and anything else an error of the suite: "the suite broke" is never "the server failed".
"""

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from contract_tests.outcomes import Broken, Finding, NotVerified, Outcome, SetUpFailed, Step, Verdict
from contract_tests.redaction import Redactor
from contract_tests.settings import Settings
from contract_tests.target import Target, opened
from contract_tests.transport import Transport

ENVIRONMENT = "KAILENTY_CONTRACT_RUN"
# A file that is there once the run is to end. Processes look for it before each test: xdist lets one that has tests
# left finish them all.
STOP_FILE = "KAILENTY_CONTRACT_STOP_FILE"
_PROPERTY = "kailenty-outcome"

# What a test noticed without failing; it stands as the reason of its outcome.
NOTES = pytest.StashKey[list[str]]()
_STOP = "kailenty-stop"
_CHECKED = pytest.StashKey[set[str]]()


def verifies(*rules: str) -> pytest.MarkDecorator:
    """Mark a test with the rules that it verifies."""
    return pytest.mark.verifies(*rules)


def run_settings() -> Settings:
    """The settings of the present run, the defaults where none were given."""
    text = os.environ.get(ENVIRONMENT)
    return Settings.loads(text) if text else Settings()


class Gathered:
    """The outcomes of a run, in the process that started it. `watch` is told of each, and of how many there will be."""

    def __init__(self, watch: Callable[["Gathered"], None] = lambda _: None) -> None:
        self.outcomes: list[Outcome] = []
        self.checked: set[str] = set()
        self.total = 0
        self.stop = ""
        self._watch = watch
        self._config: pytest.Config | None = None
        self._session: pytest.Session | None = None

    @pytest.hookimpl
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Know the session, to be able to stop it."""
        self._session = session
        self._config = session.config

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Know what there is to do, where one process does it all."""
        self.total = max(self.total, len(session.items))
        self.checked |= _checked(session)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """Know what there is to do, where processes share it."""
        self.total = len(ids)
        self._watch(self)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Learn from a process that ends which rules have checks."""
        self.checked |= set(getattr(node, "workeroutput", {}).get(_PROPERTY, ()))

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be imported is an error of the suite."""
        if report.failed:
            text = str(report.longrepr).strip().splitlines() or ["collection failed"]
            self.outcomes.append(Outcome(report.nodeid, (), None, Verdict.ERROR, text[-1]))

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a test's outcome from its report, whichever process ran it."""
        if report.when not in ("setup", "call", "teardown"):
            self.outcomes.append(Outcome(report.nodeid, (), None, Verdict.ERROR, "its process died"))
        for name, value in report.user_properties:
            if name == _PROPERTY and report.when == "teardown":
                self.outcomes.append(load_outcome(orjson.loads(str(value))))
                self._watch(self)
            elif name == _STOP and not self.stop:
                self.halt(str(value))
        if report.failed and self._config is not None and self._config.getoption("maxfail"):
            _end()

    def halt(self, reason: str) -> None:
        """Stop the session after what runs now."""
        self.stop = reason
        _end()
        processes = self._config.pluginmanager.getplugin("dsession") if self._config else None
        for runner in (self._session, processes):
            if runner is not None:
                runner.shouldstop = reason


def _end() -> None:
    if path := os.environ.get(STOP_FILE):
        Path(path).touch()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Begin no test once the run is to end."""
    path = os.environ.get(STOP_FILE)
    if path is None or not Path(path).exists():
        return None
    item.session.shouldstop = "the run is to end"
    return True


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


def _checked(session: pytest.Session) -> set[str]:
    return session.config.stash.get(_CHECKED, None) or set()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the first process which rules have checks."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output[_PROPERTY] = sorted(_checked(session))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the rules and the shard asked for."""
    config.stash[_CHECKED] = {rule for item in items for rule in _rules(item)}
    settings = run_settings()
    wanted = set(settings.rules)
    part, parts = settings.shard
    asked = [item for item in items if not wanted or wanted & set(_rules(item))]
    kept = asked[part - 1 :: parts]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = _dealt(kept, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


# Tests that take long to show what most others show at once.
_LAST = ("test_lifecycle.py", "test_shape.py")


def _dealt(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """Tests in an order in which failures show early: what takes long comes last in each process.

    xdist gives each process an equal stretch of the list. What takes long is not dealt out one by one: an operation's
    generated requests are made once in each process that has one of its tests.
    """
    quick = [item for item in items if item.path.name not in _LAST]
    slow = iter([item for name in _LAST for item in items if item.path.name == name])
    dealt: list[pytest.Item] = []
    for hand in range(processes):
        own = quick[hand::processes]
        share = (len(items) - len(dealt)) // (processes - hand)
        dealt += [*own, *islice(slow, max(0, share - len(own)))]
    return [*dealt, *slow]


@pytest.fixture(scope="session")
def opened_target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """The process's own way to the target."""
    share = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    with opened(run_settings(), share=share) as target:
        yield target


@pytest.fixture
def target(opened_target: Target) -> Target:
    """The target; its `steps` are the present test's. A mock has nothing in it that an earlier test wrote."""
    if opened_target.settings.is_mock and opened_target.transport.wrote:
        opened_target.reset()
    opened_target.transport.begin()
    return opened_target


def _rules(item: pytest.Item) -> tuple[str, ...]:
    return tuple(str(rule) for mark in item.iter_markers("verifies") for rule in mark.args)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what a test raised into an outcome, and the report into what pytest shows of it."""
    report = yield
    if call.when == "call" or call.excinfo is not None:
        outcome = _outcome(item, _rules(item), call)
        item.user_properties[:] = [(_PROPERTY, orjson.dumps(asdict(outcome)).decode())]
        if outcome.verdict is Verdict.NOT_VERIFIED:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {outcome.reason}")
        elif outcome.verdict is Verdict.ERROR and call.excinfo is not None and call.excinfo.errisinstance(SetUpFailed):
            item.user_properties.append((_STOP, outcome.reason))
        elif outcome.finding is not None:
            report.longrepr = f"{outcome.finding.rule}: expected {outcome.finding.expected}\n{outcome.finding.actual}"
    report.user_properties = list(item.user_properties)
    return report


def _outcome(item: pytest.Item, rules: tuple[str, ...], call: pytest.CallInfo[None]) -> Outcome:
    params = getattr(item, "callspec", None)
    operation = params.params.get("operation") if params is not None else None
    name = getattr(operation, "operation_id", operation)
    verdict, reason, finding = _judged(None if call.excinfo is None else call.excinfo.value)
    notes = item.stash.get(NOTES, [])
    reason = reason or "; ".join(notes)
    transport = _transport(item)
    outcome = Outcome(item.nodeid, rules, name, verdict, reason, finding, seconds=call.duration)
    redact = transport.redact if transport else Redactor(run_settings().credentials)
    told = load_outcome(redact(asdict(outcome)))
    return replace(told, requests=transport.sent_by_test if transport else 0)


def _transport(item: pytest.Item) -> Transport | None:
    target = getattr(item, "funcargs", {}).get("target")
    return target.transport if isinstance(target, Target) else None


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
