"""The healthy mock as a defect reaches it: asked in the same process, as anybody."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from starlette.types import ASGIApp, Message

from mock_server.access.tokens import TokenKind
from mock_server.clock import text
from mock_server.control.personas import token
from mock_server.defects.wire import Answer, Request, Row
from mock_server.exchange import KEY
from mock_server.principal import Principal
from mock_server.state import State
from mock_server.store.tables import users

_ACTIVE = (
    sa.select(users)
    .where(users.c.workspace == sa.bindparam("workspace"), users.c.status == "active")
    .order_by(users.c.id)
)


@dataclass
class Memory:
    """What a defect remembers. `overlay` are members shown instead of a row's own, `hidden` rows not listed."""

    overlay: dict[str, Row] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    notes: dict[str, Any] = field(default_factory=dict)

    def claim(self, row_id: str, **members: Any) -> None:
        """Show these members of a row from now on."""
        self.overlay[row_id] = {**self.overlay.get(row_id, {}), **members}


class Server:
    """The mock under a defect, which keeps the contract itself."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state
        self.memory = Memory()

    async def ask(self, request: Request) -> Answer:
        """The healthy answer."""
        scope = dict(request.scope)
        sent: list[Message] = []
        given = [{"type": "http.request", "body": request.body, "more_body": False}]

        async def receive() -> Message:
            return given.pop() if given else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        exchange = scope.get(KEY)
        return Answer(
            status=sent[0]["status"],
            headers=tuple((name.lower(), value) for name, value in sent[0].get("headers", ())),
            body=b"".join(message.get("body", b"") for message in sent[1:]),
            caller=exchange.principal if exchange else None,
            rule=exchange.rule if exchange else None,
        )

    async def caller(self, request: Request) -> Principal | None:
        """Who calls, None where nobody is recognised."""
        return (await self.ask(request.to("GET", "/invites", {"pageSize": "1"}))).caller

    def people(self, workspace: str, *roles: str) -> list[Any]:
        """The active users of a workspace that have one of these roles, in order of their ids."""
        with self._state.store.transaction() as tx:
            found = tx.all(_ACTIVE, {"workspace": workspace})
        return [row for row in found if not roles or row.role in roles]

    def token(self, person: Any) -> str:
        """A credential of somebody whom `people` gave."""
        return token(TokenKind.KAILENTY, self._state.workspaces[person.workspace], person)

    def as_role(self, request: Request, workspace: str, *roles: str) -> Request:
        """The request by the first user that has one of these roles."""
        return request.by(self.token(self.people(workspace, *roles)[0]))

    def as_user(self, request: Request, workspace: str, user_id: str) -> Request:
        """The request by this user; by any active one where that one is not active."""
        people = self.people(workspace)
        return request.by(self.token(next((one for one in people if one.id == user_id), people[0])))

    def addressed(self, request: Request) -> str:
        """The workspace that a request is addressed to, the first one at a bare host."""
        known = sorted(self._state.workspaces)
        label = (request.header("host") or "").partition(".")[0]
        return label if label in known else known[0]

    def rival(self, workspace: str) -> str:
        """Another workspace."""
        return next(name for name in sorted(self._state.workspaces) if name != workspace)

    def among_rivals(self, request: Request, workspace: str) -> Request:
        """The request by an admin of another workspace, addressed there."""
        return self.as_role(request, self.rival(workspace), "admin").with_header("host", "localhost")

    def now(self) -> str:
        """The time it is, as the contract writes it."""
        return text(self._state.clock.now())

    def around_now(self) -> dict[str, str]:
        """A range of meetings, half a year back and half a year ahead."""
        now, half = self._state.clock.now(), timedelta(days=183)
        return {"from": text(now - half), "to": text(now + half)}

    def row(self, statement: sa.Select[Any], **values: Any) -> Any:
        """The first row of the store that a statement finds."""
        with self._state.store.transaction() as tx:
            return tx.first(statement, values)

    async def whole(self, request: Request) -> list[Row]:
        """Every row of the list that a request asks for, whatever its page."""
        rows: list[Row] = []
        while True:
            page = {"page": str(len(rows) // 100), "pageSize": "100"}
            answer = await self.ask(request.with_query(page))
            if not answer.ok:
                return rows
            rows += answer.data["items"]
            if len(rows) >= answer.data["total"]:
                return rows

    def shown(self, answer: Answer) -> Answer:
        """An answer with what memory has of its rows."""
        memory = self.memory
        if not answer.rows or not (memory.overlay or memory.hidden):
            return answer
        kept = [{**row, **memory.overlay.get(row.get("id", ""), {})} for row in answer.rows]
        if "items" not in answer.data:
            return answer.showing(kept)
        kept = [row for row in kept if row["id"] not in memory.hidden]
        total = answer.data["total"] - len(answer.rows) + len(kept)
        return answer.giving({**answer.data, "items": kept, "total": total})

    def forget(self) -> None:
        """Begin anew."""
        self.memory = Memory()
