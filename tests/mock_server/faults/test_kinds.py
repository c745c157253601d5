"""What a client sees of each kind of fault, over a real socket."""

import select
import statistics
from random import Random
from typing import Any

import httpx
import orjson
import pytest

from mock_server.faults.kinds import KINDS, milliseconds
from openapi import load_mock_control
from tests.mock_server.faults.common import ADA_KEY, LABEL, add, asking, faults, labels
from tests.mock_server.running import API, Mock, ok, refused
from tests.mock_server.wire import ADA, Wire, request

CREATE = request("POST", f"{API}/labels", ADA, "Content-Type: application/json", body=orjson.dumps(LABEL))


def everything(wire: Wire) -> tuple[dict[str, str], bytes, bool]:
    """Headers and body of all that comes until the connection ends, and whether it ends in a reset."""
    data, reset = b"", False
    try:
        while part := wire.socket.recv(65_536):
            data += part
    except ConnectionResetError:
        reset = True
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}, body, reset


def met(mock: Mock) -> None:
    """Wait until a request has met the only fault, whose last it was."""
    assert any(not faults(mock) for _ in range(2000))


def test_the_documents_kinds_are_those_there_are() -> None:
    document = load_mock_control()
    alternatives = map(document.resolve, document.at("#/components/schemas/FaultCreate")["oneOf"])
    assert {one["properties"]["kind"]["const"] for one in alternatives} == set(KINDS)
    assert set(document.at("#/components/schemas/Fault")["properties"]["kind"]["enum"]) == set(KINDS)


def test_latency_keeps_one_waiting_and_nobody_else(mock: Mock) -> None:
    """Nor does the wait keep the server from answering when its client has gone."""
    add(mock, kind="latency", milliseconds=60_000, operations=["listLabels"], times=1)
    with Wire(mock.url) as waiting, Wire(mock.url) as other:
        waiting.send(asking("/labels"))
        met(mock)
        assert other.ask(asking("/labels")).status == 200
        assert select.select([waiting.socket], [], [], 0) == ([], [], [])
    assert mock.as_("usr_ada").get("/labels").status_code == 200


def test_latency_ends(mock: Mock) -> None:
    before = mock.control("GET", "/clock")
    fault = add(mock, kind="latency", milliseconds=1)
    answer = mock.as_("usr_ada").get("/labels")
    assert ok(answer)["total"] > 0
    assert answer.headers["x-mock-fault-applied"] == f"latency {fault['id']}"
    assert mock.control("GET", "/clock") == before


def test_latency_is_drawn() -> None:
    """Evenly, or so that half lie below the median and one in a hundred above the 99th percentile."""
    chance = Random(7)
    even = [milliseconds({"minMilliseconds": 100, "maxMilliseconds": 300}, chance) for _ in range(5000)]
    assert 100 <= min(even) < 101
    assert 299 < max(even) <= 300
    assert statistics.mean(even) == pytest.approx(200, abs=2)
    real = sorted(milliseconds({"medianMilliseconds": 50, "p99Milliseconds": 800}, chance) for _ in range(5000))
    assert real[2500] == pytest.approx(50, rel=0.05)
    assert real[4950] == pytest.approx(800, rel=0.15)
    assert 0 < real[0] < real[-1] <= 8000
    assert milliseconds({"medianMilliseconds": 50, "p99Milliseconds": 50}, chance) == pytest.approx(50)


def test_too_many_requests(mock: Mock) -> None:
    """RATE-01."""
    add(mock, kind="too-many-requests", retryAfterSeconds=7)
    answer = mock.as_("usr_ada").post("/labels", LABEL)
    assert "in 7 seconds" in refused(answer, 429, "RATE-01")
    assert answer.headers["retry-after"] == "7"
    assert LABEL["name"] not in labels(mock)


@pytest.mark.parametrize(("status", "title"), [(500, "Internal server error"), (502, "Bad gateway")])
def test_server_errors_have_the_envelope(mock: Mock, status: int, title: str) -> None:
    add(mock, kind="server-error", status=status)
    answer = mock.as_("usr_ada").post("/labels", LABEL)
    refused(answer, status)
    assert answer.json()["error"] == title
    assert "retry-after" not in answer.headers
    assert LABEL["name"] not in labels(mock)


def test_a_proxys_error_is_a_page(mock: Mock) -> None:
    add(mock, kind="server-error", status=503, retryAfterSeconds=30, format="html")
    answer = mock.as_("usr_ada").get("/labels")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html")
    assert answer.headers["retry-after"] == "30"
    assert "<h1>503 Service Unavailable</h1>" in answer.text


def test_a_reset_before_the_request_is_carried_out(mock: Mock) -> None:
    add(mock, kind="connection-reset")
    with Wire(mock.url) as wire:
        wire.send(CREATE)
        assert everything(wire) == ({}, b"", True)
    assert LABEL["name"] not in labels(mock)


