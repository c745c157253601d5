"""The way of one request: its size, its media type, its path, its query, its body."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.types import Receive, Scope

from mock_server.meanings import Refuse, strictly
from mock_server.validation.body import check_declared_size, check_media_type, receive_body
from mock_server.validation.content import Content
from mock_server.validation.parameters import PathReader, QueryReader
from mock_server.validation.sorting import Order
from mock_server.validation.times import Times
from openapi import Document, Operation
from openapi.extensions import SortKey


@dataclass(frozen=True, slots=True)
class Input:
    """What a request says, checked.

    `path` and `query` have values by name; of the query, defaults are filled in, ids are lists, and what was not given
    and has no default is absent. `order` is that of a list, else empty. `body` is the JSON, None without one. Times,
    in the query and at the top of the body, are in canonical form.
    """

    path: dict[str, str]
    query: dict[str, Any]
    order: tuple[SortKey, ...]
    body: Any


class RequestReader:
    """Reads the requests for one operation. All it needs is compiled when it is made.

    A body has at most `max_body` bytes, unless the document has a limit for the operation.
    """

    def __init__(self, document: Document, operation: Operation, *, max_body: int) -> None:
        self._max_body = operation.max_body or max_body
        self._path = PathReader(document, operation)
        self._query = QueryReader(document, operation)
        self._query_times = Times(operation, [p.name for p in operation.parameters_in("query")])
        self._order = Order(operation)
        self._content = Content(document, operation) if operation.body is not None else None

    async def receive(self, scope: Scope, receive: Receive) -> bytes | None:
        """Receive the body; one that the operation does not take is left unread: there is no answer about it.

        Raises ContentTooLarge (ERR-09), Invalid (STR-04).
        """
        if self._content is None:
            return None
        check_declared_size(_header(scope, b"content-length"), self._max_body)
        return await receive_body(receive, self._max_body)

    def read(self, scope: Scope, raw: bytes | None, now: datetime, refuse: Refuse = strictly) -> Input:
        """Read and check one request whose body has been received, in the order of ERR-12.

        Raises UnsupportedMediaType (ERR-08), Invalid (the rule that refused). Where `refuse` does not raise, what is
        unknown or repeated (STR-01, STR-02, STR-03) is left out.
        """
        content = self._content
        if raw:
            check_media_type(_header(scope, b"content-type"), _header(scope, b"content-encoding"))
        path = self._path.read(scope.get("path_params", {}))
        query = self._query.read(scope["query_string"], refuse)
        self._query_times.settle(query, now)
        order = self._order.of(query)
        body = None if content is None or raw is None else content.read(raw, now, refuse)
        return Input(path, query, order, body)


def _header(scope: Scope, name: bytes) -> bytes | None:
    """A header's value; of a repeated one all, joined by commas as HTTP has it."""
    found: bytes | None = None
    for key, value in scope["headers"]:
        if key == name:
            found = value if found is None else b"%s, %s" % (found, value)
    return found
