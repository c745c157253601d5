"""A network between the suite and a workspace: it passes requests on, or spoils them."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import httpx

from tests.contract_tests.workspace import Workspace

PAGE = b"<html><head><title>Bad gateway</title></head></html>"


class Asked(BaseHTTPRequestHandler):
    """A request on its way, the `number`-th of all, and what can become of it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body would wait 40 ms for the head's acknowledgement
    number: int
    body: bytes
    there: int
    client: httpx.Client
    numbers: Iterator[int]
    spoil: Callable[["Asked"], object]

    def _take(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.number = next(self.numbers)
        self.spoil()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _take  # noqa: N815 - the library's names

    def carried_out(self) -> httpx.Response:
        """What the workspace answers."""
        given = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
        given["Host"] = given["Host"].rpartition(":")[0] + f":{self.there}"
        return self.client.request(self.command, f"http://127.0.0.1:{self.there}{self.path}", headers=given,
                                   content=self.body)  # fmt: skip

    def passed_on(self) -> None:
        """Nothing is spoiled."""
        got = self.carried_out()
        kept = {name: value for name, value in got.headers.items() if name not in ("content-length", "date")}
        self.told(got.status_code, kept, got.content)

    def told(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        """An answer that is not the workspace's."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def limited(self) -> None:
        """429."""
        self.told(429, {"Retry-After": "1", "Content-Type": "application/json"}, b'{"success":false}')

    def lost_behind_a_page(self) -> None:
        """A gateway's page, although the request was carried out."""
        self.carried_out()
        self.told(504, {"Content-Type": "text/html"}, PAGE)

    def lost(self) -> None:
        """A reset connection, although the request was carried out."""
        self.carried_out()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def late(self, seconds: float) -> None:
        """An answer that takes its time."""
        time.sleep(seconds)
        self.passed_on()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def between(staging: Workspace, spoil: Callable[[Asked], object]) -> Iterator[tuple[str, Iterator[int]]]:
    """The workspace's URL behind such a network, and what counts its requests."""
    numbers = count()
    with httpx.Client(timeout=30) as client:
        given = {"spoil": spoil, "there": staging.port, "client": client, "numbers": numbers}
        with ThreadingHTTPServer(("127.0.0.1", 0), type("Spoiled", (Asked,), given)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield f"http://{staging.host}:{server.server_address[1]}", numbers
            finally:
                server.shutdown()
