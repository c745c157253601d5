"""Bundles: a world with the requests that it has answered, as one file."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from fixtures import World, read_world
from mock_server.clock import text
from mock_server.journal import KEPT, Entry, Headers
from mock_server.moment import Moment
from mock_server.state import State
from mock_server.store import Transaction, saved
from mock_server.store.dump import Dump, dump
from mock_server.workspace import Workspace

VERSION = 1

# What the mock reads of a request. The rest may hold secrets of others, such as cookies.
_READ = frozenset({b"host", b"x-api-key", b"authorization", b"content-type", b"content-length"})
# What an answer has of faults and limits, which are left out.
_PLAYED = (b"x-mock-fault-applied", b"ratelimit-limit", b"ratelimit-remaining", b"ratelimit-reset")
# Refuses a request that has no credential.
_NO_CREDENTIAL = "AUTH-01"


_Known = tuple[Moment, Dump]


async def export(state: State, workspace: Workspace) -> dict[str, Any]:
    """A workspace as the control document's `Bundle`. Raises NotFound for one that is deleted meanwhile."""

    def read(tx: Transaction) -> tuple[_Known | None, Dump]:
        state.require(workspace)
        name, origin = workspace.name, workspace.origin
        began = None if origin is None else saved.find(tx, name, origin)
        return None if began is None else (began, dump(tx, name, origin)), dump(tx, name)

    origin, rows = await state.store.run(read)
    # What has been answered until then, and nothing that comes later.
    present, entries = workspace.moment(), list(workspace.journal)
    reason = _why_not(workspace, entries)
    kept = [entry for entry in entries if _is_kept(entry)]
    settings = state.settings
    return {
        "version": VERSION,
        "workspace": workspace.name,
        "source": workspace.source,
        "options": {
            "hostSuffixes": settings.host_suffixes,
            "maxBody": settings.max_body,
            "validateResponses": settings.validate_responses,
            "soft": settings.soft,
        },
        "replayable": reason is None,
        "reason": reason,
        # Thousands of rows take their time; others are answered meanwhile.
        "origin": origin and await asyncio.to_thread(_json, *origin),
        "state": await asyncio.to_thread(_json, present, rows),
        "leftOut": len(entries) - len(kept),
        "requests": [_request(entry) for entry in kept],
    }


def _json(moment: Moment, rows: Dump) -> orjson.Fragment:
    """A workspace at a moment, as the control document's `Moment`."""
    return orjson.Fragment(
        orjson.dumps(
            {
                "now": text(moment.now),
                "frozen": moment.frozen,
                "served": moment.served,
                "world": rows.document(),
            }
        )
    )


def read_moment(plain: Mapping[str, Any], place: str) -> tuple[World, Moment]:
    """A world at a moment, of what the control document's `Moment` allows.

    Raises WorldError as `fixtures.read_world` does, each line with `place` before it.
    """
    now = datetime.fromisoformat(plain["now"])
    return read_world(plain["world"], place), Moment(now, plain["frozen"], plain["served"])


def _why_not(workspace: Workspace, entries: list[Entry]) -> str | None:
    """Why a workspace's requests do not lead from its origin to its state."""
    if workspace.origin is None:
        return "How the world began is not known: it was in the database already"
    if not workspace.journal.complete:
        return "The journal has not kept all changes: see --journal"
    if any(entry.size > KEPT and entry.may_have_changed for entry in entries):
        return f"The journal has a change whose body is larger than the {KEPT} bytes it keeps"
    return None


def _is_kept(entry: Entry) -> bool:
    """Whether a request is answered the same again, given the world alone."""
    if entry.to_control and not entry.of_people:
        return False
    # A request for the App API that the mock itself refuses has asked for a fault that there is not.
    played = entry.status in (0, 429) or (entry.rule == "CONTROL" and not entry.to_control)
    played = played or (entry.fault is not None and not entry.may_have_changed)
    unread = entry.size > KEPT or entry.status == 413 or (entry.rule == "STR-04" and entry.body is None)
    # A credential that is not known to be the world's own may be somebody's secret.
    of = entry.refused and entry.refused.credential_of
    foreign = entry.status == 401 and entry.rule != _NO_CREDENTIAL and of != entry.workspace
    return not (played or unread or foreign)


def _request(entry: Entry) -> dict[str, Any]:
    # The control API's credential is the server's, and none of the world's.
    read = _READ - {b"authorization"} if entry.to_control else _READ
    target = entry.target.split(b"?")[0] + (b"?" + entry.query if entry.query else b"")
    return {
        "requestId": entry.request_id,
        "at": entry.at.isoformat(),
        "served": entry.served,
        "method": entry.method,
        "target": target.decode("latin-1"),
        "headers": _headers([pair for pair in entry.headers if pair[0] in read]),
        "body": None if entry.body is None else _text(entry.body),
        "answer": {
            "status": entry.status,
            "headers": _headers([pair for pair in entry.answer_headers if pair[0] not in _PLAYED]),
            "body": _text(entry.answer_body),
            "size": entry.answer_size,
        },
    }


def _headers(pairs: Headers) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in pairs]


def _text(body: bytes) -> str | dict[str, str]:
    """A body as a text, or else in base 64."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}
