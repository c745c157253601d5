"""Worlds are made while the server runs, apart from each other, and removed again."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from fixtures import load_world
from fixtures.document import to_document
from mock_server.cli import main
from tests.mock_server.running import Mock, ok, refused
from tests.mock_server.worlds.making import caller, change, make, post, state

START = "2030-05-15T10:00:00.000Z"
ACME = load_world("acme")


def test_a_world_is_like_acme_unless_asked_otherwise(mock: Mock) -> None:
    made = make(mock)
    name, port = made["workspace"], urlsplit(mock.url).port
    personas = made.pop("personas")
    assert made == {
        "workspace": name,
        "host": f"{name}.localhost:{port}",
        "baseUrl": f"http://{name}.localhost:{port}/api/v1/app",
        "seed": ACME.seed,
        "source": "acme",
        "createdAt": START,
        "expiresAt": None,
    }
    assert mock.control("GET", f"/worlds/{name}") == made
    assert mock.control("GET", "/worlds")["items"][-1] == made
    assert name in mock.control("GET", "/health")["workspaces"]
    like, original = state(mock, name), state(mock, "acme")
    assert like.pop("workspace") != original.pop("workspace")
    assert like == original
    assert {one["userId"] for one in personas} == {user.id for user in ACME.users if user.status == "active"}
    everybody = mock.control("GET", f"/personas?workspace={name}")["items"]
    assert [one for one in everybody if one["status"] == "active"] == personas
    assert len(everybody) == len(ACME.users)


def test_credentials_of_a_world_are_its_own(mock: Mock) -> None:
    """TEN-01, AUTH-02, AUTH-04, AUTH-05: good at its host alone; and they can be known beforehand."""
    one, other = make(mock, workspace="one"), make(mock, workspace="other")
    ada = next(persona for persona in one["personas"] if persona["userId"] == "usr_ada")
    assert ada["apiKey"] == "kly_one_ada_test_key"
    ways = [{"Authorization": f"Bearer {ada[name]}"} for name in ("token", "microsoftToken")]
    ways.append({"X-API-Key": ada["apiKey"]})
    for way in ways:
        for host in (one["host"], None):
            refusal = mock.with_(way, host).get("/invites", x="unknown")
            refused(refusal, 400)
            assert refusal.headers["x-mock-caller"] == "usr_ada; role=admin; workspace=one"
        for host in (other["host"], mock.personas["usr_ada"]["host"]):
            refused(mock.with_(way, host).get("/invites"), 401, "TEN-01")
    refused(mock.with_({"X-API-Key": "kly_acme_ada_test_key"}, one["host"]).get("/invites"), 401, "TEN-01")


def test_a_token_is_minted_for_a_world_by_its_name(mock: Mock) -> None:
    make(mock, workspace="one")
    for kind in ("kailenty", "microsoft"):
        options = ["--workspace", "one", "--kind", kind, "--now", "2030-05-15T10:00:00Z"]
        minted = CliRunner().invoke(main, ["token", "usr_alan", *options])
        answer = mock.with_({"Authorization": f"Bearer {minted.output.strip()}"}).get("/invites", x="unknown")
        assert answer.headers["x-mock-caller"] == "usr_alan; role=user; workspace=one"


def test_what_happens_in_a_world_stays_there(mock: Mock) -> None:
    one, other = make(mock)["workspace"], make(mock)
    before = [state(mock, name) for name in ("acme", one)]
    change(mock, other["workspace"], caller(mock, other))
    mock.control("PUT", f"/worlds/{other['workspace']}/clock", {"advanceSeconds": 3600})
    assert [state(mock, name) for name in ("acme", one)] == before
    assert state(mock, other["workspace"])["now"] == "2030-05-15T11:00:00.000Z"
    assert ok(caller(mock, other).get("/labels"))["total"] == len(ACME.labels)
    assert mock.control("GET", "/clock")["now"] == START


@pytest.mark.parametrize("seed", [None, 0, 2**53 - 1])
def test_ids_and_times_follow_from_seed_and_requests_alone(mock: Mock, seed: int | None) -> None:
    """The same answers to the byte, but for the name; what the other one does in between changes nothing."""
    given = {} if seed is None else {"seed": seed}
    one = make(mock, workspace="aa", **given)
    ran = change(mock, "aa", caller(mock, one))
    other = make(mock, workspace="bb", **given)
    mock.control("PUT", "/worlds/aa/clock", {"advanceSeconds": 3600})
    again = [text.replace("_bb_", "_aa_") for text in change(mock, "bb", caller(mock, other))]
    assert again == ran
    another = make(mock, workspace="cc", seed=5)
    assert change(mock, "cc", caller(mock, another))[0] != ran[0]


def test_a_world_has_the_clock_it_was_given(mock: Mock) -> None:
    made = make(mock, clock={"now": "2040-01-01T00:00:00.1239Z", "frozen": False})
    moved = mock.control("GET", f"/worlds/{made['workspace']}/clock")
    assert moved["frozen"] is False
    assert "2040-01-01T00:00:00.123Z" <= moved["now"] < "2040-01-01T00:05"
    made = make(mock, clock={"now": "2040-01-01T00:00:00Z"})
    assert mock.control("GET", f"/worlds/{made['workspace']}/clock") == {
        "now": "2040-01-01T00:00:00.000Z",
        "frozen": True,
    }
    ada = caller(mock, made)
    assert ok(ada.get("/invites/inv_active"))["status"] == "active"
    assert ok(ada.post("/labels", {"name": "Data", "color": "#0F766E"}))["createdAt"] == "2040-01-01T00:00:00.000Z"


def test_the_clock_of_the_start_is_shared(mock: Mock) -> None:
    mock.control("PUT", "/worlds/globex/clock", {"advanceSeconds": 60})
    for path in ("/clock", "/worlds/acme/clock", "/worlds/globex/clock"):
        assert mock.control("GET", path) == {"now": "2030-05-15T10:01:00.000Z", "frozen": True}


def test_a_copy_is_the_workspace_as_it_is_now(mock: Mock) -> None:
    """With what has been changed, and going on from there; neither touches the other."""
    change(mock, "acme", mock.as_("usr_ada"))
    mock.control("PUT", "/clock", {"advanceSeconds": 60})
    copy, again = make(mock, copyOf="acme", workspace="copy"), make(mock, copyOf="acme")
    assert copy["source"] == "copy of acme"
    before = state(mock, "acme")
    assert state(mock, "copy") | {"workspace": "acme"} == before
    label = {"name": "Next", "color": "#000000"}
    made = [ok(caller(mock, world).post("/labels", label)) for world in (copy, again)]
    assert state(mock, "acme") == before
    assert made == [ok(mock.as_("usr_ada").post("/labels", label))] * 2
    ids = []
    for _ in range(2):  # request ids begin anew in a copy, however many the original has given
        ids.append(caller(mock, make(mock, copyOf="copy", workspace="third")).get("/labels").headers["x-request-id"])
        mock.control("DELETE", "/worlds/third")
        ok(caller(mock, copy).get("/labels"))
    assert len(set(ids)) == 1
    key = next(one["apiKey"] for one in copy["personas"] if one["userId"] == "usr_grace")
    assert key.startswith("kly_copy_")
    ok(mock.with_({"X-API-Key": key}, copy["host"]).get("/invites"))


def test_a_world_is_made_of_a_document(mock: Mock) -> None:
    """Under another name its credentials are those of the name, under its own those it says."""
    document = to_document(load_world("globex")) | {"workspace": "tiny", "tenantId": str(ACME.tenant_id)[:-1] + "9"}
    for key in document["apiKeys"]:
        key["secret"] = key["secret"].replace("_globex_", "_tiny_")
    generated, named = make(mock, document=document), make(mock, document=document, workspace="tiny")
    assert generated["source"] == "document"
    assert generated["workspace"].startswith("w-")
    for world in (generated, named):
        persona = next(one for one in world["personas"] if one["userId"] == "usr_gx_ada")
        assert persona["apiKey"] == f"kly_{world['workspace']}_ada_test_key"
        ok(mock.with_({"Authorization": f"Bearer {persona['microsoftToken']}"}, world["host"]).get("/invites"))
    taken = document | {"tenantId": ACME.tenant_id, "workspace": "other"}
    for key in taken["apiKeys"]:
        key["secret"] = key["secret"].replace("_tiny_", "_other_")
    assert "acme" in refused(post(mock, "/worlds", {"document": taken, "workspace": "other"}), 409)


def test_a_world_of_a_megabyte_and_more(mock: Mock) -> None:
    document = to_document(ACME)
    row = document["labels"][0]
    document["labels"] += [row | {"id": f"l{n}", "name": f"l{n}", "description": "x" * 500} for n in range(3000)]
    made = make(mock, document=document)
    assert ok(caller(mock, made).get("/labels"))["total"] == 3000 + len(ACME.labels)
    padding = "x" * (64 * 1024 * 1024)
    refused(post(mock, "/worlds", {"workspace": padding}), 413)


def test_a_deleted_world_is_gone(mock: Mock) -> None:
    made = make(mock, workspace="brief")
    ada = caller(mock, made)
    mock.control("POST", "/worlds/brief/snapshots", {"name": "a"})
    assert ok(mock.client.delete("/_mock/worlds/brief")) == {"workspace": "brief"}
    refused(ada.get("/invites"), 401)
    refused(mock.with_({"X-API-Key": "kly_brief_ada_test_key"}).get("/invites"), 401, "AUTH-06")
    refused(mock.client.get("/_mock/worlds/brief"), 404)
    refused(mock.client.delete("/_mock/worlds/brief"), 404)
    make(mock, workspace="brief")
    assert mock.control("GET", "/worlds/brief/snapshots") == {"items": []}
    assert "reset" in refused(mock.client.delete("/_mock/worlds/acme"), 409)


def test_a_world_is_deleted_under_a_request(mock: Mock) -> None:
    """TEN-01: it is answered as one that comes after."""
    ada = caller(mock, make(mock, workspace="brief"))
    slow = {"X-Mock-Fault": "latency; milliseconds=1000"}
    label = {"name": "Late", "color": "#0F766E"}
    with ThreadPoolExecutor() as threads:
        answer = threads.submit(ada.send, "POST", "/labels", json=label, headers=slow)
        time.sleep(0.3)  # until it has been let in
        mock.control("DELETE", "/worlds/brief")
        refused(answer.result(), 401)


def test_a_world_expires_by_the_servers_clock(mock: Mock) -> None:
    made = make(mock, expiresInSeconds=3600, workspace="hour")
    assert made["expiresAt"] == "2030-05-15T11:00:00.000Z"
    make(mock, expiresInSeconds=7200, workspace="longer")
    mock.control("PUT", "/worlds/hour/clock", {"advanceSeconds": 86_400})
    mock.control("PUT", "/clock", {"advanceSeconds": 3599})
    ok(caller(mock, made).get("/invites"))
    mock.control("PUT", "/clock", {"advanceSeconds": 1})
    refused(mock.with_({"X-API-Key": "kly_hour_ada_test_key"}).get("/invites"), 401, "AUTH-06")
    names = [one["workspace"] for one in mock.control("GET", "/worlds")["items"]]
    assert ("hour" in names, "longer" in names) == (False, True)
    mock.control("PUT", "/clock", {"advanceSeconds": 3600})
    refused(mock.client.get("/_mock/worlds/longer"), 404)


def test_starting_anew_leaves_worlds_made_since_alone(mock: Mock) -> None:
    made = make(mock)
    change(mock, made["workspace"], caller(mock, made))
    change(mock, "acme", mock.as_("usr_ada"))
    mock.control("PUT", f"/worlds/{made['workspace']}/clock", {"advanceSeconds": 60})
    before = state(mock, made["workspace"])
    mock.control("POST", "/reset")
    assert state(mock, made["workspace"]) == before
    assert state(mock, "acme") != {**before, "workspace": "acme"}


def test_personas_without_a_workspace_are_those_of_the_start(mock: Mock) -> None:
    make(mock)
    assert {one["workspace"] for one in mock.control("GET", "/personas")["items"]} == {"acme", "globex"}


def test_the_state_tells_how_many_there_are(mock: Mock) -> None:
    limited, whole = mock.control("GET", "/worlds/acme/state?limit=2"), mock.control("GET", "/worlds/acme/state")
    for kind, count in (
        ("users", ACME.users),
        ("labels", ACME.labels),
        ("invites", ACME.invites),
        ("meetings", ACME.meetings),
    ):
        assert limited[kind] == {"items": whole[kind]["items"][:2], "total": len(count)}
        assert len(whole[kind]["items"]) == len(count)
    assert {"sub", "mother", "direct"} == {invite["kind"] for invite in whole["invites"]["items"]}
    assert any(invite["booking"] for invite in whole["invites"]["items"])
    refused(mock.client.get("/_mock/worlds/acme/state?limit=0"), 400)


# Within the years there are when it is checked, beyond them from the mock's clock on.
FAR = to_document(ACME) | {"labels": [to_document(ACME)["labels"][0] | {"createdAt": "+2912000d"}]}
FAR |= {"users": [to_document(ACME)["users"][1]], "apiKeys": [], "invites": [], "meetings": []}
WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"workspace": "acme"}, 409, "acme"),
    ({"workspace": "Upper"}, 400, "/workspace"),
    ({"world": "initech"}, 404, "acme, globex"),
    ({"copyOf": "initech"}, 404, "initech"),
    ({"world": "acme", "copyOf": "acme"}, 400, "/copyOf cannot be given together with world"),
    ({"world": "acme", "document": {}}, 400, "/document cannot be given together with world"),
    ({"copyOf": "acme", "document": {}}, 400, "/copyOf cannot be given together with document"),
    ({"document": []}, 400, "/document is []"),
    ({"document": {}}, 400, "/document/workspace: found nothing"),
    ({"document": to_document(ACME) | {"seed": -1}}, 400, "/document/seed: found -1"),
    ({"document": to_document(ACME) | {"labels": []}}, 400, "/document/users/0/labelIds/0"),
    ({"document": FAR}, 400, "+2912000d"),
    ({"workspace": "import"}, 409, "import"),
    ({"seed": 2**53}, 400, "/seed"),
    ({"clock": {"now": "1999-01-01T00:00:00Z"}}, 400, "/clock/now"),
    ({"clock": {"now": "2030-02-30T00:00:00Z"}}, 400, "/clock/now"),
    ({"clock": {"advanceSeconds": 1}}, 400, "/clock/advanceSeconds"),
    ({"expiresInSeconds": 0}, 400, "/expiresInSeconds"),
    ({"expiresInSeconds": 31_622_401}, 400, "/expiresInSeconds"),
    ({"name": "a"}, 400, "/name is unknown"),
]


@pytest.mark.parametrize(("body", "status", "told"), WRONG, ids=lambda value: str(value)[:60])
def test_what_makes_no_world(mock: Mock, body: dict[str, Any], status: int, told: str) -> None:
    before = mock.control("GET", "/worlds")
    message = refused(post(mock, "/worlds", body), status)
    assert told in message
    assert len(message) < 500
    assert mock.control("GET", "/worlds") == before
