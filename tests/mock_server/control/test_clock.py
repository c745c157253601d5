"""The clock, set and moved over HTTP."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.mock_server.control.calling import START, send
from tests.mock_server.running import Mock, ok, refused


def clock(mock: Mock, **body: Any) -> tuple[str, bool]:
    data = mock.control("PUT", "/clock", body)
    return data["now"], data["frozen"]


def test_the_clock_is_set_moved_and_stopped(mock: Mock) -> None:
    assert clock(mock, advanceSeconds=90) == ("2030-05-15T10:01:30.000Z", True)
    assert clock(mock, advanceSeconds=-3690) == ("2030-05-15T09:00:00.000Z", True)
    assert clock(mock, now="2031-01-01T00:00:00+00:00") == ("2031-01-01T00:00:00.000Z", True)
    assert clock(mock, now="2031-01-01T00:00:00.1239Z", frozen=True) == ("2031-01-01T00:00:00.123Z", True)
    assert clock(mock, frozen=True) == ("2031-01-01T00:00:00.123Z", True)
    assert clock(mock, now="2000-01-01T00:00:00Z") == ("2000-01-01T00:00:00.000Z", True)
    assert clock(mock, now="2099-12-31T23:59:59.999Z") == ("2099-12-31T23:59:59.999Z", True)


def test_the_clock_runs_and_is_frozen_where_it_is(mock: Mock) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text)

    resumed, frozen = clock(mock, frozen=False)
    assert (moment(resumed) - moment(START) < timedelta(seconds=60), frozen) == (True, False)
    times = [moment(mock.control("GET", "/clock")["now"]) for _ in range(20)]
    assert times == sorted(times)
    assert times[-1] > moment(resumed)
    moved, _ = clock(mock, advanceSeconds=86_400)
    assert timedelta(days=1) <= moment(moved) - times[-1] < timedelta(days=1, seconds=60)
    stopped, frozen = clock(mock, frozen=True)
    assert frozen
    assert [mock.control("GET", "/clock")["now"] for _ in range(3)] == [stopped] * 3


def test_the_clock_decides_what_the_api_answers(mock: Mock) -> None:
    """INV-08: there and back."""
    ada = mock.as_("usr_ada")
    assert ok(ada.get("/invites/inv_active"))["status"] == "active"
    clock(mock, advanceSeconds=25 * 86_400)
    assert ok(ada.get("/invites/inv_active"))["status"] == "expired"
    clock(mock, advanceSeconds=-25 * 86_400)
    assert ok(ada.get("/invites/inv_active"))["status"] == "active"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "The body is empty"),
        ({"now": START, "advanceSeconds": 1}, "/advanceSeconds cannot be given together with now"),
        ({"now": "1999-12-31T23:59:59Z"}, "/now"),
        ({"now": "2100-01-01T00:00:00Z"}, "/now"),
        ({"now": "2030-02-30T00:00:00Z"}, "/now"),
        ({"now": 1}, "/now is 1"),
        ({"advanceSeconds": 31_622_401}, "/advanceSeconds is 31622401"),
        ({"advanceSeconds": -31_622_401}, "/advanceSeconds is -31622401"),
        ({"advanceSeconds": 1.5}, "/advanceSeconds is 1.5"),
        ({"advanceSeconds": "1"}, '/advanceSeconds is "1"'),
        ({"frozen": "true"}, '/frozen is "true"'),
        ({"freeze": True}, "did you mean /frozen?"),
    ],
)
def test_what_the_clock_refuses(mock: Mock, body: Any, told: str) -> None:
    assert told in refused(send(mock, "PUT", "/clock", body), 400)
    assert mock.control("GET", "/clock") == {"now": START, "frozen": True}


@pytest.mark.parametrize(("edge", "seconds"), [("2099-12-31T23:59:59Z", 1), ("2000-01-01T00:00:00Z", -1)])
def test_the_clock_stays_within_its_years(mock: Mock, edge: str, seconds: int) -> None:
    clock(mock, now=edge)
    told = refused(send(mock, "PUT", "/clock", {"advanceSeconds": seconds, "frozen": False}), 400)
    assert "2000-01-01T00:00:00.000Z to 2099-12-31T23:59:59.999Z" in told
    assert clock(mock, frozen=True) == (edge.replace("Z", ".000Z"), True)


def test_rows_can_be_made_at_the_end_of_time(mock: Mock) -> None:
    """ERR-10: also once the clock has run beyond the years it can be set to."""
    clock(mock, now="2099-12-31T23:59:59.999Z", frozen=False)
    ada = mock.as_("usr_ada")
    fresh = next(item for item in mock.control("GET", "/personas")["items"] if item["userId"] == "usr_ada")
    ada.headers["Authorization"] = f"Bearer {fresh['token']}"
    ok(ada.post("/labels", {"name": "Last", "color": "#000000"}))
    ok(ada.get("/invites"))
    refused(send(mock, "PUT", "/clock", {"advanceSeconds": 0}), 400)
    clock(mock, now="2000-01-01T00:00:00Z")
    mock.control("POST", "/reset")
