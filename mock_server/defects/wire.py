"""A request and its answer, as a defect sees and changes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import orjson
from starlette.types import Scope

from mock_server.principal import Principal
from openapi import Operation, load_app_api

API = load_app_api()
BASE = API.base_path

TITLES = {
    400: "Validation failed",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    409: "Conflict",
    422: "Unprocessable entity",
    500: "Internal server error",
}

Row = dict[str, Any]


def _match(method: str, path: str) -> tuple[Operation | None, tuple[str, ...]]:
    steps = path.removeprefix(BASE).split("/") if path.startswith(f"{BASE}/") else []
    for operation in API.operations.values():
        template = operation.path.split("/")
        if operation.method == method and len(template) == len(steps):
            pairs = list(zip(template, steps, strict=True))
            if all(one == other or one.startswith("{") for one, other in pairs):
                return operation, tuple(other for one, other in pairs if one.startswith("{"))
    return None, ()


class Request:
    """A request; the `with_` methods give changed copies."""

    def __init__(self, scope: Scope, body: bytes) -> None:
        self.scope = scope
        self.body = body
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.operation, self.ids = _match(self.method, self.path)

    def calls(self, *names: str) -> bool:
        """Whether it is for one of these operations."""
        return self.operation is not None and self.operation.operation_id in names

    @property
    def lists(self) -> bool:
        """Whether it asks for a list."""
        return self.operation is not None and self.operation.listing is not None

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET" and not self.calls("checkAvailability")

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The query's parameters in order."""
        text = self.scope.get("query_string", b"").decode("latin-1")
        return parse_qsl(text, keep_blank_values=True)

    def value(self, name: str) -> str | None:
        """A query parameter's first value."""
        return next((value for key, value in self.query if key == name), None)

    @cached_property
    def json(self) -> Any:
        """The body, None where it is no JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def members(self) -> Row:
        """The body's members, none where it is no object."""
        return self.json if isinstance(self.json, dict) else {}

    def header(self, name: str) -> str | None:
        """A header's value."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.scope["headers"] if key.lower() == wanted), None)

    def with_query(self, changes: Mapping[str, str | None]) -> "Request":
        """With some parameters set, or taken away by None."""
        if all(value is None and self.value(name) is None for name, value in changes.items()):
            return self
        kept = [(key, value) for key, value in self.query if key not in changes]
        return self.with_pairs([*kept, *((key, value) for key, value in changes.items() if value is not None)])

    def with_pairs(self, pairs: Iterable[tuple[str, str]]) -> "Request":
        """With this query."""
        return Request({**self.scope, "query_string": urlencode(list(pairs)).encode()}, self.body)

    def with_body(self, body: bytes) -> "Request":
        """With these bytes as its body."""
        headers = [pair for pair in self.scope["headers"] if pair[0].lower() != b"content-length"]
        headers += [(b"content-length", str(len(body)).encode())] if body else []
        return Request({**self.scope, "headers": headers}, body)

    def with_json(self, body: Any) -> "Request":
        """With this JSON as its body."""
        return self.with_body(orjson.dumps(body)).with_header("content-type", "application/json")

    def with_header(self, name: str, value: str | None) -> "Request":
        """With a header set, or taken away by None."""
        wanted = name.lower().encode()
        headers = [pair for pair in self.scope["headers"] if pair[0].lower() != wanted]
        headers += [(wanted, value.encode("latin-1"))] if value is not None else []
        return Request({**self.scope, "headers": headers}, self.body)

    def to(self, method: str, path: str, query: Mapping[str, str] | None = None, body: Any = None) -> "Request":
        """By the same caller, to another path below the base path."""
        scope = {**self.scope, "method": method, "path": BASE + path, "raw_path": quote(BASE + path).encode()}
        scope["query_string"] = urlencode(query or {}).encode()
        plain = Request(scope, b"").with_body(b"")
        return plain if body is None else plain.with_json(body)

    def by(self, token: str) -> "Request":
        """By somebody else."""
        return self.with_header("x-api-key", None).with_header("authorization", f"Bearer {token}")


@dataclass(frozen=True)
class Answer:
    """An answer. `caller` is who was recognised, `rule` the rule that refused."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    caller: Principal | None = None
    rule: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it is a success."""
        return self.status < 300

    @cached_property
    def json(self) -> Any:
        """The body, None where it is no JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def data(self) -> Any:
        """The data of a success."""
        return self.json["data"]

    @property
    def rows(self) -> list[Row]:
        """The rows it shows: a list's items, or the one that it is about."""
        data = self.json.get("data") if self.ok and isinstance(self.json, dict) else None
        if not isinstance(data, dict):
            return []
        rows: list[Row] = data.get("items", [data])
        return rows

    def saying(self, body: Any) -> "Answer":
        """With this JSON as its body."""
        return replace(self, body=orjson.dumps(body))

    def giving(self, data: Any) -> "Answer":
        """With this data."""
        return self.saying({**self.json, "data": data})

    def showing(self, rows: list[Row]) -> "Answer":
        """With these rows in the place of its own."""
        data = self.data
        return self.giving({**data, "items": rows} if "items" in data else rows[0])

    def having(self, status: int) -> "Answer":
        """With another status."""
        return replace(self, status=status)

    def header(self, name: str) -> str | None:
        """A header's value."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.headers if key == wanted), None)

    def with_header(self, name: str, value: str | None) -> "Answer":
        """With a header set, or taken away by None."""
        wanted = name.lower().encode()
        kept = tuple(pair for pair in self.headers if pair[0] != wanted)
        return replace(self, headers=kept if value is None else (*kept, (wanted, value.encode())))

    def refused(self, status: int, message: str = "This is not possible") -> "Answer":
        """A refusal in its place, as the contract wants one to look."""
        body = {
            "success": False,
            "error": TITLES.get(status, "Refused"),
            "message": message,
            "requestId": self.header("x-request-id"),
        }
        return self.having(status).saying(body)

    def granted(self, status: int, data: Any) -> "Answer":
        """A success in its place."""
        return self.having(status).saying({"success": True, "data": data})
