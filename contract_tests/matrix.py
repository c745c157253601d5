"""Who may do what to whose row, as data, and the rows to try it on.

A case is an operation, a caller, and whose row it is about: the caller's own, a colleague's, or one of another
workspace. What must come of it follows from the document's roles and owners and from rules OWN-* and TEN-*.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contract_tests.target import Answer, Target
from contract_tests.transport import is_write
from openapi import Operation, load_app_api

OPERATIONS = load_app_api().operations
ROLES = {"admin": "admin", "manager": "manager", "user": "user", "other_user": "user"}


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of the matrix: what must come of it, and by which rule."""

    operation: Operation
    caller: str
    owner: str
    status: int
    rule: str

    def __str__(self) -> str:
        return f"{self.caller}-{self.owner}"


def _role_rule(operation: Operation) -> str:
    return {"listLabels": "ROLE-01", "createLabel": "ROLE-02", "deleteLabel": "ROLE-02"}.get(
        operation.operation_id, "ROLE-03"
    )


def cases() -> Iterator[Case]:
    """Every cell: each secured operation for each caller, about each owner's row where it is about a row."""
    for operation in OPERATIONS.values():
        if not operation.secured:
            continue
        about_row = bool(operation.parameters_in("path"))
        for caller in ("admin", "manager", "user"):
            for owner in ("user", "other_user", "rival") if about_row else ("user",):
                yield Case(operation, caller, owner, *_expected(operation, caller, owner, about_row))


def _expected(operation: Operation, caller: str, owner: str, about_row: bool) -> tuple[int, str]:
    if ROLES[caller] not in operation.roles:
        return 403, _role_rule(operation)
    if about_row and owner == "rival":
        return 404, "TEN-02"
    if about_row and operation.own and caller == "user" and owner != "user":
        return 404, "OWN-03" if "{inviteId}" in operation.path else "OWN-04"
    own = "ROLE-04" if operation.own else _role_rule(operation)
    return operation.status, "OWN-05" if operation.own and about_row and caller != "user" else own


def day(number: int) -> str:
    """A morning far ahead that nobody has plans for."""
    moment = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3000 + number)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


class Rows:
    """The rows of a run that the matrix is tried on, made when they are asked for, each by its owner."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._made: dict[tuple[str, str], Any] = {}
        self._count = 0

    def row(self, kind: str, owner: str) -> Any:
        """An invite (a mother), a meeting, a label or a user."""
        key = kind, "rival" if owner == "rival" else "admin" if kind == "label" else owner
        if key not in self._made:
            self._made[key] = getattr(self, f"_{kind}")(key[1])
        return self._made[key]

    def fresh_label(self, owner: str) -> Any:
        """A label that nothing uses yet."""
        return self._label("rival" if owner == "rival" else "admin")

    def me(self, who: str) -> str:
        """The id of a caller, who is the recruiter of what they make."""
        return str(self.row("invite", who)["recruiterUserId"])

    def _invite(self, who: str) -> Any:
        caller = self._target.caller(who)
        body = {
            "allowMultipleBookings": True,
            "requiredAttendees": [{"type": "users", "userIds": [self._somebody(who)]}],
            "voteDeadlineAt": day(0),
            "meeting": {"title": self._target.mark("Matrix"), "meetingDurationMinutes": 30},
        }
        return caller.call("createInvite", body=body).data

    def _meeting(self, who: str) -> Any:
        body = {"title": self._target.mark("Matrix"), "startAt": day(1), "endAt": day(1).replace("T09", "T10")}
        return self._target.caller(who).call("createMeeting", body=body).data

    def _label(self, who: str) -> Any:
        self._count += 1
        name = self._target.mark(f"M{self._count}-{unique(self._target)}")[-50:]
        return self._target.caller(who).call("createLabel", body={"name": name, "color": "#0F766E"}).data

    def _user(self, who: str) -> Any:
        """A user's account as an admin of their workspace lists it."""
        admin = self._target.caller("rival" if who == "rival" else "admin")
        users = admin.whole("listUsers")
        if who == "rival":
            return users[0]
        return next(user for user in users if user["id"] == self.me(who))

    def _somebody(self, who: str) -> str:
        """A user who exists: whoever recruited or hosts a meeting that the caller makes."""
        if (who, "self") not in self._made:
            self._made[(who, "self")] = self.row("meeting", who)["recruiterUserId"]
        return str(self._made[(who, "self")])


