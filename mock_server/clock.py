"""The one source of now. It can be set, moved, stopped and let run again."""

from datetime import UTC, datetime, timedelta


def text(moment: datetime) -> str:
    """A moment as the contract writes it: `YYYY-MM-DDTHH:MM:SS.mmmZ` (ENV-05)."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"  # without the offset


class Clock:
    """A clock in UTC. Without a start it shows the real time.

    Every time it can be set to lies within the years 2000 to 2099, so that no sum of times overflows.
    """

    FIRST = datetime(2000, 1, 1, tzinfo=UTC)
    LAST = datetime(2099, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self.restart(start, frozen=frozen)

    def restart(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """Begin anew as one that was made so."""
        self._offset = timedelta()
        self._frozen_at: datetime | None = None
        # First, so that it stands at the very start and not some moments after.
        if frozen:
            self.freeze()
        if start is not None:
            self.set(start)

    @classmethod
    def of_saved(cls, saved: str) -> "Clock":
        """The clock that `saved` was written of."""
        clock = cls()
        if saved.startswith(("+", "-")):
            clock._offset = timedelta(seconds=float(saved))
        else:
            clock._frozen_at = datetime.fromisoformat(saved)
        return clock

    def saved(self) -> str:
        """Where it stands, or by how many seconds it is off the real time: what survives the process."""
        return f"{self._offset.total_seconds():+}" if self._frozen_at is None else self._frozen_at.isoformat()

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The moment it shows, in UTC."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Show this moment from now on. Raises ValueError outside the years 2000 to 2099."""
        if not self.FIRST <= moment <= self.LAST:
            raise ValueError(f"the clock cannot show {text(moment)}, only {text(self.FIRST)} to {text(self.LAST)}")
        if self.frozen:
            self._frozen_at = moment.astimezone(UTC)
        else:
            self._offset = moment - datetime.now(UTC)

    def freeze(self) -> None:
        """Stand still."""
        self._frozen_at = self.now()

    def resume(self) -> None:
        """Run on from the moment shown."""
        moment, self._frozen_at = self.now(), None
        self._offset = moment - datetime.now(UTC)
