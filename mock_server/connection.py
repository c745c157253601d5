"""One client's connection: uvicorn's protocol, and answers to what it would drop or answer in words of its own.

The app finds the connection in the scope of each request (`Exchange.connection`).
"""

import re
import socket
import struct
import sys
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import quote_from_bytes

from httptools import HttpRequestParser
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from mock_server.exchange import EXTENSION, failure

# A head of 64 KiB holds any path or credential worth an answer of ours.
_LARGEST_HEAD = 65_536
_MOST_HEADERS = 100

# How long a client that was refused may go on sending, in seconds: a closed socket would take the answer from it.
_LINGER = 1.0

# What HTTP allows in the first line; the parser knows few methods, and no target that is not ASCII.
_FIRST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\x00-\x20\x7f]+)(?= HTTP/1\.[01]\r\n)")
_UPGRADE = re.compile(rb"(?<=\r\n)upgrade:", re.IGNORECASE)
_PRINTABLE = bytes(range(0x21, 0x7F)).decode()

_numbers = count(1)


class _Refused(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """A request that cannot be given to the app."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _ToMend(Exception):  # noqa: N818 - it is no failure of ours
    """A request that the parser would misread."""


class ClientConnection(HttpToolsProtocol):
    """Gives the app the connection, and answers in the envelope what is no HTTP.

    The parser refuses methods that it does not know and targets that are not ASCII, and drops the body of a request
    that offers to change the protocol, as Java's own client does (`Upgrade: h2c`). Such a head is mended and read
    again, so that the app can answer.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._app = self.app
        self.app = self._run
        self._in_message = self._in_head = self._ended = False
        self._fresh: bytes | None = None  # what was received since the head began, if that is all in one piece
        self._cut = 0  # how many bytes have come of a head that is in several
        self._method: str | None = None  # that of a head that was mended
        self._refused: _Refused | None = None

    def abort(self) -> None:
        self._forsake()
        reset = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        self.transport.abort()

    def close(self) -> None:
        self._forsake()
        self.transport.close()

    def _forsake(self) -> None:
        """Let uvicorn expect no more of the answer that is being given."""
        self._running.disconnected = True

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle  # `self.cycle` is that of the last request, which may have to wait for its turn
        super()._start_asgi_task(cycle, app)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def whole() -> Message:
            message = await receive()
            return {"type": "http.disconnect"} if self._ended and message.get("more_body") else message

        await self._app(scope, whole, send)

    def data_received(self, data: bytes) -> None:
        if self._ended:
            return
        self._fresh = None if self._in_message else data
        self._cut = self._cut + len(data) if self._in_head else 0
        if self._cut > _LARGEST_HEAD:
            self._refuse(_too_large())
            return
        super().data_received(data)

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn never says, as asyncio's lets it, to stay open
        """Answer a client that has closed its side only; one that is being answered has gone."""
        if self.cycle is None or self.cycle.response_started:
            return False
        self._end()
        return True

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {EXTENSION: self}
        self.scope["extensions"] = extensions
        self._in_message = self._in_head = True

    def on_headers_complete(self) -> None:
        self._refused = self._flaw()
        if self._refused is not None:
            raise self._refused
        if self.parser.should_upgrade() and self._fresh is not None:
            raise _ToMend
        self._in_head = False
        self._fresh = None
        super().on_headers_complete()
        if self._method is not None:
            self.scope["method"], self._method = self._method, None

    def _flaw(self) -> _Refused | None:
        if (version := self.parser.get_http_version()) not in ("1.1", "1.0"):
            return _Refused(400, f"The request is HTTP/{version}, expected HTTP/1.1")
        # A head that came in one piece is no larger than that.
        if self._fresh is None or len(self._fresh) > _LARGEST_HEAD:
            size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        else:
            size = 0
        return _too_large() if size > _LARGEST_HEAD or len(self.headers) > _MOST_HEADERS else None

    def on_message_complete(self) -> None:
        self._in_message = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Handle what the parser has raised; uvicorn calls this while it does so."""
        fresh, self._fresh = self._fresh, None
        if not self._in_head:
            self._end()
        elif self._refused is not None:
            self._refuse(self._refused)
        elif fresh is not None and self._method is None and (first := _FIRST_LINE.match(fresh)):
            self._read_again(fresh, first)
        else:
            self._refuse(_Refused(400, f"The request is not valid HTTP: {sys.exception()}"))

    def _read_again(self, data: bytes, first: re.Match[bytes]) -> None:
        self._method = first[1].decode()
        self.parser = HttpRequestParser(self)
        target = quote_from_bytes(first[2], _PRINTABLE).encode()
        head, end, rest = data[first.end() :].partition(b"\r\n\r\n")
        super().data_received(b"POST %s%s%s%s" % (target, _UPGRADE.sub(b"x-upgrade:", head), end, rest))

    def _end(self) -> None:
        """Take nothing more. A body that is not all there has ended for the app, and its answer is the last."""
        self._ended = True
        self.cycle.keep_alive = False
        self.cycle.message_event.set()
        if self.cycle.response_complete:
            self.transport.close()

    def _refuse(self, refused: _Refused) -> None:
        """Answer after the requests before it, as if for a request of its own."""
        self._ended = True
        self.url, self.app = b"/", partial(self._answer, refused)
        super().on_headers_complete()

    async def _answer(self, refused: _Refused, *_: Any) -> None:
        request_id = f"req_unread_{next(_numbers):016x}"
        body = failure(HTTPStatus(refused.status).phrase.capitalize(), str(refused), request_id)
        head = (
            b"content-type: application/json\r\n"
            b"content-length: %d\r\n"
            b"x-request-id: %s\r\n"
            b"access-control-allow-origin: *\r\n"  # it tells nothing of anybody, and a page is to read it too
            b"connection: close\r\n\r\n" % (len(body), request_id.encode())
        )
        self._forsake()
        if not self.transport.is_closing():
            self.transport.write(STATUS_LINE[refused.status] + head + body)
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.close)


def _too_large() -> _Refused:
    return _Refused(431, f"The head has more than {_LARGEST_HEAD} bytes or {_MOST_HEADERS} headers")


__all__ = ["ClientConnection"]
