"""The last requests of each workspace, and those who read them as they come."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mock_server.journal.entry import Entry
from mock_server.journal.packing import Packed, unpacked

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
    """What the journals of one server share: how many entries each keeps, and their readers."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.readers: list[Reader] = []

    def close(self) -> None:
        """Let all readers end, for the server stops."""
        for reader in self.readers:
            reader.close()

    @contextmanager
    def reading(self, wants: Callable[[Entry], bool]) -> Iterator[Reader]:
        """Be offered the entries that one wants from now on."""
        reader = Reader(wants)
        self.readers.append(reader)
        try:
            yield reader
        finally:
            self.readers.remove(reader)


class Journal:
    """The last entries of one workspace. With a limit of 0 it is off, and takes none.

    `complete` tells whether all that may have changed the workspace since the journal began is among them.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries: deque[Packed] = deque(maxlen=desk.limit)
        self.on = self.complete = desk.limit > 0

    def __iter__(self) -> Iterator[Entry]:
        """The entries, oldest first."""
        return map(unpacked, self._entries)

    def __reversed__(self) -> Iterator[Entry]:
        """The entries, newest first."""
        return map(unpacked, reversed(self._entries))

    def record(self, packed: Packed) -> None:
        """Take an entry; the oldest makes room for it. Whoever reads is offered it."""
        entries = self._entries
        if self.complete and len(entries) == self._desk.limit and entries[0][0]:
            self.complete = False
        entries.append(packed)
        if self._desk.readers:
            entry = unpacked(packed)
            for reader in self._desk.readers:
                reader.offer(entry)

    def clear(self) -> int:
        """Forget all entries; tell how many there were."""
        count = len(self._entries)
        self.complete &= not any(may_have_changed for may_have_changed, *_ in self._entries)
        self._entries.clear()
        return count

    def begin(self) -> None:
        """Begin anew: what was before matters no more."""
        self._entries.clear()
        self.complete = self.on
