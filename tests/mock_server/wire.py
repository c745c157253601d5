"""Bytes to a server and bytes back, where an HTTP client would be too well-behaved."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import orjson

ADA = "X-API-Key: kly_acme_ada_test_key"


@dataclass(frozen=True)
class Answer:
    """What came back. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Wire:
    """One connection."""

    def __init__(self, url: str, timeout: float = 20) -> None:
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout)
        self._unread = b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.socket.close()

    def ask(self, request: bytes) -> Answer:
        """Send a request, and wait for its answer."""
        self.send(request)
        return self.answer(head=request.startswith(b"HEAD "))

    def send(self, data: bytes) -> None:
        """Send bytes; a server that has heard enough may have stopped listening."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def answer(self, *, head: bool = False) -> Answer:
        """The next answer. That to a HEAD request has no body."""
        top = self.until(b"\r\n\r\n").decode("latin-1")
        status_line, *lines = top.split("\r\n")
        pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        headers = dict(pairs)
        assert len(headers) == len(pairs), f"a header came twice: {top}"
        length = 0 if head else int(headers["content-length"])
        while len(self._unread) < length:
            self._read()
        body, self._unread = self._unread[:length], self._unread[length:]
        return Answer(int(status_line.split()[1]), headers, body)

    def is_closed(self) -> bool:
        """Whether the server has closed the connection, with nothing more to say."""
        try:
            return not self._unread and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def until(self, mark: bytes) -> bytes:
        """What comes before a mark, which is left out."""
        while mark not in self._unread:
            self._read()
        found, _, self._unread = self._unread.partition(mark)
        return found

    def _read(self) -> None:
        data = self.socket.recv(65_536)
        assert data, f"the server closed the connection after {self._unread!r}"
        self._unread += data


def request(
    method: str,
    target: str | bytes,
    *headers: str | bytes,
    body: bytes = b"",
    host: str | bytes | None = "localhost",
    length: bool = True,
) -> bytes:
    """A request as bytes, with a Content-Length if it has a body."""
    lines = [b"%s %s HTTP/1.1" % (method.encode(), raw(target))]
    lines += [b"Host: %s" % raw(host)] if host is not None else []
    lines += [raw(header) for header in headers]
    lines += [b"Content-Length: %d" % len(body)] if body and length else []
    return b"\r\n".join([*lines, b"", body])


def raw(text: str | bytes) -> bytes:
    """Text as it goes over the wire."""
    return text if isinstance(text, bytes) else text.encode()


def chunked(body: bytes, size: int = 65_536) -> bytes:
    """A body in the chunked transfer encoding."""
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in [*chunks, b""])
