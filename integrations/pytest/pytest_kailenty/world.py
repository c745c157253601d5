"""A world: a workspace of the mock that belongs to one test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from pytest_kailenty.clock import Clock, rfc3339
from pytest_kailenty.control import API, ControlError, given
from pytest_kailenty.faults import Faults
from pytest_kailenty.journal import Journal

if TYPE_CHECKING:
    from pytest_kailenty.mock import Mock

__tracebackhide__ = True

Role = Literal["user", "manager", "admin"]


@dataclass(frozen=True)
class Persona:
    """A user of a world with credentials. Only admins have an API key; tokens last 30 days of the world's clock."""

    user_id: str
    name: str
    role: Role
    status: Literal["active", "pending", "disabled"]
    api_key: str | None = field(repr=False)
    token: str = field(repr=False)
    microsoft_token: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What tells the API who calls: the API key where there is one, else the token."""
        return {"Authorization": f"Bearer {self.token}"} if self.api_key is None else {"X-API-Key": self.api_key}


class Making(TypedDict, total=False):
    """How a world is made, as `Mock.create` takes it."""

    document: Mapping[str, Any]
    copy_of: str
    seed: int
    now: datetime | str
    frozen: bool


class World:
    """A workspace with data, keys, clock, faults and journal of its own, deleted when its test is over.

    `base_url` works with every HTTP client: there the credential decides the workspace. `host_url` is the
    workspace's own, as in production, and `host` what its requests have as their `Host` header.
    """

    def __init__(self, mock: "Mock", made: Mapping[str, Any]) -> None:
        """`made` is what `POST /_mock/worlds` answered."""
        self.workspace: str = made["workspace"]
        self.host: str = made["host"]
        self.host_url: str = made["baseUrl"]
        self.base_url = f"{mock.url}{API}"
        self.others: list[World] = []
        self.deleted = False
        self._mock = mock
        self._control = mock.control
        self._path = f"/worlds/{self.workspace}"
        # Of each role some who can call, as the answer has them; None where time is another than their tokens'.
        self._callers: list[Persona] | None = _personas(made["personas"])
        self.clock = Clock(mock.control, f"{self._path}/clock", self._moved)
        self.faults = Faults(mock.control, f"{self._path}/faults")
        self.journal = Journal(mock.control, self.workspace)

    def __repr__(self) -> str:
        return f"<World {self.workspace} at {self.base_url}>"

    @property
    def personas(self) -> list[Persona]:
        """Everybody, with tokens that are valid now; pending and disabled users too, whom the API rejects."""
        self._callers = _personas(self._control.send("GET", "/personas", workspace=self.workspace)["items"])
        return self._callers

    @property
    def admin(self) -> Persona:
        """The first active admin."""
        return self._first("admin")

    @property
    def manager(self) -> Persona:
        """The first active manager."""
        return self._first("manager")

    @property
    def user(self) -> Persona:
        """The first active regular user."""
        return self._first("user")

    def as_(self, user_id: str) -> Persona:
        """Give a user of any role and status. Raises LookupError, which names those there are."""
        known = {persona.user_id: persona for persona in self._callers or []}
        if user_id not in known:
            known = {persona.user_id: persona for persona in self.personas}
        if user_id not in known:
            raise LookupError(f"no user {user_id} in {self.workspace}, which has {', '.join(known)}")
        return known[user_id]

    def book(self, invite_id: str, start_at: datetime | str, *, candidate_email: str | None = None) -> dict[str, Any]:
        """Book an invite as its candidate does on its public page, and give the meeting."""
        body = {"startAt": rfc3339(start_at), **given(candidateEmail=candidate_email)}
        meeting: dict[str, Any] = self._control.send("POST", f"{self._path}/invites/{invite_id}/booking", body)
        return meeting

    def snapshot(self, name: str = "snapshot") -> str:
        """Keep the world as it is now, under a name, which is given back; one of that name is replaced."""
        self._control.send("POST", f"{self._path}/snapshots", {"name": name})
        return name

    def restore(self, name: str = "snapshot") -> None:
        """Put the world back to a snapshot, its clock too."""
        self._control.send("POST", f"{self._path}/snapshots/{name}/restore")
        self._moved()

    def reset(self) -> None:
        """Put the world back to its beginning."""
        self._control.send("POST", f"{self._path}/reset")
        self._moved()

    def bundle(self) -> bytes:
        """The whole world as a file for `kailenty-mock replay`: state, seed, clock and journal."""
        return self._control.fetch("GET", f"{self._path}/bundle")

    def another(self, world: str | None = None, **how: Unpack[Making]) -> "World":
        """Make one more world for this test, as `Mock.create` does: nothing of the one can reach the other."""
        other = self._mock.create(world, **how)
        self.others.append(other)
        return other

    def delete(self) -> None:
        """Delete the world and those made by `another`. What is gone already is no error."""
        for world in (*self.others, self):
            if not world.deleted:
                world.deleted = True
                try:
                    self._control.send("DELETE", world._path)
                except ControlError as problem:
                    if problem.status != HTTPStatus.NOT_FOUND:
                        raise

    def _moved(self) -> None:
        """Time is another: tokens may have ended, or not begun."""
        self._callers = None

    def _first(self, role: Role) -> Persona:
        for persona in self._callers or self.personas:
            if persona.role == role and persona.status == "active":
                return persona
        raise LookupError(f"no active {role} in {self.workspace}")


def _personas(items: list[dict[str, Any]]) -> list[Persona]:
    return [
        Persona(
            user_id=item["userId"],
            name=item["name"],
            role=item["role"],
            status=item["status"],
            api_key=item["apiKey"],
            token=item["token"],
            microsoft_token=item["microsoftToken"],
        )
        for item in items
    ]
