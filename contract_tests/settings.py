"""What a run is started with, frozen. The command reads it from options, environment and `contract.toml`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import orjson

# Who may call: four of the workspace under test, and an admin of another workspace.
CALLERS = ("admin", "manager", "user", "other_user", "rival")

MOCK = "mock"


class UsageError(Exception):
    """The run cannot begin as it was asked for; one line says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A run's settings.

    `target` is `mock`, or the URL of a workspace. `credentials` are header lines by caller, such as `X-API-Key: ...`.
    `write_hosts` are the hosts that may be written to, if `allow_writes`; `label_users` are the ids or e-mail addresses
    of users there whose labels may be changed for a while. `rate` is in requests a second, 0 for no limit;
    `max_requests` and `max_seconds` are the run's budgets. `require` are rule ids that must be verified, or `all`.
    `shard` is which part of how many. `started` is the moment from which `max_seconds` count, 0 for each process's own
    start. `record` is a file for every request that is sent.
    """

    target: str = MOCK
    credentials: Mapping[str, str] = field(default_factory=dict)
    rival_url: str | None = None
    allow_writes: bool = False
    write_hosts: tuple[str, ...] = ()
    label_users: tuple[str, ...] = ()
    timeout: float = 10.0
    rate: float = 0.0
    max_requests: int = 20_000
    max_seconds: float = 900.0
    seed: int = 1
    examples: int = 10
    rules: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    strict: bool = False
    fail_fast: bool = False
    defect: str | None = None
    shard: tuple[int, int] = (1, 1)
    run_id: str = "ct1"
    started: float = 0.0
    record: str | None = None
    ledger: Path = Path(".kailenty-contract/ledger.jsonl")

    @property
    def is_mock(self) -> bool:
        """Whether the run starts its own mock."""
        return self.target == MOCK

    def dumps(self) -> str:
        """Text that `loads` reads, for the processes that a run is shared among."""
        return orjson.dumps({**asdict(self), "ledger": str(self.ledger)}).decode()

    @classmethod
    def loads(cls, text: str) -> Self:
        """The settings that `dumps` wrote."""
        fields: dict[str, Any] = orjson.loads(text)
        tuples = {name: tuple(fields[name]) for name in ("write_hosts", "label_users", "rules", "require", "shard")}
        return cls(**{**fields, **tuples, "ledger": Path(fields["ledger"])})