def attempt(rows: Rows, target: Target, case: Case) -> tuple[Answer, list[Any]]:
    """Do what a case says; gives the answer, and what the owner sees before and after."""
    kind = {"Invites": "invite", "Meetings": "meeting", "Labels": "label", "Users": "user"}[_tag(case.operation)]
    path: tuple[str, ...] = ()
    if case.operation.parameters_in("path"):
        target_row = rows.fresh_label(case.owner) if kind == "label" else rows.row(kind, case.owner)
        path = (target_row["id"],)
    body, query = _content(rows, target, case)
    owner = target.caller("rival" if case.owner == "rival" else "admin")
    seen = []
    if is_write(case.operation):
        seen.append(_mine(target, case, _state(owner, kind)))
    answer = target.caller(case.caller).call(case.operation.operation_id, *path, body=body, query=query)
    if is_write(case.operation):
        seen.append(_mine(target, case, _state(owner, kind)))
    return answer, seen


def _mine(target: Target, case: Case, state: list[Any]) -> list[Any]:
    """What nobody else changes meanwhile: on a mock everything, on a workspace the rows of this process."""
    if target.settings.is_mock:
        return state
    own, run = target.transport.writes.own, target.settings.run_id
    made = case.caller[:8]
    return [
        row
        for row in state
        if {row["id"], row.get("motherInviteId")} & own or (run in row.get("name", "") and row["name"].startswith(made))
    ]


def unique(target: Target) -> str:
    """A word for names: on a mock, which each test finds anew, the same one for a seed."""
    return str(target.transport.sent_by_test) if target.settings.is_mock else secrets.token_hex(4)


def _tag(operation: Operation) -> str:
    head = operation.path.strip("/").partition("/")[0]
    return head.capitalize()


def _state(owner: Any, kind: str) -> Any:
    if kind == "invite":
        return owner.whole("listInvites", includeSubInvites="true")
    if kind == "meeting":
        return owner.whole("listMeetings", **{"from": day(0), "to": day(30)})
    return owner.whole("listLabels" if kind == "label" else "listUsers")


def _content(rows: Rows, target: Target, case: Case) -> tuple[Any, dict[str, Any] | None]:
    title = target.mark(f"Matrix by {case.caller}")
    window = {"startAt": day(1), "endAt": day(1).replace("T09", "T10")}
    person = {"name": title, "email": "matrix@candidates.example"}
    # Each is made when it is asked for: some need rows that a server may not have.
    bodies: dict[str, Callable[[], Any]] = {
        "createInvite": lambda: {
            "requiredAttendees": [{"type": "users", "userIds": [rows.me("user")]}],
            "candidates": [person],
            "voteDeadlineAt": day(0),
            "meeting": {"title": title, "meetingDurationMinutes": 30},
        },
        "updateInvite": lambda: {"meeting": {"title": title}},
        "createSubInvite": lambda: {"candidate": person},
        "createMeeting": lambda: {"title": title, **window},
        "updateMeeting": lambda: {"title": title},
        "updateMeetingAttendees": lambda: {"optionalAttendees": []},
        "checkAvailability": lambda: {"userIds": [rows.me("user")], **window},
        "createLabel": lambda: {
            "name": f"{case.caller[:8]}{unique(target)} {target.settings.run_id}"[:50],
            "color": "#0F766E",
        },
        "replaceUserLabels": lambda: {"labelIds": []},
    }
    query = {"from": day(0), "to": day(30)} if case.operation.operation_id == "listMeetings" else None
    body = bodies.get(case.operation.operation_id)
    return None if body is None else body(), query
