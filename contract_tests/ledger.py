"""What a run creates, written down before it is asked for, so that no crash leaves a row unknown."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that a run created at `url` and has not deleted.

    `id` is None where the run ended before it knew whether the row came to be; `title` carries the run's mark, and
    `at` is when a meeting starts, to find it by.
    """

    run: str
    kind: str
    id: str | None
    url: str
    title: str = ""
    at: str = ""


class Ledger:
    """A file of JSON lines; each is on the disk before the call returns. Several processes may write to it."""

    def __init__(self, path: Path, run: str) -> None:
        self._path = path
        self._run = run

    def intend(self, kind: str, url: str, *, title: str = "", at: str = "") -> str:
        """A row is about to be created. The key is for `settle`."""
        key = secrets.token_hex(6)
        self._write("intended", key, {"run": self._run, "kind": kind, "url": url, "title": title, "at": at})
        return key

    def settle(self, key: str, row_id: str | None) -> None:
        """What was intended came to be as this row, or did not."""
        self._write("settled", key, {"id": row_id})

    def deleted(self, kind: str, row_id: str) -> None:
        """A row is gone."""
        self._write("deleted", "", {"kind": kind, "id": row_id})

    def key(self, entry: Entry) -> str:
        """The key to settle an entry by."""
        return next((key for key, found in self._entries().items() if found == entry), "")

    def _write(self, event: str, key: str, fields: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, orjson.dumps({"event": event, "key": key, **fields}, option=orjson.OPT_APPEND_NEWLINE))
            os.fsync(file)
        finally:
            os.close(file)

    def left(self) -> list[Entry]:
        """What was created and not deleted since, by any run."""
        return list(self._entries().values())

    def _entries(self) -> dict[str, Entry]:
        """By key. A line cut short by a crash is passed over."""
        if not self._path.exists():
            return {}
        rows: dict[str, Entry] = {}
        for line in self._path.read_bytes().splitlines():
            try:
                told = orjson.loads(line)
                event, key = told.pop("event"), told.pop("key")
                if event == "intended":
                    rows[key] = Entry(id=None, **told)
                elif event == "settled" and told["id"] is None:
                    rows.pop(key, None)
                elif event == "settled" and key in rows:
                    known = rows[key]
                    rows[key] = Entry(known.run, known.kind, told["id"], known.url, known.title, known.at)
                elif event == "deleted":
                    rows = {k: row for k, row in rows.items() if (row.kind, row.id) != (told["kind"], told["id"])}
            except (orjson.JSONDecodeError, KeyError, TypeError):
                continue
        return rows
