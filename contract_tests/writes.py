"""What a run may write to a real workspace: rows of its own, marked, and written down before they are asked for."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import orjson

from contract_tests.ledger import Ledger
from contract_tests.outcomes import NotVerified
from contract_tests.settings import Settings
from openapi import Operation

# A POST that changes nothing.
READING_POSTS = frozenset({"checkAvailability"})

_CREATED = {"createInvite": "invite", "createSubInvite": "invite", "createMeeting": "meeting", "createLabel": "label"}

# Words that tests use as ids which no row has.
_NO_ROW = re.compile(r"(?:no|none|nothing|nobody|unknown)(?:[-_].*)?")

_READS = ("GET", "HEAD", "OPTIONS")


def is_write(operation: Operation) -> bool:
    """Whether an operation may change something."""
    return operation.method not in _READS and operation.operation_id not in READING_POSTS


class Writes:
    """Lets through what a run may write, and remembers what it created. A mock may be written to at will."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self.own: set[str] = set()

    def allowed(self, url: str) -> bool:
        """Whether the run may write to a URL's host."""
        if self._settings.is_mock:
            return True
        return self._settings.allow_writes and urlsplit(url).hostname in self._settings.write_hosts

    @contextmanager
    def watched(
        self, operation: Operation | None, method: str, url: str, content: bytes | None
    ) -> Iterator[Callable[[httpx.Response], None]]:
        """Around the sending of a request; what is yielded takes the answer. Raises NotVerified."""
        if self._settings.is_mock or method in _READS or (operation is not None and not is_write(operation)):
            yield lambda _: None
            return
        if not self.allowed(url):
            raise NotVerified("writing needs --allow-writes and the host among write-hosts")
        if operation is None:
            yield lambda _: None
            return
        self._only_own(operation, url)
        kind = _CREATED.get(operation.operation_id)
        if kind is None:
            yield lambda response: self._deleted(operation, response)
            return
        title, at = self._marked(operation, content)
        key = self._ledger.intend(kind, url, title=title, at=at)

        def settle(response: httpx.Response) -> None:
            row_id = _id(response) if response.is_success else None
            if row_id is not None:
                self.own.add(row_id)
            # A success without an id stays intended: the sweep looks for it by its mark.
            if row_id is not None or not response.is_success:
                self._ledger.settle(key, row_id)

        yield settle

    def _only_own(self, operation: Operation, url: str) -> None:
        template = re.sub(r"\\{[^}]+\\}", "([^/]+)", re.escape(operation.path))
        match = re.search(f"{template}$", urlsplit(url).path)
        for value in match.groups() if match else ():
            if unquote(value) not in self.own and not _NO_ROW.fullmatch(unquote(value)):
                raise NotVerified("on a real workspace a run writes to nothing but rows that it created itself")

    def _marked(self, operation: Operation, content: bytes | None) -> tuple[str, str]:
        """The text of a new row that carries the run's mark, and when it starts."""
        try:
            body: Any = orjson.loads(content or b"null")
        except orjson.JSONDecodeError:
            return "", ""
        if not isinstance(body, dict):
            return "", ""
        holder = body.get({"createInvite": "meeting", "createSubInvite": "candidate"}.get(operation.operation_id, ""))
        holder = holder if isinstance(holder, dict) else body
        title = next((holder[name] for name in ("title", "name") if isinstance(holder.get(name), str)), "")
        # A sub-invite bears its mother's title, which is marked.
        if title and self._settings.run_id.lower() not in title.lower() and operation.operation_id != "createSubInvite":
            raise NotVerified("on a real workspace a run creates nothing without its mark")
        return title, str(body.get("startAt", ""))

    def _deleted(self, operation: Operation, response: httpx.Response) -> None:
        if operation.operation_id == "deleteLabel" and response.is_success and (row_id := _id(response)):
            self._ledger.deleted("label", row_id)


def _id(response: httpx.Response) -> str | None:
    try:
        found = orjson.loads(response.content)["data"]["id"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None
