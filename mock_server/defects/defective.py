"""The mock with a defect: an ASGI app around the healthy one."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.defects.defect import Defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Request
from mock_server.state import State

_CONTROL = "/_mock"
_RESET = "/_mock/reset"


class Defective:
    """Answers as the mock does, but for what its defect changes."""

    def __init__(self, app: ASGIApp, state: State, defect: Defect) -> None:
        self._app = app
        self._server = Server(app, state)
        self._defect = defect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["path"].startswith(_CONTROL) and not self._defect.control):
            if scope.get("path") == _RESET:
                self._server.forget()
            await self._app(scope, receive, send)
            return
        answer = await self._defect.fault(self._server, Request(scope, await _body(receive)))
        headers = [pair for pair in answer.headers if pair[0] != b"content-length"]
        length = (b"content-length", str(len(answer.body)).encode())
        bare = answer.status == 204 or scope["method"] == "HEAD"
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": headers if bare else [*headers, length],
            }
        )
        await send({"type": "http.response.body", "body": b"" if bare else answer.body})


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)
