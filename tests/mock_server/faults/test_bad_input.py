"""What the control API refuses of faults and rate limits: it says where, and changes nothing."""

from typing import Any

import pytest

from tests.mock_server.faults.common import add, faults
from tests.mock_server.running import Mock, refused

LATENCY: dict[str, Any] = {"kind": "latency", "milliseconds": 1}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({}, "/kind is missing"),
        ([], "The body is [], expected an object"),
        ({"kind": "delay"}, '/kind is "delay", expected "latency", "too-many-requests"'),
        ({"kind": "server-eror", "status": 500}, 'did you mean "server-error"?'),
        ({"kind": 1}, '/kind is 1, expected "latency"'),
        ({"kind": "latency"}, "/milliseconds is missing"),
        ({"kind": "latency", "milliseconds": "800"}, '/milliseconds is "800", expected an integer'),
        ({"kind": "latency", "milliseconds": 120_001}, "/milliseconds is 120001, expected 0 to 120000"),
        ({"kind": "latency", "maxMilliseconds": 1}, "/minMilliseconds is missing"),
        ({"kind": "latency", "minMilliseconds": 2, "maxMilliseconds": 1}, "/maxMilliseconds is 1, expected at least"),
        ({"kind": "latency", "medianMilliseconds": 0, "p99Milliseconds": 1}, "/medianMilliseconds is 0"),
        ({"kind": "latency", "medianMilliseconds": 9, "p99Milliseconds": 8}, "/p99Milliseconds is 8"),
        ({**LATENCY, "operation": ["listLabels"]}, "/operation is unknown; did you mean /operations?"),
        ({**LATENCY, "operations": ["listLabel"]}, '/operations/0 is "listLabel", expected an operation'),
        ({**LATENCY, "operations": ["getInvite", "listLabel"]}, "/operations/1"),
        ({**LATENCY, "operations": ["listLabel"]}, "did you mean listLabels?"),
        ({**LATENCY, "operations": ["getHealth"]}, '/operations/0 is "getHealth"'),
        ({**LATENCY, "operations": []}, "/operations has 0 items"),
        ({**LATENCY, "operations": ["getInvite", "getInvite"]}, "/operations has"),
        ({**LATENCY, "roles": ["owner"]}, '/roles/0 is "owner", expected "user", "manager" or "admin"'),
        ({**LATENCY, "times": 0}, "/times is 0, expected 1 to 1000000"),
        ({**LATENCY, "probability": 0}, "/probability is 0, expected more than 0 and at most 1"),
        ({**LATENCY, "probability": 1.1}, "/probability is 1.1"),
        ({"kind": "server-error", "status": 504}, "/status is 504, expected 500, 502 or 503"),
        ({"kind": "server-error"}, "/status is missing"),
        ({"kind": "too-many-requests", "retryAfterSeconds": -1}, "/retryAfterSeconds is -1"),
        ({"kind": "truncated-body", "bytes": 1, "fraction": 0.5}, "/fraction cannot be given together with bytes"),
        ({"kind": "truncated-body", "fraction": 1}, "/fraction is 1, expected at least 0 and less than 1"),
        ({"kind": "slow-body", "milliseconds": 1, "chunks": 0}, "/chunks is 0, expected 1 to 1000"),
        ({"kind": "invalid-json", "milliseconds": 1}, "/milliseconds is unknown"),
        ({**LATENCY, "id": "flt_9"}, "/id is unknown"),
    ],
)
def test_a_bad_fault(mock: Mock, fault: Any, told: str) -> None:
    there = add(mock, **LATENCY)
    answer = mock.client.post("/_mock/worlds/acme/faults", json=fault)
    assert told in refused(answer, 400)
    assert faults(mock) == [there]


def test_one_too_many(mock: Mock) -> None:
    for _ in range(100):
        add(mock, **LATENCY)
    answer = mock.client.post("/_mock/worlds/acme/faults", json=LATENCY)
    assert "100 faults already" in refused(answer, 409, "CONTROL")
    assert len(faults(mock)) == 100


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ({}, "/requests is missing"),
        ({"requests": 0, "perSeconds": 60}, "/requests is 0, expected 1 to"),
        ({"requests": 1, "perSeconds": 0}, "/perSeconds is 0, expected 1 to 86400"),
        ({"requests": 1, "perSecond": 60}, "/perSecond is unknown; did you mean /perSeconds?"),
        ({"requests": "1/minute", "perSeconds": 60}, "/requests is"),
    ],
)
def test_a_bad_rate_limit(mock: Mock, limit: Any, told: str) -> None:
    there = mock.control("PUT", "/worlds/acme/rate-limit", {"requests": 100, "perSeconds": 60})
    answer = mock.client.put("/_mock/worlds/acme/rate-limit", json=limit)
    assert told in refused(answer, 400)
    assert mock.control("GET", "/worlds/acme/rate-limit") == there


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/worlds/initech/faults", 404),
        ("DELETE", "/worlds/initech/faults", 404),
        ("DELETE", "/worlds/acme/faults/flt_9", 404),
        ("DELETE", "/worlds/acme/faults/a%20b", 400),
        ("GET", "/worlds/initech/rate-limit", 404),
        ("DELETE", "/worlds/initech/rate-limit", 404),
        ("GET", "/worlds/acme/faults?kind=latency", 400),
    ],
)
def test_a_bad_address(mock: Mock, method: str, path: str, status: int) -> None:
    refused(mock.client.request(method, f"/_mock{path}"), status)
