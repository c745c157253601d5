"""One request to a reader, without a server around it."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
import pytest

from mock_server.meanings import Refusal
from mock_server.validation import Input, RequestReader
from openapi import load_app_api, load_mock_control

NOW = datetime(2030, 5, 15, 10, tzinfo=UTC)
MAX_BODY = 1_048_576
JSON = {"content-type": "application/json"}
IDS = {
    "inviteId": "inv_one",
    "bookingId": "mtg_one",
    "id": "lbl_one",
    "workspace": "acme",
    "keyId": "key_one",
    "faultId": "flt_1",
    "snapshot": "saved",
    "requestId": "req_one",
    "tenantId": "7c1f0c6e-4a43-4c36-9a60-6d2f2f6f0a01",
}

# What the reference's curl sends, with a deadline in the future.
MOTHER: dict[str, Any] = {
    "allowMultipleBookings": True,
    "publicLinkValue": "product/demo",
    "requiredAttendees": [{"type": "users", "userIds": ["usr_ada"]}],
    "candidates": [],
    "voteDeadlineAt": "2030-07-01T00:00:00.000Z",
    "meeting": {"meetingDurationMinutes": 30, "title": "Product demo"},
}
DIRECT: dict[str, Any] = {
    "requiredAttendees": [{"type": "labels", "labelIds": ["lbl_engineering"]}],
    "candidates": [{"name": "Grace Hopper", "email": "grace@candidates.example"}],
    "voteDeadlineAt": "2030-07-01T00:00:00.000Z",
    "meeting": {"meetingDurationMinutes": 45, "title": "First interview"},
}
MEETING: dict[str, Any] = {
    "title": "Product demo",
    "startAt": "2030-07-01T09:00:00.000Z",
    "endAt": "2030-07-01T09:30:00.000Z",
}


@cache
def reader(operation_id: str, max_body: int = MAX_BODY) -> RequestReader:
    """The reader of an operation of either document."""
    document = next(d for d in (load_app_api(), load_mock_control()) if operation_id in d.operations)
    return RequestReader(document, document.operations[operation_id], max_body=max_body)


def ask(
    operation_id: str,
    *,
    path: Mapping[str, str] | None = None,
    query: str | bytes = "",
    body: Any = None,
    chunks: Iterable[bytes] | None = None,
    headers: Mapping[str, str] = JSON,
    max_body: int = MAX_BODY,
    http_version: str = "1.1",
) -> Input:
    """Read one request. `body` is JSON unless it is bytes; `chunks` arrive one by one, then the client is gone."""
    if chunks is None:
        chunks = [b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)]
    waiting = list(chunks)
    scope = {
        "type": "http",
        "http_version": http_version,
        "path_params": IDS if path is None else path,
        "query_string": query.encode() if isinstance(query, str) else query,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        if not waiting:
            return {"type": "http.disconnect"}
        chunk = waiting.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

    reading = reader(operation_id, max_body)
    return reading.read(scope, asyncio.run(reading.receive(scope, receive)), NOW)


def refused(operation_id: str, **request: Any) -> Refusal:
    """The refusal of a request that must not pass. Its message is text that every answer can carry."""
    with pytest.raises(Refusal) as caught:
        ask(operation_id, **request)
    caught.value.message.encode()
    return caught.value


def told(operation_id: str, **request: Any) -> tuple[str, str]:
    """The rule and the message of a refusal."""
    refusal = refused(operation_id, **request)
    return refusal.rule, refusal.message
