"""A bundle's requests, sent again to a server of their own that begins where they began."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

import orjson
from starlette.types import Message

from fixtures import WorldError
from mock_server.app import CONTROL_PATH, App
from mock_server.journal import KEPT
from mock_server.settings import Settings
from mock_server.validation.explain import Explainer, message
from mock_server.validation.words import cut, pointer
from mock_server.worlds.bundles import read_moment
from openapi import load_mock_control

_SCHEMA = "#/components/schemas/Bundle"

# Headers that are not compared: how long the body is, told beside it; and what is for browsers, of which the journal
# does not know all.
_PASSED_OVER = ("content-length", "vary", "access-control-")

# Lets the control API answer whatever host the request was for.
_TOKEN = "replay"


class NotReplayable(Exception):  # noqa: N818 - it says what is the case
    """The file is no bundle, or one whose requests do not lead from its beginning to its end."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is not as it was: which request, where in its answer, and what stood there."""

    number: int
    request: Mapping[str, Any]
    place: str
    expected: str
    got: str


def read(content: bytes) -> dict[str, Any]:
    """A bundle of a file's content. Raises NotReplayable."""
    try:
        bundle = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise NotReplayable(f"it is not JSON: {error.msg}, at line {error.lineno}, column {error.colno}") from None
    document = load_mock_control()
    if not document.validator(_SCHEMA).is_valid(bundle):
        raise NotReplayable(f"it is no bundle: {message(Explainer(document, _SCHEMA).problems(bundle))}")
    if not bundle["replayable"] or bundle["origin"] is None:
        raise NotReplayable(bundle["reason"] or "it does not say how its world began")
    read_bundle: dict[str, Any] = bundle
    return read_bundle


async def replay(bundle: Mapping[str, Any]) -> Difference | None:
    """Send a bundle's requests; give the first difference, None where every byte is the same. Raises NotReplayable."""
    app = _app(bundle)
    try:
        workspace = app.state.workspaces[bundle["workspace"]]
        for number, request in enumerate(bundle["requests"], 1):
            app.state.clock.restart(datetime.fromisoformat(request["at"]), frozen=True)
            workspace.served = request["served"]
            got = await _answer(app, request)
            if found := next(_differences(request["answer"], *got), None):
                return Difference(number, request, *found)
    except ValueError as error:
        raise NotReplayable(str(error)) from None
    finally:
        app.state.store.close()
    return None


def _app(bundle: Mapping[str, Any]) -> App:
    try:
        world, origin = read_moment(bundle["origin"], "/origin/world")
    except WorldError as error:
        raise NotReplayable(str(error).splitlines()[0]) from None
    if world.workspace != bundle["workspace"]:
        raise NotReplayable(f"/origin/world/workspace is {world.workspace}, expected {bundle['workspace']}")
    options = bundle["options"]
    settings = Settings(
        host_suffixes=tuple(options["hostSuffixes"]),
        clock=origin.now,
        frozen=True,
        max_body=options["maxBody"],
        validate_responses=options["validateResponses"],
        soft=options["soft"],
        control_token=_TOKEN,
    )
    return App(settings, [world])


async def _answer(app: App, request: Mapping[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body."""
    target, _, query = request["target"].partition("?")
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request["headers"]]
    if target.startswith(CONTROL_PATH):
        headers.append((b"authorization", f"Bearer {_TOKEN}".encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1" if any(name == b"host" for name, _ in headers) else "1.0",
        "method": request["method"],
        "scheme": "http",
        "path": unquote(target),
        "raw_path": target.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    given: list[Message] = [{"type": "http.request", "body": _bytes(request["body"] or ""), "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    answered = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:])


def _bytes(body: str | Mapping[str, str]) -> bytes:
    return body.encode() if isinstance(body, str) else b64decode(body["base64"])


def _differences(
    answer: Mapping[str, Any], status: int, headers: list[tuple[str, str]], body: bytes
) -> Iterator[tuple[str, str, str]]:
    """Where an answer is not as it was, what stood there, and what stands there now."""
    expected = _bytes(answer["body"])
    if status != answer["status"]:
        yield "status", f"{answer['status']} {_shown(expected)}", f"{status} {_shown(body)}"
    before, now = dict(answer["headers"]), dict(headers)
    for name in dict.fromkeys([*before, *now]):
        if not name.startswith(_PASSED_OVER) and before.get(name) != now.get(name):
            yield f"header {cut(name)}", _shown(before.get(name)), _shown(now.get(name))
    if len(body) != answer["size"] or body[:KEPT] != expected[:KEPT]:
        yield from _in_bodies(expected, body)
        yield "body", f"{answer['size']} bytes", f"{len(body)} bytes"


def _in_bodies(expected: bytes, got: bytes) -> Iterator[tuple[str, str, str]]:
    try:
        before, now = orjson.loads(expected), orjson.loads(got)
    except orjson.JSONDecodeError:
        at = next(index for index, (one, other) in enumerate(zip_longest(expected, got)) if one != other)
        yield f"body from byte {at}", _shown(expected[at:]), _shown(got[at:])
        return
    for path, one, other in _in_values(before, now, ()):
        yield f"body at {pointer(path) or '/'}", _shown(one), _shown(other)


_ABSENT = object()


def _in_values(before: Any, now: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    if isinstance(before, dict) and isinstance(now, dict):
        for name in dict.fromkeys([*before, *now]):
            yield from _in_values(before.get(name, _ABSENT), now.get(name, _ABSENT), (*path, name))
    elif isinstance(before, list) and isinstance(now, list):
        for index, (one, other) in enumerate(zip_longest(before, now, fillvalue=_ABSENT)):
            yield from _in_values(one, other, (*path, index))
    elif before != now or type(before) is not type(now):
        yield path, before, now


def _shown(value: Any) -> str:
    """A value short enough to read: what is absent as such, bytes as text."""
    if value is None or value is _ABSENT:
        return "nothing"
    if isinstance(value, bytes):
        return cut(value[:400].decode(errors="replace"))
    return cut(value if isinstance(value, str) else orjson.dumps(value).decode())
