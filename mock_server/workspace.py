"""One workspace as it runs: what of it are no rows."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from mock_server.clock import Clock
from mock_server.faults.fault import Faults
from mock_server.journal import Journal
from mock_server.limits import Meter, RateLimit
from mock_server.moment import Moment


@dataclass(slots=True)
class Workspace:
    """A workspace with its own time, its own request ids and its own journal.

    `served` counts the requests that it has given an id: a workspace's ids depend on its seed and its requests alone.
    `source` says what it was made of, `made` whether that was while the server ran; then `clock` is its own, and it may
    expire. `origin` is the snapshot of how it was when its requests began, None where that is not known. `meter` is
    that of its rate limit, None without one; `usual_limit` the one that it begins with.
    """

    name: str
    tenant_id: str
    seed: int
    clock: Clock
    journal: Journal
    created_at: datetime
    served: int = 0
    source: str = "start"
    expires_at: datetime | None = None
    made: bool = False
    origin: str | None = None
    faults: Faults = field(default_factory=Faults)
    usual_limit: RateLimit | None = None
    meter: Meter | None = None

    def next_request_id(self) -> str:
        """The next request's id; no two workspaces have one in common (ERR-03)."""
        self.served += 1
        number = f"{self.name}:{self.seed}:{self.served}".encode()
        return f"req_{blake2b(number, digest_size=12).hexdigest()}"

    def limit(self, limit: RateLimit | None) -> None:
        """Count requests anew, against this limit; None for none."""
        self.meter = None if limit is None else Meter(limit)

    def moment(self) -> Moment:
        """This moment."""
        return Moment(self.clock.now(), self.clock.frozen, self.served)

    def begin(self, origin: str, moment: Moment) -> None:
        """Go on from a snapshot, with a new journal, without faults and with the usual limit.

        The clock goes there too, unless others share it.
        """
        self.journal.begin()
        self.faults = Faults()
        self.limit(self.usual_limit)
        self.origin, self.served = origin, moment.served
        if self.made:
            self.clock.restart(moment.now, frozen=moment.frozen)
