"""The last requests of each workspace, and those who read them as they come."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mock_server.journal.entry import Entry

# How many entries may wait for a reader; a slower one loses the oldest.
WAITING = 256


class Reader:
    """Somebody who reads entries as they come, waiting for them."""

    def __init__(self, wants: Callable[[Entry], bool]) -> None:
        self._wants = wants
        self._waiting: deque[Entry] = deque(maxlen=WAITING)
        self._arrived = asyncio.Event()
        self.lost = 0
        self.closed = False

    def close(self) -> None:
        """Let it end: it waits no longer, and gets nothing more."""
        self.closed = True
        self._arrived.set()

    def offer(self, entry: Entry) -> None:
        """Let an entry wait, if it is wanted."""
        if self._wants(entry):
            self.lost += len(self._waiting) == WAITING
            self._waiting.append(entry)
            self._arrived.set()

    async def arrived(self) -> None:
        """Wait until an entry waits, or it is closed."""
        await self._arrived.wait()

    def take(self) -> tuple[list[Entry], int]:
        """The entries that wait, and how many were lost before them."""
        taken, lost = list(self._waiting), self.lost
        self._waiting.clear()
        self._arrived.clear()
        self.lost = 0
        return taken, lost


class Desk:
    """What the journals of one server share: how many entries each keeps, their numbers, and their readers."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._last = 0
        self._readers: list[Reader] = []

    def number(self, entry: Entry) -> None:
        """Give an entry its number, and offer it to whoever reads."""
        self._last += 1
        entry.number = self._last
        for reader in self._readers:
            reader.offer(entry)

    def close(self) -> None:
        """Let all readers end, for the server stops."""
        for reader in self._readers:
            reader.close()

    @contextmanager
    def reading(self, wants: Callable[[Entry], bool]) -> Iterator[Reader]:
        """Be offered the entries that one wants from now on."""
        reader = Reader(wants)
        self._readers.append(reader)
        try:
            yield reader
        finally:
            self._readers.remove(reader)


class Journal:
    """The last entries of one workspace. With a limit of 0 it is off, and takes none.

    `complete` tells whether all that may have changed the workspace since the journal began is among them.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries: deque[Entry] = deque(maxlen=desk.limit)
        self.on = self.complete = desk.limit > 0

    def __iter__(self) -> Iterator[Entry]:
        """The entries, oldest first."""
        return iter(self._entries)

    def __reversed__(self) -> Iterator[Entry]:
        """The entries, newest first."""
        return reversed(self._entries)

    def record(self, entry: Entry) -> None:
        """Take an entry; the oldest makes room for it."""
        if self.on:
            self._desk.number(entry)
            if len(self._entries) == self._desk.limit and self._entries[0].may_have_changed:
                self.complete = False
            self._entries.append(entry)

    def clear(self) -> int:
        """Forget all entries; tell how many there were."""
        count = len(self._entries)
        self.complete &= not any(entry.may_have_changed for entry in self._entries)
        self._entries.clear()
        return count

    def begin(self) -> None:
        """Begin anew: what was before matters no more."""
        self._entries.clear()
        self.complete = self.on
