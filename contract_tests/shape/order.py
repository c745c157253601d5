"""Requests with several flaws at once, to see which check comes first (ERR-12)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import orjson

from contract_tests.making import Making, ahead
from contract_tests.seeded import UNKNOWN
from contract_tests.target import Answer, Caller, Target
from openapi import Operation

Body = dict[str, Any]

# What a body can name that does not exist.
_NAMED: dict[str, Body] = {
    "createInvite": {"requiredAttendees": [{"type": "users", "userIds": [UNKNOWN]}]},
    "updateInvite": {"requiredAttendees": [{"type": "labels", "labelIds": [UNKNOWN]}]},
    "createMeeting": {"labelIds": [UNKNOWN]},
    "updateMeeting": {"labelIds": [UNKNOWN]},
    "updateMeetingAttendees": {"optionalAttendees": [UNKNOWN]},
    "checkAvailability": {"userIds": [UNKNOWN]},
    "replaceUserLabels": {"labelIds": [UNKNOWN]},
}

# Two flaws that one request cannot have.
_EXCLUSIVE = ({"an unknown row", "a row in the wrong state"}, {"no credential", "a role that may not"})


@dataclass(frozen=True)
class Draft:
    """A request before it is sent; valid as it is made."""

    operation: Operation
    caller: Caller
    row: str = ""
    body: Body | None = None
    extra: str = ""
    query: str = ""
    media: str = "application/json"
    broken: bool = False
    described: bool = True

    def send(self) -> Answer:
        """Send it."""
        before, _, rest = self.operation.path.partition("{")
        path = f"{before}{self.row}{rest.partition('}')[2]}" if rest else before
        content = None if self.body is None else orjson.dumps(self.body)
        return self.caller.send(
            self.operation if self.described else None,
            self.operation.method,
            f"{path}{self.extra}{self.query}",
            content=content[:-1] if content and self.broken else content,
            headers=None if content is None else {"Content-Type": self.media},
        )


@dataclass(frozen=True)
class Flaw:
    """One flaw: when it is found among others (`rank`), what it is answered with, and how a request gets it."""

    name: str
    rank: int
    status: int
    put: Callable[[Draft], Draft] = field(compare=False)


def _body(**members: Any) -> Callable[[Draft], Draft]:
    return lambda draft: replace(draft, body={**(draft.body or {}), **members})


def drafts(target: Target, operation: Operation, making: Making) -> Draft:
    """A valid request for an operation, of whoever may do least and still may do this."""
    able = [name for name in ("user", "manager", "admin") if name in operation.roles and name in target.callers]
    caller = making.caller if making.caller.name in able else target.caller(able[0] if able else "admin")
    row, body = _base(operation, making, caller)
    return Draft(operation, caller, row, body)


def _base(operation: Operation, making: Making, caller: Caller) -> tuple[str, Body | None]:
    times = {"startAt": ahead(7, 9), "endAt": ahead(7, 10)}
    title = making.target.mark("Order")
    match operation.operation_id:
        case "createInvite":
            return "", making.direct_body()
        case "getInvite" | "listSubInvites":
            return _mother(making, caller), None
        case "updateInvite":
            return _mother(making, caller), {"meeting": {"title": title}}
        case "createSubInvite":
            return _mother(making, caller), {"candidate": {"name": title, "email": "grace@candidates.example"}}
        case "createMeeting":
            return "", {"title": title, **times}
        case "updateMeeting":
            return making.meeting(caller).data["id"], {"title": title}
        case "updateMeetingAttendees":
            return making.meeting(caller).data["id"], {"optionalAttendees": []}
        case "checkAvailability":
            return making.meeting(caller).data["id"], {"userIds": [making.id_of(caller)], **times}
        case "createLabel":
            return "", {"name": making.target.mark("New"), "color": "#0F766E"}
        case "deleteLabel":
            return making.label("Order").data["id"], None
        case "replaceUserLabels":
            return making.id_of(caller), {"labelIds": []}
    return "", None


def _mother(making: Making, caller: Caller) -> str:
    return str(making.create(caller, "createInvite", body=making.mother_body()).data["id"])


def flaws(target: Target, draft: Draft, making: Making) -> Iterator[Flaw]:
    """The flaws that an operation's requests can have."""
    operation = draft.operation
    name = operation.operation_id
    yield Flaw("an unknown path", 0, 404, lambda one: replace(one, extra="/nowhere/at/all", described=False))
    if operation.secured:
        yield Flaw("no credential", 1, 401, lambda one: replace(one, caller=target.nobody))
    if who := next((one for one in ("user", "manager") if one in target.callers and one not in operation.roles), None):
        yield Flaw("a role that may not", 3, 403, lambda one: replace(one, caller=target.caller(who)))
    if draft.body is not None:
        yield Flaw("another media type", 5, 415, lambda one: replace(one, media="text/plain"))
        yield Flaw("no JSON", 6, 400, lambda one: replace(one, broken=True))
        yield Flaw("an unknown member", 6, 400, _body(unexpected=1))
    yield Flaw("an unknown parameter", 6, 400, lambda one: replace(one, query="?unexpected=1"))
    if "{" in operation.path:
        yield Flaw("an unknown row", 7, 404, lambda one: replace(one, row=UNKNOWN))
    if name in _NAMED:
        yield Flaw("an unknown row in the body", 8, 404, _body(**_NAMED[name]))
    yield from _late(draft, making)


def _late(draft: Draft, making: Making) -> Iterator[Flaw]:
    name = draft.operation.operation_id
    if name in ("createMeeting", "updateMeeting") and draft.caller.name in ("user", "other_user"):
        other = making.others(1)[0]
        yield Flaw("another host", 9, 403, _body(hostUserId=other))
    if name in ("updateInvite", "createSubInvite"):
        person = {"candidate": {"name": making.target.mark("Sub"), "email": "joan@candidates.example"}}
        sub = making.create(draft.caller, "createSubInvite", draft.row, body=person).data["id"]
        yield Flaw("a row in the wrong state", 10, 409, lambda one: replace(one, row=sub))
    if name == "updateInvite":
        yield Flaw(
            "what does not fit", 11, 400, _body(candidates=[{"name": "Joan", "email": "joan@candidates.example"}])
        )
    if name == "createLabel":
        taken = making.label("Taken").data["name"]
        yield Flaw("a name that is taken", 10, 409, _body(name=taken))


def pairs(found: list[Flaw]) -> Iterator[tuple[Flaw, Flaw]]:
    """Two flaws of different ranks that fit one request, the earlier first."""
    ordered = sorted(found, key=lambda one: one.rank)
    for first, second in combinations(ordered, 2):
        if first.rank != second.rank and {first.name, second.name} not in _EXCLUSIVE:
            yield first, second
