"""The requests as they come, as Server-Sent Events."""

import asyncio
from collections.abc import Callable, Iterable

import orjson
from starlette.types import Receive, Send

from mock_server.answers import Answer
from mock_server.control.requests.views import view
from mock_server.exchange import Exchange
from mock_server.journal import Desk, Entry

# How long nothing may be sent before proxies and clients take the connection for dead, in seconds.
HEARTBEAT = 15.0

_HEADERS = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]


class Stream(Answer):
    """Entries that somebody wants, until they leave or the server stops.

    `missed` gives the entries that the reader has missed, and whether these are all of them.
    """

    def __init__(
        self,
        desk: Desk,
        wants: Callable[[Entry], bool],
        missed: Callable[[], tuple[Iterable[Entry], bool]],
        heartbeat: float = HEARTBEAT,
    ) -> None:
        self._desk = desk
        self._wants = wants
        self._missed = missed
        self._heartbeat = heartbeat

    async def send(self, exchange: Exchange, receive: Receive, send: Send) -> None:
        exchange.status = 200
        headers = [*_HEADERS, (b"date", exchange.date), (b"x-request-id", exchange.request_id.encode())]
        with self._desk.reading(self._wants) as reader:
            before, complete = self._missed()
            text = b": listening\n\n" + (b"" if complete else _lost(None)) + b"".join(map(_event, before))
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": text, "more_body": True})
            leaving = asyncio.ensure_future(_gone(receive))
            leaving.add_done_callback(lambda _: reader.close())
            try:
                while not reader.closed:
                    try:
                        await asyncio.wait_for(reader.arrived(), self._heartbeat)
                    except TimeoutError:
                        text = b": still here\n\n"
                    else:
                        entries, lost = reader.take()
                        text = (_lost(lost) if lost else b"") + b"".join(map(_event, entries))
                    await send({"type": "http.response.body", "body": text, "more_body": True})
            finally:
                leaving.cancel()
        await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(entry: Entry) -> bytes:
    return b"id: %s\nevent: request\ndata: %s\n\n" % (entry.request_id.encode(), orjson.dumps(view(entry)))


def _lost(count: int | None) -> bytes:
    return b"event: lost\ndata: %s\n\n" % orjson.dumps({"count": count})
