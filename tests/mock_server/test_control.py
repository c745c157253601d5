"""The control API, over HTTP: the dashboard, the candidate and time, and who may play them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from fixtures import load_world
from openapi import Operation, load_mock_control
from tests.mock_server.running import Mock, ok, refused, serving
from tests.mock_server.wire import Wire, request

CONTROL = load_mock_control().operations.values()
START = "2030-05-15T10:00:00.000Z"
ADA_KEY = "kly_acme_ada_test_key"
# Its answer does not end.
STREAM = "text/event-stream"
PUBLIC = {
    "getControlDocument",
    "getHealth",
    "getKailentyDiscovery",
    "getKailentyJwks",
    "getMicrosoftDiscovery",
    "getMicrosoftJwks",
}
BODIES: Mapping[str, Any] = {
    "createApiKey": {"name": "Test", "createdByUserId": "usr_ada"},
    "bookInvite": {"startAt": "2030-05-21T09:00:00.000Z"},
    "setClock": {"frozen": True},
    "createWorld": {},
    "setWorldClock": {"frozen": True},
    "saveSnapshot": {"name": "saved"},
    "addFault": {"kind": "latency", "milliseconds": 0},
    "setRateLimit": {"requests": 100, "perSeconds": 60},
    "importBundle": load_mock_control().raw["paths"]["/worlds/import"]["post"]["requestBody"]["content"][
        "application/json"
    ]["example"],
    "verifyRequests": {"match": {}},
}
VALUES = {
    "workspace": "acme",
    "snapshot": "saved",
    "keyId": "key_ada",
    "inviteId": "inv_active",
    "faultId": "flt_1",
    # The first request of a server that has begun anew: to do that.
    "requestId": "req_4bef3d8dcb115428347982f5",
    "tenantId": "aaaaaaaa-0000-4000-8000-000000000000",
}


def target(operation: Operation) -> str:
    """The path of an operation on rows that exist, once `prepare` has seen to them."""
    values = VALUES | {"workspace": "spare"} if operation.operation_id == "deleteWorld" else VALUES
    return "/_mock" + operation.path.format_map(values)


def prepare(mock: Mock, operation: Operation, headers: Mapping[str, str] | None = None) -> None:
    """See to it that there is what an operation needs."""
    if operation.operation_id == "deleteWorld":
        mock.client.post("/_mock/worlds", json={"workspace": "spare"}, headers=headers)
    if operation.operation_id == "importBundle":
        mock.client.delete("/_mock/worlds/tiny", headers=headers)
    if "{snapshot}" in operation.path:
        ok(mock.client.post("/_mock/worlds/acme/snapshots", json={"name": "saved"}, headers=headers))
    if "{faultId}" in operation.path:
        ok(mock.client.post("/_mock/reset", headers=headers))
        ok(mock.client.post("/_mock/worlds/acme/faults", json={"kind": "invalid-json"}, headers=headers))


def call(mock: Mock, operation: Operation, **headers: str) -> httpx.Response:
    """A request for an operation that succeeds if the caller may make it."""
    body = BODIES.get(operation.operation_id)
    with mock.client.stream(operation.method, target(operation), json=body, headers=headers) as answer:
        if answer.headers["content-type"] != STREAM:
            answer.read()
    return answer


def send(mock: Mock, method: str, path: str, body: Any = None) -> httpx.Response:
    return mock.client.request(method, f"/_mock{path}", json=body)


def test_served_is_what_the_document_has(mock: Mock) -> None:
    """Each operation answers, with a status and a body of the document; each path has its methods and no other."""
    for operation in CONTROL:
        prepare(mock, operation)
        answer = call(mock, operation)
        assert answer.status_code == operation.status, answer.text
        if answer.headers["content-type"] != STREAM:
            assert ("success" in answer.json()) is operation.enveloped
        allowed = {other.method.upper() for other in CONTROL if other.path == operation.path}
        refusal = mock.client.request("BREW", target(operation))
        refused(refusal, 405)
        assert set(refusal.headers["allow"].split(", ")) == allowed
    assert {operation.operation_id for operation in CONTROL if not operation.secured} == PUBLIC


# -- Server and personas ----------------------------------------------------------------------------------------------


def test_health_tells_version_time_and_workspaces(mock: Mock) -> None:
    expected = {
        "status": "ok",
        "version": version("kailenty-contract-suite"),
        "now": START,
        "workspaces": ["acme", "globex"],
    }
    assert mock.control("GET", "/health") == expected


def test_personas_are_everybody_with_credentials(mock: Mock) -> None:
    items = mock.control("GET", "/personas")["items"]
    port = urlsplit(mock.url).port
    users = {(world, user.id): user for world in ("acme", "globex") for user in load_world(world).users}
    assert {(item["workspace"], item["userId"]) for item in items} == set(users)
    for item in items:
        user = users[item["workspace"], item["userId"]]
        assert item["host"] == f"{item['workspace']}.localhost:{port}"
        assert (item["name"], item["role"], item["status"]) == (user.name, user.role, user.status)
        assert item["role"] == "admin" or item["apiKey"] is None
    assert {item["userId"]: item["apiKey"] for item in items if item["apiKey"]} == {
        "usr_ada": ADA_KEY,
        "usr_grace": "kly_acme_grace_test_key",
        "usr_konrad": "kly_acme_konrad_test_key",
        "usr_gx_ada": "kly_globex_ada_test_key",
        "usr_gx_konrad": "kly_globex_konrad_test_key",
    }


def test_each_credential_of_a_persona_is_theirs(mock: Mock) -> None:
    """AUTH-02, AUTH-04, AUTH-05, AUTH-10: at their host, and rejected where they are not active."""
    for item in mock.personas.values():
        ways = [{"Authorization": f"Bearer {item[name]}"} for name in ("token", "microsoftToken")]
        ways += [{"X-API-Key": item["apiKey"]}] if item["apiKey"] else []
        for headers in ways:
            answer = mock.with_(headers, item["host"]).get("/invites", x="unknown")
            if item["status"] == "active":
                refused(answer, 400)
                caller = f"{item['userId']}; role={item['role']}; workspace={item['workspace']}"
                assert answer.headers["x-mock-caller"] == caller
            else:
                refused(answer, 401, "AUTH-10")


def test_personas_of_one_workspace(mock: Mock) -> None:
    items = mock.control("GET", "/personas?workspace=globex")["items"]
    assert [item for item in mock.control("GET", "/personas")["items"] if item["workspace"] == "globex"] == items
    assert "globex" in refused(send(mock, "GET", "/personas?workspace=initech"), 404)
    refused(send(mock, "GET", "/personas?workspace="), 400)
    refused(send(mock, "GET", "/personas?workspace=a%20b"), 400)
    refused(send(mock, "GET", "/personas?workspaces=acme"), 400)


@pytest.mark.parametrize(
    "host", ["localhost", "acme.localhost", "127.0.0.1", "[::1]", "localhost:" + "9" * 5000, "localhost:x"]
)
def test_personas_name_the_port_that_was_asked(mock: Mock, host: str) -> None:
    """None where there was none, or one that is none."""
    answer = mock.client.get("/_mock/personas?workspace=acme", headers={"Host": host})
    assert {item["host"] for item in ok(answer)["items"]} == {"acme.localhost"}


def test_reset_puts_rows_clock_and_ids_back(mock: Mock) -> None:
    def change() -> list[Any]:
        ada = mock.as_("usr_ada")
        made = [ok(ada.post("/labels", {"name": "Data", "color": "#0F766E"}))]
        made += [mock.control("POST", "/worlds/acme/api-keys", {"name": "Test", "createdByUserId": "usr_ada"})]
        made += [mock.book("inv_active", "2030-05-21T09:00:00Z")]
        made += [
            ok(ada.delete("/labels/lbl_unused")),
            ok(ada.put("/users/usr_zoe/labels", {"labelIds": ["lbl_sales"]})),
        ]
        made += [mock.control("DELETE", "/worlds/acme/api-keys/key_ada")]
        mock.control("PUT", "/clock", {"advanceSeconds": 3600, "frozen": False})
        return made

    def seen() -> list[Any]:
        ada = mock.as_("usr_ada")
        year = {"from_": "2030-01-01T00:00:00Z", "to": "2030-12-31T00:00:00Z"}
        rows = [ada.whole(path) for path in ("/invites", "/labels", "/users")]
        return [*rows, ada.whole("/meetings", **year), mock.control("GET", "/worlds/acme/api-keys")]

    before, made = seen(), change()
    assert seen() != before
    assert mock.control("POST", "/reset")["now"] == START
    assert seen() == before
    assert mock.control("GET", "/clock") == {"now": START, "frozen": True}
    assert change() == made


# -- API keys ---------------------------------------------------------------------------------------------------------


def test_a_key_is_created_listed_and_revoked(mock: Mock) -> None:
    """AUTH-02, AUTH-08: from the next request on."""
    made = mock.control("POST", "/worlds/acme/api-keys", {"name": "Export", "createdByUserId": "usr_grace"})
    secret = made.pop("apiKey")
    assert made | {"id": ""} == {
        "id": "",
        "name": "Export",
        "createdByUserId": "usr_grace",
        "createdAt": START,
        "revokedAt": None,
    }
    listed = mock.control("GET", "/worlds/acme/api-keys")["items"]
    assert listed[-1] == made
    assert secret not in str(listed)
    caller = mock.with_({"X-API-Key": secret})
    assert caller.get("/invites", x="unknown").headers["x-mock-caller"] == "usr_grace; role=admin; workspace=acme"
    mock.control("PUT", "/clock", {"advanceSeconds": 60})
    revoked = mock.control("DELETE", f"/worlds/acme/api-keys/{made['id']}")
    assert revoked == made | {"revokedAt": "2030-05-15T10:01:00.000Z"}
    refused(caller.get("/invites"), 401, "AUTH-08")
    mock.control("PUT", "/clock", {"advanceSeconds": 60})
    assert mock.control("DELETE", f"/worlds/acme/api-keys/{made['id']}") == revoked
    assert mock.control("GET", "/worlds/acme/api-keys")["items"][-1] == revoked


def test_keys_are_listed_in_the_order_they_were_made(mock: Mock) -> None:
    made = [
        mock.control("POST", "/worlds/acme/api-keys", {"name": f"Key {n}", "createdByUserId": "usr_ada"})["id"]
        for n in range(5)
    ]
    listed = [item["id"] for item in mock.control("GET", "/worlds/acme/api-keys")["items"]]
    assert listed == [key.id for key in load_world("acme").api_keys] + made
    assert len(set(listed)) == len(listed)


def test_a_second_key_leaves_the_persona_the_first(mock: Mock) -> None:
    mock.control("POST", "/worlds/acme/api-keys", {"name": "Second", "createdByUserId": "usr_ada"})
    ada = next(item for item in mock.control("GET", "/personas")["items"] if item["userId"] == "usr_ada")
    assert ada["apiKey"] == ADA_KEY
    mock.control("DELETE", "/worlds/acme/api-keys/key_ada")
    ada = next(item for item in mock.control("GET", "/personas")["items"] if item["userId"] == "usr_ada")
    assert ada["apiKey"] not in (None, ADA_KEY)


@pytest.mark.parametrize(
    ("creator", "status"),
    [
        ("usr_marta", 409),
        ("usr_alan", 409),
        ("usr_konrad", 409),
        ("usr_piet", 409),
        ("usr_gx_ada", 404),
        ("nobody", 404),
    ],
)
def test_only_active_admins_create_keys(mock: Mock, creator: str, status: int) -> None:
    """AUTH-12."""
    before = mock.control("GET", "/worlds/acme/api-keys")
    answer = send(mock, "POST", "/worlds/acme/api-keys", {"name": "Export", "createdByUserId": creator})
    assert creator in refused(answer, status, "AUTH-12")
    assert mock.control("GET", "/worlds/acme/api-keys") == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/worlds/initech/api-keys", None, 404),
        ("POST", "/worlds/initech/api-keys", {"name": "a", "createdByUserId": "usr_ada"}, 404),
        ("DELETE", "/worlds/initech/api-keys/key_ada", None, 404),
        ("DELETE", "/worlds/globex/api-keys/key_ada", None, 404),
        ("DELETE", "/worlds/acme/api-keys/key_none", None, 404),
        ("GET", "/worlds/ACME/api-keys", None, 400),
        ("DELETE", "/worlds/acme/api-keys/a%20b", None, 400),
        ("POST", "/worlds/acme/api-keys", {"name": "a"}, 400),
        ("POST", "/worlds/acme/api-keys", {"name": "", "createdByUserId": "usr_ada"}, 400),
        ("POST", "/worlds/acme/api-keys", {"name": "a", "createdByUserId": "usr_ada", "role": "admin"}, 400),
    ],
)
def test_what_the_keys_refuse(mock: Mock, method: str, path: str, body: Any, status: int) -> None:
    before = mock.control("GET", "/worlds/acme/api-keys")
    refused(send(mock, method, path, body), status)
    assert mock.control("GET", "/worlds/acme/api-keys") == before


# -- Booking ----------------------------------------------------------------------------------------------------------

DIRECT: dict[str, Any] = {
    "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
    "candidates": [
        {"name": "Grace", "email": "grace@candidates.example"},
        {"name": "Linus", "email": "linus@candidates.example"},
    ],
    "voteDeadlineAt": "2030-07-01T00:00:00Z",
    "meeting": {"meetingDurationMinutes": 45, "title": "Interview", "description": "A talk", "location": "Room 4"},
}


def booking(invite_id: str) -> str:
    return f"/worlds/acme/invites/{invite_id}/booking"


def routed(mock: Mock, label_ids: list[str], start_at: str) -> list[str]:
    """Who attends a meeting that is booked for these labels."""
    groups = [{"type": "labels", "labelIds": label_ids}]
    made = ok(mock.as_("usr_marta").post("/invites", DIRECT | {"requiredAttendees": groups}))
    attendees: list[str] = mock.book(made["id"], start_at)["requiredAttendees"]
    return attendees


@pytest.mark.parametrize(
    ("email", "number"), [(None, 0), ("grace@candidates.example", 0), ("linus@candidates.example", 1)]
)
def test_a_candidate_books(mock: Mock, email: str | None, number: int) -> None:
    """INV-09, INV-10: the one named, or the first; the meeting is the invite's."""
    alan = mock.as_("usr_alan")
    invite = ok(alan.post("/invites", DIRECT))
    given = {"startAt": "2030-05-21T09:00:00Z"} | ({"candidateEmail": email} if email else {})
    made = mock.control("POST", booking(invite["id"]), given)
    generated = {"id", "outlookEventId", "teamsJoinUrl"}
    assert {name: value for name, value in made.items() if name not in generated} == {
        "inviteId": invite["id"],
        "recruiterUserId": "usr_alan",
        "hostUserId": "usr_alan",
        "title": "Interview",
        "description": "A talk",
        "location": "Room 4",
        "startAt": "2030-05-21T09:00:00.000Z",
        "endAt": "2030-05-21T09:45:00.000Z",
        "requiredAttendees": ["usr_zoe"],
        "optionalAttendees": [],
        "guests": [DIRECT["candidates"][number]],
        "labelIds": [],
        "createdAt": START,
        "updatedAt": START,
    }
    booked = ok(alan.get(f"/invites/{invite['id']}"))
    assert (booked["status"], booked["booking"]) == ("booked", made)
    assert made in alan.whole("/meetings", from_="2030-05-21T00:00:00Z", to="2030-05-22T00:00:00Z")
    assert "booked" in refused(send(mock, "POST", booking(invite["id"]), given), 409, "INV-09")


