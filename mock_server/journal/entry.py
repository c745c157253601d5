"""One request that was answered, as it is remembered: the objects at hand, for others to format when they read it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from mock_server.principal import Principal
from openapi import Operation, load_mock_control

# What the control API has of the dashboard and of candidates. All else there is about the workspace as a whole.
_OF_PEOPLE = frozenset({"createApiKey", "revokeApiKey", "bookInvite"})

# What is kept of a body, in bytes.
KEPT = 65_536

# The headers of a request or an answer, as ASGI has them.
Headers = list[tuple[bytes, bytes]]


def packed(headers: Headers) -> bytes:
    """Headers in one piece: thousands of small ones would be cold memory by the time that they are freed."""
    return b"\n".join(chain.from_iterable(headers))


def unpacked(pack: bytes) -> Headers:
    """The headers of a pack."""
    parts = pack.split(b"\n")
    return list(zip(parts[::2], parts[1::2], strict=False))


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
    """Which check refused a request, by which rule, in which words; `credential` is what was recognised of one."""

    step: Step
    rule: str
    message: str
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class WouldRefuse:
    """What production would have refused, and soft mode let through."""

    step: Step
    status: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.status} {self.rule}; {self.message}"


class Entry(NamedTuple):
    """A request and its answer, complete but for what of a body is beyond `KEPT`.

    It has secrets: the credential of the request, and what the answer tells. `number` counts the entries of a server.
    `at` is the workspace's time, `served` how many requests had an id before it: with both set, the request is answered
    the same again. `target` is the path as it was sent, `path` the decoded one, `duration` in seconds. A body is None
    where none was read: a request may be refused before. `size` and `answer_size` are the whole bodies' bytes.

    It is a tuple because every request makes one, and nothing else is made as fast.
    """

    number: int
    request_id: str
    workspace: str
    at: datetime
    served: int
    method: str
    target: bytes
    path: str
    query: bytes
    packed_headers: bytes
    body: bytes | None
    size: int
    status: int
    packed_answer_headers: bytes
    answer_body: bytes
    answer_size: int
    operation: Operation | None
    principal: Principal | None
    refused: Refused | None
    would_refuse: tuple[WouldRefuse, ...]
    fault: str | None
    duration: float

    @property
    def headers(self) -> Headers:
        """The headers of the request."""
        return unpacked(self.packed_headers)

    @property
    def answer_headers(self) -> Headers:
        """The headers of the answer."""
        return unpacked(self.packed_answer_headers)

    @property
    def may_have_changed(self) -> bool:
        """Whether a row of the workspace may be another since."""
        return self.method != "GET" and 0 < self.status < 400 and (not self.to_control or self.of_people)

    @property
    def to_control(self) -> bool:
        """Whether it was one to the control API."""
        return self.path.startswith(load_mock_control().base_path)

    @property
    def of_people(self) -> bool:
        """Whether it was what people do in a workspace beside the App API."""
        return self.operation is not None and self.operation.operation_id in _OF_PEOPLE

    @property
    def rule(self) -> str | None:
        """The rule that refused it."""
        return self.refused.rule if self.refused else None
