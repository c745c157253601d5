"""The HTTP server around the app: one process, in the event loop that the app runs in."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable

from granian.constants import Interfaces
from granian.errors import ConfigurationError
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.types import ASGIApp

# A head of 64 KiB holds any path or credential worth an answer of ours; a larger one is refused by the server.
_HEAD = 65_536


class AddressInUse(Exception):  # noqa: N818 - it says what is the case
    """Something else listens at the address."""


def reserve(host: str, port: int) -> socket.socket:
    """Take hold of a port until the server listens there; port 0 takes any free one.

    The server's own socket shares its port with every other that asks (SO_REUSEPORT), so that a second mock would
    quietly take half of the requests: hence the look whether the port is free. Raises AddressInUse, or OSError for
    an address that is not this machine's.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    if port:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
                probe.listen(1)
            except OSError as error:
                raise AddressInUse(f"cannot listen at {host}:{port}: {error.strerror}") from None
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind(address)
    return held


def serve(app: ASGIApp, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is called with the port once requests are answered."""
    held = reserve(host, port)
    try:
        asyncio.run(_serve(app, host, held.getsockname()[1], ready))
    finally:
        held.close()


async def _serve(app: ASGIApp, host: str, port: int, ready: Callable[[int], None]) -> None:
    logging.getLogger("_granian").setLevel(logging.ERROR)
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
        http1_settings=HTTP1Settings(max_buffer_size=_HEAD),
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    serving = asyncio.ensure_future(server.serve())
    await _listening(host, port, serving)
    if not serving.done():
        ready(port)
    await serving


async def _listening(host: str, port: int, serving: "asyncio.Future[None]") -> None:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(target, port)
        except OSError:
            await asyncio.sleep(0.002)
        else:
            writer.close()
            return


__all__ = ["AddressInUse", "ConfigurationError", "serve"]
