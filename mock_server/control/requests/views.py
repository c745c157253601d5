"""An entry of a journal as the control document's `Request`."""

from typing import Any

from mock_server.clock import text
from mock_server.control.requests import redaction
from mock_server.control.requests.checks import checks
from mock_server.journal import Entry, Headers
from mock_server.nearest import nearest
from openapi import load_app_api, load_mock_control, load_rules


def view(entry: Entry) -> dict[str, Any]:
    """One request and its answer, formatted now that somebody reads it."""
    operation, caller = entry.operation, entry.principal
    recognised = redaction.recognised(entry)
    rule = load_rules().get(entry.rule or "")
    control = is_control(entry)
    whole: dict[str, Any] = {
        "requestId": entry.request_id,
        "workspace": entry.workspace or None,
        "at": text(entry.at),
        "control": control,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query.decode("latin-1"),
        "operationId": operation.operation_id if operation else None,
        "status": entry.status or None,
        "caller": {"userId": caller.user_id, "role": caller.role, "credential": caller.credential} if caller else None,
        "rule": entry.rule,
        "reason": rule.text if rule else None,
        "checks": checks(entry, control=control),
        "wouldRefuse": [
            {"step": one.step.value, "status": one.status, "rule": one.rule, "message": one.message}
            for one in entry.would_refuse
        ],
        "fault": entry.fault,
        "request": _message(entry.headers, entry.body, entry.size, recognised),
        "response": _message(entry.answer_headers, entry.answer_body, entry.answer_size, recognised),
        "durationMs": round(entry.duration * 1000, 3),
        "nearest": [] if operation else _nearest(entry, control=control),
    }
    return {member: redaction.redacted(value) for member, value in whole.items()}


def is_control(entry: Entry) -> bool:
    """Whether a request was one to the control API."""
    return entry.path.startswith(f"{load_mock_control().base_path}/")


def _message(headers: Headers, body: bytes | None, size: int, recognised: str) -> dict[str, Any]:
    return {
        "headers": redaction.headers(headers, recognised),
        "body": None if body is None else body.decode("utf-8", "replace"),
        "truncated": size > len(body or b""),
    }


def _nearest(entry: Entry, *, control: bool) -> list[dict[str, Any]]:
    document = load_mock_control() if control else load_app_api()
    return [
        {
            "operationId": near.operation.operation_id,
            "method": near.operation.method,
            "path": near.path,
            "differs": list(near.differs),
        }
        for near in nearest(document, entry.method, entry.path)
    ]
