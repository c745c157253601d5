"""The HTTP server around the app: one process, in the event loop that the app runs in."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from threading import Thread
from typing import Any

from starlette.types import ASGIApp

from mock_server.serving.connection import ClientConnection

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows
    from asyncio import new_event_loop  # type: ignore[assignment]  # either makes what asyncio calls a loop

# How long requests that have begun may take to end once the server is told to stop, in seconds.
_GRACE = 0.5

# How many clients may wait for the server to accept them.
_BACKLOG = 2048

# After how many objects, more made than freed, the collector looks for cycles: a request leaves next to none behind.
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
    returns, the server stops. Raises CannotListen.
    """
    with closing(reserve(host, port)) as listening, asyncio.Runner(loop_factory=new_event_loop) as runner:
        stop = asyncio.Event()

        def end(*_: Any) -> None:
            with suppress(RuntimeError):  # it has stopped already
                runner.get_loop().call_soon_threadsafe(stop.set)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)

        def end_after(until: Callable[[], None]) -> None:
            until()
            end()

        def begun(port: int) -> None:
            ready(port)
            if until is not None:
                Thread(target=end_after, args=(until,), daemon=True).start()

        runner.run(_serve(app, listening, begun, stop, stopping))


async def _serve(
    app: ASGIApp,
    listening: socket.socket,
    ready: Callable[[int], None],
    stop: asyncio.Event,
    stopping: Callable[[], None],
) -> None:
    loop = asyncio.get_running_loop()
    connections: set[ClientConnection] = set()
    server = await loop.create_server(
        lambda: ClientConnection(app, connections, loop), sock=listening, backlog=_BACKLOG
    )
    gc.set_threshold(_ALLOCATIONS)
    ready(listening.getsockname()[1])
    await stop.wait()
    server.close()
    stopping()
    for connection in list(connections):
        connection.finish()
    deadline = loop.time() + _GRACE
    while connections and loop.time() < deadline:
        await asyncio.sleep(0.01)
    # A client need not ever finish its request or read its answer, and a fault may keep it waiting for minutes.
    for connection in list(connections):
        connection.give_up()
