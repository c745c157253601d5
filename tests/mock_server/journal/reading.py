"""Reading a mock's journals."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import orjson

from tests.mock_server.running import Mock


def requests(mock: Mock, **query: Any) -> list[dict[str, Any]]:
    """Requests as they are listed: newest first, those that match the query."""
    items: list[dict[str, Any]] = mock.control("GET", f"/requests?{httpx.QueryParams(query)}")["items"]
    return items


def explained(mock: Mock, answer: httpx.Response) -> dict[str, Any]:
    """The journal's entry of an answer."""
    entry: dict[str, Any] = mock.control("GET", f"/requests/{answer.headers['x-request-id']}")
    return entry


def steps(entry: dict[str, Any], outcome: str) -> dict[str, Any]:
    """The details of the checks that ended so, by step."""
    return {check["step"]: check["detail"] for check in entry["checks"] if check["outcome"] == outcome}


class Events:
    """Server-Sent Events as they come."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def next(self) -> tuple[str | None, str, Any]:
        """The id, the kind and the data of the next event."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields:
                return fields.get("id"), fields["event"], orjson.loads(fields["data"])
        raise StopIteration

    def rest(self) -> list[str]:
        """The lines until the end."""
        return list(self._lines)


@contextmanager
def following(mock: Mock, path: str = "/requests/stream", **headers: str) -> Iterator[Events]:
    """A stream, listened to once this begins."""
    with mock.client.stream("GET", f"/_mock{path}", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["x-request-id"].startswith("req_")
        events = Events(answer)
        assert next(events._lines) == ": listening"
        yield events
