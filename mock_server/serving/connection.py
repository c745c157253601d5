"""One client's connection: what it sends becomes requests for the app, which are answered in their order.

What is no HTTP is answered in the envelope. The app finds the connection in the scope of each request
(`Exchange.connection`).
"""

import asyncio
import re
import socket
import struct
from collections import deque
from urllib.parse import quote_from_bytes, unquote

import httptools
from starlette.types import ASGIApp, Scope

from mock_server.exchange import EXTENSION, UNREADABLE
from mock_server.meanings import HeadTooLarge, Invalid, Refusal
from mock_server.serving.turn import Turn

# A head of 64 KiB holds any path or credential worth an answer of ours.
_LARGEST_HEAD = 65_536
_MOST_HEADERS = 100

# How long a client may go on sending after the last answer, in seconds: a closed socket would take that from it.
_LINGER = 1.0

# How long a connection may idle, in seconds: longer than the pools of HTTP clients keep one.
_IDLE = 120

# What HTTP allows in the first line; the parser knows few methods, and no target that is not ASCII.
_FIRST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\x00-\x20\x7f]+)(?= HTTP/1\.[01]\r\n)")
_PRINTABLE = bytes(range(0x21, 0x7F)).decode()

# What tells how long a body is.
_FRAMING = (b"content-length", b"transfer-encoding")

# How a client begins that wants https.
_TLS = b"\x16\x03"

# How much is shown of a first line that is no HTTP, in bytes.
_SHOWN = 200

_ASGI = {"version": "3.0", "spec_version": "2.3"}

# HTTP itself, of which the contract says nothing.
_RULE = "HTTP"


