"""Cleans up what runs left on a real workspace, and certifies what is still there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from contract_tests.ledger import Entry, Ledger
from contract_tests.outcomes import Broken, NotVerified, SetUpFailed
from contract_tests.settings import Settings
from contract_tests.target import Answer, Caller, Target, opened

_TROUBLE = (Broken, NotVerified, SetUpFailed, TimeoutError, ConnectionError)

# A few requests are always left for cleaning up, whatever a run has spent.
_BUDGET = 2_000
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep came to: how many rows it deleted, and what is left."""

    deleted: int
    left: tuple[Entry, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What is left, a line for each row."""
        return tuple(f"{one.kind} {one.id or 'of unknown id'} {one.title!r} at {_host(one)}" for one in self.left)


def sweep(settings: Settings, *, run: str | None = None) -> Swept:
    """Delete what the ledger holds for the target's hosts, of one run or of all, as far as the API can delete."""
    ledger = Ledger(settings.ledger, settings.run_id)
    hosts = {urlsplit(url).netloc for url in (settings.target, settings.rival_url) if url}

    def mine() -> list[Entry]:
        return [one for one in ledger.left() if _host(one) in hosts and run in (None, one.run)]

    before = mine()
    if not before or settings.is_mock:
        return Swept(0, ())
    fresh = replace(settings, started=0.0, max_requests=_BUDGET, max_seconds=_SECONDS)
    with opened(fresh) as target:
        _find(target, ledger, [one for one in before if one.id is None])
        entries = mine()
        target.transport.writes.own |= {one.id for one in entries if one.id}
        _delete(target, ledger, entries)
    after = mine()
    return Swept(len(before) - len(after), tuple(sorted(after, key=lambda one: (one.kind, one.title))))


def _host(entry: Entry) -> str:
    return urlsplit(entry.url).netloc


def _caller(target: Target, entry: Entry) -> Caller:
    """Who sees and may delete everything where an entry is. Raises NotVerified."""
    return target.caller("admin" if _host(entry) == urlsplit(target.url).netloc else "rival")


def _find(target: Target, ledger: Ledger, pending: list[Entry]) -> None:
    """Look for rows of which the run did not learn whether they came to be. Their title carries the run's mark."""
    for entry in pending:
        try:
            rows = list(_candidates(_caller(target, entry), entry))
        except _TROUBLE:
            continue
        known = {one.id for one in ledger.left()}
        found = [row_id for row_id, title in rows if title == entry.title and row_id not in known]
        ledger.settle(ledger.key(entry), found[0] if found else None)


def _candidates(caller: Caller, entry: Entry) -> Iterator[tuple[str, str]]:
    """The ids and titles of rows that an entry may mean."""
    if entry.kind == "label":
        yield from ((row["id"], row["name"]) for row in caller.whole("listLabels"))
    elif entry.kind == "invite":
        for row in caller.whole("listInvites", includeSubInvites="true", sort="createdAt:desc"):
            people = row.get("candidates") or []
            yield row["id"], row["meeting"]["title"]
            yield from ((row["id"], one["name"]) for one in people)
    elif entry.at:
        start = datetime.fromisoformat(entry.at)
        window = {
            name: f"{(start + timedelta(hours=hours)).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
            for name, hours in (("from", -1), ("to", 1))
        }
        yield from ((row["id"], row["title"]) for row in caller.whole("listMeetings", **window))


def _delete(target: Target, ledger: Ledger, entries: list[Entry]) -> None:
    labels = [one for one in entries if one.kind == "label" and one.id]
    refused = [one for one in labels if not _deleted(target, ledger, one)]
    if refused:
        # A label in use cannot be deleted; what uses it are the run's own rows, which let go of it.
        for entry in entries:
            _let_go(target, entry)
        for one in refused:
            _deleted(target, ledger, one)


def _deleted(target: Target, ledger: Ledger, entry: Entry) -> bool:
    answer = _tried(lambda: _caller(target, entry).call("deleteLabel", entry.id or ""))
    if answer is not None and answer.status == 404:
        ledger.deleted(entry.kind, entry.id or "")
    return answer is not None and answer.status in (200, 404)


def _let_go(target: Target, entry: Entry) -> None:
    if entry.kind == "meeting" and entry.id:
        _tried(lambda: _caller(target, entry).call("updateMeeting", entry.id or "", body={"labelIds": []}))
    if entry.kind == "invite" and entry.id:
        _tried(lambda: _without_labels(_caller(target, entry), entry.id or ""))


def _without_labels(caller: Caller, invite: str) -> Answer:
    row: dict[str, Any] = caller.call("getInvite", invite).data
    users = [one for one in row["requiredAttendees"] if one["type"] == "users"]
    users = users or [{"type": "users", "userIds": [row["recruiterUserId"]]}]
    return caller.call("updateInvite", invite, body={"requiredAttendees": users})


def _tried(call: Callable[[], Answer]) -> Answer | None:
    try:
        return call()
    except _TROUBLE:
        return None
