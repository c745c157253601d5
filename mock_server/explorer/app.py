"""The explorer as an ASGI app: one page, and the files that it needs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.exchange import Exchange
from mock_server.explorer.files import File, file, render
from mock_server.meanings import MethodNotAllowed, NotFound

PATH = "/api/docs"

# As the control document's `Persona`.
Persona = Mapping[str, Any]

# Everything from this host. Swagger UI sets styles on its elements and draws icons from data.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
_SAFETY = {
    "content-security-policy": _POLICY,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def explorer(personas: Callable[[Scope], Awaitable[Sequence[Persona]]]) -> ASGIApp:
    """Serve the explorer below `/api/docs`, within a `Boundary`.

    `personas` says whom the reader of a page may act as, with credentials: give none to a reader who may not have
    them, and keep the app out of reach of CORS.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        name = _name(scope["path"])
        served = None if name == "" else file(name)
        if name is None or (name and served is None):
            raise NotFound(f"There is no path {scope['path']}", rule="ERR-06")
        if scope["method"] not in ("GET", "HEAD"):
            message = f"{scope['path']} has no method {scope['method']}, only GET and HEAD"
            raise MethodNotAllowed(message, rule="ERR-07", allowed=("GET", "HEAD"))
        if served is not None:
            await _send_file(scope, send, served)
        else:
            await _send(scope, send, 200, render(await personas(scope)), _PAGE)

    return app


def _name(path: str) -> str | None:
    """The file that a path names: empty for the page, None below no path of ours."""
    if path in (PATH, f"{PATH}/"):
        return ""
    name = path.removeprefix(f"{PATH}/")
    return None if name == path else name


async def _send_file(scope: Scope, send: Send, served: File) -> None:
    headers = {"content-type": served.content_type, "cache-control": "no-cache", "etag": served.etag}
    if _has(scope, served.etag):
        await _send(scope, send, 304, None, headers)
    else:
        await _send(scope, send, 200, served.content, headers)


def _has(scope: Scope, etag: str) -> bool:
    """Whether the client says that it has this version."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"]
    tags = [tag.strip().removeprefix("W/") for value in given for tag in value.split(",")]
    return etag in tags or "*" in tags


async def _send(scope: Scope, send: Send, status: int, body: bytes | None, headers: Mapping[str, str]) -> None:
    exchange = Exchange.of(scope)
    exchange.status = status
    length = {} if body is None else {"content-length": str(len(body))}
    everything = {**headers, **_SAFETY, **length, "x-request-id": exchange.request_id}
    raw = [(name.encode(), value.encode()) for name, value in everything.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body or b"" if scope["method"] == "GET" else b""})
