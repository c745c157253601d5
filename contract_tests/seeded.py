"""Ids for generated requests, so that valid ones find rows: existing ones to read, the run's own ones to write.

Which of several rows is chosen follows from the seed. A real workspace's people get no mail from a run: there, users
named in writes are the caller, and people outside the workspace are at candidates.example.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from contract_tests.data import around_now
from contract_tests.making import Making
from contract_tests.narrowing import narrow
from contract_tests.shape import Request, flaw
from contract_tests.target import Caller, Target
from contract_tests.transport import is_write
from openapi import Operation
from openapi.extensions import reference

# Members of a meeting whose people must not be those of the other: each is drawn from its own half of the users.
_SECOND_HALF = frozenset({"optionalAttendees"})

UNKNOWN = "none-such"


class Rows:
    """The rows that one caller's requests for an operation may name."""

    def __init__(self, target: Target, operation: Operation, caller: Caller, making: Making | None) -> None:
        self.target = target
        self.operation = operation
        self.caller = caller
        self.making = making
        self.writes = is_write(operation)
        self._pools: dict[str, list[str]] = {}
        self._number = 0
        self._unfilled = False

    def fill(self, request: Request) -> Request:
        """The request with known ids in place of generated ones, and narrowed where the document allows it.

        A request with a flaw gets its path from here and keeps the rest as it is.
        """
        self._number += 1
        self._unfilled = False
        chance = Random(f"{self.target.settings.seed} {self.operation.operation_id} {self._number}")
        document = self.target.document
        found = flaw(document, self.operation, request)
        if found is None or found.statuses == {400}:
            path = tuple((name, self._of_path(name, fresh=found is None)) for name, _ in request.path)
            request = replace(request, path=path)
        if found is not None:
            return request
        query: dict[str, Any] = dict(request.query)
        for parameter in self.operation.filters:
            if parameter.name in query:
                query[parameter.name] = ",".join(self._many(parameter.schema, query[parameter.name].split(","), chance))
        body = request.body
        if self.operation.body is not None:
            body = self._filled(document.at(self.operation.body), body, "", chance)
        narrow(self.operation, query, body)
        if self.writes and not self.target.settings.is_mock:
            marked(self.target, body)
        return replace(
            request,
            query=tuple((name, str(value)) for name, value in query.items()),
            content=None if request.content is None else json.dumps(body, ensure_ascii=False).encode(),
        )

    def outcomes(self, request: Request) -> set[int]:
        """The statuses that a request which was filled here may have.

        Names and links that were taken are 409; what could not be filled names nothing, 404.
        """
        found = {self.operation.status}
        body = request.body if isinstance(request.body, dict) else {}
        if "publicLinkValue" in body or self.operation.operation_id == "createLabel":
            found.add(409)
        if self._unfilled or any(value == UNKNOWN for _, value in request.path):
            found.add(404)
        return found & {int(status) for status in self.operation.responses}

    def _of_path(self, name: str, *, fresh: bool) -> str:
        """The path's row: a new one for each request that may delete it, else the same one."""
        if self.operation.operation_id == "deleteLabel" and fresh and self.making is not None:
            return str(self.making.label(f"L{self._number}").data["id"])
        kind = reference(self._schema_of(name)) or ""
        pool = self._path_pool(kind)
        return pool[self._number % len(pool)] if pool else UNKNOWN

    def _schema_of(self, name: str) -> Mapping[str, Any]:
        return next(one.schema for one in self.operation.parameters_in("path") if one.name == name)

    def _path_pool(self, kind: str) -> list[str]:
        key = f"path {kind}"
        if key not in self._pools:
            self._pools[key] = self._own(kind) if self.writes else self._existing(kind)
        return self._pools[key]

    def _own(self, kind: str) -> list[str]:
        """Rows that this run made."""
        if self.making is None:
            return []
        match kind:
            case "invite":
                made = [self.making.create(self.caller, "createInvite", body=self.making.mother_body())]
                if self.operation.operation_id != "createSubInvite":
                    made.append(self.making.create(self.caller, "createInvite", body=self.making.direct_body()))
                return [str(answer.data["id"]) for answer in made]
            case "meeting":
                return [str(self.making.meeting(self.caller).data["id"])]
            case "label":
                return [str(self.making.label("Shape").data["id"])]
            case "user" if self.target.settings.is_mock:
                return [self.making.id_of(self.caller)]
        return []

    def _existing(self, kind: str) -> list[str]:
        """Rows that the caller can list, at most twenty."""
        lists = {"invite": "listInvites", "meeting": "listMeetings", "label": "listLabels", "user": "listUsers"}
        operation = self.target.document.operations[lists[kind]]
        able = [self.caller.name, *self.target.callers] if kind in ("user", "label") else [self.caller.name]
        allowed = [name for name in able if name in operation.roles]
        if not allowed:
            return []
        query = around_now() if kind == "meeting" else {}
        data = self.target.caller(allowed[0]).call(operation.operation_id, query={**query, "pageSize": 20}).data
        return [str(row["id"]) for row in data["items"] if row.get("status") not in ("pending", "disabled")]

    def _named(self, kind: str, member: str) -> list[str]:
        """What a body or filter may name."""
        if kind == "user" and self.writes and self.making is not None:
            myself = self.making.id_of(self.caller)
            if member == "hostUserId" or not self.target.settings.is_mock:
                return [myself]
        if kind not in self._pools:
            self._pools[kind] = self._existing(kind)
        pool = self._pools[kind]
        if kind != "user" or not self.operation.participants:
            return pool
        half = len(pool) // 2
        return pool[half:] if member in _SECOND_HALF else pool[:half]

    def _many(self, schema: Mapping[str, Any], values: list[Any], chance: Random, member: str = "") -> list[Any]:
        items = self.target.document.resolve(schema["items"])
        kind = reference(items)
        pool = self._named(kind, member) if kind else []
        if not pool:
            self._unfilled = self._unfilled or bool(kind and values)
            return values
        return chance.sample(pool, min(len(values), len(pool)))

    def _filled(self, node: Mapping[str, Any], value: Any, member: str, chance: Random) -> Any:
        """A value with every id that its schema says is a reference replaced."""
        schema = self.target.document.resolve(node)
        if isinstance(value, list):
            if reference(self.target.document.resolve(schema.get("items", {}))):
                return self._many(schema, value, chance, member)
            return [self._filled(schema.get("items", {}), one, member, chance) for one in value]
        if isinstance(value, dict):
            members = self.target.document.members(schema)
            return {name: self._filled(members.get(name, {}), one, name, chance) for name, one in value.items()}
        if kind := reference(schema):
            pool = self._named(kind, member)
            self._unfilled = self._unfilled or not pool
            return chance.choice(pool) if pool else value
        return value


def marked(target: Target, body: Any) -> None:
    """Say in a body which run wrote it, and let it name nobody outside who could get mail."""
    if not isinstance(body, dict):
        return
    for name, limit in (("title", 150), ("name", 25)):
        if isinstance(body.get(name), str):
            body[name] = target.mark(body[name][:limit])
    if isinstance(body.get("meeting"), dict):
        marked(target, body["meeting"])
    people = [*body.get("guests", ()), *body.get("candidates", ()), body.get("candidate")]
    for number, person in enumerate(one for one in people if isinstance(one, dict)):
        person["email"] = f"contract-test-{number}@candidates.example"
        if isinstance(person.get("name"), str):
            person["name"] = target.mark(person["name"][:150])
