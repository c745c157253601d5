"""What a client sends, read as HTTP/1.1 by httptools, with what that refuses or misreads mended."""

import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote_from_bytes, unquote

import httptools

from mock_server.meanings import HeadTooLarge, Invalid, Refusal

# A head of 64 KiB holds any path or credential worth an answer of ours.
_LARGEST_HEAD = 65_536
_MOST_HEADERS = 100

# What HTTP allows in the first line; the parser knows few methods, and no target that is not ASCII.
_FIRST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\x00-\x20\x7f]+)(?= HTTP/1\.[01]\r\n)")
_PRINTABLE = bytes(range(0x21, 0x7F)).decode()

# What tells how long a body is.
_FRAMING = (b"content-length", b"transfer-encoding")

# How a client begins that wants https.
_TLS = b"\x16\x03"

# What is shown of a head that is no HTTP: of its first line, what can be read.
_SHOWN = re.compile(rb"[ -~]{0,200}")

# HTTP itself, of which the contract says nothing.
_RULE = "HTTP"

# What a request's head says, by the names of an ASGI scope.
Head = Mapping[str, Any]


class Listener(Protocol):
    """Who is told of what is read, in its order."""

    def begin(self, head: Head, *, keep: bool, expected: bool) -> None:
        """A request begins. `keep`: the connection may go on after it; `expected`: its body is yet to be asked for."""

    def take(self, part: bytes) -> None:
        """More of its body has come."""

    def end(self) -> None:
        """It is complete."""

    def break_off(self) -> None:
        """The rest of it cannot be read, nor anything behind it."""

    def refuse(self, head: Head, refusal: Refusal) -> None:
        """A head cannot be read, nor anything behind it; its first line stands for its path."""


class Reader:
    """Reads one connection.

    The parser refuses methods that it does not know and targets that are not ASCII. Such a head is mended and read
    again. And it stops behind the head of a request that offers to change the protocol, as Java's own client does
    (`Upgrade: h2c`): another goes on from there.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._parser = httptools.HttpRequestParser(self)
        self._in_message = self._in_head = False
        self._fresh: bytes | None = None  # what was received since the head began, if that is all in one piece
        self._cut = 0  # how many bytes have come of a head that goes on
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._expected = False
        self._method: str | None = None  # that of a head that was mended
        self._declined = False  # whether the head that is read has been read before
        self._flaw: Refusal | None = None  # of a head that is HTTP

    def feed(self, data: bytes) -> None:
        """Read on. Once the listener was told that nothing more can be read, it is not to be called."""
        self._fresh = None if self._in_message else data
        if self._in_head:
            self._cut += len(data)
        self._parse(data)
        if self._cut > _LARGEST_HEAD:
            self._refuse(_too_large())

    def _parse(self, data: bytes) -> None:
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
        self._flaw = self._check(version)
        if self._flaw is not None:
            raise self._flaw
        target = httptools.parse_url(self._target)
        method = self._method or self._parser.get_method().decode()
        self._in_head, self._cut, self._fresh, self._method = False, 0, None, None
        path = target.path.decode()
        head = {
            "http_version": version,
            "method": method,
            "path": unquote(path) if "%" in path else path,
            "raw_path": target.path,
            "query_string": target.query or b"",
            "headers": self._headers,
        }
        keep = version == "1.1" and self._parser.should_keep_alive()
        self._listener.begin(head, keep=keep, expected=self._expected)

    def on_body(self, part: bytes) -> None:
        self._listener.take(part)

    def on_message_complete(self) -> None:
        if self._parser.should_upgrade():
            return  # its body is still to come
        self._in_message = False
        self._listener.end()

    def _check(self, version: str) -> Refusal | None:
        if version not in ("1.1", "1.0"):
            return _invalid(f"The request is HTTP/{version}, expected HTTP/1.1")
        # A head that came in one piece is no larger than that.
        if self._fresh is None or len(self._fresh) > _LARGEST_HEAD:
            size = len(self._target) + sum(len(name) + len(value) for name, value in self._headers)
        else:
            size = 0
        return _too_large() if size > _LARGEST_HEAD or len(self._headers) > _MOST_HEADERS else None

    # What it cannot read

    def _misread(self, error: httptools.HttpParserError) -> None:
        fresh, self._fresh = self._fresh, None
        if not self._in_head:
            self._listener.break_off()
        elif self._flaw is not None:
            self._refuse(self._flaw, fresh or b"")
        elif fresh is not None and self._method is None and (first := _FIRST_LINE.match(fresh)):
            self._read_again(fresh, first)
        else:
            tls = "it looks like TLS, expected http://" if fresh and fresh.startswith(_TLS) else error
            self._refuse(_invalid(f"The request is not valid HTTP: {tls}"), fresh or b"")

    def _read_again(self, data: bytes, first: re.Match[bytes]) -> None:
        self._method = first[1].decode()
        self._parser = httptools.HttpRequestParser(self)
        target = quote_from_bytes(first[2], _PRINTABLE).encode()
        self._parse(b"POST %s%s" % (target, data[first.end() :]))

    def _decline(self) -> bytes:
        """Begin to read on as if there had been no offer: a head without it, that tells how long the body is."""
        self._declined = True
        self._parser = httptools.HttpRequestParser(self)
        framing = b"".join(b"%s: %s\r\n" % header for header in self._headers if header[0] in _FRAMING)
        return b"POST / HTTP/1.1\r\n%s\r\n" % framing

    def _refuse(self, refusal: Refusal, received: bytes = b"") -> None:
        self._cut = 0
        shown = _SHOWN.match(received)
        line = quote_from_bytes(shown[0] if shown else b"", _PRINTABLE)
        head = {
            "http_version": "1.0",
            "method": "?",
            "path": line,
            "raw_path": line.encode(),
            "query_string": b"",
            "headers": self._headers,
        }
        self._listener.refuse(head, refusal)


def _invalid(message: str) -> Invalid:
    return Invalid(message, rule=_RULE)


def _too_large() -> HeadTooLarge:
    return HeadTooLarge(f"The head has more than {_LARGEST_HEAD} bytes or {_MOST_HEADERS} headers", rule=_RULE)
