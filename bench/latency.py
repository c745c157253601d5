"""How long single requests take on one kept connection.

By a plain socket, because a client library costs as much as what is measured.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping

WARM = 20


def request(method: str, path: str, headers: Mapping[str, str], body: str = "") -> bytes:
    """A request as bytes, because building it is not measured."""
    headers = {"Host": "127.0.0.1", **headers}
    if body:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode()


def latencies(port: int, message: bytes, count: int, warm: int = WARM) -> list[float]:
    """The microseconds of each of `count` requests, after a few that do not count. RuntimeError if one fails."""
    found = []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(-warm, count):
            begin = time.perf_counter()
            connection.sendall(message)
            _read_answer(connection)
            if number >= 0:
                found.append((time.perf_counter() - begin) * 1e6)
    return found


def _read_answer(connection: socket.socket) -> None:
    """Read one whole answer."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _receive(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *fields = head.split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in fields if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += _receive(connection)
    if status.split()[1][:1] != b"2":
        raise RuntimeError(f"{status.decode()}: {body[:200].decode(errors='replace')}")


def _receive(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise RuntimeError("the server closed the connection")
    return part
