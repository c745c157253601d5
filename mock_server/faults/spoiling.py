"""Ways to spoil an answer on its way out: each wraps a `send`, and takes a body in any number of pieces."""

import asyncio
from collections.abc import Callable

from starlette.types import Message, Send


def cut(send: Send, end: Callable[[], None], kept: Callable[[int], int | None]) -> Send:
    """Send the first bytes of the body, then end the connection.

    `kept` tells how many by the length of the body, which is announced in full; None for not even the head.
    """
    left: int | None = None

    async def cutting(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.start":
            left = kept(int(dict(message["headers"])[b"content-length"]))
            if left is None:
                end()
            else:
                await send(message)
        elif left is not None:
            part = message.get("body", b"")[:left]
            left -= len(part)
            await send({"type": "http.response.body", "body": part, "more_body": True})
            if not left:
                left = None
                end()

    return cutting


def slow(send: Send, seconds: float, pieces: int) -> Send:
    """Send the head at once, then the body in pieces over so many seconds."""

    async def slowly(message: Message) -> None:
        body = message.get("body", b"")
        if not body:
            await send(message)
            if message["type"] == "http.response.start":
                await send({"type": "http.response.body", "more_body": True})  # servers keep a head for its body
            return
        size = -(-len(body) // pieces)
        starts = range(0, len(body), size)
        for start in starts:
            await asyncio.sleep(seconds / len(starts))
            more = start != starts[-1] or message.get("more_body", False)
            await send({"type": "http.response.body", "body": body[start : start + size], "more_body": more})

    return slowly


def unclosed(send: Send) -> Send:
    """Send a space for the last character of the body, so that its JSON does not end though its length is right."""

    async def leaving_open(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            message = {**message, "body": message.get("body", b"")[:-1] + b" "}
        await send(message)

    return leaving_open
