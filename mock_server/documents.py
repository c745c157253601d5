"""The OpenAPI documents as a server gives them away: with its own address."""

from functools import lru_cache
from typing import Any

import orjson

from mock_server.exchange import Exchange
from mock_server.stack import Handler
from openapi import Document


def document_handler(document: Document) -> Handler:
    """The handler that answers with a document."""

    @lru_cache(maxsize=32)
    def served_at(base_url: str) -> orjson.Fragment:
        servers = [{"url": base_url + document.base_path, "description": "This mock."}]
        return orjson.Fragment(orjson.dumps({**document.raw, "servers": servers}))

    async def handle(exchange: Exchange) -> Any:
        return served_at(exchange.base_url)

    return handle
