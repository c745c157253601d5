"""The HTTP server around the app: one process, in the event loop that the app runs in."""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.types import ASGIApp

# A head of 64 KiB holds any path or credential worth an answer of ours; a larger one is refused by the server.
_HEAD = 65_536

# How long requests that have begun may take to end once the server is told to stop, in seconds.
_GRACE = 0.5


class CannotListen(Exception):  # noqa: N818 - it says what is the case
    """The address is taken, or not this machine's."""


def reserve(host: str, port: int) -> socket.socket:
    """Take hold of a port until the server listens there; port 0 takes any free one.

    The server's own socket shares its port with every other that asks (SO_REUSEPORT), so that a second mock would
    quietly take half of the requests: hence the look whether the port is free. Raises CannotListen.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        if port:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen(1)
        held = socket.socket(family, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(address)
    except OSError as error:
        raise CannotListen(f"cannot listen at {host}:{port}: {error.strerror}") from None
    return held


def serve(app: ASGIApp, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is called with the port once requests are answered."""
    held = reserve(host, port)
    try:
        address, bound, *_ = held.getsockname()
        asyncio.run(_serve(app, address, bound, ready))
    finally:
        held.close()


async def _serve(app: ASGIApp, address: str, port: int, ready: Callable[[int], None]) -> None:
    logging.getLogger("_granian").setLevel(logging.ERROR)
    server = Server(
        app,
        address=address,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
        http1_settings=HTTP1Settings(max_buffer_size=_HEAD),
    )
    # What the start has made lasts as long as the server: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    loop = asyncio.get_running_loop()
    serving = asyncio.ensure_future(server.serve())

    def stop() -> None:
        server.stop()  # type: ignore[no-untyped-call]  # granian types only what others call
        # It waits for every request that has begun, and a client need not ever finish one.
        loop.call_later(_GRACE, give_up)

    def give_up() -> None:
        # What then still ends reports so to nobody, which is no error worth a log.
        loop.set_exception_handler(lambda _, __: None)
        serving.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await _listening(address, port, serving)
    if not serving.done():
        ready(port)
    with suppress(asyncio.CancelledError):
        await serving


async def _listening(address: str, port: int, serving: "asyncio.Future[None]") -> None:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(target, port)
        except OSError:
            await asyncio.sleep(0.002)
        else:
            writer.close()
            return


__all__ = ["CannotListen", "serve"]
