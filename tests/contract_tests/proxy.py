"""A server between the suite and a mock that spoils one thing, to see that the suite notices."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from contract_tests.settings import Settings
from contract_tests.target import PERSONAS, Target, own_mock
from contract_tests.transport import Transport, reachable

_HOP = {"content-length", "transfer-encoding", "connection", "host", "date", "server"}


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Told:
    """An answer on its way back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Fault:
    """What is spoiled: requests on their way there, answers on their way back."""

    there: Callable[[Asked], Asked] = lambda asked: asked
    back: Callable[[Asked, Told, Callable[[Asked], Told]], Told] = lambda asked, told, forward: told


@dataclass
class Proxy:
    """A proxy with at most one fault; without one it changes nothing."""

    target: Target
    fault: Fault = field(default_factory=Fault)


@contextmanager
def proxied() -> Iterator[Proxy]:
    """A mock of its own behind a proxy."""
    with own_mock(Settings()) as people:
        host = people[PERSONAS["admin"]]["host"]
        tokens = {who: f"Authorization: Bearer {people[user]['token']}" for who, user in PERSONAS.items()}
        settings = replace(Settings(), credentials=tokens, examples=3)
        with httpx.Client(timeout=30) as client:

            def forward(asked: Asked) -> Told:
                headers = {name: value for name, value in asked.headers.items() if name.lower() not in _HOP}
                url, named = reachable(f"http://{host}{asked.path}")
                response = client.request(asked.method, url, headers={**headers, **named}, content=asked.body or None)
                kept = {name: value for name, value in response.headers.items() if name not in _HOP}
                return Told(response.status_code, kept, response.content)

            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: proxy.fault, forward))
            url = f"http://127.0.0.1:{server.server_port}"
            transport = Transport(settings)
            proxy = Proxy(Target(settings, transport, url, f"http://{people[PERSONAS['rival']]['host']}"))
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield proxy
            finally:
                transport.close()
                server.shutdown()
                server.server_close()
                thread.join()


def _handler(fault: Callable[[], Fault], forward: Callable[[Asked], Told]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a body would wait 40 ms for the head's acknowledgement

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            asked = Asked(self.command, self.path, dict(self.headers.items()), body)
            told = fault().back(asked, forward(fault().there(asked)), forward)
            self.send_response_only(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - named by the base class

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    return Handler
