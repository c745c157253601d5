"""Rate limits: how many requests one credential may make within a time, in windows that begin with its first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests in so many seconds."""

    requests: int
    per_seconds: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How a credential stands after a request: what is left in its window, and in how many seconds that ends.

    `allowed` tells whether the request is within the limit.
    """

    allowed: bool
    remaining: int
    reset_seconds: int


class Meter:
    """Counts the requests of each credential against a limit."""

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit
        self._period = timedelta(seconds=limit.per_seconds)
        # When each one's window began, and its requests since.
        self._windows: dict[str, tuple[datetime, int]] = {}

    def take(self, credential: str, now: datetime) -> Usage:
        """Count a request. A clock that was set back begins a new window."""
        began, used = self._windows.get(credential, (now, 0))
        if not began <= now < began + self._period:
            began, used = now, 0
        allowed = used < self.limit.requests
        used += allowed
        self._windows[credential] = began, used
        return Usage(allowed, self.limit.requests - used, ceil((began + self._period - now).total_seconds()))
