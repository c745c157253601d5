"""The client of openapi-python-client: it imports, it is typed, and it gets from an invite to a meeting."""

import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from openapi import load_app_api
from tests.mock_server.running import Mock
from tests.openapi.node import missing, run

HERE = Path(__file__).parent


@pytest.fixture
def journey(python_client: Path) -> ModuleType:
    """Give `journey.py`, which needs the generated package."""
    return importlib.import_module("tests.clients.journey")


@pytest.fixture
def admin(journey: ModuleType, mock: Mock) -> Iterator[Any]:
    """Give a client with an admin's API key."""
    with journey.connect(mock.url, mock.personas["usr_ada"]["apiKey"]) as client:
        yield client


def test_every_module_imports(python_client: Path) -> None:
    package = importlib.import_module("kailenty_client")
    assert Path(str(package.__file__)).is_relative_to(python_client)
    names = [module.name for module in pkgutil.walk_packages(package.__path__, "kailenty_client.")]
    for name in names:
        importlib.import_module(name)
    functions = {name.rpartition(".")[2] for name in names if ".api." in name}
    assert {_snake(operation) for operation in load_app_api().operations} <= functions


def test_client_and_journey_are_typed(python_client: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("mypy") is None:
        missing("mypy (PyPI)")
    # The generator's own template of client.py takes `*args: object` where httpx wants exceptions.
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nstrict = True\n[mypy-kailenty_client.client]\nignore_errors = True\n")
    checked = run(
        *(sys.executable, "-m", "mypy", "--config-file", config, "--cache-dir", tmp_path / "cache"),
        *("kailenty_client", HERE / "journey.py"),
        cwd=python_client,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_from_an_invite_to_a_meeting(journey: ModuleType, admin: Any, mock: Mock) -> None:
    meeting = journey.invite_to_meeting(admin, datetime.now(UTC), mock.book)
    assert meeting.outlook_event_id
    assert meeting.teams_join_url


def test_errors_are_typed(journey: ModuleType, admin: Any, mock: Mock) -> None:
    with journey.connect(mock.url, "kly_unknown") as stranger:
        journey.errors_are_typed(admin, stranger, datetime.now(UTC))


def test_roles_are_typed(journey: ModuleType, mock: Mock) -> None:
    from kailenty_client import AuthenticatedClient

    with AuthenticatedClient(base_url=f"{mock.url}/api/v1/app", token=mock.personas["usr_alan"]["token"]) as regular:
        journey.roles_are_typed(regular)


def test_several_values_of_a_parameter(journey: ModuleType, admin: Any) -> None:
    journey.several_sort_keys_and_ids(admin)


def test_document_can_be_fetched_without_a_credential(python_client: Path, mock: Mock) -> None:
    from kailenty_client import Client
    from kailenty_client.api.contract import get_open_api_document

    with Client(base_url=f"{mock.url}/api/v1/app") as client:
        document = get_open_api_document.sync(client=client)
    assert document.openapi.startswith("3.1.")
    assert document.info.title == "kailenty App API"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
