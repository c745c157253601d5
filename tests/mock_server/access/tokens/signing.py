"""Tokens as the issuers sign them and as they would not, and how one is refused."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from mock_server.access import keys
from mock_server.access.issuers import KAILENTY, MICROSOFT, Issuer
from mock_server.access.keys import jose
from mock_server.access.tokens import Flaw, InvalidToken, TokenKind, mint, read

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TENANT = "7d1c7c3e-52f4-4f0b-9d0a-0c1f2a3b4c5d"

both_kinds = pytest.mark.parametrize("kind", TokenKind)
both_issuers = pytest.mark.parametrize("issuer", [KAILENTY, MICROSOFT], ids=lambda issuer: issuer.kind)


def minted(kind: TokenKind, *, flaw: Flaw | None = None, **changes: Any) -> str:
    arguments = {
        "workspace": "acme",
        "tenant_id": TENANT,
        "user_id": "usr_ada",
        "object_id": "obj-ada",
        "email": "ada@acme.example",
        "name": "Ada Löwe",
        "token_id": "tok-1",
        "now": NOW,
    }
    return mint(kind, flaw=flaw, **{**arguments, **changes})


def good_claims(issuer: Issuer) -> dict[str, Any]:
    payload = minted(issuer.kind).split(".")[1]
    claims: dict[str, Any] = json.loads(decode(payload))
    return claims


def signed(issuer: Issuer, claims: dict[str, Any]) -> str:
    """Sign any claims as the issuer would: its keys are public, so a client can do this too."""
    return jose.sign(claims, key=issuer.kind, key_id=issuer.key_id)


def with_header(token: str, header: Any, *, key: str = "kailenty") -> str:
    """Replace the header and sign again with RS256, without the help of a JOSE library."""
    signing_input = f"{encode(json.dumps(header).encode())}.{token.split('.')[1]}"
    signature = private_key(key).sign(signing_input.encode(), padding.PKCS1v15(), SHA256())
    return f"{signing_input}.{encode(signature)}"


def number(jwk: dict[str, str], member: str) -> int:
    return int.from_bytes(decode(jwk[member]), "big")


def public_key(jwk: dict[str, str]) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(number(jwk, "e"), number(jwk, "n")).public_key()


def private_key(name: str) -> rsa.RSAPrivateKey:
    jwk = keys.private(name)
    parts = {"p": "p", "q": "q", "d": "d", "dmp1": "dp", "dmq1": "dq", "iqmp": "qi"}
    numbers = {ours: number(jwk, theirs) for ours, theirs in parts.items()}
    return rsa.RSAPrivateNumbers(**numbers, public_numbers=public_key(jwk).public_numbers()).private_key()


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def refusal(token: str, *, now: datetime = NOW) -> InvalidToken:
    with pytest.raises(InvalidToken) as caught:
        read(token, now=now)
    reason = caught.value.reason
    assert len(reason) < 250
    assert reason.isascii()
    assert reason.isprintable()
    assert not any(part in reason for part in token.split(".") if len(part) > 20)
    return caught.value
