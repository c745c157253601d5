"""The journals as lists: what is in them, what a filter finds, and how long it is kept."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock_server.journal.reading import explained, requests
from tests.mock_server.running import API, Mock, ok, refused, start

ADA = {"X-API-Key": "kly_acme_ada_test_key"}
GX_ADA = {"X-API-Key": "kly_globex_ada_test_key"}


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["requestId"] for entry in entries]


@pytest.fixture
def asked(mock: Mock) -> dict[str, str]:
    """The ids of some requests, by what they were."""
    answers = {
        "listed": mock.with_(ADA).get("/labels"),
        "refused": mock.as_("usr_alan").get("/labels"),
        "created": mock.as_("usr_grace").post("/labels", {"name": "Berlin", "color": "#0F766E"}),
        "globex": mock.with_(GX_ADA).get("/labels"),
        "nobody": mock.with_({}).get("/invites/inv_active"),
        "lost": mock.client.get("/labels"),
    }
    return {name: answer.headers["x-request-id"] for name, answer in answers.items()}


FILTERS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "workspace": ({"workspace": "globex"}, ["globex"]),
    "operation": ({"operationId": "listLabels"}, ["globex", "refused", "listed"]),
    "method": ({"method": "POST", "path": "/api/*"}, ["created"]),
    "path": ({"path": f"{API}/labels"}, ["globex", "created", "refused", "listed"]),
    "part-of-a-path": ({"path": "*/invites/*"}, ["nobody"]),
    "status": ({"status": "401"}, ["nobody"]),
    "statuses": ({"status": "4xx"}, ["lost", "nobody", "refused"]),
    "user": ({"userId": "usr_ada"}, ["listed"]),
    "role": ({"role": "user"}, ["refused"]),
    "rule": ({"rule": "ERR-06"}, ["lost"]),
    "several": ({"workspace": "acme", "status": "2xx", "role": "admin"}, ["created", "listed"]),
    "none": ({"userId": "usr_zoe"}, []),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_finds_what_fits_newest_first(mock: Mock, asked: dict[str, str], name: str) -> None:
    query, found = FILTERS[name]
    assert ids(requests(mock, **query)) == [asked[one] for one in found]


def test_without_a_filter_it_is_everything(mock: Mock, asked: dict[str, str]) -> None:
    """Those that belong to no workspace too; to begin anew came first."""
    entries = requests(mock)
    assert ids(entries)[:-1] == list(asked.values())[::-1]
    assert (entries[-1]["operationId"], entries[-1]["control"]) == ("reset", True)
    assert [entry["workspace"] for entry in entries[:-1]] == [None, None, "globex", "acme", "acme", "acme"]


def test_pages(mock: Mock, asked: dict[str, str]) -> None:
    """`before` takes up where the last page ended, in whatever workspace that was."""
    newest_first = list(asked.values())[::-1]
    assert ids(requests(mock, limit=3)) == newest_first[:3]
    assert ids(requests(mock, limit=2, before=newest_first[2])) == newest_first[3:5]
    assert ids(requests(mock, workspace="acme", before=newest_first[2])) == newest_first[3:]


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("workspace=initech", 404, "There is no workspace initech"),
        ("before=req_none", 404, "There is no request req_none in a journal; each workspace keeps its last 1000"),
        ("before=none", 400, "before is"),
        ("status=4x", 400, "a status such as 404, or a class of them such as 4xx"),
        ("status=600", 400, "status is"),
        ("role=owner", 400, "role is"),
        ("limit=0", 400, "limit is 0, expected an integer from 1 to 1000"),
        ("path=labels", 400, "path is"),
        ("method=", 400, "method has no value"),
        ("user=usr_ada", 400, "did you mean userId?"),
    ],
)
def test_what_a_list_refuses(mock: Mock, query: str, status: int, told: str) -> None:
    assert told in refused(mock.client.get(f"/_mock/requests?{query}"), status)


def test_an_unknown_request(mock: Mock) -> None:
    assert "There is no request req_none" in refused(mock.client.get("/_mock/requests/req_none"), 404, "CONTROL")
    assert "requestId is" in refused(mock.client.get("/_mock/requests/none"), 400)


def test_what_changes_a_world_through_the_control_api_is_in_its_journal(mock: Mock) -> None:
    """Marked; and what only reads is in none, the journal's own operations least of all."""
    mock.book("inv_active", "2030-05-21T09:00:00.000Z")
    mock.control("GET", "/worlds/acme/api-keys")
    mock.control("GET", "/personas")
    mock.control("POST", "/requests/verify", {"match": {}})
    requests(mock)
    refused(mock.client.delete("/_mock/worlds/acme/api-keys/key_none"), 404)
    entries = requests(mock, workspace="acme")
    assert [(entry["operationId"], entry["status"], entry["control"]) for entry in entries] == [
        ("revokeApiKey", 404, True),
        ("bookInvite", 201, True),
    ]
    assert [entry["operationId"] for entry in requests(mock)] == ["revokeApiKey", "bookInvite", "reset"]


def test_clearing(mock: Mock, asked: dict[str, str]) -> None:
    assert mock.control("DELETE", "/requests?workspace=acme") == {"cleared": 3}
    assert requests(mock, workspace="acme") == []
    assert ids(requests(mock, status="2xx", path="/api/*")) == [asked["globex"]]
    assert mock.control("DELETE", "/requests") == {"cleared": 4}
    assert requests(mock) == []
    assert "no workspace" in refused(mock.client.delete("/_mock/requests?workspace=initech"), 404)


@pytest.fixture(scope="module")
def short() -> Iterator[Mock]:
    """A mock whose workspaces remember three requests each."""
    with start("--journal", "3") as mock:
        yield mock


def test_each_workspace_keeps_its_last(short: Mock) -> None:
    globex = short.with_(GX_ADA).get("/labels")
    answers = [short.with_(ADA).get("/labels", page=number) for number in range(5)]
    assert [entry["query"] for entry in requests(short, workspace="acme")] == ["page=4", "page=3", "page=2"]
    assert explained(short, globex)["status"] == 200
    gone = short.client.get(f"/_mock/requests/{answers[0].headers['x-request-id']}")
    assert "keeps its last 3" in refused(gone, 404)


def test_the_journal_can_be_off() -> None:
    with start("--journal", "0") as mock:
        answer = mock.as_("usr_alan").get("/labels")
        refused(answer, 403, "ROLE-01")
        assert "x-mock-explanation" not in answer.headers
        assert requests(mock) == []
        told = refused(mock.client.get(f"/_mock/requests/{answer.headers['x-request-id']}"), 404)
        assert "the server keeps none (--journal 0)" in told
        assert mock.control("GET", "/requests") == {"items": [], "journal": 0}
        # A count of what nobody kept would satisfy whoever expects none.
        unknown = mock.client.post("/_mock/requests/verify", json={"match": {"status": "4xx"}, "count": 0})
        assert "keeps no requests (--journal 0)" in refused(unknown, 409)
        ok(mock.client.get("/_mock/clock"))