def test_a_label_routes_to_its_first_member_who_is_free(mock: Mock) -> None:
    """INV-10: engineers are Ada, Alan and Edith. Who is busy is passed over; if all are, it is the first."""
    when = "2030-05-22T09:00:00Z"
    assert [routed(mock, ["lbl_engineering"], when) for _ in range(4)] == [
        ["usr_ada"],
        ["usr_alan"],
        ["usr_edith"],
        ["usr_ada"],
    ]
    assert routed(mock, ["lbl_engineering"], "2030-05-22T09:45:00Z") == ["usr_ada"]
    assert routed(mock, ["lbl_engineering"], "2030-05-22T09:44:00Z") == ["usr_ada"]


def test_each_label_routes_by_itself(mock: Mock) -> None:
    """INV-10: one who is in both groups attends once; nobody attends for a group without members."""
    when = "2030-05-22T09:00:00Z"
    assert routed(mock, ["lbl_engineering", "lbl_hiring"], when) == ["usr_ada"]
    assert routed(mock, ["lbl_engineering", "lbl_hiring"], when) == ["usr_alan", "usr_ada"]
    assert routed(mock, ["lbl_unused"], when) == []


def test_nobody_inactive_is_routed_to(mock: Mock) -> None:
    """INV-10."""
    ada = mock.as_("usr_ada")
    for user in ("usr_dora", "usr_piet", "usr_konrad", "usr_zoe"):
        ok(ada.put(f"/users/{user}/labels", {"labelIds": ["lbl_unused"]}))
    assert [routed(mock, ["lbl_unused"], "2030-05-22T09:00:00Z") for _ in range(2)] == [["usr_zoe"]] * 2


