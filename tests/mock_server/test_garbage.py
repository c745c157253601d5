"""What a request leaves behind: nothing that waits for the collector of cycles, whose rounds would slow others down."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest

from mock_server.app import App
from mock_server.settings import Settings
from tests.mock_server.running import API
from tests.mock_server.validation.asking import MOTHER

BODY = orjson.dumps({**MOTHER, "voteDeadlineAt": "2099-07-01T00:00:00Z", "publicLinkValue": None})


@contextmanager
def collecting_by_hand() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def ask(app: App, method: str, path: str, body: bytes = b"") -> int:
    """Ask an app without a server; the status of its answer."""
    query = path.partition("?")[2].encode()
    headers = [
        (b"host", b"localhost"),
        (b"x-api-key", b"kly_acme_ada_test_key"),
        (b"content-type", b"application/json"),
    ]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path.partition("?")[0],
        "query_string": query,
        "headers": headers,
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    status: int = sent[0]["status"]
    return status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/invites/inv_mother", 200), ("GET", "/invites?pageSize=20", 200), ("POST", "/invites", 201)],
)
def test_a_request_leaves_no_cycles(method: str, path: str, status: int) -> None:
    async def left() -> int:
        app = App(Settings(access_log=False))
        for _ in range(3):  # what the first ones cache stays
            assert await ask(app, method, API + path, BODY) == status
        while gc.collect():  # what an earlier test left, in several rounds
            pass
        with collecting_by_hand():
            for _ in range(20):
                await ask(app, method, API + path, BODY)
            return gc.collect()

    assert asyncio.run(left()) == 0
