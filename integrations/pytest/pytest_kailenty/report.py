"""What a failed test's report shows of its worlds."""

import os
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from pytest_kailenty.control import ControlError
from pytest_kailenty.journal import Entry
from pytest_kailenty.world import World

# A reader wants the last requests and the beginning of their bodies; the bundle has all.
_REQUESTS, _BODY = 20, 400

# File systems take 255 bytes, and the name of a parametrized test may have more.
_NAME = 120


def sections(worlds: Sequence[World], test: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Give a title and a text for each world, whose bundle is written to the folder."""
    for number, world in enumerate(worlds, 1):
        path = folder / f"{file_name(test)}{f'-{number}' * (number > 1)}.json"
        yield f"kailenty world {world.workspace}", "\n\n".join((_asked(world), _kept(world, path)))


def _asked(world: World) -> str:
    try:
        return readable(world.journal.requests(_REQUESTS, path="*"))
    except ControlError as problem:
        return f"What it was asked is lost: {problem}"


def _kept(world: World, path: Path) -> str:
    try:
        _write(path, world.bundle())
    except (ControlError, OSError) as problem:
        return f"Its bundle is lost: {problem}"
    return f"Answer it again: kailenty-mock replay {os.path.relpath(path)}"


def readable(entries: Sequence[Entry]) -> str:
    """The entries as text, in the order given."""
    return "\n".join(line for entry in entries for line in _lines(entry)) or "It was asked nothing."


def file_name(test: str) -> str:
    """A test's id as a file's name, without ending; what is too long ends in a hash of the whole."""
    name = re.sub(r"[^A-Za-z0-9_.]+", "-", test).strip("-.")
    return name if len(name) <= _NAME else f"{name[:_NAME]}-{sha256(test.encode()).hexdigest()[:8]}"


def _lines(entry: Entry) -> Iterator[str]:
    query = f"?{entry['query']}" if entry["query"] else ""
    yield f"{entry['method']} {entry['path']}{query} -> {entry['status']}  {entry['requestId']}"
    if caller := entry["caller"]:
        yield f"    by {caller['userId']} ({caller['role']})"
    if entry["fault"]:
        yield f"    fault: {entry['fault']}"
    if entry["rule"]:
        yield f"    {entry['rule']}: {entry['reason']}"
    for kind, message in (("sent", entry["request"]), ("got", entry["response"])):
        if message["body"]:
            yield f"    {kind}: {_short(message['body'])}"


def _short(body: str) -> str:
    return body if len(body) <= _BODY else f"{body[:_BODY]}… ({len(body)} characters)"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ignore = path.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    path.write_bytes(content)
