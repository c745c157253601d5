"""Which requests a fault is applied to, and that it stays in its world."""

from typing import Any

import pytest

from tests.mock_server.faults.common import LABEL, add, faults
from tests.mock_server.running import API, Mock, ok, refused, start

BROKEN: dict[str, Any] = {"kind": "server-error", "status": 503}


def statuses(mock: Mock, user: str, path: str, count: int) -> list[int]:
    return [mock.as_(user).get(path).status_code for _ in range(count)]


def test_a_fault_is_added_listed_and_taken_away(mock: Mock) -> None:
    first = add(mock, **BROKEN)
    second = add(mock, kind="latency", milliseconds=0, operations=["listLabels"], roles=["admin"], probability=0.5)
    assert first == {**BROKEN, "id": "flt_1", "applied": 0}
    assert faults(mock) == [first, second]
    refused(mock.as_("usr_ada").get("/labels"), 503)
    assert mock.control("DELETE", "/worlds/acme/faults/flt_1") == {**first, "applied": 1}
    assert faults(mock) == [second]
    refused(mock.client.request("DELETE", "/_mock/worlds/acme/faults/flt_1"), 404, "CONTROL")
    assert mock.control("DELETE", "/worlds/acme/faults") == {"items": []}
    assert add(mock, **BROKEN)["id"] == "flt_3", "no id is given twice"
    mock.reset()
    assert faults(mock) == []
    assert ok(mock.as_("usr_ada").get("/labels"))


def test_by_operation(mock: Mock) -> None:
    add(mock, **BROKEN, operations=["createLabel", "listUsers"])
    ada = mock.as_("usr_ada")
    assert [ada.post("/labels", LABEL).status_code, ada.get("/users").status_code] == [503, 503]
    assert [ada.get("/labels").status_code, ada.get("/invites").status_code] == [200, 200]


def test_by_role(mock: Mock) -> None:
    add(mock, **BROKEN, roles=["user", "manager"])
    people = ("usr_ada", "usr_marta", "usr_alan")
    assert [mock.as_(user).get("/invites").status_code for user in people] == [200, 503, 503]


def test_nobody_has_no_role(mock: Mock) -> None:
    """The document needs no credential: its readers meet the faults that are for everybody."""
    host = {"Host": "acme.localhost"}
    add(mock, **BROKEN, roles=["user", "manager", "admin"])
    assert mock.client.get(f"{API}/openapi.json", headers=host).status_code == 200
    add(mock, **BROKEN)
    assert mock.client.get(f"{API}/openapi.json", headers=host).status_code == 503
    assert mock.client.get(f"{API}/openapi.json").status_code == 200, "the bare host is no workspace's"


def test_so_many_times(mock: Mock) -> None:
    add(mock, **BROKEN, times=2, operations=["listLabels"])
    assert statuses(mock, "usr_ada", "/users", 2) == [200, 200]
    assert statuses(mock, "usr_ada", "/labels", 1) == [503]
    assert [(one["times"], one["applied"]) for one in faults(mock)] == [(1, 1)]
    assert statuses(mock, "usr_ada", "/labels", 3) == [503, 200, 200]
    assert faults(mock) == []


def test_one_that_is_not_reached_is_not_used(mock: Mock) -> None:
    add(mock, **BROKEN, times=1)
    add(mock, kind="too-many-requests", retryAfterSeconds=1, times=1)
    assert statuses(mock, "usr_ada", "/labels", 3) == [503, 429, 200]


def test_by_chance_and_the_same_each_time(mock: Mock) -> None:
    """The world's seed decides, whatever happens in other worlds."""

    def run(*, busy: bool) -> list[int]:
        mock.reset()
        add(mock, **BROKEN, probability=0.3)
        add(mock, "globex", **BROKEN, probability=0.3)
        seen = []
        for _ in range(60):
            if busy:
                mock.as_("usr_gx_ada").get("/labels")
            seen += statuses(mock, "usr_ada", "/labels", 1)
        return seen

    first = run(busy=False)
    assert 5 < first.count(503) < 35
    assert run(busy=True) == first


def test_each_world_has_its_own(mock: Mock) -> None:
    add(mock, **BROKEN)
    assert faults(mock, "globex") == []
    assert statuses(mock, "usr_gx_ada", "/labels", 1) == [200]
    assert statuses(mock, "usr_ada", "/labels", 1) == [503]
    refused(mock.client.request("DELETE", "/_mock/worlds/globex/faults/flt_1"), 404, "CONTROL")
    mock.control("DELETE", "/worlds/globex/faults")
    assert statuses(mock, "usr_ada", "/labels", 1) == [503]


@pytest.mark.parametrize(
    ("user", "path", "status"), [("usr_piet", "/labels", 401), ("usr_alan", "/labels", 403), ("usr_ada", "/none", 404)]
)
def test_what_is_refused_before_meets_no_fault(mock: Mock, user: str, path: str, status: int) -> None:
    add(mock, **BROKEN)
    refused(mock.as_(user).get(path), status)
    assert faults(mock)[0]["applied"] == 0


def test_the_control_api_meets_none(mock: Mock) -> None:
    add(mock, **BROKEN)
    asked = {"X-Mock-Fault": "server-error; status=503"}
    for path in ("/health", "/personas", "/worlds/acme/faults", "/worlds/acme/api-keys"):
        ok(mock.client.get(f"/_mock{path}", headers=asked))


def test_two_servers_give_the_same_faults() -> None:
    """Down to the request that is hit."""

    def run() -> list[Any]:
        with start("--clock", "2030-05-15T10:00:00Z", "--frozen") as mock:
            add(mock, **BROKEN, probability=0.5)
            answers = [mock.as_("usr_ada").get("/labels") for _ in range(20)]
            return [(answer.status_code, answer.headers["x-request-id"]) for answer in answers]

    assert run() == run()
