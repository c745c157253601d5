"""The journal as a stream of events."""

import asyncio
from contextlib import ExitStack

from starlette.types import Message

from mock_server.clock import Clock
from mock_server.control.requests.stream import Stream
from mock_server.exchange import Exchange
from mock_server.journal import Desk, Journal
from mock_server.workspace import Workspace
from tests.mock_server.journal.reading import explained, following, requests
from tests.mock_server.running import Mock, refused, serving

ADA = {"X-API-Key": "kly_acme_ada_test_key"}
GX_ADA = {"X-API-Key": "kly_globex_ada_test_key"}


def test_requests_come_as_they_are_answered(mock: Mock) -> None:
    """Each as it is read by its id, with that as the event's."""
    with following(mock) as events:
        for answer in (mock.with_(ADA).get("/labels"), mock.with_(GX_ADA).get("/labels"), mock.client.get("/labels")):
            event_id, kind, entry = events.next()
            assert (event_id, kind) == (answer.headers["x-request-id"], "request")
            assert entry == explained(mock, answer)


def test_of_one_workspace(mock: Mock) -> None:
    with following(mock, "/requests/stream?workspace=globex") as events:
        mock.with_(ADA).get("/labels")
        mock.with_(GX_ADA).get("/labels")
        assert events.next()[2]["workspace"] == "globex"
    assert "no workspace" in refused(mock.client.get("/_mock/requests/stream?workspace=initech"), 404)


def test_it_resumes_after_the_last_event(mock: Mock) -> None:
    mock.with_(ADA).get("/labels", page=0)
    with following(mock) as events:
        last = mock.with_(ADA).get("/labels", page=1).headers["x-request-id"]
        assert events.next()[0] == last
    mock.with_(GX_ADA).get("/labels", page=2)
    mock.with_(ADA).get("/labels", page=3)
    with following(mock, **{"Last-Event-ID": last}) as events:
        mock.with_(ADA).get("/labels", page=4)
        assert [events.next()[2]["query"] for _ in range(3)] == ["page=2", "page=3", "page=4"]


def test_it_tells_that_the_last_event_is_kept_no_longer(mock: Mock) -> None:
    mock.with_(ADA).get("/labels")
    with following(mock, "/requests/stream?workspace=acme", **{"Last-Event-ID": "req_forgotten"}) as events:
        assert events.next() == (None, "lost", {"count": None})
        assert events.next()[2]["operationId"] == "listLabels"


def test_reading_it_is_no_request_of_the_journal(mock: Mock) -> None:
    with following(mock):
        pass
    assert [entry["operationId"] for entry in requests(mock)] == ["reset"]


def test_it_ends_when_the_server_stops() -> None:
    """In order: the client sees an end, and no broken connection."""
    with ExitStack() as running:
        mock = Mock(running.enter_context(serving()))
        with following(mock) as events:
            mock.with_(ADA).get("/labels")
            running.close()
            assert events.next()[2]["operationId"] == "listLabels"
            assert events.rest() == []
        mock.client.close()


def test_a_slow_reader_loses_the_oldest_and_is_told(mock: Mock) -> None:
    """The server waits for nobody: what does not fit into the connection and 256 entries more is lost."""
    body = b'"' + b"x" * 60_000 + b'"'
    count = 600
    with following(mock, "/requests/stream?workspace=acme") as events:
        for number in range(count):
            answer = mock.with_(ADA).send("POST", f"/labels?{number}", content=body)
        told = [events.next()]
        while told[-1][0] != answer.headers["x-request-id"]:
            told.append(events.next())
    seen = [int(data["query"]) for _, kind, data in told if kind == "request"]
    lost = [(at, data["count"]) for at, (_, kind, data) in enumerate(told) if kind == "lost"]
    assert seen == sorted(seen)
    assert (seen[0], seen[-256:]) == (0, list(range(count - 256, count)))
    [(at, missing)] = lost
    assert missing == count - len(seen)
    assert int(told[at + 1][2]["query"]) - int(told[at - 1][2]["query"]) == missing + 1


def test_a_quiet_stream_is_kept_alive() -> None:
    """Comments come, as long as there is nothing else, until the client leaves."""
    desk = Desk(10)
    sent: list[bytes] = []
    leave = asyncio.Event()

    async def receive() -> Message:
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))
        if sent.count(b": still here\n\n") == 2:
            leave.set()

    async def follow() -> None:
        clock = Clock()
        exchange = Exchange({"type": "http"}, Workspace("", "", 0, clock, Journal(desk), clock.now()))
        await Stream(desk, lambda entry: True, lambda: ([], True), heartbeat=0.001).send(exchange, receive, send)

    asyncio.run(follow())
    assert sent[:4] == [b"", b": listening\n\n", b": still here\n\n", b": still here\n\n"]
    assert sent[-1] == b""
