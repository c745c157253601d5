"""The two issuers whose tokens the mock accepts, and what they publish.

The issuer named in a token is a fixed URL that leads nowhere, never the address of a running server: a token
minted by the command line is thereby good for every server, whatever its port. So a discovery document names
that fixed issuer too, and only its ``jwks_uri`` points to the server that gives it. A client that insists on
an issuer equal to the address it fetched the document from must be given issuer and ``jwks_uri`` by hand.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import quote

from mock_server.access import keys

ALGORITHM = "RS256"

Discovery: TypeAlias = dict[str, str | list[str]]


class TokenKind(StrEnum):
    """Who issued a token. The value names the issuer's key file and its part of a path."""

    KAILENTY = "kailenty"
    MICROSOFT = "microsoft"


class InvalidToken(Exception):  # noqa: N818 - it names what the caller sent, not a fault of ours
    """A token that is not accepted.

    *reason* is a short sentence in printable ASCII that fits a quoted header value. *kind* says whose token
    it pretends to be, where that much could be read.
    """

    def __init__(self, reason: str, kind: TokenKind | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Issuer:
    """One issuer: what its tokens say (``iss``, ``aud``, and which claims say who the caller is)."""

    kind: TokenKind
    template: str
    audience: str
    path: str
    subject_claim: str
    token_id_claim: str
    workspace_claim: str | None = None
    tenant_claim: str | None = None

    @property
    def key_id(self) -> str:
        """The ``kid`` of the only key this issuer signs with."""
        return keys.private(self.kind)["kid"]

    def url(self, tenant_id: str) -> str:
        """Return the ``iss`` of the tokens for *tenant_id*, which matters to Microsoft only."""
        return self.template.format(tenant_id=tenant_id)


KAILENTY = Issuer(
    kind=TokenKind.KAILENTY,
    template="https://login.kailenty.mock",
    audience="kailenty-app-api",
    path="kailenty",
    subject_claim="sub",
    token_id_claim="jti",
    workspace_claim="workspace",
)
MICROSOFT = Issuer(
    kind=TokenKind.MICROSOFT,
    template="https://login.microsoftonline.mock/{tenant_id}/v2.0",
    audience="api://kailenty",
    path="microsoft/{tenant_id}/v2.0",
    subject_claim="oid",
    token_id_claim="uti",
    tenant_claim="tid",
)
ISSUERS = {issuer.kind: issuer for issuer in (KAILENTY, MICROSOFT)}


def discovery(kind: TokenKind, base_url: str, tenant_id: str = "") -> Discovery:
    """Return the OpenID discovery document of an issuer, as served by the server at *base_url*.

    Its two endpoints are there because a valid document needs them; no interactive login is behind them.
    """
    issuer = ISSUERS[kind]
    root = f"{base_url.rstrip('/')}/_mock/issuers"
    home = f"{root}/{issuer.path.format(tenant_id=quote(tenant_id, safe=''))}"
    return {
        "issuer": issuer.url(tenant_id),
        "jwks_uri": f"{root}/{kind}/jwks.json",
        "authorization_endpoint": f"{home}/authorize",
        "token_endpoint": f"{home}/token",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise" if kind is TokenKind.MICROSOFT else "public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
    }


def jwks(kind: TokenKind) -> dict[str, list[dict[str, str]]]:
    """Return the JSON Web Key Set of an issuer: its one public key."""
    return {"keys": [keys.public(kind)]}
