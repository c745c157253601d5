"""The explorer as an ASGI app: one page, and the files that it needs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.types import ASGIApp, Scope

from mock_server.explorer.files import files, render
from mock_server.site import site

PATH = "/api/docs"

# As the control document's `Persona`.
Persona = Mapping[str, Any]


def explorer(personas: Callable[[Scope], Awaitable[Sequence[Persona]]]) -> ASGIApp:
    """Serve the explorer below `/api/docs`, within a `Boundary`.

    `personas` says whom the reader of a page may act as, with credentials: give none to a reader who may not have
    them, and keep the app out of reach of CORS.
    """

    async def page(scope: Scope) -> bytes:
        return render(await personas(scope))

    # Swagger UI sets styles on its elements.
    return site(PATH, files(), page=page, policy={"style-src": "'self' 'unsafe-inline'"})