@pytest.mark.parametrize(
    ("invite", "body", "status", "told"),
    [
        (
            "inv_active",
            {"startAt": "2030-05-21T09:00:00Z", "candidateEmail": "no@where.example"},
            404,
            "no@where.example",
        ),
        ("inv_active", {"startAt": "2030-05-21T09:00:00Z", "candidateEmail": "no mail"}, 400, "/candidateEmail"),
        ("inv_active", {"startAt": START}, 400, "startAt must be in the future"),
        ("inv_active", {"startAt": "2020-05-21T09:00:00Z"}, 400, "startAt must be in the future"),
        ("inv_active", {"startAt": "2030-02-30T09:00:00Z"}, 400, "/startAt"),
        ("inv_active", {}, 400, "/startAt is missing"),
        ("inv_active", {"startAt": "2030-05-21T09:00:00Z", "endAt": "2030-05-21T10:00:00Z"}, 400, "/endAt is unknown"),
        ("inv_mother", {"startAt": "2030-05-21T09:00:00Z"}, 409, "mother"),
        ("inv_booked", {"startAt": "2030-05-21T09:00:00Z"}, 409, "booked"),
        ("inv_expired", {"startAt": "2030-05-21T09:00:00Z"}, 409, "expired"),
        ("inv_nowhere", {"startAt": "2030-05-21T09:00:00Z"}, 404, "inv_nowhere"),
        ("inv_gx_active", {"startAt": "2030-05-21T09:00:00Z"}, 404, "inv_gx_active"),
    ],
)
def test_what_cannot_be_booked(mock: Mock, invite: str, body: Any, status: int, told: str) -> None:
    """INV-09, INV-16, TEN-02."""
    before = mock.as_("usr_ada").whole("/invites", includeSubInvites="true")
    assert told in refused(send(mock, "POST", booking(invite), body), status)
    assert mock.as_("usr_ada").whole("/invites", includeSubInvites="true") == before


