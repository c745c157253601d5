"""Cleans up what runs left on a real workspace, and certifies what is still there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from contract_tests import lending
from contract_tests.ledger import Entry, Ledger
from contract_tests.making import told
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

    def ours(one: Entry) -> bool:
        # What a run tries again is marked with its id and a number.
        return one.host in hosts and (run is None or one.run == run or one.run.startswith(f"{run}-"))

    def mine() -> list[Entry]:
        return [one for one in ledger.left() if ours(one)]

    if settings.is_mock:
        return Swept(0, ())
    entries, returned = mine(), len(ledger.given_back()) if run is None else 0
    asked = [one for one in ledger.all() if ours(one) and one.kind != "user"]
    fresh = replace(settings, started=0.0, max_requests=_BUDGET, max_seconds=_SECONDS)
    if asked or entries:
        # Where nothing answers any more, the ledger keeps what is left for the next sweep.
        with suppress(SetUpFailed), opened(fresh) as target:
            # Other meetings may stand beside known ones; that takes many requests, and nothing waits for it.
            _find(target, ledger, [one for one in asked if not _is_known_meeting(one)])
            entries = mine()
            target.transport.writes.own |= {one.id for one in entries if one.id and one.kind != "user"}
            _give_back(target, [one for one in entries if one.kind == "user"])
            _delete(target, ledger, entries)
            _find(target, ledger, [one for one in asked if _is_known_meeting(one)])
    after = sorted(mine(), key=lambda one: (one.kind, one.title))
    deleted = len(_rows(entries) - _rows(after))
    done = [one for one in ledger.given_back()[returned:] if ours(one)]
    return Swept(deleted, tuple(after), tuple(done))


def _rows(entries: Sequence[Entry]) -> set[tuple[str, str | None]]:
    return {(one.kind, one.id) for one in entries if one.kind != "user"}


def _is_known_meeting(entry: Entry) -> bool:
    return entry.kind == "meeting" and entry.id is not None


def _give_back(target: Target, users: Sequence[Entry]) -> None:
    for entry in users:
        with suppress(*TROUBLE):
            lending.restore(_caller(target, entry), entry)


def _caller(target: Target, entry: Entry) -> Caller:
    """Who sees and may delete everything where an entry is. Raises NotVerified."""
    return target.caller("admin" if entry.host == urlsplit(target.url).netloc else "rival")


def _find(target: Target, ledger: Ledger, entries: Sequence[Entry]) -> None:
    """Look for rows of which the run does not know: it was killed, an answer was lost, or said that there is no row.

    Their titles carry the mark of a run. Invites and labels are one list, meetings are looked for when others start.
    """
    places = {(one.host, one.kind, one.at): one for one in entries if not (one.kind == "meeting" and one.gone)}
    pending = [one for one in entries if one.id is None and not one.gone]
    known = {one.id for one in ledger.left()}
    for place, like in places.items():
        try:
            listed = [row for row in _candidates(_caller(target, like), like) if row[0] not in known]
        except TROUBLE:
            continue
        for entry in [one for one in pending if (one.host, one.kind, one.at) == place]:
            found = next((row_id for row_id, title in listed if title == entry.title and row_id not in known), None)
            ledger.settle(ledger.key(entry), found)
            known.add(found)
        for row_id, title in listed:
            if row_id not in known and any(one.run in title for one in entries):
                ledger.settle(ledger.intend(like.kind, like.url, title=title), row_id)
                known.add(row_id)


def _candidates(caller: Caller, entry: Entry) -> Iterator[tuple[str, str]]:
    """The ids and titles of rows that an entry may mean."""
    if entry.kind == "label":
        yield from ((row["id"], row["name"]) for row in caller.whole("listLabels"))
    elif entry.kind == "invite":
        for row in caller.whole("listInvites", includeSubInvites="true", sort="createdAt:desc"):
            people = row.get("candidates") or []
            yield row["id"], row["meeting"]["title"]
            yield from ((row["id"], one["name"]) for one in people)
    elif window := _around(entry.at):
        yield from ((row["id"], row["title"]) for row in caller.whole("listMeetings", **window))


def _around(text: str) -> dict[str, str] | None:
    """The hours around a meeting's start; None for what no meeting can start at."""
    try:
        given = datetime.fromisoformat(text)
        start = given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)
        return {name: told(start + timedelta(hours=hours)) for name, hours in (("from", -1), ("to", 1))}
    except (ValueError, OverflowError):
        return None


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
