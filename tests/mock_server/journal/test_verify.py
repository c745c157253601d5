"""Counting and asserting requests, as tests do."""

from typing import Any

import pytest

from tests.mock_server.running import API, Mock, refused

BERLIN = {"name": "Berlin", "color": "#0F766E", "description": None}


@pytest.fixture
def asked(mock: Mock) -> Mock:
    """A mock that has been asked to list labels, as a user in vain, and to create two."""
    mock.as_("usr_ada").get("/labels", pageSize=2, sort="name:asc")
    mock.as_("usr_alan").get("/labels")
    mock.as_("usr_ada").post("/labels", BERLIN)
    mock.as_("usr_grace").post("/labels", {"name": "Paris", "color": "#0F766E"})
    return mock


def verify(mock: Mock, match: dict[str, Any], **expected: int) -> dict[str, Any]:
    found: dict[str, Any] = mock.control("POST", "/requests/verify", {"match": match, **expected})
    return found


MATCHES: list[tuple[dict[str, Any], int]] = [
    ({"workspace": "acme"}, 4),
    ({"workspace": "globex"}, 0),
    ({"operationId": "createLabel"}, 2),
    ({"path": f"{API}/labels", "method": "GET"}, 2),
    ({"status": 201}, 2),
    ({"status": "201"}, 2),
    ({"status": "4xx"}, 1),
    ({"rule": "ROLE-01", "role": "user", "userId": "usr_alan"}, 1),
    ({"query": {"pageSize": "2"}}, 1),
    ({"query": {"pageSize": "2", "sort": "name:asc"}}, 1),
    ({"query": {"pageSize": "3"}}, 0),
    ({"body": {"name": "Berlin"}}, 1),
    ({"body": {"color": "#0F766E"}}, 2),
    ({"body": {"description": None}}, 1),
    ({"body": BERLIN, "userId": "usr_grace"}, 0),
    ({"body": "Berlin"}, 0),
]


@pytest.mark.parametrize(("match", "count"), MATCHES, ids=str)
def test_matches_are_counted(asked: Mock, match: dict[str, Any], count: int) -> None:
    found = verify(asked, match, count=count)
    assert (found["matched"], found["satisfied"], len(found["requests"])) == (count, True, count)
    assert verify(asked, match, count=count + 1)["satisfied"] is False


@pytest.mark.parametrize(
    ("expected", "satisfied", "words"),
    [
        ({}, True, "at least 1"),
        ({"count": 2}, True, "exactly 2"),
        ({"count": 0}, False, "none"),
        ({"count": 1}, False, "exactly 1"),
        ({"atLeast": 2}, True, "at least 2"),
        ({"atLeast": 3}, False, "at least 3"),
        ({"atMost": 2}, True, "0 to 2"),
        ({"atMost": 1}, False, "0 to 1"),
        ({"atLeast": 1, "atMost": 2}, True, "1 to 2"),
        ({"atLeast": 3, "atMost": 4}, False, "3 to 4"),
    ],
)
def test_what_is_expected(asked: Mock, expected: dict[str, int], satisfied: bool, words: str) -> None:
    found = verify(asked, {"operationId": "createLabel"}, **expected)
    assert (found["matched"], found["satisfied"], found["expected"]) == (2, satisfied, words)
    assert bool(found["nearest"]) is ("atLeast" in expected and not satisfied)
    assert [one["request"]["body"] for one in found["requests"]] == [
        '{"name":"Paris","color":"#0F766E"}',
        '{"name":"Berlin","color":"#0F766E","description":null}',
    ]


def test_without_expectation_one_is_expected(asked: Mock) -> None:
    assert verify(asked, {"operationId": "deleteLabel"})["satisfied"] is False


def test_the_nearest_and_what_differs(asked: Mock) -> None:
    """The one that differs least comes first; of as many differences the more alike ones."""
    match = {"operationId": "createLabel", "userId": "usr_grace", "body": {"name": "Pariss"}}
    found = verify(asked, match)
    assert (found["matched"], found["satisfied"], found["requests"]) == (0, False, [])
    first, second, third = found["nearest"]
    assert first["request"]["caller"]["userId"] == "usr_grace"
    assert first["differs"] == [
        {"member": "body", "expected": {"name": "Pariss"}, "found": {"name": "Paris", "color": "#0F766E"}}
    ]
    assert [one["member"] for one in second["differs"]] == ["userId", "body"]
    assert second["request"]["caller"]["userId"] == "usr_ada"
    assert [one["member"] for one in third["differs"]] == ["operationId", "userId", "body"]


def test_of_paths_the_more_alike_is_nearer(asked: Mock) -> None:
    asked.as_("usr_ada").get("/users")
    found = verify(asked, {"path": f"{API}/label"})
    assert found["nearest"][0]["request"]["path"] == f"{API}/labels"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({}, 400, "/match is missing"),
        ({"match": {"user": "usr_ada"}}, 400, "did you mean /match/userId?"),
        ({"match": {"status": 700}}, 400, "/match/status"),
        ({"match": {}, "count": 1, "atMost": 2}, 400, "together with count"),
        ({"match": {}, "count": -1}, 400, "/count is -1"),
        ({"match": {}, "atLeast": 3, "atMost": 2}, 400, "/atLeast is 3, expected at most 2 as /atMost is"),
        ({"match": {"workspace": "initech"}}, 404, "There is no workspace initech"),
    ],
    ids=str,
)
def test_what_it_refuses(mock: Mock, body: Any, status: int, told: str) -> None:
    assert told in refused(mock.client.post("/_mock/requests/verify", json=body), status)
