"""Requests that are good but for a part, as bytes, and the refusal in the envelope, with a reason, that each gets.

The client is a socket with bytes of our own.
"""

from typing import Any

import orjson

from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Answer, Wire, request

JSON = "Content-Type: application/json"
LABEL = b'{"name": "Data", "color": "#0F766E"}'
GOOD = request("GET", f"{API}/labels?pageSize=1", ADA)

# What a refusal may carry. A header that a client smuggled in would be none of these.
HEADERS = {
    "content-type",
    "content-length",
    "x-request-id",
    "x-mock-rule",
    "x-mock-reason",
    "x-mock-credential",
    "x-mock-caller",
    "x-mock-roles",
    "x-mock-nearest",
    "x-mock-explanation",
    "www-authenticate",
    "access-control-allow-origin",
    "allow",
    "vary",
    "server",
    "date",
    "connection",
}


def refused(answer: Answer, status: int, rule: str | None, *told: str, head: bool = False) -> str:
    """Check that an answer is a refusal in the envelope, whose message tells these; the message."""
    assert answer.status == status, answer
    assert set(answer.headers) <= HEADERS, answer
    assert answer.headers["content-type"] == "application/json"
    assert rule is None or answer.headers["x-mock-rule"] == rule, answer
    if head:
        return ""
    body = answer.json
    assert list(body) == ["success", "error", "message", "requestId"]
    assert body["success"] is False
    assert body["requestId"] == answer.headers["x-request-id"]
    for text in told:
        assert text in body["message"], body["message"]
    assert len(body["message"]) < 1000
    message: str = body["message"]
    return message


def refuses(mock: Mock, sent: bytes, status: int, rule: str | None, *told: str) -> None:
    """Check that a request is refused, alone on its connection and with others after it."""
    head = sent.startswith(b"HEAD ")
    with Wire(mock.url) as wire:
        refused(wire.ask(sent), status, rule, *told, head=head)
        assert wire.ask(GOOD).status == 200, "the connection does not serve on"
    with Wire(mock.url) as wire:
        line, _, rest = sent.partition(b"\r\n")
        refused(wire.ask(line + b"\r\nConnection: close\r\n" + rest), status, rule, *told, head=head)
        assert wire.is_closed()


def post(path: str, body: bytes, *headers: str) -> bytes:
    return request("POST", f"{API}{path}", ADA, *(headers or (JSON,)), body=body)


def invite(**members: Any) -> bytes:
    """A good direct invite but for these members; bytes go in as they are."""
    whole: dict[str, Any] = {
        "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
        "candidates": [{"name": "Grace", "email": "grace@candidates.example"}],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"meetingDurationMinutes": 45, "title": "Interview"},
        **members,
    }
    return b"{%s}" % b",".join(
        b"%s:%s" % (orjson.dumps(name), value if isinstance(value, bytes) else orjson.dumps(value))
        for name, value in whole.items()
    )


def minutes(number: bytes) -> bytes:
    """A good invite but for how long its meeting takes."""
    return invite(meeting=b'{"title":"Interview","meetingDurationMinutes":%s}' % number)


def named(name: bytes) -> bytes:
    """A label whose name is this JSON."""
    return b'{"color":"#0F766E","name":%s}' % name
