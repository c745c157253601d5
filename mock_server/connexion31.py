"""What Connexion 3.3 lacks for OpenAPI 3.1, and nothing more.

It refuses a 3.1 document, because it checks documents against the schema of 3.0. Ours are checked as 3.1 by the
tests, so the check is left out here; validation of requests is ours too (`validation/`). Its routes answer 405 with
the methods of one route only, answer HEAD where the document has none, redirect a trailing slash, take the encoded
slash of an id for one that parts the path, and cost a fifth of a request: the table here does none of that.
"""

import re
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.exchange import Exchange
from mock_server.framework import (
    API,
    ROUTING_CONTEXT,
    ConnexionMiddleware,
    OpenAPISpecification,
    Resolver,
    SpecMiddleware,
)
from mock_server.meanings import MethodNotAllowed, NotFound
from mock_server.nearest import Near, nearest
from mock_server.validation.words import cut
from openapi import Document, Operation

# The operations of one path by method.
_Methods = dict[str, Operation]


class Specification31(OpenAPISpecification):  # type: ignore[misc]  # connexion has no types
    """A document that has been validated as 3.1 elsewhere."""

    @classmethod
    def _validate_spec(cls, spec: dict[str, Any]) -> None:
        if not spec["openapi"].startswith("3.1."):
            raise ValueError(f"the document is OpenAPI {spec['openapi']}, expected 3.1")


class Connexion31(ConnexionMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's middleware stack over one of our documents."""

    def add_document(self, document: Document, *, resolver: Resolver, **options: Any) -> None:
        """Serve a document at its base path; the options that Connexion does not know are for our middlewares."""
        chosen = self.options.replace(resolver=resolver).__dict__
        specification = Specification31(document.raw)
        self.apis.append(API(specification, base_path=document.base_path, document=document, **chosen, **options))


class Routing31(SpecMiddleware):  # type: ignore[misc]  # connexion has no types
    """Routes exactly the document's paths, and knows every method that a path has.

    It leaves what it finds where Connexion's own routing does, for the middlewares behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._base = ""
        self._document: Document | None = None
        self._fixed: dict[str, _Methods] = {}
        self._templates: list[tuple[re.Pattern[str], _Methods]] = []

    def add_api(self, specification: Any, *, base_path: str, document: Document, **_: Any) -> None:
        """Route a document's operations. The specification is Connexion's reading of the same document."""
        self._base, self._document = base_path, document
        paths: dict[str, _Methods] = {}
        for operation in document.operations.values():
            paths.setdefault(base_path + operation.path, {})[operation.method] = operation
        for path, methods in paths.items():
            if "{" in path:
                pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
                self._templates.append((re.compile(pattern), methods))
            else:
                self._fixed[path] = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route. Raises NotFound (ERR-06), or MethodNotAllowed with a complete `Allow` (ERR-07)."""
        methods, parameters = self._find(scope)
        operation = methods.get(scope["method"])
        if operation is None:
            self._nearest(scope)
            allowed = tuple(sorted(methods))
            raise MethodNotAllowed(
                f"{scope['method']} is not a method of this path, expected {' or '.join(allowed)}",
                rule="ERR-07",
                allowed=allowed,
            )
        exchange = Exchange.of(scope)
        exchange.document, exchange.operation = self._document, operation
        scope["path_params"] = parameters
        routed = {"api_base_path": self._base, "operation_id": operation.operation_id}
        scope.setdefault("extensions", {})[ROUTING_CONTEXT] = routed
        await self._app(scope, receive, send)

    def _find(self, scope: Scope) -> "tuple[_Methods, dict[str, str]]":
        path = scope["path"]
        # The encoded slash of an id would part the path.
        if b"%2f" not in scope.get("raw_path", b"").lower():
            if (methods := self._fixed.get(path)) is not None:
                return methods, {}
            for pattern, methods in self._templates:
                if match := pattern.fullmatch(path):
                    return methods, match.groupdict()
        near = self._nearest(scope)
        advice = f"did you mean {near[0].path}?" if near else f"the API is below {self._base}"
        raise NotFound(f"There is no path {cut(path)}; {advice}", rule="ERR-06")

    def _nearest(self, scope: Scope) -> list[Near]:
        """The operations that are nearest to a request, told in a header too."""
        near = [] if self._document is None else nearest(self._document, scope["method"], scope["path"])
        if near:
            Exchange.of(scope).headers["X-Mock-Nearest"] = ", ".join(map(str, near))
        return near
