"""Key sets and discovery documents."""

import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from mock_server.access import issuers
from mock_server.access.tokens import TokenKind
from tests.mock_server.access.tokens.signing import TENANT, both_kinds, decode, good_claims, minted, public_key


@both_kinds
def test_the_published_key_set_verifies_a_token(kind: TokenKind) -> None:
    token = minted(kind)
    signing_input, _, signature = token.rpartition(".")
    (jwk,) = issuers.jwks(kind)["keys"]
    header = json.loads(decode(token.split(".")[0]))
    assert header == {"typ": "JWT", "alg": "RS256", "kid": jwk["kid"]}
    key = public_key(jwk)
    assert key.key_size == 2048
    key.verify(decode(signature), signing_input.encode(), padding.PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        key.verify(decode(signature), signing_input.encode() + b"A", padding.PKCS1v15(), SHA256())


@both_kinds
def test_a_key_set_has_no_private_part(kind: TokenKind) -> None:
    (jwk,) = issuers.jwks(kind)["keys"]
    assert jwk.keys() == {"kty", "use", "alg", "kid", "n", "e"}


@both_kinds
def test_discovery_names_the_issuer_of_the_tokens_and_the_keys_of_this_server(kind: TokenKind) -> None:
    document = issuers.discovery(kind, "http://127.0.0.1:8080/", TENANT)
    assert document["issuer"] == good_claims(issuers.ISSUERS[kind])["iss"]
    assert document["jwks_uri"] == f"http://127.0.0.1:8080/_mock/issuers/{kind}/jwks.json"
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]
    assert document.keys() >= {
        "authorization_endpoint",
        "token_endpoint",
        "response_types_supported",
        "subject_types_supported",
    }


def test_discovery_escapes_a_tenant_that_comes_from_the_path() -> None:
    document = issuers.discovery(TokenKind.MICROSOFT, "http://mock", "a/../{b}?c")
    assert document["token_endpoint"] == "http://mock/_mock/issuers/microsoft/a%2F..%2F%7Bb%7D%3Fc/v2.0/token"
