"""A fault for one request, by its header."""

import httpx
import pytest

from tests.mock_server.faults.common import add, asking, faults
from tests.mock_server.running import Mock, ok, refused
from tests.mock_server.wire import Wire


def ask(mock: Mock, header: str, path: str = "/labels") -> httpx.Response:
    return mock.as_("usr_ada").send("GET", path, headers={"X-Mock-Fault": header})


def test_it_is_for_that_request_alone(mock: Mock) -> None:
    answer = ask(mock, "server-error; status=503; retryAfterSeconds=3")
    refused(answer, 503)
    assert answer.headers["retry-after"] == "3"
    assert answer.headers["x-mock-fault-applied"] == "server-error header"
    assert ok(mock.as_("usr_ada").get("/labels"))
    assert faults(mock) == []


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("latency; milliseconds=1", 200),
        ("latency;milliseconds=1;", 200),
        ("latency; milliseconds = 1", 200),
        ("latency; minMilliseconds=0; maxMilliseconds=2", 200),
        ("latency; medianMilliseconds=1; p99Milliseconds=2", 200),
        ("too-many-requests; retryAfterSeconds=1", 429),
        ("server-error; status=502; format=html", 502),
        ("slow-body; milliseconds=1; chunks=3.0", 200),
        ("invalid-json", 200),
    ],
)
def test_every_kind_can_be_asked_for(mock: Mock, header: str, status: int) -> None:
    answer = ask(mock, header)
    assert answer.status_code == status
    assert answer.headers["x-mock-fault-applied"] == f"{header.partition(';')[0]} header"


@pytest.mark.parametrize("header", ["connection-reset", "truncated-body; fraction=0.25", "truncated-body; bytes=7"])
def test_an_answer_that_never_comes_whole(mock: Mock, header: str) -> None:
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ask(mock, header)


def test_it_comes_before_those_of_the_workspace(mock: Mock) -> None:
    add(mock, kind="latency", milliseconds=0)
    assert ask(mock, "invalid-json").headers["x-mock-fault-applied"] == "invalid-json header, latency flt_1"
    assert ask(mock, "server-error; status=500").headers["x-mock-fault-applied"] == "server-error header"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("latncy; milliseconds=1", 'X-Mock-Fault/kind is "latncy", expected "latency", "too-many-requests"'),
        ("latncy; milliseconds=1", 'did you mean "latency"?'),
        ("", 'X-Mock-Fault/kind is ""'),
        ("latency", "X-Mock-Fault/milliseconds is missing"),
        ("latency; millisecond=1", "X-Mock-Fault/millisecond is unknown; did you mean X-Mock-Fault/milliseconds?"),
        ("latency; milliseconds=soon", 'X-Mock-Fault/milliseconds is "soon", expected an integer'),
        ("latency; milliseconds=1e3", 'X-Mock-Fault/milliseconds is "1e3", expected an integer'),
        ("latency; milliseconds=-1", "X-Mock-Fault/milliseconds is -1, expected 0 to 120000"),
        ("latency; milliseconds=1.5", "X-Mock-Fault/milliseconds is 1.5, expected an integer"),
        ("latency; milliseconds=" + "9" * 5000, "X-Mock-Fault/milliseconds is"),
        ("latency; 800", 'X-Mock-Fault has "800", expected <name>=<value> after each semicolon'),
        ("latency; milliseconds=1; milliseconds=2", "X-Mock-Fault/milliseconds is given more than once"),
        ("latency; minMilliseconds=5", "X-Mock-Fault/maxMilliseconds is missing"),
        ("latency; minMilliseconds=5; maxMilliseconds=4", "X-Mock-Fault/maxMilliseconds is 4, expected at least"),
        ("server-error; status=504", "X-Mock-Fault/status is 504, expected 500, 502 or 503"),
        ("server-error; status=503; times=1", "X-Mock-Fault/times cannot be given"),
        ("invalid-json; probability=1", "X-Mock-Fault/probability cannot be given"),
        ("invalid-json; kind=latency", "X-Mock-Fault/kind is given more than once"),
    ],
)
def test_a_bad_one_is_refused(mock: Mock, header: str, told: str) -> None:
    answer = ask(mock, header)
    assert told in refused(answer, 400, "CONTROL")
    assert "x-mock-fault-applied" not in answer.headers


def test_two_headers_are_refused(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        answer = wire.ask(asking("/labels", "X-Mock-Fault: invalid-json", "X-Mock-Fault: invalid-json"))
    assert answer.status == 400
    assert answer.json["message"] == "X-Mock-Fault is given more than once"


def test_bytes_that_are_no_text(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        wire.send(asking("/labels", "X-Mock-Fault: lat").replace(b"lat", b"lat\xff\xfe"))
        assert wire.answer().status == 400
