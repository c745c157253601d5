"""Cleans up what runs left on a real workspace, and certifies what is still there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from contract_tests import lending
from contract_tests.ledger import Entry, Ledger
from contract_tests.outcomes import TROUBLE, SetUpFailed
from contract_tests.settings import Settings
from contract_tests.target import Answer, Caller, Target, opened

# A few requests are always left for cleaning up, whatever a run has spent.
_BUDGET = 2_000
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep came to: how many rows it deleted, what is left, and whose labels were given back."""

    deleted: int
    left: tuple[Entry, ...]
    given_back: tuple[Entry, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What is left, a line for each row or user."""
        return tuple(
            f"user {one.id} with labels of the run at {one.host}"
            if one.kind == "user"
            else f"{one.kind} {one.id or 'of unknown id'} {one.title!r} at {one.host}"
            for one in self.left
        )

    @property
    def returned(self) -> tuple[str, ...]:
        """How users were left, a line for each."""
        return tuple(dict.fromkeys(lending.told(one) for one in self.given_back))


def sweep(settings: Settings, *, run: str | None = None) -> Swept:
    """Undo what the ledger holds for the target's hosts, of one run or of all, as far as the API can.

    A run is told of all users whose labels it gave back, else those of whom the sweep did.
    """
    ledger = Ledger(settings.ledger, settings.run_id)
    hosts = {urlsplit(url).netloc for url in (settings.target, settings.rival_url) if url}

    def mine() -> list[Entry]:
        return [one for one in ledger.left() if one.host in hosts and run in (None, one.run)]

    if settings.is_mock:
        return Swept(0, ())
    before, returned = mine(), len(ledger.given_back()) if run is None else 0
    fresh = replace(settings, started=0.0, max_requests=_BUDGET, max_seconds=_SECONDS)
    if before:
        # Where nothing answers any more, the ledger keeps what is left for the next sweep.
        with suppress(SetUpFailed), opened(fresh) as target:
            _find(target, ledger, [one for one in before if one.id is None])
            entries = mine()
            target.transport.writes.own |= {one.id for one in entries if one.id and one.kind != "user"}
            _give_back(target, [one for one in entries if one.kind == "user"])
            _delete(target, ledger, entries)
    after = sorted(mine(), key=lambda one: (one.kind, one.title))
    deleted = _rows(before) - _rows(after)
    done = [one for one in ledger.given_back()[returned:] if one.host in hosts and run in (None, one.run)]
    return Swept(deleted, tuple(after), tuple(done))


def _rows(entries: Sequence[Entry]) -> int:
    return sum(one.kind != "user" for one in entries)


def _give_back(target: Target, users: Sequence[Entry]) -> None:
    for entry in users:
        with suppress(*TROUBLE):
            lending.restore(_caller(target, entry), entry)


def _caller(target: Target, entry: Entry) -> Caller:
    """Who sees and may delete everything where an entry is. Raises NotVerified."""
    return target.caller("admin" if entry.host == urlsplit(target.url).netloc else "rival")


def _find(target: Target, ledger: Ledger, pending: list[Entry]) -> None:
    """Look for rows of which the run did not learn whether they came to be. Their title carries the run's mark."""
    for entry in pending:
        try:
            rows = list(_candidates(_caller(target, entry), entry))
        except TROUBLE:
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
    except TROUBLE:
        return None
