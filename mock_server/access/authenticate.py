"""From a request's credential to its principal. Every flaw is Unauthorized (AUTH-01 to AUTH-11, TEN-01)."""

from typing import Any

import sqlalchemy as sa

from mock_server.access.hosts import Hosts
from mock_server.access.tokens import Claims, InvalidToken, TokenKind, check_validity, verify
from mock_server.exchange import Exchange
from mock_server.meanings import Unauthorized
from mock_server.principal import Principal
from mock_server.state import State
from mock_server.store import Transaction
from mock_server.store.tables import api_keys, users, workspaces

_BY_KEY = (
    sa.select(
        api_keys.c.workspace,
        api_keys.c.id.label("key_id"),
        api_keys.c.revoked_at,
        users.c.id,
        users.c.role,
        users.c.status,
    )
    .join(users, sa.and_(users.c.workspace == api_keys.c.workspace, users.c.id == api_keys.c.created_by_user_id))
    .where(api_keys.c.secret == sa.bindparam("secret"))
)
_USER = (users.c.workspace, users.c.id, users.c.role, users.c.status)
_BY_ID = sa.select(*_USER).where(users.c.workspace == sa.bindparam("workspace"), users.c.id == sa.bindparam("subject"))
_BY_OBJECT = (
    sa.select(*_USER)
    .join(workspaces, workspaces.c.name == users.c.workspace)
    .where(workspaces.c.tenant_id == sa.bindparam("tenant"), users.c.object_id == sa.bindparam("subject"))
)

_NAMES = {TokenKind.KAILENTY: "kailenty JWT", TokenKind.MICROSOFT: "Microsoft token"}


class Authenticator:
    """Finds who calls, as they are in the store at this moment."""

    def __init__(self, state: State, hosts: Hosts) -> None:
        self._state = state
        self._hosts = hosts

    async def __call__(self, exchange: Exchange) -> Principal:
        """The principal of a request. Raises Unauthorized."""
        is_key, secret = _credential(exchange)
        if is_key:
            principal = await self._state.store.run(lambda tx: _by_key(tx, secret))
        else:
            claims = self._claims(exchange, secret)
            principal = await self._state.store.run(lambda tx: _by_claims(tx, claims))
        addressed = self._hosts.workspace(exchange.host)
        if addressed is not None and addressed != principal.workspace:
            raise Unauthorized(
                "The credential belongs to another workspace",
                rule="TEN-01",
                credential=f"{principal.credential}, of workspace {principal.workspace}, not of {addressed[:63]}",
            )
        home = self._state.workspaces.get(principal.workspace)
        if home is None:  # deleted since we looked, or another server's that shares the database
            raise Unauthorized("The credential is of no workspace here", rule="TEN-01", credential=principal.credential)
        exchange.enter(home)
        return principal

    def _claims(self, exchange: Exchange, token: str) -> Claims:
        """What a token says, if it is good at the time of its own workspace."""
        try:
            claims = verify(token)
            home = self._state.workspaces.get(claims.workspace or "") or self._state.of_tenant(claims.tenant_id)
            check_validity(claims, (home or exchange.workspace).clock.now())
        except InvalidToken as error:
            kind = _NAMES[error.kind] if error.kind else "a bearer token"
            raise Unauthorized(f"The token is invalid: {error.reason}", rule="AUTH-07", credential=kind) from None
        return claims


def _credential(exchange: Exchange) -> tuple[bool, str]:
    """Whether it is an API key, and the key or token itself."""
    found: list[tuple[bytes, str]] = [
        (name, value.decode("latin-1").strip(" \t"))
        for name, value in exchange.scope["headers"]
        if name in (b"x-api-key", b"authorization")
    ]
    if not found:
        raise Unauthorized("Send an API key in X-API-Key, or a bearer token in Authorization", rule="AUTH-01")
    if len(found) > 1:
        raise Unauthorized(
            "Send one credential, not two", rule="AUTH-11", credential=" and ".join(name.decode() for name, _ in found)
        )
    [(name, value)] = found
    if name == b"x-api-key":
        if not value or value.count(".") == 2:
            problem = "has a token, which is sent as Authorization: Bearer <token>" if value else "is empty"
            raise Unauthorized(f"The X-API-Key header {problem}", rule="AUTH-06", credential="malformed")
        return True, value
    scheme, _, token = value.partition(" ")
    token = token.lstrip(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized(
            "The Authorization header is not of the form: Bearer <token>", rule="AUTH-06", credential="malformed"
        )
    return token.count(".") != 2, token  # a JWT has three parts; an API key may come as a bearer too (AUTH-03)


def _by_key(tx: Transaction, secret: str) -> Principal:
    row = tx.first(_BY_KEY, {"secret": secret})
    if row is None:
        raise Unauthorized("The API key is unknown or revoked", rule="AUTH-06", credential="an unknown API key")
    recognised = f"API key {row.key_id}"
    if row.revoked_at is not None:
        raise Unauthorized(
            "The API key is unknown or revoked",
            rule="AUTH-08",
            credential=f"{recognised}, revoked {row.revoked_at}",
            of=row.workspace,
        )
    return _active(row, f"{recognised} of {row.id}")


def _by_claims(tx: Transaction, claims: Claims) -> Principal:
    recognised = f"{_NAMES[claims.kind]} {claims.token_id} of {claims.subject}"
    row = tx.first(*_user_of(claims))
    if row is None:
        raise Unauthorized(
            "The token is of no user of this workspace",
            rule="AUTH-07",
            credential=f"{recognised} in {claims.workspace or claims.tenant_id}",
        )
    return _active(row, recognised)


def _user_of(claims: Claims) -> tuple[sa.Select[Any], dict[str, Any]]:
    if claims.kind is TokenKind.KAILENTY:
        return _BY_ID, {"workspace": claims.workspace, "subject": claims.subject}
    return _BY_OBJECT, {"tenant": claims.tenant_id, "subject": claims.subject}


def _active(row: Any, credential: str) -> Principal:
    if row.status != "active":
        raise Unauthorized(
            "The account is not active",
            rule="AUTH-10",
            credential=f"{credential}, whose account is {row.status}",
            of=row.workspace,
        )
    return Principal(row.workspace, row.id, row.role, credential)
