"""The control API's operations."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any, TypeVar

from mock_server.access.issuers import TokenKind, discovery, jwks
from mock_server.clock import text
from mock_server.control import keys
from mock_server.control.personas import personas
from mock_server.domain.bookings import book_invite
from mock_server.exchange import Exchange
from mock_server.meanings import Invalid, NotFound
from mock_server.stack import Handler
from mock_server.state import State
from mock_server.store import Transaction
from mock_server.validation import Input

T = TypeVar("T")

VERSION = version("kailenty-contract-suite")


class Control:
    """What the dashboard, the candidate and time itself do to the state."""

    def __init__(self, state: State, suffix: str) -> None:
        self._state = state
        self._suffix = suffix
        self.handlers: Mapping[str, Handler] = {
            "getHealth": self._health,
            "listPersonas": self._personas,
            "reset": self._reset,
            "listApiKeys": self._list_keys,
            "createApiKey": self._create_key,
            "revokeApiKey": self._revoke_key,
            "bookInvite": self._book,
            "getClock": self._get_clock,
            "setClock": self._set_clock,
            "getKailentyDiscovery": self._kailenty_discovery,
            "getKailentyJwks": self._kailenty_jwks,
            "getMicrosoftDiscovery": self._microsoft_discovery,
            "getMicrosoftJwks": self._microsoft_jwks,
        }

    async def _health(self, _: Exchange) -> dict[str, Any]:
        return {
            "status": "ok",
            "version": VERSION,
            "now": text(self._state.clock.now()),
            "workspaces": list(self._state.store.workspaces()),
        }

    async def _personas(self, exchange: Exchange) -> dict[str, Any]:
        workspace = _input(exchange).query.get("workspace")
        if workspace is not None:
            self._require_workspace(workspace)
        now = self._state.clock.now()
        return {
            "items": await self._state.store.run(
                lambda tx: personas(
                    tx,
                    now=now,
                    suffix=self._suffix,
                    port=exchange.port,
                    workspace=workspace,
                )
            )
        }

    async def _reset(self, exchange: Exchange) -> dict[str, Any]:
        self._state.reset()
        return await self._health(exchange)

    async def _list_keys(self, exchange: Exchange) -> dict[str, Any]:
        return await self._in_workspace(exchange, keys.list_keys)

    async def _create_key(self, exchange: Exchange) -> dict[str, Any]:
        body = _input(exchange).body
        return await self._in_workspace(
            exchange,
            lambda tx, workspace: keys.create_key(
                tx, workspace, name=body["name"], created_by=body["createdByUserId"], now=self._now()
            ),
        )

    async def _revoke_key(self, exchange: Exchange) -> dict[str, Any]:
        key_id = _input(exchange).path["keyId"]
        return await self._in_workspace(
            exchange, lambda tx, workspace: keys.revoke_key(tx, workspace, key_id, now=self._now())
        )

    async def _book(self, exchange: Exchange) -> dict[str, Any]:
        given = _input(exchange)
        return await self._in_workspace(
            exchange,
            lambda tx, workspace: book_invite(
                tx,
                workspace,
                given.path["inviteId"],
                start_at=given.body["startAt"],
                candidate_email=given.body.get("candidateEmail"),
                now=self._now(),
            ),
        )

    async def _get_clock(self, _: Exchange) -> dict[str, Any]:
        return {"now": self._now(), "frozen": self._state.clock.frozen}

    async def _set_clock(self, exchange: Exchange) -> dict[str, Any]:
        body, clock = _input(exchange).body, self._state.clock
        moment = datetime.fromisoformat(body["now"]).astimezone(UTC) if "now" in body else None
        if "advanceSeconds" in body:
            moment = clock.now() + timedelta(seconds=body["advanceSeconds"])
        if moment is not None:
            try:
                clock.set(moment)
            except ValueError as error:
                raise Invalid(str(error), rule="CONTROL") from None
        if "frozen" in body:
            clock.freeze() if body["frozen"] else clock.resume()
        return await self._get_clock(exchange)

    async def _kailenty_discovery(self, exchange: Exchange) -> dict[str, Any]:
        return discovery(TokenKind.KAILENTY, exchange.base_url)

    async def _kailenty_jwks(self, _: Exchange) -> dict[str, Any]:
        return jwks(TokenKind.KAILENTY)

    async def _microsoft_discovery(self, exchange: Exchange) -> dict[str, Any]:
        tenant = _input(exchange).path["tenantId"]
        if tenant not in {row.tenant_id for row in self._state.store.workspaces().values()}:
            raise NotFound(f"No workspace belongs to the tenant {tenant}", rule="CONTROL")
        return discovery(TokenKind.MICROSOFT, exchange.base_url, tenant)

    async def _microsoft_jwks(self, _: Exchange) -> dict[str, Any]:
        return jwks(TokenKind.MICROSOFT)

    def _now(self) -> str:
        return text(self._state.clock.now())

    def _require_workspace(self, name: str) -> None:
        known = self._state.store.workspaces()
        if name not in known:
            raise NotFound(f"There is no workspace {name}, only {', '.join(known)}", rule="CONTROL")

    async def _in_workspace(self, exchange: Exchange, work: Callable[[Transaction, str], T]) -> T:
        workspace = _input(exchange).path["workspace"]
        self._require_workspace(workspace)
        return await self._state.store.run(lambda tx: work(tx, workspace))


def _input(exchange: Exchange) -> Input:
    if exchange.input is None:
        raise RuntimeError("the request has not been read yet")
    return exchange.input
