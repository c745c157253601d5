"""What a run may write to a real workspace: rows of its own, marked, and written down before they are asked for.

Beside them, the run's own labels may be put on users that were lent to it, who keep theirs.
"""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Loan:
    """A user whose labels the run may add to: the key in the ledger, and the labels that must stay."""

    key: str
    kept: frozenset[str]


class Writes:
    """Lets through what a run may write, and remembers what it created. A mock may be written to at will."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self.own: set[str] = set()
        self.lent: dict[str, Loan] = {}

    def is_own(self, row_id: str) -> bool:
        """Whether the run created a row, or made up an id that no row has."""
        return row_id in self.own or _NO_ROW.fullmatch(row_id) is not None

    def lend(self, url: str, user_id: str, labels: Collection[str]) -> None:
        """Let the run put its labels on a user beside those that they have now, which are written down first."""
        theirs = [one for one in labels if not self.is_own(one)]
        known = self.lent.get(user_id)
        key = known.key if known else self._ledger.lend(url, user_id, theirs)
        self.lent[user_id] = Loan(key, frozenset(theirs))

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
        if operation.operation_id == "replaceUserLabels" and (loan := self._loan(operation, url)):
            self._only_added(loan, content)
            yield lambda response: self._kept(loan, response)
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
            # Only a refusal says that there is no row. All else stays intended: the sweep looks for it by its mark.
            if row_id is not None or response.is_client_error:
                self._ledger.settle(key, row_id)

        yield settle

    def _only_own(self, operation: Operation, url: str) -> None:
        if not all(self.is_own(one) for one in _named(operation, url)):
            raise NotVerified("on a real workspace a run writes to nothing but rows that it created itself")

    def _loan(self, operation: Operation, url: str) -> Loan | None:
        return next((self.lent[one] for one in _named(operation, url) if one in self.lent), None)

    def _only_added(self, loan: Loan, content: bytes | None) -> None:
        try:
            labels = set(orjson.loads(content or b"null")["labelIds"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise NotVerified("on a real workspace users are sent nothing but a list of labels") from None
        if not loan.kept <= labels or not all(self.is_own(one) for one in labels - loan.kept):
            raise NotVerified("on a real workspace users keep their labels, and get none but the run's own")

    def _kept(self, loan: Loan, response: httpx.Response) -> None:
        """Write down what a change took off although it kept it."""
        if response.is_success and (labels := _labels(response)) is not None and (lost := loan.kept - labels):
            self._ledger.lost(loan.key, sorted(lost))

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


def _named(operation: Operation, url: str) -> list[str]:
    """The ids in a URL's path."""
    template = re.sub(r"\\{[^}]+\\}", "([^/]+)", re.escape(operation.path))
    match = re.search(f"{template}$", urlsplit(url).path)
    return [unquote(value) for value in match.groups()] if match else []


def _labels(response: httpx.Response) -> set[str] | None:
    """The labels of the user in an answer; None where it shows none."""
    try:
        return {str(label["id"]) for label in orjson.loads(response.content)["data"]["labels"]}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _id(response: httpx.Response) -> str | None:
    try:
        found = orjson.loads(response.content)["data"]["id"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None
