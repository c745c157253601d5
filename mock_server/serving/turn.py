"""One request of a connection: what its app receives, and the answer that it sends."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Protocol

from starlette.types import ASGIApp, Message, Scope

logger = logging.getLogger(__name__)

# How much of a body may wait to be read, in bytes.
_MOST_UNREAD = 65_536

_STATUS_LINES = {status.value: f"HTTP/1.1 {status:d} {status.phrase}".encode() for status in HTTPStatus}
_WITHOUT_BODY = (204, 304)


class Line(Protocol):
    """The connection, as far as a request needs it."""

    transport: asyncio.Transport
    # Set while the client reads more slowly than is sent.
    congested: asyncio.Future[None] | None

    def read_on(self) -> None:
        """Take more from the client."""

    def hold(self) -> None:
        """Take nothing more from the client for now."""

    def answered(self, turn: "Turn") -> None:
        """Go on with the next request."""

    def abort(self) -> None:
        """End the connection at once."""


class Turn:
    """A request from its head on; `begin` gives it to the app.

    `begun` tells that the answer has, `complete` that all of it was sent, `gone` that nothing sent from now on reaches
    anyone, `keep` whether the connection goes on after it.
    """

    __slots__ = (
        "_body",
        "_broken",
        "_expected",
        "_framed",
        "_head",
        "_left",
        "_line",
        "_more",
        "_news",
        "_task",
        "_told",
        "_unread",
        "app",
        "begun",
        "complete",
        "gone",
        "keep",
        "scope",
    )

    def __init__(self, line: Line, scope: Scope, app: ASGIApp, *, keep: bool, expected: bool) -> None:
        self.scope = scope
        self.app = app
        self.keep = keep
        self.begun = self.complete = self.gone = False
        self._line = line
        self._expected = expected  # the client sends no body until it is asked for it
        self._body: list[bytes] = []  # what has come of it and was not given to the app yet,
        self._unread = 0  # in bytes
        self._more = True  # whether more of it is to come,
        self._told = False  # whether the app knows that it is all,
        self._broken = False  # whether the rest of it will never come
        self._news: asyncio.Future[None] | None = None
        self._head = b""  # of the answer, until it goes out with the first bytes of its body
        self._left: int | None = None  # how many bytes of the answer are to come, where its head tells
        self._framed = _as_it_is
        self._task: asyncio.Task[None] | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the app answer."""
        self._task = loop.create_task(self._run())

    def cancel(self) -> None:
        """Stop answering, wherever the app is."""
        if self._task is not None:
            self._task.cancel()

    def take(self, part: bytes) -> None:
        """More of the body has come."""
        if self.complete:
            return
        self._body.append(part)
        self._unread += len(part)
        if self._unread > _MOST_UNREAD:
            self._line.hold()
        self._tell()

    def end(self) -> None:
        """The body is all there."""
        self._more = False
        self._tell()

    def break_off(self) -> None:
        """No more of the body will come; the answer still reaches the client."""
        self._broken = self._more
        self.keep = False
        self._tell()

    def leave(self) -> None:
        """The client is gone, or is to get nothing more."""
        self.gone = True
        self._tell()

    async def _run(self) -> None:
        try:
            await self.app(self.scope, self._receive, self._send)
        except Exception:
            logger.exception("the app failed where nothing can be answered any more")
            self._line.abort()
        else:
            if not (self.complete or self.gone):
                logger.error("the app ended without a whole answer")
                self._line.abort()

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    @property
    def _over(self) -> bool:
        return self.gone or self.complete or self._broken

    async def _receive(self) -> Message:
        if self._expected and not (self.begun or self._over):
            self._expected = False
            self._line.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while not (self._over or self._body or (not self._more and not self._told)):
            self._line.read_on()
            self._news = asyncio.get_running_loop().create_future()
            await self._news
        if self._over:
            return {"type": "http.disconnect"}
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._body, self._unread = [], 0
        self._told = not self._more
        return {"type": "http.request", "body": body, "more_body": self._more}

    async def _send(self, message: Message) -> None:
        if self._line.congested is not None and not self.gone:
            await self._line.congested
        if self.gone:
            return
        if message["type"] == "http.response.start":
            self._start(message["status"], message["headers"])
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._left is not None:
            self._left -= len(body)
            if self._left < 0 or (self._left and not more):
                raise ValueError(f"the body is {abs(self._left)} bytes away from its Content-Length")
        self._line.transport.writelines((self._head, *self._framed(body, more)))
        self._head = b""
        if not more:
            self.complete = True
            self._body = []
            self._tell()
            self._line.answered(self)

    def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.begun = True
        if self._expected and self._more:
            self.keep = False  # what comes next may be the body that nobody asked for, or another request
        lines = [_STATUS_LINES[status]]
        for name, value in headers:
            if name == b"content-length":
                self._left = int(value)
            lines.append(b"%s: %s" % (name, value))
        if self.scope["method"] == "HEAD" or status in _WITHOUT_BODY:
            self._left, self._framed = None, _not_at_all
        elif self._left is None and self.scope["http_version"] != "1.0":
            self._framed = _in_chunks
            lines.append(b"transfer-encoding: chunked")
        if not self.keep:
            lines.append(b"connection: close")
        head = b"\r\n".join(lines)
        if not len(lines) - 1 == head.count(b"\n") == head.count(b"\r"):
            raise ValueError("a header has a line break")
        self._head = b"%s\r\n\r\n" % head


def _as_it_is(body: bytes, more: bool) -> Sequence[bytes]:
    return (body,)


def _in_chunks(body: bytes, more: bool) -> Sequence[bytes]:
    chunk = (b"%x\r\n" % len(body), body, b"\r\n") if body else ()
    return chunk if more else (*chunk, b"0\r\n\r\n")


def _not_at_all(body: bytes, more: bool) -> Sequence[bytes]:
    return ()