@pytest.mark.parametrize("after", [0, 1, 20, 1_000_000])
def test_a_reset_after_the_request_is_carried_out(mock: Mock, after: int) -> None:
    add(mock, kind="connection-reset", afterBytes=after)
    with Wire(mock.url) as wire:
        wire.send(CREATE)
        headers, body, reset = everything(wire)
    assert reset
    assert len(body) == min(after, int(headers.get("content-length", 0)))
    assert ("x-mock-fault-applied" in headers) is (after > 0)
    assert LABEL["name"] in labels(mock)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, lambda whole: whole // 2),
        ({"bytes": 0}, lambda _: 0),
        ({"bytes": 10}, lambda _: 10),
        ({"bytes": 1_000_000}, lambda whole: whole - 1),
        ({"fraction": 0.9}, lambda whole: int(whole * 0.9)),
        ({"fraction": 0}, lambda _: 0),
    ],
)
def test_a_truncated_body_announces_all_of_it(mock: Mock, given: dict[str, Any], kept: Any) -> None:
    whole = mock.as_("usr_ada").get("/labels").content
    add(mock, kind="truncated-body", **given)
    with Wire(mock.url) as wire:
        wire.send(asking("/labels"))
        headers, body, reset = everything(wire)
    assert not reset
    assert headers["content-length"] == str(len(whole))
    assert body == whole[: kept(len(whole))]
    with pytest.raises(httpx.RemoteProtocolError):
        mock.as_("usr_ada").get("/labels")


@pytest.mark.parametrize("pieces", [{}, {"chunks": 1}, {"chunks": 1000}])
def test_a_slow_body_is_whole_in_the_end(mock: Mock, pieces: dict[str, int]) -> None:
    whole = mock.as_("usr_ada").get("/labels").content
    add(mock, kind="slow-body", milliseconds=20, **pieces)
    answer = mock.as_("usr_ada").get("/labels")
    assert answer.content == whole
    assert answer.headers["x-mock-fault-applied"].startswith("slow-body ")


def test_a_slow_body_lets_others_through(mock: Mock) -> None:
    add(mock, kind="slow-body", milliseconds=120_000, chunks=2, times=1)
    with Wire(mock.url) as waiting, Wire(mock.url) as other:
        waiting.send(asking("/labels"))
        head = b""
        while b"\r\n\r\n" not in head:
            head += waiting.socket.recv(65_536)
        assert head.endswith(b"\r\n\r\n"), "the head comes at once, and nothing of the body with it"
        assert other.ask(asking("/labels")).status == 200
        assert select.select([waiting.socket], [], [], 0) == ([], [], [])


@pytest.mark.parametrize(("path", "status"), [("/labels", 200), ("/labels?x=1", 400), ("/invites/none", 404)])
def test_invalid_json_has_the_right_length(mock: Mock, path: str, status: int) -> None:
    """Also where the request is refused later on its way."""
    add(mock, kind="invalid-json")
    with Wire(mock.url) as wire:
        answer = wire.ask(asking(path))
        assert answer.status == status
        assert answer.headers["content-type"] == "application/json"
        with pytest.raises(orjson.JSONDecodeError):
            _ = answer.json
        assert orjson.loads(answer.body + b"}")["success"] is (status == 200)
        assert wire.ask(asking(path)).status == status, "the connection is as good as before"


@pytest.mark.parametrize("kind", ["truncated-body", "connection-reset", "slow-body"])
def test_answers_that_refuse_are_spoiled_too(mock: Mock, kind: str) -> None:
    given = {"connection-reset": {"afterBytes": 5}, "slow-body": {"milliseconds": 10}}
    add(mock, kind=kind, **given.get(kind, {}))
    with Wire(mock.url) as wire:
        wire.send(request("DELETE", f"{API}/labels/lbl_engineering", ADA, "Connection: close"))
        headers, body, reset = everything(wire)
    assert headers["x-mock-rule"] == "LBL-03"
    assert (len(body) == int(headers["content-length"])) is (kind == "slow-body")
    assert reset is (kind == "connection-reset")


def test_several_are_applied_in_their_order_until_one_answers(mock: Mock) -> None:
    for fault in (
        {"kind": "latency", "milliseconds": 1},
        {"kind": "invalid-json"},
        {"kind": "slow-body", "milliseconds": 1},
        {"kind": "server-error", "status": 503},
        {"kind": "too-many-requests", "retryAfterSeconds": 1},
    ):
        add(mock, **fault)
    answer = mock.as_("usr_ada").get("/labels")
    assert answer.status_code == 503
    assert answer.headers["x-mock-fault-applied"] == (
        "latency flt_1, invalid-json flt_2, slow-body flt_3, server-error flt_4"
    )
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(answer.content)


def test_a_page_of_any_origin_reads_which_fault_it_was(mock: Mock) -> None:
    add(mock, kind="server-error", status=502)
    answer = mock.client.get(f"{API}/labels", headers={"Origin": "http://app.example", **ADA_KEY})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-Mock-Fault-Applied" in answer.headers["access-control-expose-headers"].split(", ")
