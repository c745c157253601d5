"""Calls of the control API: any path of it, or each operation on rows that there are."""

from collections.abc import Mapping
from typing import Any

import httpx

from openapi import Operation, load_mock_control
from tests.mock_server.running import Mock, ok

CONTROL = load_mock_control().operations.values()
START = "2030-05-15T10:00:00.000Z"
ADA_KEY = "kly_acme_ada_test_key"

# Its answer does not end.
STREAM = "text/event-stream"
PUBLIC = {
    "getControlDocument",
    "getHealth",
    "getKailentyDiscovery",
    "getKailentyJwks",
    "getMicrosoftDiscovery",
    "getMicrosoftJwks",
}
BODIES: Mapping[str, Any] = {
    "createApiKey": {"name": "Test", "createdByUserId": "usr_ada"},
    "bookInvite": {"startAt": "2030-05-21T09:00:00.000Z"},
    "setClock": {"frozen": True},
    "createWorld": {},
    "setWorldClock": {"frozen": True},
    "saveSnapshot": {"name": "saved"},
    "addFault": {"kind": "latency", "milliseconds": 0},
    "setRateLimit": {"requests": 100, "perSeconds": 60},
    "importBundle": load_mock_control().raw["paths"]["/worlds/import"]["post"]["requestBody"]["content"][
        "application/json"
    ]["example"],
    "verifyRequests": {"match": {}},
}
VALUES = {
    "workspace": "acme",
    "snapshot": "saved",
    "keyId": "key_ada",
    "inviteId": "inv_active",
    "faultId": "flt_1",
    # The first request of a server that has begun anew: to do that.
    "requestId": "req_4bef3d8dcb115428347982f5",
    "tenantId": "aaaaaaaa-0000-4000-8000-000000000000",
}


def target(operation: Operation) -> str:
    """The path of an operation on rows that exist, once `prepare` has seen to them."""
    values = VALUES | {"workspace": "spare"} if operation.operation_id == "deleteWorld" else VALUES
    return "/_mock" + operation.path.format_map(values)


def prepare(mock: Mock, operation: Operation, headers: Mapping[str, str] | None = None) -> None:
    """See to it that there is what an operation needs."""
    if operation.operation_id == "deleteWorld":
        mock.client.post("/_mock/worlds", json={"workspace": "spare"}, headers=headers)
    if operation.operation_id == "importBundle":
        mock.client.delete("/_mock/worlds/tiny", headers=headers)
    if "{snapshot}" in operation.path:
        ok(mock.client.post("/_mock/worlds/acme/snapshots", json={"name": "saved"}, headers=headers))
    if "{faultId}" in operation.path:
        ok(mock.client.post("/_mock/reset", headers=headers))
        ok(mock.client.post("/_mock/worlds/acme/faults", json={"kind": "invalid-json"}, headers=headers))


def call(mock: Mock, operation: Operation, **headers: str) -> httpx.Response:
    """A request for an operation that succeeds if the caller may make it."""
    body = BODIES.get(operation.operation_id)
    with mock.client.stream(operation.method, target(operation), json=body, headers=headers) as answer:
        if answer.headers["content-type"] != STREAM:
            answer.read()
    return answer


def send(mock: Mock, method: str, path: str, body: Any = None) -> httpx.Response:
    return mock.client.request(method, f"/_mock{path}", json=body)
