"""What the issuers of tokens publish."""

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from fixtures import load_world
from tests.mock_server.control.calling import send
from tests.mock_server.running import Mock, refused

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
