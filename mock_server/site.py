"""Pages of the mock for a browser: from files that ship with it, under a policy that lets nothing else in."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.exchange import Exchange
from mock_server.meanings import MethodNotAllowed, NotFound

_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
}
_SAFETY = {
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

# What every page needs: everything from this host, and nobody may frame it.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file that never changes while the server runs."""

    content: bytes
    content_type: str
    etag: str

    @classmethod
    def of(cls, content: bytes, kind: str) -> Self:
        """A file with this content; its kind is the end of its name. Raises KeyError for one that no page has."""
        return cls(content, _TYPES[kind], f'"{hashlib.sha256(content).hexdigest()[:32]}"')

    @classmethod
    def read(cls, place: Traversable) -> Self:
        """A file of a package."""
        return cls.of(place.read_bytes(), place.name.rpartition(".")[2])


def site(
    path: str,
    files: Mapping[str, Traversable | File],
    *,
    page: Callable[[Scope], Awaitable[bytes]] | None = None,
    policy: Mapping[str, str] | None = None,
) -> ASGIApp:
    """Serve a page at a path and its files below it, within a `Boundary`.

    `files` are all that is served, by their names below the path, read when they are first asked for. The page is the
    one without a name, unless `page` makes one for each reader, which nobody stores. `policy` is what the page's
    Content-Security-Policy says beside ours. Keep the app out of reach of CORS.
    """
    said = "; ".join(f"{directive} {sources}" for directive, sources in {**_POLICY, **(policy or {})}.items())
    safety = {**_SAFETY, "content-security-policy": said}

    @cache
    def read(name: str) -> File:
        found = files[name]
        return found if isinstance(found, File) else File.read(found)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        name = _name(path, scope["path"])
        made = page is not None and name == ""
        if name is None or not (made or name in files):
            raise NotFound(f"There is no path {scope['path']}", rule="ERR-06")
        if scope["method"] not in ("GET", "HEAD"):
            message = f"{scope['path']} has no method {scope['method']}, only GET and HEAD"
            raise MethodNotAllowed(message, rule="ERR-07", allowed=("GET", "HEAD"))
        if page is not None and made:
            headers = {"content-type": _TYPES["html"], "cache-control": "no-store"}
            await _send(scope, send, 200, await page(scope), {**headers, **safety})
        else:
            await _send_file(scope, send, read(name), safety)

    return app


def _name(base: str, path: str) -> str | None:
    """The file that a path names: empty for the page, None below no path of ours."""
    if path in (base, f"{base}/"):
        return ""
    name = path.removeprefix(f"{base}/")
    return None if name == path else name


async def _send_file(scope: Scope, send: Send, file: File, safety: Mapping[str, str]) -> None:
    headers = {"content-type": file.content_type, "cache-control": "no-cache", "etag": file.etag, **safety}
    if _has(scope, file.etag):
        await _send(scope, send, 304, None, headers)
    else:
        await _send(scope, send, 200, file.content, headers)


def _has(scope: Scope, etag: str) -> bool:
    """Whether the client says that it has this version."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"]
    tags = [tag.strip().removeprefix("W/") for value in given for tag in value.split(",")]
    return etag in tags or "*" in tags


async def _send(scope: Scope, send: Send, status: int, body: bytes | None, headers: Mapping[str, str]) -> None:
    exchange = Exchange.of(scope)
    exchange.status = status
    length = {} if body is None else {"content-length": str(len(body))}
    everything = {**headers, **length, "x-request-id": exchange.request_id}
    raw = [(b"date", exchange.date), *((name.encode(), value.encode()) for name, value in everything.items())]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body or b"" if scope["method"] == "GET" else b""})
