"""The table: every value with its ratio to the mock, and `error` where a number is missing."""

from typing import Any

import pytest

from bench.compare import Outcome, Plan
from bench.document import Contract, Operation
from bench.load import Sample
from bench.report import errors, markdown, ratios, results, table
from bench.server import Server
from bench.servers import Mock, Prism

GET = Operation("get", "GET one invite", "GET", "/invites/inv_1")
PLAN = Plan(rounds=1, seconds=1, warm_up=0, connections=(1,), operations=(GET,))
CONTRACT = Contract({}, "inv_1", {}, None, None, None)


@pytest.fixture(autouse=True)
def _known_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    for server in (Mock, Prism):
        monkeypatch.setattr(server, "version", lambda _self: "1.0")


def outcome(server: type[Server], speed: float, **more: Any) -> Outcome:
    sample = Sample(requests_per_second=speed, p50_ms=0.5, p99_ms=2.25)
    return Outcome(server(CONTRACT), samples={("get", 1): [sample]}, **more)


def test_ratios_are_to_the_mock() -> None:
    assert ratios({"mock": 4000.0, "prism": 1000.0}, "{:,.0f}") == ["4,000", "1,000 (0.25x)"]


def test_without_the_mock_there_is_no_ratio() -> None:
    assert ratios({"prism": 1000.0}, "{:,.0f}") == ["1,000"]


def test_a_missing_number_is_an_error_and_no_basis() -> None:
    assert ratios({"mock": None, "prism": 1000.0}, "{:,.0f}") == ["error", "1,000"]


def test_markdown_is_aligned() -> None:
    assert markdown([["", "a"], ["row", "1,000"]]) == "|     | a     |\n|-----|-------|\n| row | 1,000 |"


def test_the_table_shows_speed_latency_and_abilities() -> None:
    able = {"validates": "yes (400)", "credential": "no", "role": "no", "state": "no"}
    lines = table([outcome(Mock, 4000), outcome(Prism, 1000, abilities=able)], PLAN).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert ["GET one invite, 1 conn.: requests/s", "4,000", "1,000 (0.25x)"] in cells
    assert ["GET one invite, 1 conn.: p50 / p99 ms", "0.50 / 2.25", "0.50 / 2.25"] in cells
    assert ["validates requests", "?", "yes (400)"] in cells
    assert ["memory after load, MB", "error", "error"] in cells


def test_one_failed_round_voids_the_cell() -> None:
    failed = outcome(Prism, 1000, failures={("get", 1): "failed requests: 3 status"})
    assert "error" in table([outcome(Mock, 4000), failed], PLAN).splitlines()[2]
    assert errors([failed]) == ["Prism, get at 1: failed requests: 3 status"]
    assert not failed.complete
    data = results([failed], PLAN, "python -m bench peers")["servers"]["prism"]
    assert data["operations"]["get"]["1"]["median"] is None
