"""Who may call the control API, and from where."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.mock_server.control.calling import ADA_KEY, BODIES, CONTROL, PUBLIC, call, prepare, target
from tests.mock_server.running import Mock, ok, refused, serving
from tests.mock_server.wire import Wire, request

FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "https://acme.localhost"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost:1"},
    {"Origin": "http://acme.localhost"},
    {"Host": "evil.example"},
    {"Host": "evil.example:8080"},
    {"Host": "localhost.evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "127.0.0.1@evil.example"},
    {"Host": "evil.localhost.example"},
    {"Host": "192.0.2.1"},
    {"Host": "0.0.0.0"},
    {"Host": "[2001:db8::1]"},
    {"Host": "mock"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
]


def state(mock: Mock, **headers: str) -> list[Any]:
    """What the control API could have changed."""
    got = [mock.client.get(f"/_mock/{path}", headers=headers) for path in ("clock", "worlds/acme/api-keys")]
    return [*map(ok, got), mock.with_({"X-API-Key": ADA_KEY}).whole("/invites")]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_on_loopback_a_foreign_page_or_host_is_refused(mock: Mock, headers: dict[str, str]) -> None:
    """No web page reaches the control API through its reader's browser, by whatever name it finds us."""
    before = state(mock)
    for operation in CONTROL:
        if operation.operation_id not in PUBLIC:
            told = refused(call(mock, operation, **headers), 403, "CONTROL")
            assert (headers.get("Host") or headers["Origin"]) in told
    assert state(mock) == before


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST", "acme.localhost", "127.0.0.1", "127.1.2.3", "[::1]", "acme.kailenty.com"]
)
def test_on_loopback_our_own_pages_are_let_through(mock: Mock, name: str) -> None:
    host = f"{name}:{urlsplit(mock.url).port}"
    ok(mock.client.get("/_mock/clock", headers={"Host": host, "Origin": f"http://{host}"}))
    ok(mock.client.get("/_mock/clock", headers={"Host": host}))


def test_public_operations_answer_anybody(mock: Mock) -> None:
    for operation in CONTROL:
        if operation.operation_id in PUBLIC:
            for headers in FOREIGN:
                assert call(mock, operation, **headers).status_code == 200


def test_no_page_elsewhere_can_read_an_answer(mock: Mock) -> None:
    """There are no CORS headers below `/_mock`, not even for a preflight."""
    for operation in CONTROL:
        for origin in ("http://evil.example", mock.url):
            asked = {"Origin": origin, "Access-Control-Request-Method": operation.method.upper()}
            for answer in (
                call(mock, operation, Origin=origin),
                mock.client.options(target(operation), headers=asked),
            ):
                assert not [name for name in answer.headers if name.startswith("access-control")]
    refused(mock.client.options("/_mock/clock", headers=asked), 405, "ERR-07")


def test_without_a_host_it_is_as_if_asked_at_its_address(mock: Mock) -> None:
    """Only HTTP/1.0 may name none."""
    with Wire(mock.url) as wire:
        assert (
            wire.ask(request("GET", "/_mock/clock").replace(b"HTTP/1.1\r\nHost: localhost", b"HTTP/1.0")).status == 200
        )
    with Wire(mock.url) as wire:
        assert wire.ask(request("GET", "/_mock/clock", host="")).status == 400


TOKEN = "c0ntrol token"


class Guarded(Mock):
    """A mock whose control API does not answer just anybody, so that its personas are unknown."""

    def _personas(self) -> dict[str, dict[str, Any]]:
        return {}


@contextmanager
def guarded(*options: str) -> Iterator[Mock]:
    with serving("--frozen", *options) as url:
        mock = Guarded(url)
        yield mock
        mock.client.close()


@pytest.fixture(scope="module")
def tokened() -> Iterator[Mock]:
    """A mock at a loopback address, with a control token."""
    with guarded("--control-token", TOKEN) as mock:
        yield mock


@pytest.fixture(scope="module")
def exposed() -> Iterator[Mock]:
    """A mock at every address of this machine, with a control token."""
    with guarded("--control-token", TOKEN, "--host", "0.0.0.0") as mock:
        yield mock


@pytest.mark.parametrize("which", ["tokened", "exposed"])
def test_with_a_token_it_is_needed(which: str, request: pytest.FixtureRequest) -> None:
    """On a loopback address too; with it, no origin and no host is foreign."""
    mock: Mock = request.getfixturevalue(which)
    right = {"Authorization": f"Bearer {TOKEN}"}
    before = state(mock, **right)
    wrong = [
        {"Authorization": value}
        for value in ("", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer é")
    ]
    for operation in CONTROL:
        if operation.operation_id in PUBLIC:
            assert call(mock, operation).status_code == 200
            continue
        for headers in ({}, {"X-API-Key": ADA_KEY}, {"Authorization": f"Bearer {ADA_KEY}"}, *wrong):
            answer = mock.client.request(
                operation.method, target(operation), json=BODIES.get(operation.operation_id), headers=_raw(headers)
            )
            assert "control token" in refused(answer, 401, "CONTROL")
            assert TOKEN not in str(answer.headers) + answer.text
    assert state(mock, **right) == before
    for operation in CONTROL:
        for more in ({}, {"Origin": "http://evil.example"}, {"Host": "mock.example"}):
            ok(mock.client.post("/_mock/reset", headers=right))
            prepare(mock, operation, right)
            assert call(mock, operation, **right, **more).status_code == operation.status
    ok(mock.client.get("/_mock/clock", headers=_raw({"Authorization": f"bearer  {TOKEN}"})))


def _raw(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in headers.items()}


def test_at_another_address_without_a_token_it_is_off() -> None:
    """The message tells how to switch it on; what is public stays, and the App API does."""
    with guarded("--host", "0.0.0.0") as mock:
        before = mock.with_({"X-API-Key": ADA_KEY}).whole("/invites")
        for operation in CONTROL:
            if operation.operation_id in PUBLIC:
                assert call(mock, operation).status_code == 200
                continue
            for headers in ({}, {"Authorization": "Bearer x"}, {"Host": "localhost"}, {"Origin": mock.url}):
                assert "--control-token" in refused(call(mock, operation, **headers), 404, "CONTROL")
        assert mock.with_({"X-API-Key": ADA_KEY}).whole("/invites") == before
