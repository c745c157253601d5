"""One request and its answer."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate
from functools import lru_cache
from time import perf_counter
from typing import Any, Protocol

import orjson
from starlette.types import Message, Scope, Send

from mock_server.journal import Headers, Refused, WouldRefuse
from mock_server.meanings import Refusal
from mock_server.principal import Principal
from mock_server.store import Store
from mock_server.validation import Input
from mock_server.workspace import Workspace
from openapi import Document, Operation

logger = logging.getLogger(__name__)

KEY = "kailenty.exchange"
# Among the extensions of a scope: the `Connection`,
EXTENSION = "kailenty.connection"
# and, for what could not be read as HTTP, its refusal.
UNREADABLE = "kailenty.unreadable"

# How many refusals soft mode lets through in one request: each is a header of the answer.
_MOST_TOLD = 50

# What happens to the messages of an answer on their way out.
Spoil = Callable[[Send], Send]

# What an answer (status, headers, body) breaks of the contract, None where it keeps it.
Check = Callable[["Exchange", int, Mapping[str, str], bytes], str | None]


class Connection(Protocol):
    """What an app may do to the connection that a request came by."""

    def abort(self) -> None:
        """End it at once with a TCP reset; what was not sent yet is lost."""

    def close(self) -> None:
        """End it in order once all that was given to `send` is sent, be that a whole answer or not."""


@dataclass(slots=True)
class Exchange:
    """What is known of a request so far; each step on its way adds its part.

    `workspace` is the one that the request belongs to as far as is known: by its host, then by its credential; until
    then it is the server's. `host` is the one that the client addressed. `body` is what was received, None where none
    was read. `status` is that of the answer, 0 until one is sent; `answer` are its headers and its body, where it was
    sent as a whole. `headers` are what the answer will have beside its own. `refused` tells the check that refused,
    `would_refuse` those that soft mode passed over. `served` is how many requests of the workspace had an id before
    this one. `soften`, in soft mode, turns a refusal into what is told instead. `check`, where it is set, tells
    what an answer breaks of the contract. `fault` says which faults were applied, `spoils` are what they do to the
    answer, `past` is what they let it read of in place of the present.
    """

    scope: Scope
    workspace: Workspace
    host: str = "localhost"
    started: float = field(default_factory=perf_counter)
    document: Document | None = None
    operation: Operation | None = None
    principal: Principal | None = None
    body: bytes | None = None
    input: Input | None = None
    status: int = 0
    answer: tuple[Headers, bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    refused: Refused | None = None
    would_refuse: tuple[WouldRefuse, ...] = ()
    served: int = 0
    soften: Callable[[Refusal, "Exchange"], WouldRefuse] | None = None
    check: Check | None = None
    fault: str | None = None
    spoils: tuple[Spoil, ...] = ()
    past: Store | None = None
    _now: datetime | None = None
    _request_id: str | None = None

    @classmethod
    def of(cls, scope: Scope) -> "Exchange":
        """The exchange that a scope belongs to."""
        exchange: Exchange = scope[KEY]
        return exchange

    def enter(self, workspace: Workspace) -> None:
        """Belong to a workspace from now on."""
        self.workspace, self._now = workspace, None

    def refuse(self, refusal: Refusal) -> None:
        """Refuse what soft mode lets through. Raises the refusal, unless the mode is soft; then it is told."""
        if self.soften is None or len(self.would_refuse) == _MOST_TOLD:
            raise refusal
        self.would_refuse += (self.soften(refusal, self),)

    @property
    def now(self) -> datetime:
        """The workspace's time, one for the whole request."""
        if self._now is None:
            self._now = self.workspace.clock.now()
        return self._now

    @property
    def date(self) -> bytes:
        """The same as HTTP writes it."""
        return _http_date(int(self.now.timestamp()))

    @property
    def request_id(self) -> str:
        """The request's id (ERR-03). It is one of the workspace's, so ask when that is known."""
        if self._request_id is None:
            self.served = self.workspace.served
            self._request_id = self.workspace.next_request_id()
        return self._request_id

    def take_request_id(self) -> None:
        """Take the request's id now, before the handler puts the workspace's count elsewhere."""
        self.request_id  # noqa: B018 - it is taken where it is first asked for

    @property
    def rule(self) -> str | None:
        """The rule that refused."""
        return self.refused.rule if self.refused else None

    @property
    def connection(self) -> Connection:
        """What the request came by."""
        connection: Connection = self.scope["extensions"][EXTENSION]
        return connection

    @property
    def port(self) -> int | None:
        """The port that the client addressed, None where it named none."""
        port = self.host.rpartition(":")[2]
        return int(port) if port.isdecimal() and len(port) <= 5 else None

    @property
    def base_url(self) -> str:
        """How the client addresses this server: scheme and host."""
        return f"{self.scope.get('scheme', 'http')}://{self.host}"


@lru_cache(maxsize=64)
def _http_date(seconds: int) -> bytes:
    return formatdate(seconds, usegmt=True).encode()


async def respond(
    send: Send,
    exchange: Exchange,
    status: int,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    *,
    media_type: bytes = b"application/json",
) -> None:
    """Send an answer, as JSON unless it is a fault's, with its request id (ENV-02, ERR-04) and its time."""
    headers = {"X-Request-Id": exchange.request_id, **exchange.headers, **(headers or {})}
    if exchange.check is not None and (flaw := exchange.check(exchange, status, headers, body)):
        logger.error("request %s: the answer breaks the contract: %s", exchange.request_id, flaw)
        status, body = (
            500,
            failure("Internal server error", f"The answer breaks the contract: {flaw}", exchange.request_id),
        )
    exchange.status = status
    raw = [
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        (b"date", exchange.date),
        *((name.lower().encode(), value.encode("ascii", "replace")) for name, value in headers.items()),
        *((b"x-mock-would-refuse", str(one).encode("ascii", "replace")) for one in exchange.would_refuse),
    ]
    exchange.answer = raw, body
    for spoil in exchange.spoils:
        send = spoil(send)
    start: Message = {"type": "http.response.start", "status": status, "headers": raw}
    await send(start)
    await send({"type": "http.response.body", "body": body})


def success(data: Any) -> bytes:
    """The envelope of a success (ENV-01)."""
    return orjson.dumps({"success": True, "data": data})


def failure(title: str, message: str, request_id: str) -> bytes:
    """The envelope of a failure (ERR-02)."""
    return orjson.dumps({"success": False, "error": title, "message": message, "requestId": request_id})
