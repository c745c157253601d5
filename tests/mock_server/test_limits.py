"""Rate limits: per credential, by the world's clock (RATE-01)."""

import subprocess
import sys

import pytest

from tests.mock_server.running import API, Caller, Mock, ok, refused, start

LIMIT = "/worlds/acme/rate-limit"


def limit(mock: Mock, requests: int, per_seconds: int) -> None:
    mock.control("PUT", LIMIT, {"requests": requests, "perSeconds": per_seconds})


def stands(caller: Caller, path: str = "/labels", **params: str) -> tuple[int, ...]:
    """The status of a request, and what is left in how many seconds, of how many."""
    answer = caller.get(path, **params)
    told = (int(answer.headers[f"ratelimit-{name}"]) for name in ("remaining", "reset", "limit"))
    return (answer.status_code, *told)


def test_by_default_there_is_none(mock: Mock) -> None:
    assert mock.control("GET", LIMIT) is None
    headers = mock.as_("usr_ada").get("/labels").headers
    assert not [name for name in headers if name.startswith("ratelimit")]


def test_a_window_begins_with_the_first_request_and_ends(mock: Mock) -> None:
    limit(mock, 2, 60)
    ada = mock.as_("usr_ada")
    assert stands(ada) == (200, 1, 60, 2)
    mock.control("PUT", "/clock", {"advanceSeconds": 20})
    assert stands(ada) == (200, 0, 40, 2)
    assert stands(ada) == (429, 0, 40, 2)
    answer = ada.get("/labels")
    assert refused(answer, 429, "RATE-01") == "The rate limit is used up, try again in 40 seconds"
    assert answer.headers["retry-after"] == "40"
    mock.control("PUT", "/clock", {"advanceSeconds": 39})
    assert "in 1 second" in refused(ada.get("/labels"), 429)
    mock.control("PUT", "/clock", {"advanceSeconds": 1})
    assert stands(ada) == (200, 1, 60, 2)


def test_a_clock_that_is_set_back_begins_anew(mock: Mock) -> None:
    limit(mock, 1, 60)
    ada = mock.with_({"X-API-Key": "kly_acme_ada_test_key"})
    assert [stands(ada)[0], stands(ada)[0]] == [200, 429]
    mock.control("PUT", "/clock", {"advanceSeconds": -3600})
    assert stands(ada) == (200, 0, 60, 1)


def test_each_credential_has_its_own(mock: Mock) -> None:
    """Two of the same user too; a bearer API key is the key."""
    limit(mock, 1, 60)
    key = {"X-API-Key": "kly_acme_ada_test_key"}
    callers = [mock.with_(key), mock.as_("usr_ada"), mock.as_("usr_marta")]
    assert [stands(caller)[0] for caller in callers] == [200, 200, 200]
    assert [stands(caller)[0] for caller in callers] == [429, 429, 429]
    assert stands(mock.with_({"Authorization": f"Bearer {key['X-API-Key']}"}))[0] == 429


def test_each_world_has_its_own(mock: Mock) -> None:
    limit(mock, 1, 60)
    assert [stands(mock.as_("usr_ada"))[0] for _ in range(2)] == [200, 429]
    for _ in range(3):
        answer = mock.as_("usr_gx_ada").get("/labels")
        assert (answer.status_code, "ratelimit-limit" in answer.headers) == (200, False)


def test_what_is_refused_counts_once_the_credential_is_good(mock: Mock) -> None:
    """A role and a bad query count, and a 429 comes before both; what has no good credential does not count."""
    limit(mock, 3, 60)
    alan = mock.as_("usr_alan")
    for headers in ({}, {"X-API-Key": "kly_unknown"}, {**alan.headers, "Host": "globex.localhost"}):
        answer = mock.client.get(f"{API}/labels", headers=headers)
        refused(answer, 401)
        assert "ratelimit-limit" not in answer.headers
    assert stands(alan) == (403, 2, 60, 3)
    assert stands(alan, "/invites", x="1") == (400, 1, 60, 3)
    assert stands(alan, "/invites/none") == (404, 0, 60, 3)
    assert [stands(alan)[0], stands(alan, "/invites", x="1")[0]] == [429, 429]
    assert mock.client.get(f"{API}/openapi.json", headers={"Host": "acme.localhost"}).status_code == 200


def test_a_request_that_is_refused_is_not_carried_out(mock: Mock) -> None:
    limit(mock, 1, 60)
    ada = mock.as_("usr_ada")
    assert [ada.post("/labels", {"name": name, "color": "#000000"}).status_code for name in ("A", "B")] == [201, 429]
    mock.control("DELETE", LIMIT)
    names = [label["name"] for label in ada.whole("/labels")]
    assert ("A" in names, "B" in names) == (True, False)


def test_setting_it_begins_anew_and_lifting_it_ends_it(mock: Mock) -> None:
    ada = mock.as_("usr_ada")
    limit(mock, 1, 60)
    assert [stands(ada)[0], stands(ada)[0]] == [200, 429]
    limit(mock, 5, 1)
    assert stands(ada) == (200, 4, 1, 5)
    assert mock.control("GET", LIMIT) == {"requests": 5, "perSeconds": 1}
    assert mock.control("DELETE", LIMIT) is None
    assert mock.control("GET", LIMIT) is None
    assert "ratelimit-limit" not in ada.get("/labels").headers


def test_a_world_that_is_put_back_has_its_usual_limit(mock: Mock) -> None:
    limit(mock, 1, 60)
    mock.control("POST", "/worlds/acme/reset")
    assert mock.control("GET", LIMIT) is None


def test_the_option_is_for_every_world_and_comes_back() -> None:
    with start("--rate-limit", "3/hour", "--clock", "2030-05-15T10:00:00Z", "--frozen") as mock:
        for user in ("usr_ada", "usr_gx_ada"):
            assert [stands(mock.as_(user))[:3] for _ in range(4)] == [
                (200, 2, 3600),
                (200, 1, 3600),
                (200, 0, 3600),
                (429, 0, 3600),
            ]
        mock.control("DELETE", LIMIT)
        assert ok(mock.as_("usr_ada").get("/labels"))
        mock.reset()
        assert mock.control("GET", LIMIT) == {"requests": 3, "perSeconds": 3600}
        assert stands(mock.as_("usr_gx_ada")) == (200, 2, 3600, 3)


@pytest.mark.parametrize("value", ["", "100", "0/minute", "100/fortnight", "-1/minute", "1.5/second", "1/minutes"])
def test_a_bad_option_is_refused(value: str) -> None:
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--rate-limit", value]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no limit such as 100/minute" in done.stderr
