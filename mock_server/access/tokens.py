"""The two kinds of signed tokens: minting them, flawed ones too, and reading them.

A token says who calls, never what they may do: the role is looked up in the workspace at each request. Nor
does a token that reads well belong to the workspace addressed: the caller of `read` compares that.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from mock_server.access.issuers import ISSUERS, InvalidToken, TokenKind

__all__ = [
    "DEFAULT_LIFETIME",
    "Claims",
    "Flaw",
    "InvalidToken",
    "TokenKind",
    "check_validity",
    "mint",
    "read",
    "verify",
]

DEFAULT_LIFETIME = timedelta(hours=8)

# How far a flaw is off, so that it stays one although the clocks of minter and server differ a little.
_MARGIN = timedelta(hours=1)


class Flaw(StrEnum):
    """What can be wrong with a token that is otherwise good."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    WRONG_AUDIENCE = "wrong-audience"
    WRONG_ISSUER = "wrong-issuer"
    WRONG_TENANT = "wrong-tenant"
    BAD_SIGNATURE = "bad-signature"
    ALG_NONE = "alg-none"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says: a kailenty JWT has a workspace, a Microsoft access token a tenant.

    *subject* is the user's id in kailenty, or the object id in Microsoft.
    """

    kind: TokenKind
    workspace: str | None
    tenant_id: str | None
    subject: str
    token_id: str
    not_before: datetime
    expires_at: datetime


def mint(
    kind: TokenKind,
    *,
    workspace: str,
    tenant_id: str,
    user_id: str,
    object_id: str,
    email: str,
    name: str,
    token_id: str,
    now: datetime,
    lifetime: timedelta = DEFAULT_LIFETIME,
    flaw: Flaw | None = None,
) -> str:
    """Return a signed token, good from *now* for *lifetime* unless it has a *flaw*.

    The same arguments always give the same token. A token of the wrong tenant reads well; it belongs to a
    workspace and a tenant that do not exist.
    """
    from mock_server.access.keys import jose

    if flaw is Flaw.WRONG_TENANT:
        workspace, tenant_id = "no-such-workspace", "00000000-0000-0000-0000-000000000000"
    start = now
    if flaw is Flaw.EXPIRED:
        start = now - lifetime - _MARGIN
    elif flaw is Flaw.NOT_YET_VALID:
        start = now + _MARGIN

    issuer = ISSUERS[kind]
    claims: dict[str, Any] = {
        "iss": "https://login.elsewhere.mock" if flaw is Flaw.WRONG_ISSUER else issuer.url(tenant_id),
        "aud": "another-api" if flaw is Flaw.WRONG_AUDIENCE else issuer.audience,
        "iat": int(start.timestamp()),
        "nbf": int(start.timestamp()),
        "exp": int((start + lifetime).timestamp()),
    }
    if kind is TokenKind.KAILENTY:
        claims |= {"sub": user_id, "workspace": workspace, "jti": token_id}
    else:
        claims |= {
            "sub": _pairwise(object_id),
            "tid": tenant_id,
            "oid": object_id,
            "preferred_username": email,
            "name": name,
            "uti": token_id,
            "ver": "2.0",
        }

    key = "unknown" if flaw is Flaw.BAD_SIGNATURE else kind.value
    token = jose.sign(claims, key=key, key_id=issuer.key_id)
    return _unsigned(token, issuer.key_id) if flaw is Flaw.ALG_NONE else token


def read(token: str, *, now: datetime) -> Claims:
    """Return what *token* says, verified for *now*; raise InvalidToken with the first thing that is wrong.

    Checked in this order: structure, algorithm, key, signature, issuer, audience, presence and types of the
    other claims, expiry, start.
    """
    claims = verify(token)
    check_validity(claims, now)
    return claims


def check_validity(claims: Claims, now: datetime) -> None:
    """Raise InvalidToken if a token has expired or is not yet valid."""
    if now >= claims.expires_at:
        raise InvalidToken(f"the token expired at {_rfc3339(claims.expires_at)}", claims.kind)
    if now < claims.not_before:
        raise InvalidToken(f"the token is not valid before {_rfc3339(claims.not_before)}", claims.kind)


@lru_cache(maxsize=1024)
def verify(token: str) -> Claims:
    """Do all of `read` that does not depend on the time. Refusals are not kept, so they cannot push out good tokens."""
    from mock_server.access.keys import jose

    issuer, claims = jose.verify(token)

    def identifier(name: str | None) -> str | None:
        return None if name is None else jose.identifier(issuer, claims, name)

    return Claims(
        kind=issuer.kind,
        workspace=identifier(issuer.workspace_claim),
        tenant_id=identifier(issuer.tenant_claim),
        subject=jose.identifier(issuer, claims, issuer.subject_claim),
        token_id=jose.identifier(issuer, claims, issuer.token_id_claim),
        not_before=jose.moment(issuer, claims, "nbf"),
        expires_at=jose.moment(issuer, claims, "exp"),
    )


def _pairwise(object_id: str) -> str:
    """Return a subject like Microsoft's, which differs from the object id and must not be taken for it."""
    digest = hashlib.sha256(f"kailenty:{object_id}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _unsigned(token: str, key_id: str) -> str:
    """Return *token* without its signature and with a header that admits it, which joserfc will not make."""
    header = f'{{"typ":"JWT","alg":"none","kid":"{key_id}"}}'
    return f"{base64.urlsafe_b64encode(header.encode()).rstrip(b'=').decode()}.{token.split('.')[1]}."


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
