"""One request that was answered, as it is remembered: the objects at hand, for others to format when they read it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote

from mock_server.principal import Principal
from openapi import Operation, load_mock_control

# What the control API has of the dashboard and of candidates. All else there is about the workspace as a whole.
_OF_PEOPLE = frozenset({"createApiKey", "revokeApiKey", "bookInvite"})

# What is kept of a body, in bytes.
KEPT = 65_536

# The headers of a request or an answer, as ASGI has them.
Headers = list[tuple[bytes, bytes]]


class Step(StrEnum):
    """What is checked of a request, in this order (ERR-12)."""

    ROUTE = "route"
    CREDENTIAL = "credential"
    WORKSPACE = "workspace"
    RATE_LIMIT = "rate limit"
    ROLE = "role"
    REQUEST = "request"
    EXISTENCE = "existence"
    CONTENT_ROLE = "content role"
    STATE = "state"
    FIT = "fit"


@dataclass(frozen=True, slots=True)
class Refused:
    """Which check refused a request, by which rule, in which words.

    `credential` is what was recognised of one, `credential_of` the workspace that it is of, if that is known.
    """

    step: Step
    rule: str
    message: str
    credential: str | None = None
    credential_of: str | None = None


@dataclass(frozen=True, slots=True)
class WouldRefuse:
    """What production would have refused, and soft mode let through."""

    step: Step
    status: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.status} {self.rule}; {self.message}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A request and its answer, complete but for what of a body is beyond `KEPT`.

    It has secrets: the credential of the request, and what the answer tells. `at` is the workspace's time, `served` how
    many requests had an id before it: with both set, the request is answered the same again. `target` is the path as it
    was sent. A body is None where none was read: a request may be refused before. `size` and `answer_size` are the
    whole bodies' bytes. `started` and `ended` are seconds of a clock of the machine's; no two requests end at once.
    """

    request_id: str
    workspace: str
    at: datetime
    served: int
    method: str
    target: bytes
    query: bytes
    headers: Headers
    body: bytes | None
    size: int
    status: int
    answer_headers: Headers
    answer_body: bytes
    answer_size: int
    operation: Operation | None
    principal: Principal | None
    refused: Refused | None
    would_refuse: tuple[WouldRefuse, ...]
    fault: str | None
    started: float
    ended: float

    @property
    def path(self) -> str:
        """The decoded path."""
        return unquote(self.target)

    @property
    def duration(self) -> float:
        """How long it took, in seconds."""
        return self.ended - self.started

    @property
    def may_have_changed(self) -> bool:
        """Whether a row of the workspace may be another since."""
        return may_have_changed(self.method, self.status, self.path, self.operation)

    @property
    def to_control(self) -> bool:
        """Whether it was one to the control API."""
        return _to_control(self.path)

    @property
    def of_people(self) -> bool:
        """Whether it was what people do in a workspace beside the App API."""
        return _of_people(self.operation)

    @property
    def rule(self) -> str | None:
        """The rule that refused it."""
        return self.refused.rule if self.refused else None


def may_have_changed(method: str, status: int, path: str, operation: Operation | None) -> bool:
    """Whether a row of the workspace may be another after a request."""
    return method != "GET" and 0 < status < 400 and (not _to_control(path) or _of_people(operation))


def _to_control(path: str) -> bool:
    return path.startswith(load_mock_control().base_path)


def _of_people(operation: Operation | None) -> bool:
    return operation is not None and operation.operation_id in _OF_PEOPLE
