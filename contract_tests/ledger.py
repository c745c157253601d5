"""What a run creates or changes, written down before it is asked for, so that no crash leaves a row unknown."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that a run created at `url`, or a user there whose labels it changes.

    `id` is None where the run ended before it knew whether the row came to be; `title` carries the run's mark, and `at`
    is when a meeting starts, to find it by; `gone` says that there is no such row. A user had the `labels` before;
    `lost` are those of them that an answer no longer had; `after` is what they were left with, None until the run has
    given them back.
    """

    run: str
    kind: str
    id: str | None
    url: str
    title: str = ""
    at: str = ""
    gone: bool = False
    labels: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    after: tuple[str, ...] | None = None

    @property
    def host(self) -> str:
        """The workspace's host, with its port."""
        return urlsplit(self.url).netloc


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

    def lend(self, url: str, user_id: str, labels: Sequence[str]) -> str:
        """The labels of a user are about to be changed. The key is for `lost` and `give_back`."""
        key = secrets.token_hex(6)
        self._write("lent", key, {"run": self._run, "url": url, "id": user_id, "labels": labels})
        return key

    def lost(self, key: str, labels: Sequence[str]) -> None:
        """Labels of the user went with a change that kept them."""
        self._write("lost", key, {"labels": labels})

    def give_back(self, key: str, labels: Sequence[str]) -> None:
        """Nothing of the run is on the user any more, who has these labels now."""
        self._write("given back", key, {"labels": labels})

    def entry(self, key: str) -> Entry | None:
        """What a key stands for."""
        return self._entries().get(key)

    def key(self, entry: Entry) -> str:
        """The key of an entry."""
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
        """What was created and not deleted since, or changed and not given back, by any run."""
        return [one for one in self.all() if one.after is None and not one.gone]

    def given_back(self) -> list[Entry]:
        """The users whose labels were given back, by any run, in order."""
        return [one for one in self.all() if one.after is not None]

    def all(self) -> list[Entry]:
        """Every entry, also of rows that are gone or never came to be."""
        return list(self._entries().values())

    def _entries(self) -> dict[str, Entry]:
        """By key. A line cut short by a crash is passed over."""
        if not self._path.exists():
            return {}
        rows: dict[str, Entry] = {}
        for line in self._path.read_bytes().splitlines():
            try:
                told = orjson.loads(line)
                _take(rows, told.pop("event"), told.pop("key"), told)
            except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
                continue
        return rows


def _take(rows: dict[str, Entry], event: str, key: str, told: dict[str, Any]) -> None:
    """Let an event change the rows. Raises KeyError or TypeError where it is none."""
    match event:
        case "intended":
            rows[key] = Entry(id=None, **told)
        case "settled" if told["id"] is None:
            rows[key] = replace(rows[key], gone=True)
        case "settled":
            rows[key] = replace(rows[key], id=told["id"])
        case "deleted":
            for gone in [k for k, row in rows.items() if (row.kind, row.id) == (told["kind"], told["id"])]:
                rows[gone] = replace(rows[gone], gone=True)
        case "lent":
            rows[key] = Entry(**{**told, "kind": "user", "labels": tuple(told["labels"])})
        case "lost":
            rows[key] = replace(rows[key], lost=tuple(dict.fromkeys([*rows[key].lost, *told["labels"]])))
        case "given back":
            rows[key] = replace(rows[key], after=tuple(told["labels"]))
