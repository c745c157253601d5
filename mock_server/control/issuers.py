"""What the token issuers publish."""

from collections.abc import Mapping
from typing import Any

from mock_server.access.issuers import TokenKind, discovery, jwks
from mock_server.control.given import given
from mock_server.exchange import Exchange
from mock_server.meanings import NotFound
from mock_server.stack import Handler
from mock_server.state import State


def handlers(state: State) -> Mapping[str, Handler]:
    """The operations by their ids."""

    async def kailenty_discovery(exchange: Exchange) -> dict[str, Any]:
        return discovery(TokenKind.KAILENTY, exchange.base_url)

    async def kailenty_jwks(_: Exchange) -> dict[str, Any]:
        return jwks(TokenKind.KAILENTY)

    async def microsoft_discovery(exchange: Exchange) -> dict[str, Any]:
        tenant = given(exchange).path["tenantId"]
        if state.of_tenant(tenant) is None:
            raise NotFound(f"No workspace belongs to the tenant {tenant}", rule="CONTROL")
        return discovery(TokenKind.MICROSOFT, exchange.base_url, tenant)

    async def microsoft_jwks(_: Exchange) -> dict[str, Any]:
        return jwks(TokenKind.MICROSOFT)

    return {
        "getKailentyDiscovery": kailenty_discovery,
        "getKailentyJwks": kailenty_jwks,
        "getMicrosoftDiscovery": microsoft_discovery,
        "getMicrosoftJwks": microsoft_jwks,
    }