class ClientConnection(asyncio.Protocol):
    """Reads requests and has the app answer them, one at a time.

    The parser refuses methods that it does not know and targets that are not ASCII. Such a head is mended and read
    again, so that the app can answer. And it stops behind the head of a request that offers to change the protocol, as
    Java's own client does (`Upgrade: h2c`): another goes on from there. `open` are all the server's connections.
    """

    transport: asyncio.Transport
    # Set while the client reads more slowly than is sent.
    congested: asyncio.Future[None] | None = None

    def __init__(self, app: ASGIApp, open_: "set[ClientConnection]", loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._open = open_
        self._loop = loop
        self._parser = httptools.HttpRequestParser(self)
        self._turn: Turn | None = None  # the request that is being answered
        self._waiting: deque[Turn] = deque()  # those that were sent before its answer
        self._last: Turn | None = None  # the one whose body is being read
        self._held = False  # whether nothing is taken from the client for now
        self._in_message = self._in_head = self._ended = False
        self._gone_quiet = False  # whether the client has closed its side
        self._fresh: bytes | None = None  # what was received since the head began, if that is all in one piece
        self._cut = 0  # how many bytes have come of a head that goes on
        self._headers: list[tuple[bytes, bytes]] = []
        self._method: str | None = None  # that of a head that was mended
        self._declined = False  # whether the head that is read has been read before
        self._refused: Refusal | None = None

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
        if self._ended:
            return
        self._active = self._loop.time()
        self._fresh = None if self._in_message else data
        if self._in_head:
            self._cut += len(data)
        self._feed(data)
        if self._cut > _LARGEST_HEAD and not self._ended:
            self._refuse(_too_large())

    def eof_received(self) -> bool:
        """Answer a client that has closed its side only; one that is being answered has gone."""
        if self._turn is None or self._turn.begun:
            return False
        self._gone_quiet = True
        self._end()
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
            self._begin(self._waiting.popleft())
        else:
            self.read_on()

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

    # What the parser tells

    def on_message_begin(self) -> None:
        if self._declined:
            return
        self._in_message = self._in_head = True
        self._cut = 0
        self._target = b""
        self._expected = False
        self._headers = []

    def on_url(self, part: bytes) -> None:
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            return  # it stands behind the body, where no credential or host may stand
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self._expected = True
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._declined:
            self._declined = False
            return
        version = self._parser.get_http_version()
        self._refused = self._flaw(version)
        if self._refused is not None:
            raise self._refused
        target = httptools.parse_url(self._target)
        method = self._method or self._parser.get_method().decode()
        self._in_head, self._cut, self._fresh, self._method = False, 0, None, None
        path = target.path.decode()
        scope = self._scope(version, method, unquote(path) if "%" in path else path, target.path)
        scope["query_string"] = target.query or b""
        scope["headers"] = self._headers
        keep = version == "1.1" and self._parser.should_keep_alive()
        self._enqueue(Turn(self, scope, self._app, keep=keep, expected=self._expected))

    def on_body(self, part: bytes) -> None:
        if self._last is not None:
            self._last.take(part)

    def on_message_complete(self) -> None:
        if self._parser.should_upgrade():
            return  # its body is still to come
        self._in_message = False
        if self._last is not None:
            self._last.end()

    def _feed(self, data: bytes) -> None:
        while True:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = self._decline() + data[offer.args[0] :]
            except httptools.HttpParserError as error:
                self._misread(error)
                return
            else:
                return

    def _flaw(self, version: str) -> Refusal | None:
        if version not in ("1.1", "1.0"):
            return _invalid(f"The request is HTTP/{version}, expected HTTP/1.1")
        # A head that came in one piece is no larger than that.
        if self._fresh is None or len(self._fresh) > _LARGEST_HEAD:
            size = len(self._target) + sum(len(name) + len(value) for name, value in self._headers)
        else:
            size = 0
        return _too_large() if size > _LARGEST_HEAD or len(self._headers) > _MOST_HEADERS else None

    def _misread(self, error: httptools.HttpParserError) -> None:
        """Handle what the parser has raised."""
        fresh, self._fresh = self._fresh, None
        if not self._in_head:
            self._end()
        elif self._refused is not None:
            self._refuse(self._refused, fresh or b"")
        elif fresh is not None and self._method is None and (first := _FIRST_LINE.match(fresh)):
            self._read_again(fresh, first)
        else:
            tls = "it looks like TLS, expected http://" if fresh and fresh.startswith(_TLS) else error
            self._refuse(_invalid(f"The request is not valid HTTP: {tls}"), fresh or b"")

    def _read_again(self, data: bytes, first: re.Match[bytes]) -> None:
        self._method = first[1].decode()
        self._parser = httptools.HttpRequestParser(self)
        target = quote_from_bytes(first[2], _PRINTABLE).encode()
        self._feed(b"POST %s%s" % (target, data[first.end() :]))

    def _decline(self) -> bytes:
        """Begin to read on as if there had been no offer: a head without it, that tells how long the body is."""
        self._declined = True
        self._parser = httptools.HttpRequestParser(self)
        framing = b"".join(b"%s: %s\r\n" % header for header in self._headers if header[0] in _FRAMING)
        return b"POST / HTTP/1.1\r\n%s\r\n" % framing

    def _scope(self, version: str, method: str, path: str, raw_path: bytes) -> Scope:
        return {
            "type": "http",
            "asgi": _ASGI,
            "http_version": version,
            "server": self._server,
            "client": self._client,
            "scheme": "http",
            "method": method,
            "root_path": "",
            "path": path,
            "raw_path": raw_path,
            "query_string": b"",
            "headers": [],
            "extensions": {EXTENSION: self},
        }

    # The order of requests

    def _enqueue(self, turn: Turn) -> None:
        self._last = turn
        if self._turn is None:
            self._begin(turn)
        else:
            self._waiting.append(turn)
            self.hold()

    def _begin(self, turn: Turn) -> None:
        self._turn = turn
        turn.begin(self._loop)

    def _part(self) -> None:
        """Close, once the client has had the time to read the answer."""
        self._ended = True
        if self._gone_quiet:
            self.transport.close()
            return
        self.read_on()
        self.transport.write_eof()
        self._loop.call_later(_LINGER, self.transport.close)

    def _end(self) -> None:
        """Take nothing more. A body that is not all there has ended for the app, and its answer is the last."""
        self._ended = True
        if self._last is not None:
            self._last.break_off()
        if self._turn is None:
            self.transport.close()

    def _refuse(self, refusal: Refusal, received: bytes = b"") -> None:
        """Have it refused after the requests before it; its first line stands for its path."""
        self._ended = True
        line = quote_from_bytes(received.partition(b"\r\n")[0][:_SHOWN], _PRINTABLE)
        scope = self._scope("1.0", "?", line, line.encode())
        scope["headers"] = self._headers
        scope["extensions"][UNREADABLE] = refusal
        self._enqueue(Turn(self, scope, self._app, keep=False, expected=False))


def _invalid(message: str) -> Invalid:
    return Invalid(message, rule=_RULE)


def _too_large() -> HeadTooLarge:
    return HeadTooLarge(f"The head has more than {_LARGEST_HEAD} bytes or {_MOST_HEADERS} headers", rule=_RULE)
