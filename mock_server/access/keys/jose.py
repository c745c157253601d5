"""Signing with the test keys and verifying against them, by joserfc.

Importing this costs 30 to 40 ms, so it is imported when the first token comes, not when the server starts.
"""

import json
import re
from datetime import UTC, datetime
from functools import cache
from types import NoneType
from typing import Any

from joserfc import jws
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import RSAKey
from joserfc.jwt import JWTClaimsRegistry

from mock_server.access import keys
from mock_server.access.issuers import ALGORITHM, ISSUERS, InvalidToken, Issuer

MAX_LENGTH = 8192

# What may stand between quotes in a header.
_UNSAFE = re.compile(r"[^ !#-\[\]-~]")
_JSON_NAMES = {bool: "a boolean", dict: "an object", list: "an array", NoneType: "missing"}


class _Registry(jws.JWSRegistry):
    # Long headers (jwk, x5c) are legal, if ignored; the length of the whole token is limited instead.
    max_header_length = MAX_LENGTH


_REGISTRY = _Registry(algorithms=[ALGORITHM], strict_check_header=False)


def sign(claims: dict[str, Any], *, key: str, key_id: str) -> str:
    """Return *claims* signed by the key called *key*, under a header that says it was *key_id*."""
    header = {"typ": "JWT", "alg": ALGORITHM, "kid": key_id}
    payload = json.dumps(claims, separators=(",", ":"))
    return jws.serialize_compact(header, payload, _key(key), registry=_REGISTRY)


def verify(token: str) -> tuple[Issuer, dict[str, Any]]:
    """Return who signed *token* for us, and its claims, of which only ``iss`` and ``aud`` are checked.

    Raises InvalidToken for the first thing that is wrong: structure, algorithm, extensions, key, signature,
    issuer, audience.
    """
    header, claims, signed = _parse(token)
    issuer = _issuer_of_key(header.get("kid"))
    kind = issuer.kind if issuer else None
    if header["alg"] != ALGORITHM:
        raise InvalidToken(f"the algorithm is {_shown(header['alg'])}, expected {ALGORITHM}", kind)
    if "crit" in header:
        raise InvalidToken("the header demands extensions ('crit'), and none is supported", kind)
    if issuer is None:
        raise InvalidToken(f"the key ('kid') is {_shown(header.get('kid'))}, which no issuer here publishes")
    try:
        authentic = jws.validate_compact(signed, _public_key(issuer), registry=_REGISTRY)
    except JoseError:
        raise InvalidToken("the header has a member of the wrong type", kind) from None
    if not authentic:
        raise InvalidToken("the signature does not match the issuer's key", kind)
    _check_issuer_and_audience(issuer, claims)
    return issuer, claims


def identifier(issuer: Issuer, claims: dict[str, Any], name: str) -> str:
    """Return the claim *name*, a text that is safe to look up and to print; else raise InvalidToken."""
    value = claims.get(name)
    if not (isinstance(value, str) and 1 <= len(value) <= 200 and value.isprintable()):
        expected = "expected 1 to 200 printable characters"
        raise InvalidToken(f"the claim '{name}' is {_shown(value)}, {expected}", issuer.kind)
    return value


def moment(issuer: Issuer, claims: dict[str, Any], name: str) -> datetime:
    """Return the claim *name*, a NumericDate, in UTC; else raise InvalidToken."""
    value = claims.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            pass
    raise InvalidToken(f"the claim '{name}' is {_shown(value)}, expected a date in seconds", issuer.kind)


def _parse(token: str) -> tuple[dict[str, Any], dict[str, Any], jws.CompactSignature]:
    if len(token) > MAX_LENGTH:
        raise InvalidToken(f"the token is longer than {MAX_LENGTH} characters")
    try:
        signed = jws.extract_compact(token.encode("ascii"), registry=_REGISTRY)
        claims = json.loads(signed.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise InvalidToken("not a JWT") from None
    # joserfc takes the header for an object without looking.
    header: object = signed.headers()
    if not (isinstance(header, dict) and isinstance(claims, dict)):
        raise InvalidToken("not a JWT")
    return header, claims, signed


def _check_issuer_and_audience(issuer: Issuer, claims: dict[str, Any]) -> None:
    tenant_id = claims.get(issuer.tenant_claim) if issuer.tenant_claim else None
    url = issuer.url(tenant_id if isinstance(tenant_id, str) else "{tid}")
    registry = JWTClaimsRegistry(
        iss={"essential": True, "value": url}, aud={"essential": True, "value": issuer.audience}
    )
    try:
        registry.validate({name: claims[name] for name in ("iss", "aud") if name in claims})
    except ClaimError as error:
        # Missing claims come in one error, in alphabetical order, and the issuer matters first.
        name = error.claim.split(",")[-1]
        label, expected = {"iss": ("issuer", url), "aud": ("audience", issuer.audience)}[name]
        reason = f"the {label} is {_shown(claims.get(name))}, expected {_shown(expected)}"
        raise InvalidToken(reason, issuer.kind) from None


def _issuer_of_key(key_id: object) -> Issuer | None:
    return next((issuer for issuer in ISSUERS.values() if issuer.key_id == key_id), None)


@cache
def _key(name: str) -> RSAKey:
    return RSAKey.import_key(dict(keys.private(name)))


@cache
def _public_key(issuer: Issuer) -> RSAKey:
    return RSAKey.import_key(dict(keys.public(issuer.kind)))


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"'{_UNSAFE.sub('', value[:80])}'"
    return _JSON_NAMES.get(type(value), "a number")
