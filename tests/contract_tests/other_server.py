"""A second server of the contract, as different from the mock as can be: labels alone, in memory, of the standard
library alone. It keeps the rules of the envelope, of lists and of roles, so that the suite's checks can be seen not to
lean on the mock.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

BASE = "/api/v1/app"
KEYS = {"other-admin-key": "admin", "other-manager-key": "manager", "other-user-key": "user"}
MAY = {"GET": ("manager", "admin"), "POST": ("admin",), "DELETE": ("admin",)}
TITLES = {400: "Validation failed", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 405: "No such method",
          409: "Conflict", 415: "Not JSON"}  # fmt: skip
FIELDS = ("name", "createdAt")


class Refusal(Exception):  # noqa: N818 - it is an answer
    """A status and a message."""


def labels() -> list[dict[str, Any]]:
    """Labels whose names and times tie and differ in case."""
    names = ["beta", "Alpha", "alpha", "Éclair", "zulu", "Zulu 2", "gamma", "delta", "Delta 2", "omega"]
    return [
        {
            "id": f"L{number:02}",
            "name": name,
            "color": "#00FF7F",
            "description": None,
            "createdAt": f"2031-01-0{1 + number % 3}T00:00:00.000Z",
        }
        for number, name in enumerate(names)
    ]


class Handler(BaseHTTPRequestHandler):
    """One request; the rows and the counter of requests are the server's."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body would wait 40 ms for the head's acknowledgement
    rows: list[dict[str, Any]]
    numbers: Iterator[int]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        allow = None
        try:
            status, data = self._answer(body)
            answer: dict[str, Any] = {"success": True, "data": data}
        except Refusal as refusal:
            status, message, *rest = refusal.args
            allow = rest[0] if rest else None
            answer = {"success": False, "error": TITLES[status], "message": message}
        identifier = f"req_{next(self.numbers):08x}"
        if status >= 400:
            answer["requestId"] = identifier
        text = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("X-Request-Id", identifier), ("Allow", allow)):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _answer(self, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        one = re.fullmatch(f"{BASE}/labels/([^/]+)", parts.path)
        methods = ("DELETE",) if one else ("GET", "POST") if parts.path == f"{BASE}/labels" else ()
        if not methods:
            raise Refusal(404, "there is nothing here")
        if self.command not in methods:
            raise Refusal(405, "the path has other methods", ", ".join(methods))
        role = KEYS.get(self.headers.get("X-API-Key", ""))
        if role is None:
            raise Refusal(401, "who are you?")
        if role not in MAY[self.command]:
            raise Refusal(403, f"a {role} may not")
        if self.command == "GET":
            return 200, self._page(parts.query)
        if parts.query:
            raise Refusal(400, "no parameters here")
        return (200, self._delete(one[1])) if one else (201, self._create(body))

    def _page(self, query: str) -> dict[str, Any]:
        pairs = parse_qsl(query, keep_blank_values=True)
        given = dict(pairs)
        if len(given) < len(pairs) or given.keys() - {"page", "pageSize", "sort", "sortBy", "sortDir"}:
            raise Refusal(400, "a parameter is unknown or repeated")
        page = self._number(given.get("page", "0"), 0, 1_000_000)
        size = self._number(given.get("pageSize", "20"), 1, 100)
        rows = sorted(self.rows, key=lambda row: str(row["id"]))
        for field, direction in reversed(self._keys(given)):
            rows.sort(key=lambda row: str(row[field]), reverse=direction == "desc")
        shown = rows[page * size : (page + 1) * size]
        return {"items": shown, "total": len(rows), "page": page, "pageSize": size}

    @staticmethod
    def _number(text: str, least: int, most: int) -> int:
        if not re.fullmatch("0|[1-9][0-9]{0,9}", text) or not least <= int(text) <= most:
            raise Refusal(400, f"not a number from {least} to {most}")
        return int(text)

    @staticmethod
    def _keys(given: dict[str, str]) -> list[tuple[str, str]]:
        if ("sort" in given and given.keys() & {"sortBy", "sortDir"}) or given.keys() & {"sortBy", "sortDir"} == {
            "sortDir"
        }:
            raise Refusal(400, "these do not go together")
        default = f"{given['sortBy']}:{given.get('sortDir', 'asc')}" if "sortBy" in given else "name:asc"
        keys = [(key.partition(":")[0], key.partition(":")[2]) for key in given.get("sort", default).split(",")]
        fields = [field for field, _ in keys]
        if len(set(fields)) < len(fields) or any(f not in FIELDS or d not in ("asc", "desc") for f, d in keys):
            raise Refusal(400, "not an order")
        return keys

    def _create(self, body: bytes) -> dict[str, Any]:
        if body and self.headers.get("Content-Type") != "application/json":
            raise Refusal(415, "not declared as JSON")
        try:
            asked = json.loads(body)
        except ValueError:
            raise Refusal(400, "not JSON") from None
        if not isinstance(asked, dict) or asked.keys() - {"name", "color", "description"}:
            raise Refusal(400, "not a label")
        name, color = asked.get("name"), asked.get("color")
        if not (isinstance(name, str) and 0 < len(name) <= 50 and re.fullmatch("#[0-9A-Fa-f]{6}", str(color))):
            raise Refusal(400, "not a label")
        if name.casefold() in (row["name"].casefold() for row in self.rows):
            raise Refusal(409, "taken")
        row = {"id": f"N{next(self.numbers)}", "name": name, "color": color,
               "description": asked.get("description"), "createdAt": "2031-02-01T00:00:00.000Z"}  # fmt: skip
        self.rows.append(row)
        return row

    def _delete(self, label_id: str) -> dict[str, str]:
        for row in self.rows:
            if row["id"] == label_id:
                self.rows.remove(row)
                return {"id": label_id}
        raise Refusal(404, "no such label")


@contextmanager
def other_server() -> Iterator[str]:
    """The server on a free port; gives its URL."""
    handler = type("OwnHandler", (Handler,), {"rows": labels(), "numbers": count(1)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
