"""Tells how far a run is, on standard error."""

import sys
import time
from types import TracebackType
from typing import Self

from contract_tests.outcomes import Verdict
from contract_tests.plugin import Gathered

# How often a log that is no terminal gets a line, in seconds.
_PACE = 10.0


class Progress:
    """A line that counts up; in a log, one line every ten seconds."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, gathered: Gathered) -> None:
        """Tell of what was gathered so far."""
        now = time.monotonic()
        if now - self._told < (0.1 if self._live else _PACE):
            return
        self._told = now
        done = len(gathered.outcomes)
        left = (now - self._begun) / done * max(0, gathered.total - done) if done else None
        failed = sum(one.verdict is Verdict.FAILED for one in gathered.outcomes)
        skipped = sum(one.verdict is Verdict.NOT_VERIFIED for one in gathered.outcomes)
        line = f"{done}/{gathered.total} checks, {failed} failed, {skipped} not verified"
        line += "" if left is None else f", about {left:.0f} s left"
        sys.stderr.write(f"\r\x1b[K{line}" if self._live else f"{line}\n")
        sys.stderr.flush()
