"""Where a request comes in: it gets its id, and whatever goes wrong on its way leaves as an envelope."""

import logging
from collections.abc import Callable, Mapping
from time import perf_counter

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.errors import adapt, passed_over
from mock_server.exchange import KEY, UNREADABLE, Check, Exchange, failure, respond
from mock_server.meanings import Invalid
from mock_server.recording import packed
from mock_server.workspace import Workspace

access_logger = logging.getLogger("mock_server.access")


class Boundary:
    """Wraps an ASGI app; the app's exceptions become answers here and nowhere else.

    `server` stands for the workspace of requests that belong to none; `addressed` finds that of a host, if any.
    In `soft` mode, what a role may not do and what is unknown in a request is told and not refused. `journaled` tells
    whether a request that has ended, or failed, is one for its workspace's journal. Every answer has the headers
    `always`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        server: Workspace,
        addressed: Callable[[str], Workspace | None] = lambda host: None,
        soft: bool = False,
        journaled: Callable[[Exchange], bool] = lambda exchange: True,
        check: Check | None = None,
        always: Mapping[str, str] | None = None,
    ) -> None:
        self._app = app
        self._server = server
        self._addressed = addressed
        self._soften = passed_over if soft else None
        self._journaled = journaled
        self._check = check
        self._always = always or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = scope[KEY] = Exchange(
            scope, self._server, headers={**self._always}, soften=self._soften, check=self._check
        )
        try:
            exchange.host = _host(scope)
            if refusal := scope.get("extensions", {}).get(UNREADABLE):
                # It tells nothing of anybody, and a page may have asked.
                exchange.headers["Access-Control-Allow-Origin"] = "*"
                raise refusal
            exchange.enter(self._addressed(exchange.host) or self._server)
            await self._app(scope, receive, send)
        except Exception as error:
            if exchange.status:
                raise
            failed = adapt(error, exchange)
            body = failure(failed.title, failed.message, exchange.request_id)
            headers = {**failed.headers, **self._explanation(exchange)}
            await respond(send, exchange, failed.status, body, headers)
        journal = exchange.workspace.journal
        if journal.on and exchange.answer is not None and self._journaled(exchange):
            journal.record(packed(exchange, *exchange.answer))
        if access_logger.isEnabledFor(logging.INFO):
            access_logger.info(_line(exchange))
        # Each has the other: parted, both go without waiting for the collector.
        exchange.scope = {}

    def _explanation(self, exchange: Exchange) -> dict[str, str]:
        """Where the journal's entry of a refused request will be shown."""
        if not (exchange.workspace.journal.on and self._journaled(exchange)):
            return {}
        return {"X-Mock-Explanation": f"{exchange.base_url}/_mock/#/requests/{exchange.request_id}"}


def _host(scope: Scope) -> str:
    """The host that a request is for, or else the address that the server listens at.

    Raises Invalid unless it says so once, so that no two readers of it take it for different ones. Only HTTP/1.1
    needs to say it; where nobody did, the server gives us an empty one.
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) > 1 or (scope["http_version"] == "1.1" and not any(hosts)):
        raise Invalid(f"The request has {'several hosts' if any(hosts) else 'no host'}, expected one", rule="ERR-05")
    if any(hosts):
        return str(hosts[0].decode("latin-1"))
    host, port = scope.get("server") or ("localhost", 80)
    return f"{host}:{port}"


def _line(exchange: Exchange) -> str:
    """One request as a line of JSON. The query is left out: it is the client's, and may hold anything."""
    caller = exchange.principal
    return orjson.dumps(
        {
            "method": exchange.scope["method"],
            "path": exchange.scope["path"],
            "status": exchange.status,
            "ms": round((perf_counter() - exchange.started) * 1000, 3),
            "requestId": exchange.request_id,
            "operation": exchange.operation.operation_id if exchange.operation else None,
            "workspace": caller.workspace if caller else None,
            "user": caller.user_id if caller else None,
            "role": caller.role if caller else None,
            "rule": exchange.rule,
            "fault": exchange.fault,
        }
    ).decode()
