"""A workspace at one moment: what of it are no rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """What a workspace's clock shows, whether it stands still, and how many requests have been given an id."""

    now: datetime
    frozen: bool
    served: int = 0
