"""The fixed RSA test keys, as the JWK files beside this module (see README.md)."""

import json
from functools import cache
from pathlib import Path

_PUBLIC_MEMBERS = ("kty", "use", "alg", "kid", "n", "e")


@cache
def private(name: str) -> dict[str, str]:
    """Return the whole JWK called *name*: ``kailenty``, ``microsoft`` or ``unknown``."""
    jwk: dict[str, str] = json.loads(Path(__file__).with_name(f"{name}.json").read_bytes())
    return jwk


def public(name: str) -> dict[str, str]:
    """Return the part of the JWK called *name* that verifies but cannot sign."""
    jwk = private(name)
    return {member: jwk[member] for member in _PUBLIC_MEMBERS}
