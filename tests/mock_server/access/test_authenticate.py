"""Credentials and tenants, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from fixtures import load_world
from mock_server.access.tokens import Flaw, TokenKind, mint
from tests.mock_server.running import Mock, ok, refused
from tests.mock_server.wire import Wire, request

NOW = datetime(2030, 5, 15, 10, tzinfo=UTC)
ADA_KEY = "kly_acme_ada_test_key"


def token(user_id: str, kind: TokenKind, flaw: Flaw | None = None) -> str:
    world = load_world("globex" if "_gx_" in user_id else "acme")
    user = next(user for user in world.users if user.id == user_id)
    return mint(
        kind,
        workspace=world.workspace,
        tenant_id=world.tenant_id,
        user_id=user.id,
        object_id=user.object_id,
        email=user.email,
        name=user.name,
        token_id="test",
        now=NOW,
        lifetime=timedelta(hours=1),
        flaw=flaw,
    )


def test_every_kind_of_credential_is_accepted(mock: Mock) -> None:
    """AUTH-02 to AUTH-05: and tells the same caller."""
    ways = [
        {"X-API-Key": ADA_KEY},
        {"Authorization": f"Bearer {ADA_KEY}"},
        {"Authorization": f"bearer {token('usr_ada', TokenKind.KAILENTY)}"},
        {"Authorization": f"Bearer {token('usr_ada', TokenKind.MICROSOFT)}"},
    ]
    answers = [ok(mock.with_(headers).get("/users")) for headers in ways]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("kind", list(TokenKind))
@pytest.mark.parametrize("flaw", list(Flaw))
def test_every_flaw_is_401(mock: Mock, kind: TokenKind, flaw: Flaw) -> None:
    """AUTH-07, TEN-01; the answer never repeats the token."""
    made = token("usr_ada", kind, flaw)
    answer = mock.with_({"Authorization": f"Bearer {made}"}).get("/invites")
    refused(answer, 401)
    assert made not in answer.text + str(answer.headers)


def test_a_token_lives_from_its_beginning_to_its_end_by_the_clock(mock: Mock) -> None:
    """AUTH-07."""
    caller = mock.with_({"Authorization": f"Bearer {token('usr_ada', TokenKind.KAILENTY)}"})
    ok(caller.get("/invites"))
    mock.at("2030-05-15T11:00:01Z")
    refused(caller.get("/invites"), 401, "AUTH-07")
    mock.at("2030-05-15T09:59:59Z")
    refused(caller.get("/invites"), 401, "AUTH-07")


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({}, "AUTH-01"),
        ({"X-API-Key": "kly_acme_nobody"}, "AUTH-06"),
        ({"X-API-Key": ""}, "AUTH-06"),
        ({"Authorization": "Bearer"}, "AUTH-06"),
        ({"Authorization": f"Basic {ADA_KEY}"}, "AUTH-06"),
        ({"Authorization": ADA_KEY}, "AUTH-06"),
        ({"Authorization": "Bearer a.b.c"}, "AUTH-07"),
        ({"X-API-Key": ADA_KEY, "Authorization": f"Bearer {ADA_KEY}"}, "AUTH-11"),
        ({"X-API-Key": "kly_acme_ada_revoked_key"}, "AUTH-08"),
        ({"X-API-Key": "kly_acme_konrad_test_key"}, "AUTH-10"),
    ],
)
def test_what_is_no_credential(mock: Mock, headers: dict[str, str], rule: str) -> None:
    """AUTH-01, AUTH-06, AUTH-08, AUTH-10, AUTH-11."""
    answer = mock.with_(headers).get("/invites")
    refused(answer, 401, rule)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("value", "told"),
    [("", "The X-API-Key header is empty"), (token("usr_ada", TokenKind.KAILENTY), "Authorization: Bearer <token>")],
)
def test_a_header_without_a_key_is_told_from_an_unknown_key(mock: Mock, value: str, told: str) -> None:
    """AUTH-06: a variable that is not set, or a token in the wrong header, is nothing that was revoked."""
    message = refused(mock.with_({"X-API-Key": value}).get("/invites"), 401, "AUTH-06")
    assert told in message
    assert value == "" or value not in message


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"X-API-Key: \t{ADA_KEY} \t", 200),
        (f"Authorization: bEARER   {ADA_KEY} ", 200),
        (f"X-API-Key: {ADA_KEY}\xa0", 401),
        (f"X-API-Key: \x85{ADA_KEY}", 401),
        (f"Authorization: Bearer\t{ADA_KEY}", 401),
        (f"Authorization: Bearer \t{ADA_KEY}", 401),
    ],
)
def test_only_the_white_space_of_http_is_left_out(mock: Mock, header: str, status: int) -> None:
    """AUTH-02, AUTH-03, AUTH-06."""
    with Wire(mock.url) as wire:
        assert wire.ask(request("GET", "/api/v1/app/invites", header.encode("latin-1"))).status == status


@pytest.mark.parametrize("user", ["usr_piet", "usr_dora", "usr_konrad"])
def test_pending_and_disabled_users_are_401(mock: Mock, user: str) -> None:
    """AUTH-10."""
    refused(mock.as_(user).get("/invites"), 401, "AUTH-10")


def test_the_same_key_twice_is_two_credentials(mock: Mock) -> None:
    """AUTH-11."""
    headers = [("X-API-Key", ADA_KEY), ("X-API-Key", ADA_KEY)]
    refused(mock.client.get("/api/v1/app/invites", headers=headers), 401, "AUTH-11")


def test_a_key_acts_with_its_creators_present_role(mock: Mock) -> None:
    """AUTH-09: boris made his key as an admin and is a manager now, edith is a user."""
    boris = mock.with_({"X-API-Key": "kly_acme_boris_test_key"})
    ok(boris.get("/labels"))
    refused(boris.get("/users"), 403, "ROLE-03")
    refused(mock.with_({"X-API-Key": "kly_acme_edith_test_key"}).get("/labels"), 403, "ROLE-01")


def test_a_key_lives_from_its_making_to_its_revocation(mock: Mock) -> None:
    """AUTH-08, D-05: through Settings → API Keys."""
    made = mock.control("POST", "/worlds/acme/api-keys", {"name": "CI", "createdByUserId": "usr_grace"})
    caller = mock.with_({"X-API-Key": made["apiKey"]})
    ok(caller.get("/users"))
    listed = mock.control("GET", "/worlds/acme/api-keys")["items"]
    assert listed[-1] == {name: value for name, value in made.items() if name != "apiKey"}
    revoked = mock.control("DELETE", f"/worlds/acme/api-keys/{made['id']}")
    assert revoked["revokedAt"] == "2030-05-15T10:00:00.000Z"
    refused(caller.get("/users"), 401, "AUTH-08")


@pytest.mark.parametrize("user", ["usr_marta", "usr_alan", "usr_konrad"])
def test_only_active_admins_make_keys(mock: Mock, user: str) -> None:
    """AUTH-12."""
    answer = mock.client.post("/_mock/worlds/acme/api-keys", json={"name": "x", "createdByUserId": user})
    refused(answer, 409, "AUTH-12")


def test_a_credential_is_rejected_at_every_other_workspace(mock: Mock) -> None:
    """TEN-01: also at hosts of workspaces that nobody has; a bare host leaves it to the credential."""
    port = mock.url.rsplit(":", 1)[1]
    for host in ("globex.localhost", "globex.kailenty.com", "nowhere.localhost"):
        caller = mock.with_({"X-API-Key": ADA_KEY}, host=f"{host}:{port}")
        refused(caller.get("/invites"), 401, "TEN-01")
    for host in ("acme.localhost", "ACME.localhost", "acme.kailenty.com", "localhost", "127.0.0.1", "mock"):
        ok(mock.with_({"X-API-Key": ADA_KEY}, host=f"{host}:{port}").get("/invites"))


def test_another_workspaces_rows_do_not_exist(mock: Mock) -> None:
    """TEN-02, TEN-03: the answer is the same as for an id that nobody has."""
    ada, rival = mock.as_("usr_ada"), mock.as_("usr_gx_ada")
    theirs = rival.whole("/invites")
    assert theirs
    for invite in theirs:
        foreign = ada.get(f"/invites/{invite['id']}")
        assert refused(foreign, 404).replace(invite["id"], "") == refused(ada.get("/invites/inv_nowhere"), 404).replace(
            "inv_nowhere", ""
        )
    mine = {invite["id"] for invite in ada.whole("/invites", includeSubInvites="true")}
    assert not mine & {invite["id"] for invite in theirs}


def test_a_row_of_somebody_else_looks_like_none_but_the_headers_tell(mock: Mock) -> None:
    """OWN-03."""
    alan = mock.as_("usr_alan")
    hidden, unknown = alan.get("/invites/inv_active_manager"), alan.get("/invites/inv_nowhere")
    assert refused(hidden, 404, "OWN-03").replace("inv_active_manager", "inv_nowhere") == refused(unknown, 404)
    assert hidden.headers["x-mock-roles"] == "manager, admin"
    assert hidden.headers["x-mock-caller"] == "usr_alan; role=user; workspace=acme"
    assert "usr_alan" in hidden.headers["x-mock-credential"]
    assert hidden.headers["x-mock-reason"]