def test_an_invite_cannot_be_booked_after_its_deadline(mock: Mock) -> None:
    """INV-08, INV-09."""
    deadline = ok(mock.as_("usr_ada").get("/invites/inv_active"))["voteDeadlineAt"]
    mock.at(deadline)
    told = refused(send(mock, "POST", booking("inv_active"), {"startAt": "2030-06-21T09:00:00Z"}), 409)
    assert "expired" in told


def test_a_booking_in_an_unknown_workspace(mock: Mock) -> None:
    path = "/worlds/initech/invites/inv_active/booking"
    refused(send(mock, "POST", path, {"startAt": "2030-05-21T09:00:00Z"}), 404)


# -- The clock --------------------------------------------------------------------------------------------------------


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


# -- Issuers ----------------------------------------------------------------------------------------------------------

TENANT = load_world("acme").tenant_id


@pytest.mark.parametrize(
    ("home", "issuer", "member", "audience"),
    [
        ("/issuers/kailenty", "https://login.kailenty.mock", "token", "kailenty-app-api"),
        (
            f"/issuers/microsoft/{TENANT}/v2.0",
            f"https://login.microsoftonline.mock/{TENANT}/v2.0",
            "microsoftToken",
            "api://kailenty",
        ),
    ],
)
def test_a_token_is_verified_by_what_its_issuer_publishes(
    mock: Mock, home: str, issuer: str, member: str, audience: str
) -> None:
    """By a JOSE library that knows of us only the address of the discovery document."""
    found = httpx.get(f"{mock.url}/_mock{home}/.well-known/openid-configuration").json()
    assert found["issuer"] == issuer
    assert found["jwks_uri"].startswith(f"{mock.url}/_mock/issuers/")
    published = httpx.get(found["jwks_uri"]).json()
    assert {"d", "p", "q", "dp", "dq", "qi"}.isdisjoint(published["keys"][0])
    keys = KeySet.import_key_set(published)
    for user in ("usr_ada", "usr_alan"):
        token = jwt.decode(mock.personas[user][member], keys, algorithms=found["id_token_signing_alg_values_supported"])
        assert (token.claims["iss"], token.claims["aud"]) == (issuer, audience)


