"""A bundle has a world and its requests: to import elsewhere, and to replay."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from mock_server.cli import main
from tests.mock_server.running import Mock, ok, refused, start
from tests.mock_server.worlds.making import caller, change, make, post, state

Bundle = dict[str, Any]


def replay(tmp_path: Path, bundle: Bundle | bytes) -> tuple[int, str]:
    """How the command ends for a bundle, and what it says."""
    file = tmp_path / "bundle.json"
    file.write_bytes(bundle if isinstance(bundle, bytes) else json.dumps(bundle).encode())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the server's libraries, which `main` imports
        done = CliRunner().invoke(main, ["replay", str(file)])
    return done.exit_code, done.output.replace(f"{tmp_path}/", "")


def export(mock: Mock, workspace: str) -> Bundle:
    answer = mock.client.get(f"/_mock/worlds/{workspace}/bundle")
    assert answer.status_code == 200, answer.text
    bundle: Bundle = answer.json()
    return bundle


def use(mock: Mock, workspace: str) -> None:
    """Ask all kinds of things of a world made as `make` does, that are answered in all kinds of ways."""
    host = f"{workspace}.localhost"
    ada = mock.with_({"X-API-Key": f"kly_{workspace}_ada_test_key"}, host)
    change(mock, workspace, ada)
    ada.get("/invites", pageSize=2, sort="title:asc")
    mock.control("PUT", f"/worlds/{workspace}/clock", {"advanceSeconds": 3600})
    mock.control("GET", f"/worlds/{workspace}/state")
    ada.post("/labels", {"name": "Ä 😀", "color": "#000000"})
    assert ada.get("/invites/nowhere").status_code == 404
    assert ada.get("/nowhere/%C3%A9").status_code == 404
    assert ada.get("/invites", unknown="1").status_code == 400
    assert ada.send("BREW", "/invites").status_code == 405
    binary = {"Content-Type": "application/json", "Cookie": "session=somebodys"}
    assert ada.send("POST", "/labels", content=b"\xff\xfe", headers=binary).status_code == 400
    assert mock.with_({}, host).get("/invites").status_code == 401
    assert mock.with_({"X-API-Key": f"kly_{workspace}_ada_revoked_key"}, host).get("/invites").status_code == 401
    assert mock.with_({"Authorization": "Bearer somebodys"}, host).get("/invites").status_code == 401
    assert ada.send("POST", "/labels", content=b"x" * 2_000_000, headers=binary).status_code == 413
    wrong = {"startAt": "2030-06-21T09:00:00Z"}
    assert post(mock, f"/worlds/{workspace}/invites/nowhere/booking", wrong).status_code == 404


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """That of a world with a clock that runs."""
    with start("--host-suffix", "mock.test", "--max-body", "100000", "--clock", "2030-05-15T10:00:00Z") as mock:
        make(mock, workspace="one", seed=7)
        use(mock, "one")
        return export(mock, "one")


def test_a_replay_answers_the_same(bundle: Bundle, tmp_path: Path) -> None:
    assert (bundle["replayable"], bundle["reason"]) == (True, None)
    assert {request["answer"]["status"] for request in bundle["requests"]} == {200, 201, 400, 401, 404, 405}
    assert replay(tmp_path, bundle) == (
        0,
        f"one: {len(bundle['requests'])} requests, all answered the same, byte for byte\n",
    )


def test_a_world_of_the_start_and_one_put_back_replay_too(mock: Mock, tmp_path: Path) -> None:
    """A reset or restored world begins there; what came before is not in its bundle."""
    ada = mock.as_("usr_ada")
    change(mock, "acme", ada)
    whole = export(mock, "acme")
    assert replay(tmp_path, whole)[0] == 0
    mock.control("POST", "/worlds/acme/snapshots", {"name": "changed"})
    mock.control("POST", "/worlds/acme/reset")
    change(mock, "acme", ada)
    again = export(mock, "acme")
    assert [request["answer"] for request in again["requests"]] == [request["answer"] for request in whole["requests"]]
    mock.control("POST", "/worlds/acme/snapshots/changed/restore")
    ok(ada.get("/invites", includeSubInvites="true", pageSize=100))
    ok(ada.get("/meetings", **{"from": "2030-01-01T00:00:00Z", "to": "2030-12-31T00:00:00Z"}))
    ok(ada.post("/labels", {"name": "After", "color": "#000000"}))
    restored = export(mock, "acme")
    assert [request["method"] for request in restored["requests"]] == ["GET", "GET", "POST"]
    assert replay(tmp_path, restored)[0] == 0


@pytest.mark.parametrize("taken_away", ["replaced", "deleted"])
def test_a_world_put_back_replays_whatever_becomes_of_the_snapshot(mock: Mock, tmp_path: Path, taken_away: str) -> None:
    ada = caller(mock, make(mock, workspace="one"))
    change(mock, "one", ada)
    mock.control("POST", "/worlds/one/snapshots", {"name": "changed"})
    mock.control("POST", "/worlds/one/snapshots/changed/restore")
    ok(ada.post("/labels", {"name": "After", "color": "#000000"}))
    if taken_away == "replaced":
        mock.control("POST", "/worlds/one/snapshots", {"name": "changed"})
    else:
        mock.control("DELETE", "/worlds/one/snapshots/changed")
    for _ in range(2):
        bundle = export(mock, "one")
        assert [request["method"] for request in bundle["requests"]] == ["POST"]
        assert replay(tmp_path, bundle)[0] == 0
        mock.control("POST", "/worlds/one/snapshots", {"name": "changed"})
    mock.control("POST", "/worlds/one/reset")
    ok(ada.get("/labels"))
    assert replay(tmp_path, export(mock, "one"))[0] == 0


def test_what_soft_mode_let_through_is_let_through_again(tmp_path: Path) -> None:
    with start("--enforce", "warn") as mock:
        answer = caller(mock, make(mock, workspace="one")).get("/invites", unknown="1")
        assert (answer.status_code, "x-mock-would-refuse" in answer.headers) == (200, True)
        assert replay(tmp_path, export(mock, "one"))[0] == 0


def test_what_faults_and_limits_made_is_left_out(mock: Mock, tmp_path: Path) -> None:
    """A request that was carried out is in the bundle all the same, whatever became of its answer."""
    ada = mock.as_("usr_ada")

    def label(name: str, fault: str) -> int:
        given = {"name": name, "color": "#000000"}
        return ada.send("POST", "/labels", json=given, headers={"X-Mock-Fault": fault}).status_code

    mock.control("POST", "/worlds/acme/snapshots", {"name": "before"})
    assert label("One", "latency; milliseconds=1") == 201
    assert label("Two", "invalid-json") == 201
    with pytest.raises(httpx.TransportError):
        label("Three", "connection-reset; afterBytes=0")
    with pytest.raises(httpx.TransportError):
        label("Four", "connection-reset")
    assert label("Five", "server-error; status=503") == 503
    assert label("Six", "too-many-requests; retryAfterSeconds=1") == 429
    assert label("Seven", "earthquake") == 400
    stale = {"X-Mock-Fault": "stale-read; snapshot=before"}
    assert "One" not in ada.send("GET", "/labels", headers=stale).text
    mock.control("PUT", "/worlds/acme/rate-limit", {"requests": 1, "perSeconds": 60})
    assert [ada.get("/labels").status_code for _ in range(2)] == [200, 429]
    bundle = export(mock, "acme")
    made = [json.loads(request["body"])["name"] for request in bundle["requests"] if request["method"] == "POST"]
    assert made == ["One", "Two", "Three"]
    assert replay(tmp_path, bundle)[0] == 0


def test_credentials_of_other_worlds_are_left_out(mock: Mock, tmp_path: Path) -> None:
    """Also those that are good nowhere: the replay's server knows the bundle's world alone."""
    make(mock, workspace="one")
    revoked = {"X-API-Key": "kly_acme_ada_revoked_key"}
    disabled = {"Authorization": mock.as_("usr_dora").headers["Authorization"]}
    for world in ("acme", "one"):
        refused(mock.with_(revoked, f"{world}.localhost").get("/invites"), 401, "AUTH-08")
        refused(mock.with_(disabled, f"{world}.localhost").get("/invites"), 401, "AUTH-10")
    bundles = {world: export(mock, world) for world in ("acme", "one")}
    assert {world: (len(one["requests"]), one["leftOut"]) for world, one in bundles.items()} == {
        "acme": (2, 0),
        "one": (0, 2),
    }
    assert replay(tmp_path, bundles["acme"])[0] == 0


def test_secrets_of_others_are_in_no_bundle(bundle: Bundle) -> None:
    assert "somebodys" not in json.dumps(bundle)
    assert bundle["leftOut"] == 3  # the foreign credential, the body that was not read, the clock
    headers = {name for request in bundle["requests"] for name, _ in request["headers"]}
    assert headers == {"host", "x-api-key", "content-type", "content-length"}


def other(value: str) -> str:
    return value.replace("Data", "Date")


@pytest.mark.parametrize(
    ("change_answer", "told"),
    [
        (lambda answer: answer.update(status=200), ["status", "expected  200", "got       201"]),
        (
            lambda answer: answer["headers"].append(["x-mock-rule", "ERR-05"]),
            ["header x-mock-rule", "got       nothing"],
        ),
        (lambda answer: answer.update(headers=answer["headers"][:3]), ["header x-request-id", "expected  nothing"]),
        (lambda answer: answer.update(body=other(answer["body"])), ["body at /data/name", "Date", "Data"]),
        (lambda answer: answer.update(body=answer["body"].replace('"id"', '"key"')), ["body at /data/key", "nothing"]),
        (lambda answer: answer.update(body="no JSON"), ["body from byte 0", "expected  no JSON"]),
        (lambda answer: answer.update(body={"base64": "//4="}), ["body from byte 0"]),
        (lambda answer: answer.update(body=answer["body"] + " ", size=answer["size"] + 1), ["body", "bytes"]),
    ],
)
def test_the_first_difference_is_shown(
    bundle: Bundle, tmp_path: Path, change_answer: Callable[[Bundle], None], told: list[str]
) -> None:
    changed = json.loads(json.dumps(bundle))
    request = changed["requests"][0]
    change_answer(request["answer"])
    changed["requests"][1]["answer"]["status"] = 599
    code, said = replay(tmp_path, changed)
    expected = ["request 1 of", f"{request['method']} {request['target']}", request["requestId"], *told]
    assert code == 1
    assert [text for text in expected if text not in said] == []


def test_an_imported_world_is_as_the_exported_one_was(mock: Mock, bundle: Bundle) -> None:
    """Under its own name with its own credentials, under another with others; and its clock runs on."""
    made = mock.control("POST", "/worlds/import", bundle)
    assert (made["workspace"], made["source"], made["seed"]) == ("one", "bundle", 7)
    ok(mock.with_({"X-API-Key": "kly_one_ada_test_key"}, made["host"]).get("/invites"))
    named = mock.control("POST", "/worlds/import?workspace=two", bundle)
    ok(mock.with_({"X-API-Key": "kly_two_ada_test_key"}, named["host"]).get("/invites"))
    now = mock.control("GET", "/worlds/two/clock")
    assert now["frozen"] is False
    assert "2030-05-15T11:00" <= now["now"] < "2030-05-15T11:10"
    for name in ("one", "two"):
        mock.control("PUT", f"/worlds/{name}/clock", {"now": "2030-05-15T12:00:00Z", "frozen": True})
    assert state(mock, "one") == state(mock, "two") | {"workspace": "one"}
    label = {"name": "Next", "color": "#000000"}
    next_ids = [ok(caller(mock, world).post("/labels", label))["id"] for world in (made, named)]
    assert len(set(next_ids)) == 1
    assert {item["name"] for item in state(mock, "one")["labels"]["items"]} >= {"Data", "Ä 😀"}
    assert "one" in refused(post(mock, "/worlds/import", bundle), 409)


BAD: list[tuple[Callable[[Bundle], Any], str]] = [
    (lambda bundle: bundle.pop("state"), "/state is missing"),
    (lambda bundle: bundle.update(version=2), "/version is 2, expected 1"),
    (lambda bundle: bundle["origin"].update(frozen=1), "/origin"),
    (lambda bundle: bundle["requests"].append({}), "/requests/"),
    (lambda bundle: bundle.update(more=1), "/more is unknown"),
]


@pytest.mark.parametrize(("spoil", "told"), BAD)
def test_what_is_no_bundle_is_neither_imported_nor_replayed(
    mock: Mock, bundle: Bundle, tmp_path: Path, spoil: Callable[[Bundle], Any], told: str
) -> None:
    spoiled = json.loads(json.dumps(bundle))
    spoil(spoiled)
    assert told in refused(post(mock, "/worlds/import", spoiled), 400)
    assert told in refusal(tmp_path, spoiled)


def test_a_world_that_is_none_is_named_by_its_place(mock: Mock, bundle: Bundle, tmp_path: Path) -> None:
    spoiled = json.loads(json.dumps(bundle))
    for moment in ("state", "origin"):
        spoiled[moment]["world"]["users"][1]["role"] = "king"
    assert "/state/world/users/1/role: found" in refused(post(mock, "/worlds/import", spoiled), 400)
    assert "/origin/world/users/1/role: found" in refusal(tmp_path, spoiled)


def refusal(tmp_path: Path, bundle: Bundle | bytes) -> str:
    """The one line that a file is refused with."""
    code, told = replay(tmp_path, bundle)
    assert code == 2
    assert told.startswith("Error: bundle.json: ")
    assert told.count("\n") == 1
    return told


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b'"text"'])
def test_files_that_are_something_else(tmp_path: Path, content: bytes) -> None:
    refusal(tmp_path, content)


def test_a_world_whose_beginning_is_not_known_is_not_replayable(tmp_path: Path) -> None:
    database = ("--database", f"sqlite:///{tmp_path / 'mock.db'}")
    with start(*database) as mock:
        make(mock, workspace="one")
    with start(*database, "--journal", "3") as mock:
        found = export(mock, "one")
        assert found["origin"] is None
        assert "database" in refusal(tmp_path, found)
        assert mock.control("POST", "/worlds/import?workspace=two", found)["workspace"] == "two"
        mock.control("POST", "/worlds/one/reset")
        assert export(mock, "one")["replayable"]
        ada = mock.with_({"X-API-Key": "kly_one_ada_test_key"}, "one.localhost")
        for _ in range(3):
            ok(ada.get("/invites"))
            assert export(mock, "one")["replayable"]
        ok(ada.post("/labels", {"name": "New", "color": "#000000"}))
        for _ in range(3):
            assert export(mock, "one")["replayable"]
            ok(ada.get("/invites"))
        assert "--journal" in refusal(tmp_path, export(mock, "one"))


def test_a_change_too_large_for_the_journal_is_not_replayable(mock: Mock, tmp_path: Path) -> None:
    ada = mock.as_("usr_ada")
    padded = b'{"name": "New", "color": "#000000"' + b" " * 70_000 + b"}"
    headers = {"Content-Type": "application/json"}
    assert ada.send("POST", "/labels", content=b"{" + b" " * 70_000, headers=headers).status_code == 400
    assert export(mock, "acme")["replayable"]
    ok(ada.send("POST", "/labels", content=padded, headers=headers))
    assert "65536" in refusal(tmp_path, export(mock, "acme"))
