"""The fixtures, and what pytest calls."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from pytest_kailenty.control import ControlError, public
from pytest_kailenty.mock import Mock
from pytest_kailenty.report import sections
from pytest_kailenty.server import CannotStart
from pytest_kailenty.settings import Settings, add_options, read
from pytest_kailenty.source import Source
from pytest_kailenty.world import World

_SETTINGS = pytest.StashKey[Settings]()
_SOURCE = pytest.StashKey[Source]()
_WORLDS = pytest.StashKey[list[World]]()

_MARKER = "kailenty(world, *, document, copy_of, seed, now, frozen): how the test's world is made, as Mock.create does"


@pytest.fixture(scope="session")
def kailenty_mock(pytestconfig: pytest.Config) -> Mock:
    """Give the run's mock, for worlds of a wider scope than a test's: `with kailenty_mock.world() as world`."""
    settings = pytestconfig.stash[_SETTINGS]
    try:
        return Mock(pytestconfig.stash[_SOURCE].url(), settings.control_token, settings.world)
    except (CannotStart, ControlError) as problem:
        raise pytest.fail.Exception(f"kailenty: {problem}", pytrace=False) from None


@pytest.fixture
def kailenty(request: pytest.FixtureRequest, kailenty_mock: Mock) -> Iterator[World]:
    """Give a world that is this test's alone."""
    marker = request.node.get_closest_marker("kailenty")
    how = ((), {}) if marker is None else (marker.args, marker.kwargs)
    yield from _lent(request, kailenty_mock, *how)


@pytest.fixture
def kailenty_rival(request: pytest.FixtureRequest, kailenty_mock: Mock) -> Iterator[World]:
    """Give a second world, of another tenant: none of its rows and credentials are known in the first."""
    yield from _lent(request, kailenty_mock, ("globex",), {})


def _lent(
    request: pytest.FixtureRequest, mock: Mock, arguments: tuple[str, ...], options: dict[str, Any]
) -> Iterator[World]:
    try:
        world = mock.create(*arguments, **options)
    except ControlError as problem:
        raise pytest.fail.Exception(f"kailenty: {problem}", pytrace=False) from None
    request.node.stash.setdefault(_WORLDS, []).append(world)
    yield world
    world.delete()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings, and be ready to start the mock."""
    config.addinivalue_line("markers", _MARKER)
    settings = config.stash[_SETTINGS] = read(config)
    config.stash[_SOURCE] = Source(config, settings)


def pytest_report_header(config: pytest.Config) -> str:
    """Tell which mock the run uses."""
    settings = config.stash[_SETTINGS]
    mock = "a mock of this run" if settings.url is None else public(settings.url)
    return f"kailenty: {mock}, worlds like {settings.world}"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist the mock that all share."""
    node.config.stash[_SOURCE].tell(node.workerinput)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach to a failure what its worlds were asked, and keep their bundles."""
    report = yield
    if report.failed:
        lent = [world for first in item.stash.get(_WORLDS, []) for world in (first, *first.others)]
        living = [world for world in lent if not world.deleted]
        report.sections += sections(living, item.nodeid, item.config.stash[_SETTINGS].bundles)
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the mock that this process started."""
    if _SOURCE in config.stash:
        config.stash[_SOURCE].stop()
