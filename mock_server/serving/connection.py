"""One client's connection: its requests are answered by the app, in their order.

The app finds the connection in the scope of each request (`Exchange.connection`).
"""

import asyncio
import socket
import struct
from collections import deque

from starlette.types import ASGIApp, Scope

from mock_server.exchange import EXTENSION, UNREADABLE
from mock_server.meanings import Refusal
from mock_server.serving.reading import Head, Reader
from mock_server.serving.turn import Turn

# How long a client may go on sending after the last answer, in seconds: a closed socket would take that from it.
_LINGER = 1.0

# How long a connection may idle, in seconds: longer than the pools of HTTP clients keep one.
_IDLE = 120

_ASGI = {"version": "3.0", "spec_version": "2.3"}


class ClientConnection(asyncio.Protocol):
    """Has the app answer one request at a time. `open_` are all the server's connections."""

    transport: asyncio.Transport
    # Set while the client reads more slowly than is sent.
    congested: asyncio.Future[None] | None = None

    def __init__(self, app: ASGIApp, open_: "set[ClientConnection]", loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._open = open_
        self._loop = loop
        self._reader = Reader(self)
        self._turn: Turn | None = None  # the request that is being answered
        self._waiting: deque[Turn] = deque()  # those that were sent before its answer
        self._last: Turn | None = None  # the one whose body is being read
        self._held = False  # whether nothing is taken from the client for now
        self._ended = False  # whether nothing more is taken from it
        self._gone_quiet = False  # whether it has closed its side

    # What asyncio tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # of a stream
        self.transport = transport
        self._open.add(self)
        self._server = transport.get_extra_info("sockname")[:2]
        self._client = transport.get_extra_info("peername")[:2]
        self._active = self._loop.time()
        self._idling = self._loop.call_later(_IDLE, self._check_idle)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        self._idling.cancel()
        self._forsake()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        if not self._ended:
            self._active = self._loop.time()
            self._reader.feed(data)

    def eof_received(self) -> bool:
        """Answer a client that has closed its side only; one that is being answered has gone."""
        if self._turn is None or self._turn.begun:
            return False
        self._gone_quiet = True
        self.break_off()
        return True

    def pause_writing(self) -> None:
        self.congested = self._loop.create_future()

    def resume_writing(self) -> None:
        if self.congested is not None and not self.congested.done():
            self.congested.set_result(None)
        self.congested = None

    def _check_idle(self) -> None:
        left = self._active + _IDLE - self._loop.time()
        if self._turn is None and left <= 0:
            self.transport.close()
        else:
            self._idling = self._loop.call_later(max(left, 1), self._check_idle)

    # What the reader tells

    def begin(self, head: Head, *, keep: bool, expected: bool) -> None:
        self._enqueue(Turn(self, self._scope(head), self._app, keep=keep, expected=expected))

    def take(self, part: bytes) -> None:
        if self._last is not None:
            self._last.take(part)

    def end(self) -> None:
        if self._last is not None:
            self._last.end()

    def break_off(self) -> None:
        """Take nothing more. A body that is not all there has ended for the app, and its answer is the last."""
        self._ended = True
        if self._last is not None:
            self._last.break_off()
        if self._turn is None:
            self.transport.close()

    def refuse(self, head: Head, refusal: Refusal) -> None:
        """Take nothing more, and have the app refuse it after the requests before it."""
        self._ended = True
        scope = self._scope(head)
        scope["extensions"][UNREADABLE] = refusal
        self._enqueue(Turn(self, scope, self._app, keep=False, expected=False))

    def _scope(self, head: Head) -> Scope:
        return {
            "type": "http",
            "asgi": _ASGI,
            "server": self._server,
            "client": self._client,
            "scheme": "http",
            "root_path": "",
            "extensions": {EXTENSION: self},
            **head,
        }

    def _enqueue(self, turn: Turn) -> None:
        self._last = turn
        if self._turn is None:
            self._answer(turn)
        else:
            self._waiting.append(turn)
            self.hold()

    def _answer(self, turn: Turn) -> None:
        self._turn = turn
        turn.begin(self._loop)

    # What a request may do

    def read_on(self) -> None:
        if self._held and not self.transport.is_closing():
            self._held = False
            self.transport.resume_reading()

    def hold(self) -> None:
        if not self._held and not self.transport.is_closing():
            self._held = True
            self.transport.pause_reading()

    def answered(self, turn: Turn) -> None:
        self._active = self._loop.time()
        self._turn = None
        if not turn.keep or (self._ended and not self._waiting):
            self._part()
        elif self._waiting:
            self._answer(self._waiting.popleft())
        else:
            self.read_on()

    def _part(self) -> None:
        """Close, once the client has had the time to read the answer."""
        self._ended = True
        if self._gone_quiet:
            self.transport.close()
            return
        self.read_on()
        self.transport.write_eof()
        self._loop.call_later(_LINGER, self.transport.close)

    def abort(self) -> None:
        self._forsake()
        reset = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        self.transport.abort()

    def close(self) -> None:
        self._forsake()
        self.transport.close()

    # What the server may do

    def finish(self) -> None:
        """Take no more requests, and end with the answer that is being given."""
        if self._turn is None:
            self.transport.close()
        else:
            self._turn.keep = False

    def give_up(self) -> None:
        """End at once, whatever is being answered."""
        if self._turn is not None:
            self._turn.cancel()
        self.transport.abort()

    def _forsake(self) -> None:
        """Answer nothing any more."""
        self._ended = True
        for turn in (self._turn, *self._waiting):
            if turn is not None:
                turn.leave()
        self._waiting.clear()
