"""`python -m tests.mock_server.explorer.stub`: the explorer beside a little API, on a free port that it prints.

The API answers with the credential and the query that it was sent. With `--empty` there are no personas.
"""

import sys
from typing import Any

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.boundary import Boundary
from mock_server.clock import Clock
from mock_server.exchange import Exchange, respond, success
from mock_server.explorer import PATH, explorer
from mock_server.journal import Desk, Journal
from mock_server.serving import serve
from mock_server.workspace import Workspace
from openapi import load_app_api
from tests.mock_server.explorer.serving import people


class Stub:
    """The explorer and the API as one app."""

    def __init__(self, *, empty: bool) -> None:
        self._empty = empty
        clock = Clock()
        server = Workspace("", "", 0, clock, Journal(Desk(0)), clock.now())
        self._docs: ASGIApp = Boundary(explorer(self._personas), server=server)
        self._api: ASGIApp = Boundary(_echo, server=server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        below = self._docs if scope["path"].startswith(PATH) else self._api
        await below(scope, receive, send)

    async def _personas(self, scope: Scope) -> list[dict[str, Any]]:
        return [] if self._empty else people(scope["server"][1])


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    exchange = Exchange.of(scope)
    if scope["path"] == "/api/v1/app/openapi.json":
        servers = [{"url": f"{exchange.base_url}/api/v1/app"}]
        await respond(send, exchange, 200, orjson.dumps({**load_app_api().raw, "servers": servers}))
        return
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    sent = {name: headers[name] for name in ("x-api-key", "authorization") if name in headers}
    await respond(send, exchange, 200, success({"sent": sent, "query": scope["query_string"].decode()}))


if __name__ == "__main__":
    serve(Stub(empty="--empty" in sys.argv), "127.0.0.1", 0, lambda port: print(port, flush=True))
