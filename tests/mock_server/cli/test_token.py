"""Tokens that `token` mints."""

import httpx
import pytest

from tests.mock_server.cli.commands import Served, fails, output
from tests.mock_server.running import API, ok, refused, start


def accepted(one: Served, token: str) -> httpx.Response:
    return one.get(f"{API}/invites?x=1", Authorization=f"Bearer {token}")


@pytest.mark.parametrize("kind", ["kailenty", "microsoft"])
@pytest.mark.parametrize(
    ("arguments", "caller"),
    [
        (["usr_alan"], "usr_alan; role=user; workspace=acme"),
        (["ada@acme.example"], "usr_ada; role=admin; workspace=acme"),
        (["usr_gx_marta", "--world", "globex"], "usr_gx_marta; role=manager; workspace=globex"),
        (["usr_alan", "--lifetime", "60s"], "usr_alan; role=user; workspace=acme"),
        (["usr_alan", "--lifetime", "3650d"], "usr_alan; role=user; workspace=acme"),
    ],
)
def test_a_minted_token_is_accepted(server: Served, kind: str, arguments: list[str], caller: str) -> None:
    """AUTH-04, AUTH-05."""
    answer = accepted(server, output("token", *arguments, "--kind", kind).strip())
    assert answer.status_code == 400
    assert answer.headers["x-mock-caller"] == caller


@pytest.mark.parametrize("kind", ["kailenty", "microsoft"])
@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        ("expired", "expired at"),
        ("not-yet-valid", "not valid before"),
        ("wrong-audience", "audience"),
        ("wrong-issuer", "issuer"),
        ("wrong-tenant", "no user of this workspace"),
        ("bad-signature", "signature"),
        ("alg-none", "algorithm"),
    ],
)
def test_a_flawed_token_is_rejected_for_its_flaw(server: Served, kind: str, flaw: str, reason: str) -> None:
    """AUTH-07."""
    token = output("token", "usr_alan", "--kind", kind, "--flaw", flaw).strip()
    assert reason in refused(accepted(server, token), 401, "AUTH-07")


def test_a_token_of_somebody_inactive_is_rejected(server: Served) -> None:
    """AUTH-10."""
    for user in ("usr_piet", "usr_dora", "usr_konrad"):
        refused(accepted(server, output("token", user).strip()), 401, "AUTH-10")


def test_a_token_lives_as_long_as_it_says() -> None:
    token = output("token", "usr_alan", "--now", "2030-05-15T10:00:00Z", "--lifetime", "15m").strip()
    assert output("token", "usr_alan", "--now", "2030-05-15T12:00:00+02:00", "--lifetime", "900s").strip() == token
    with start("--clock", "2030-05-15T10:14:59Z", "--frozen") as mock:
        caller = mock.with_({"Authorization": f"Bearer {token}"})
        ok(caller.get("/invites"))
        mock.at("2030-05-15T10:15:00Z")
        refused(caller.get("/invites"), 401, "AUTH-07")
        mock.at("2030-05-15T09:59:59Z")
        refused(caller.get("/invites"), 401, "AUTH-07")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "acme has no user nobody; it has usr_ada"),
        (["usr_gx_ada"], "acme has no user usr_gx_ada"),
        (["usr_ada", "--world", "initech"], "initech"),
        (["usr_ada", "--workspace", "my test"], "workspace: found 'my test', expected a host name"),
        (["usr_ada", "--workspace", ""], "workspace: found '', expected a host name"),
        (["usr_ada", "--kind", "saml"], "saml"),
        (["usr_ada", "--flaw", "ugly"], "ugly"),
        (["usr_ada", "--lifetime", "0s"], "0s is no length"),
        (["usr_ada", "--lifetime", "soon"], "soon is no length"),
        (["usr_ada", "--lifetime", "-1h"], "-1h is no length"),
        (["usr_ada", "--lifetime", "3651d"], "longer than 3650d"),
        (["usr_ada", "--now", "9999-12-31T23:59:59Z"], "does not lie in"),
        ([], "PERSONA"),
    ],
)
def test_tokens_that_cannot_be_minted(arguments: list[str], words: str) -> None:
    assert words in fails("token", *arguments)


@pytest.mark.parametrize("now", ["2000-01-01T00:00:00Z", "2099-12-31T23:59:59Z"])
def test_tokens_at_the_edges_of_time(now: str) -> None:
    for flaw in ("expired", "not-yet-valid"):
        assert output("token", "usr_ada", "--now", now, "--lifetime", "3650d", "--flaw", flaw).count(".") == 2
