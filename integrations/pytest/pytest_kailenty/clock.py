"""A world's clock: the only source of now in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pytest_kailenty.control import Control

__tracebackhide__ = True


class Clock:
    """Moves and stops the time of one world."""

    def __init__(self, control: Control, path: str, moved: Callable[[], None]) -> None:
        """`moved` is told of every change."""
        self._control = control
        self._path = path
        self._moved = moved

    @property
    def now(self) -> datetime:
        """The world's time, in UTC."""
        return datetime.fromisoformat(self._control.send("GET", self._path)["now"])

    def advance(self, by: timedelta | None = None, /, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """Move on, or back if negative: whole seconds, at most a year at once."""
        step = (by or timedelta()) + timedelta(days=days, hours=hours, minutes=minutes)
        self._change(advanceSeconds=int(step.total_seconds()))

    def set(self, now: datetime | str) -> None:
        """Set the time: an RFC 3339 text, or a datetime with a time zone."""
        self._change(now=rfc3339(now))

    def freeze(self) -> None:
        """Let the time stand still."""
        self._change(frozen=True)

    def run(self) -> None:
        """Let the time run on from where it stands."""
        self._change(frozen=False)

    def _change(self, **change: str | int | bool) -> None:
        self._control.send("PUT", self._path, change)
        self._moved()


def rfc3339(moment: datetime | str) -> str:
    """A moment as the API reads it. Raises ValueError for a datetime without a time zone."""
    if isinstance(moment, str):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; say datetime(..., tzinfo=UTC)")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