def test_an_unknown_tenant_has_no_issuer(mock: Mock) -> None:
    path = "/issuers/microsoft/{}/v2.0/.well-known/openid-configuration"
    refused(send(mock, "GET", path.format("cccccccc-0000-4000-8000-000000000000")), 404)
    refused(send(mock, "GET", path.format("common")), 400)


# -- Who may ----------------------------------------------------------------------------------------------------------


def state(mock: Mock, **headers: str) -> list[Any]:
    """What the control API could have changed."""
    got = [mock.client.get(f"/_mock/{path}", headers=headers) for path in ("clock", "worlds/acme/api-keys")]
    return [*map(ok, got), mock.with_({"X-API-Key": ADA_KEY}).whole("/invites")]


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "https://acme.localhost"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost:1"},
    {"Origin": "http://acme.localhost"},
    {"Host": "evil.example"},
    {"Host": "evil.example:8080"},
    {"Host": "localhost.evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "127.0.0.1@evil.example"},
    {"Host": "evil.localhost.example"},
    {"Host": "192.0.2.1"},
    {"Host": "0.0.0.0"},
    {"Host": "[2001:db8::1]"},
    {"Host": "mock"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_on_loopback_a_foreign_page_or_host_is_refused(mock: Mock, headers: dict[str, str]) -> None:
    """No web page reaches the control API through its reader's browser, by whatever name it finds us."""
    before = state(mock)
    for operation in CONTROL:
        if operation.operation_id not in PUBLIC:
            told = refused(call(mock, operation, **headers), 403, "CONTROL")
            assert (headers.get("Host") or headers["Origin"]) in told
    assert state(mock) == before


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST", "acme.localhost", "127.0.0.1", "127.1.2.3", "[::1]", "acme.kailenty.com"]
)
def test_on_loopback_our_own_pages_are_let_through(mock: Mock, name: str) -> None:
    host = f"{name}:{urlsplit(mock.url).port}"
    ok(mock.client.get("/_mock/clock", headers={"Host": host, "Origin": f"http://{host}"}))
    ok(mock.client.get("/_mock/clock", headers={"Host": host}))


def test_public_operations_answer_anybody(mock: Mock) -> None:
    for operation in CONTROL:
        if operation.operation_id in PUBLIC:
            for headers in FOREIGN:
                assert call(mock, operation, **headers).status_code == 200


def test_no_page_elsewhere_can_read_an_answer(mock: Mock) -> None:
    """There are no CORS headers below `/_mock`, not even for a preflight."""
    for operation in CONTROL:
        for origin in ("http://evil.example", mock.url):
            asked = {"Origin": origin, "Access-Control-Request-Method": operation.method.upper()}
            for answer in (
                call(mock, operation, Origin=origin),
                mock.client.options(target(operation), headers=asked),
            ):
                assert not [name for name in answer.headers if name.startswith("access-control")]
    refused(mock.client.options("/_mock/clock", headers=asked), 405, "ERR-07")


TOKEN = "c0ntrol token"


class Guarded(Mock):
    """A mock whose control API does not answer just anybody, so that its personas are unknown."""

    def _personas(self) -> dict[str, dict[str, Any]]:
        return {}


@contextmanager
def guarded(*options: str) -> Iterator[Mock]:
    with serving("--frozen", *options) as url:
        mock = Guarded(url)
        yield mock
        mock.client.close()


@pytest.fixture(scope="module")
def tokened() -> Iterator[Mock]:
    """A mock at a loopback address, with a control token."""
    with guarded("--control-token", TOKEN) as mock:
        yield mock


@pytest.fixture(scope="module")
def exposed() -> Iterator[Mock]:
    """A mock at every address of this machine, with a control token."""
    with guarded("--control-token", TOKEN, "--host", "0.0.0.0") as mock:
        yield mock


@pytest.mark.parametrize("which", ["tokened", "exposed"])
def test_with_a_token_it_is_needed(which: str, request: pytest.FixtureRequest) -> None:
    """On a loopback address too; with it, no origin and no host is foreign."""
    mock: Mock = request.getfixturevalue(which)
    right = {"Authorization": f"Bearer {TOKEN}"}
    before = state(mock, **right)
    wrong = [
        {"Authorization": value}
        for value in ("", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer é")
    ]
    for operation in CONTROL:
        if operation.operation_id in PUBLIC:
            assert call(mock, operation).status_code == 200
            continue
        for headers in ({}, {"X-API-Key": ADA_KEY}, {"Authorization": f"Bearer {ADA_KEY}"}, *wrong):
            answer = mock.client.request(
                operation.method, target(operation), json=BODIES.get(operation.operation_id), headers=_raw(headers)
            )
            assert "control token" in refused(answer, 401, "CONTROL")
            assert TOKEN not in str(answer.headers) + answer.text
    assert state(mock, **right) == before
    for operation in CONTROL:
        for more in ({}, {"Origin": "http://evil.example"}, {"Host": "mock.example"}):
            ok(mock.client.post("/_mock/reset", headers=right))
            prepare(mock, operation, right)
            assert call(mock, operation, **right, **more).status_code == operation.status
    ok(mock.client.get("/_mock/clock", headers=_raw({"Authorization": f"bearer  {TOKEN}"})))


def _raw(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in headers.items()}


def test_at_another_address_without_a_token_it_is_off() -> None:
    """The message tells how to switch it on; what is public stays, and the App API does."""
    with guarded("--host", "0.0.0.0") as mock:
        before = mock.with_({"X-API-Key": ADA_KEY}).whole("/invites")
        for operation in CONTROL:
            if operation.operation_id in PUBLIC:
                assert call(mock, operation).status_code == 200
                continue
            for headers in ({}, {"Authorization": "Bearer x"}, {"Host": "localhost"}, {"Origin": mock.url}):
                assert "--control-token" in refused(call(mock, operation, **headers), 404, "CONTROL")
        assert mock.with_({"X-API-Key": ADA_KEY}).whole("/invites") == before


def test_without_a_host_it_is_as_if_asked_at_its_address(mock: Mock) -> None:
    """Only HTTP/1.0 may name none."""
    with Wire(mock.url) as wire:
        assert (
            wire.ask(request("GET", "/_mock/clock").replace(b"HTTP/1.1\r\nHost: localhost", b"HTTP/1.0")).status == 200
        )
    with Wire(mock.url) as wire:
        assert wire.ask(request("GET", "/_mock/clock", host="")).status == 400
