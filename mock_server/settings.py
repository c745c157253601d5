"""What a server is started with, frozen."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from mock_server.limits import RateLimit


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of `kailenty-mock serve`; its `--help` says what each is for.

    `worlds` are names or files. `clock` is where the clock starts, None for the real time. `max_body` is in bytes,
    `journal` in requests for each workspace. `soft` lets refusals by role and by strictness through, and tells them.
    `rate_limit` is that of every workspace, None for none.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    host_suffixes: tuple[str, ...] = ("localhost", "kailenty.com")
    database: str = "sqlite://"
    worlds: tuple[str, ...] = ("acme", "globex")
    clock: datetime | None = None
    frozen: bool = False
    max_body: int = 1_048_576
    journal: int = 1000
    soft: bool = False
    rate_limit: RateLimit | None = None
    validate_responses: bool = False
    control_token: str | None = None
    access_log: bool = True

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False
