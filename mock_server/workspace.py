"""One workspace as it runs: what of it are no rows."""

from dataclasses import dataclass
from hashlib import blake2b

from mock_server.clock import Clock
from mock_server.journal import Journal


@dataclass(slots=True)
class Workspace:
    """A workspace with its own time, its own request ids and its own journal.

    `served` counts the requests that it has given an id: a workspace's ids depend on its seed and its requests alone.
    """

    name: str
    tenant_id: str
    seed: int
    clock: Clock
    journal: Journal
    served: int = 0

    def next_request_id(self) -> str:
        """The next request's id; no two workspaces have one in common (ERR-03)."""
        self.served += 1
        number = f"{self.name}:{self.seed}:{self.served}".encode()
        return f"req_{blake2b(number, digest_size=12).hexdigest()}"
