"""The HTTP server around the app: one process, in the event loop that the app runs in."""

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from mock_server.connection import ClientConnection

# How long requests that have begun may take to end once the server is told to stop, in seconds.
_GRACE = 0.5

# How long a connection may idle, in seconds: longer than the pools of HTTP clients keep one.
_IDLE = 120


# After how many objects, more made than freed, the collector looks for cycles among them.
_ALLOCATIONS = 20_000


class CannotListen(Exception):  # noqa: N818 - it says what is the case
    """The address is taken, or not this machine's."""


def reserve(host: str, port: int) -> socket.socket:
    """Listen at a port; port 0 takes any free one. Raises CannotListen."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # It takes no port that another listens at, though on POSIX one that was left a moment ago.
        both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()  # of `::`, IPv4 too
        return socket.create_server(address, family=family, dualstack_ipv6=both)
    except socket.gaierror as error:
        problem = error.strerror
    except OSError as error:
        problem = os.strerror(error.errno or 0)
    raise CannotListen(f"cannot listen at {host}:{port}: {problem}")


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    ready: Callable[[int], None],
    stopping: Callable[[], None] = lambda: None,
    until: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is called with the port once requests are answered.

    `stopping` is called before it stops, to end answers that would go on. `until` is called in a thread, and when it
    returns, the server stops.
    """
    config = uvicorn.Config(
        app,
        http=ClientConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_IDLE,
    )
    # uvicorn stops at a signal, and then raises it again: for us it has done its work.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    with closing(reserve(host, port)) as listening:
        _Server(config, ready, stopping, until).run([listening])


class _Server(uvicorn.Server):
    """Tells when it serves, and waits for no client when it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[int], None],
        stopping: Callable[[], None],
        until: Callable[[], None] | None,
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping
        self._until = until

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What the start has made lasts as long as the server, so the collector need not look at it again and again;
        # and a request leaves next to no cycles behind.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_ALLOCATIONS)
        for listening in sockets or ():
            self._ready(listening.getsockname()[1])
        if self._until is not None:
            Thread(target=self._stop_after, args=(self._until,), daemon=True).start()

    def _stop_after(self, until: Callable[[], None]) -> None:
        until()
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        asyncio.get_running_loop().call_later(_GRACE, self._give_up)
        await super().shutdown(sockets)

    def _give_up(self) -> None:
        # A client need not ever finish its request or read its answer, and a fault may keep it waiting for minutes.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()


__all__ = ["CannotListen", "serve"]
