"""What Connexion 3.3 lacks for OpenAPI 3.1, and nothing more.

It refuses a 3.1 document, because it checks documents against the schema of 3.0. Ours are checked as 3.1 by the
tests, so the check is left out here; validation of requests is ours too (`validation/`). Its routes answer 405 with
the methods of one route only, answer HEAD where the document has none, redirect a trailing slash, and take the
encoded slash of an id for one that parts the path.
"""

from typing import Any

from connexion.middleware import ConnexionMiddleware
from connexion.middleware.main import API
from connexion.middleware.routing import RoutingMiddleware
from connexion.spec import OpenAPISpecification
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route, Router
from starlette.types import Receive, Scope, Send

from mock_server.meanings import MethodNotAllowed, NotFound
from mock_server.validation.words import cut
from openapi import Document


class Specification31(OpenAPISpecification):  # type: ignore[misc]  # connexion has no types
    """A document that has been validated as 3.1 elsewhere."""

    @classmethod
    def _validate_spec(cls, spec: dict[str, Any]) -> None:
        if not spec["openapi"].startswith("3.1."):
            raise ValueError(f"the document is OpenAPI {spec['openapi']}, expected 3.1")


class Connexion31(ConnexionMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's middleware stack over one of our documents."""

    def add_document(self, document: Document, **options: Any) -> None:
        """Serve a document at its base path; what Connexion has no option for is passed on to the middlewares."""
        known = {name: options.pop(name) for name in ("resolver", "security_map") if name in options}
        chosen = self.options.replace(**known).__dict__
        specification = Specification31(document.raw)
        self.apis.append(API(specification, base_path=document.base_path, document=document, **chosen, **options))


class Routing31(RoutingMiddleware):  # type: ignore[misc]  # connexion has no types
    """Routes exactly the document's paths, and knows every method that a path has."""

    def add_api(self, specification: Any, **options: Any) -> None:
        """Route a document's operations."""
        super().add_api(specification, **options)
        self.router.redirect_slashes = False
        for mount in self.router.routes:
            mount.app.redirect_slashes = False
            for route in mount.app.routes:
                route.methods.discard("HEAD")  # starlette adds it to every GET; the document has none

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route, or raise MethodNotAllowed with a complete `Allow` (ERR-07)."""
        if b"%2f" in scope.get("raw_path", b"").lower():
            raise NotFound(f"There is no path {cut(scope['path'])}", rule="ERR-06")
        try:
            await super().__call__(scope, receive, send)
        except HTTPException as error:
            if error.status_code != 405:
                raise
            allowed = self._methods({**scope, "root_path": ""})
            raise MethodNotAllowed(
                f"{scope['method']} is not a method of this path, expected {' or '.join(allowed)}",
                rule="ERR-07",
                allowed=allowed,
            ) from None

    def _methods(self, scope: Scope) -> tuple[str, ...]:
        methods: set[str] = set()
        for mount in self.router.routes:
            match, below = mount.matches(scope)
            if match is Match.FULL and isinstance(mount.app, Router):
                for route in mount.app.routes:
                    if isinstance(route, Route) and route.matches({**scope, **below})[0] is not Match.NONE:
                        methods |= route.methods or set()
        return tuple(sorted(methods))
