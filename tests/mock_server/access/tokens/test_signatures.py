"""Algorithms, keys and headers that others than the issuer may have chosen."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from mock_server.access import keys
from mock_server.access.issuers import KAILENTY, MICROSOFT, Issuer
from mock_server.access.keys import jose
from mock_server.access.tokens import TokenKind, read
from tests.mock_server.access.tokens.signing import (
    NOW,
    both_issuers,
    encode,
    good_claims,
    minted,
    refusal,
    signed,
    with_header,
)

UNKNOWN_KID = keys.private("unknown")["kid"]


@both_issuers
def test_hs256_with_the_public_key_as_its_secret_is_refused(issuer: Issuer) -> None:
    head = encode(json.dumps({"alg": "HS256", "kid": issuer.key_id}).encode())
    signing_input = f"{head}.{minted(issuer.kind).split('.')[1]}"
    for secret in (json.dumps(keys.public(issuer.kind)), keys.public(issuer.kind)["n"]):
        mac = hmac.new(secret.encode(), signing_input.encode(), hashlib.sha256).digest()
        assert refusal(f"{signing_input}.{encode(mac)}").reason == "the algorithm is 'HS256', expected RS256"


@pytest.mark.parametrize("algorithm", ["RS512", "PS256", "ES256", "NONE", "rs256", "", None, 5, [], {}, True])
def test_every_other_algorithm_is_refused(algorithm: object) -> None:
    token = with_header(minted(TokenKind.KAILENTY), {"alg": algorithm, "kid": KAILENTY.key_id})
    assert refusal(token).reason.startswith("the algorithm is ")


@both_issuers
def test_a_tampered_payload_is_refused(issuer: Issuer) -> None:
    head, _, signature = minted(issuer.kind).split(".")
    payload = encode(json.dumps(good_claims(issuer) | {issuer.subject_claim: "someone-else"}).encode())
    assert "signature" in refusal(f"{head}.{payload}.{signature}").reason


@both_issuers
def test_one_issuer_cannot_sign_for_the_other(issuer: Issuer) -> None:
    other = MICROSOFT if issuer is KAILENTY else KAILENTY
    assert "the issuer is" in refusal(signed(issuer, good_claims(other))).reason
    assert "signature" in refusal(jose.sign(good_claims(other), key=issuer.kind, key_id=other.key_id)).reason


@pytest.mark.parametrize("key_id", [UNKNOWN_KID, "", None, 1, ["kailenty-mock-1"], {}])
def test_a_foreign_key_is_refused(key_id: object) -> None:
    refused = refusal(with_header(minted(TokenKind.KAILENTY), {"alg": "RS256", "kid": key_id}, key="unknown"))
    assert refused.reason.startswith("the key ('kid') is ")
    assert refused.kind is None


def test_a_missing_key_id_is_refused() -> None:
    refused = refusal(with_header(minted(TokenKind.KAILENTY), {"alg": "RS256"}))
    assert refused.reason == "the key ('kid') is missing, which no issuer here publishes"


@pytest.mark.parametrize(
    "extra",
    [
        {"jwk": keys.public("unknown")},
        {"jku": "https://attacker.example/jwks.json"},
        {"x5u": "https://attacker.example/cert.pem"},
        {"x5c": ["MIIB"]},
    ],
    ids=lambda extra: next(iter(extra)),
)
def test_a_key_that_the_token_brings_along_is_ignored(extra: dict[str, Any]) -> None:
    token, header = minted(TokenKind.KAILENTY), {"alg": "RS256", "kid": KAILENTY.key_id, **extra}
    assert read(with_header(token, header), now=NOW).subject == "usr_ada"
    assert "signature" in refusal(with_header(token, header, key="unknown")).reason


def test_a_header_member_that_means_nothing_here_is_ignored() -> None:
    header = {"alg": "RS256", "kid": KAILENTY.key_id, "nonce": "n", "x5t": "t"}
    assert read(with_header(minted(TokenKind.KAILENTY), header), now=NOW).subject == "usr_ada"


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], 5, None, "exp", [[]]])
def test_critical_extensions_are_refused(crit: object) -> None:
    header = {"alg": "RS256", "kid": KAILENTY.key_id, "crit": crit, "exp": 1}
    assert "crit" in refusal(with_header(minted(TokenKind.KAILENTY), header)).reason


@pytest.mark.parametrize("member", [{"typ": 1}, {"jku": 1}, {"jwk": "x"}, {"x5c": "x"}])
def test_a_header_member_of_the_wrong_type_is_refused(member: dict[str, Any]) -> None:
    header = {"alg": "RS256", "kid": KAILENTY.key_id, **member}
    refused = refusal(with_header(minted(TokenKind.KAILENTY), header))
    assert refused.reason == "the header has a member of the wrong type"
