"""What people do in a workspace beside the App API: its admin in the dashboard, and its candidates."""

from collections.abc import Mapping
from typing import Any

from mock_server.clock import text
from mock_server.control import keys
from mock_server.control.given import given, in_world
from mock_server.domain.bookings import book_invite
from mock_server.exchange import Exchange
from mock_server.stack import Handler
from mock_server.state import State


def handlers(state: State) -> Mapping[str, Handler]:
    """The operations by their ids."""

    async def list_keys(exchange: Exchange) -> dict[str, Any]:
        return await in_world(state, exchange, keys.list_keys)

    async def create_key(exchange: Exchange) -> dict[str, Any]:
        body, now = given(exchange).body, text(exchange.now)
        return await in_world(
            state,
            exchange,
            lambda tx, name: keys.create_key(tx, name, name=body["name"], created_by=body["createdByUserId"], now=now),
        )

    async def revoke_key(exchange: Exchange) -> dict[str, Any]:
        key_id, now = given(exchange).path["keyId"], text(exchange.now)
        return await in_world(state, exchange, lambda tx, name: keys.revoke_key(tx, name, key_id, now=now))

    async def book(exchange: Exchange) -> Any:
        path, body, now = given(exchange).path, given(exchange).body, text(exchange.now)
        return await in_world(
            state,
            exchange,
            lambda tx, name: book_invite(
                tx,
                name,
                path["inviteId"],
                start_at=body["startAt"],
                candidate_email=body.get("candidateEmail"),
                now=now,
            ),
        )

    return {
        "listApiKeys": list_keys,
        "createApiKey": create_key,
        "revokeApiKey": revoke_key,
        "bookInvite": book,
    }
