"""What a run created, written down before anything else happens, so that a crash leaves no row unknown."""

import os
from dataclasses import dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that a run created at `url` and has not deleted."""

    run: str
    kind: str
    id: str
    url: str


class Ledger:
    """A file of JSON lines; each is on the disk before the call returns. Several processes may write to it."""

    def __init__(self, path: Path, run: str) -> None:
        self._path = path
        self._run = run

    def created(self, kind: str, row_id: str, url: str) -> None:
        """A row was created."""
        self._write({"event": "created", "run": self._run, "kind": kind, "id": row_id, "url": url})

    def deleted(self, kind: str, row_id: str) -> None:
        """A row is gone."""
        self._write({"event": "deleted", "run": self._run, "kind": kind, "id": row_id, "url": ""})

    def _write(self, entry: dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
            os.fsync(file)
        finally:
            os.close(file)

    def left(self) -> list[Entry]:
        """What was created and not deleted since, by any run; a line cut short by a crash is passed over."""
        if not self._path.exists():
            return []
        rows: dict[tuple[str, str], Entry] = {}
        for line in self._path.read_bytes().splitlines():
            try:
                entry = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            key = entry["kind"], entry["id"]
            if entry["event"] == "created":
                rows[key] = Entry(entry["run"], entry["kind"], entry["id"], entry["url"])
            else:
                rows.pop(key, None)
        return list(rows.values())
