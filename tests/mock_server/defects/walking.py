"""Walking through a mock in this process, and what is seen on the way."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.types import ASGIApp

from mock_server.access.tokens import Flaw, TokenKind, mint
from mock_server.app import App
from mock_server.settings import Settings
from tests.mock_server.defects.walks import Step

NOW = datetime(2030, 5, 15, 10, tzinfo=UTC)
API = "/api/v1/app"


class Walker:
    """A healthy mock, and its personas' tokens."""

    def __init__(self) -> None:
        self.app = App(Settings(clock=NOW, frozen=True))
        people = asyncio.run(self._people())
        self._tokens = {person["userId"]: person["token"] for person in people}
        self._microsoft = {person["userId"]: person["microsoftToken"] for person in people}

    async def _people(self) -> Any:
        async with _client(self.app) as client:
            return (await client.get("/_mock/personas")).json()["data"]["items"]

    def seen(self, app: ASGIApp, steps: tuple[Step, ...]) -> list[Any]:
        """What a walk through an app comes to, begun anew."""
        return asyncio.run(self._seen(app, steps))

    async def _seen(self, app: ASGIApp, steps: tuple[Step, ...]) -> list[Any]:
        kept: dict[str, str] = {}
        ids: set[str | None] = set()
        seen = []
        async with _client(app) as client:
            await client.post("/_mock/reset")
            for step in steps:
                answer = await self._send(client, step, kept)
                if step.keep:
                    kept[step.keep] = answer.json().get("data", {}).get("id", "none")
                seen.append(_told(answer, ids))
        return seen

    async def _send(self, client: httpx.AsyncClient, step: Step, kept: dict[str, str]) -> httpx.Response:
        method, path = step.line.split(" ", 1)
        for name, value in kept.items():
            path = path.replace(f"{{{name}}}", value)
        base = "/_mock" if step.control else "" if path.startswith("/api/") else API
        headers = {"Host": step.host, **self._credential(step.who), **step.headers}
        if step.content is not None:
            headers.setdefault("Content-Type", "application/json")
        body = (
            {"content": step.content} if step.content is not None else {} if step.body is None else {"json": step.body}
        )
        return await client.request(method, base + path, headers=headers, **body)  # type: ignore[arg-type]

    def _credential(self, who: str | None) -> dict[str, str]:
        kind, _, value = (who or "").partition(":")
        match kind:
            case "":
                return {}
            case "key":
                return {"X-API-Key": value}
            case "bearer":
                return {"Authorization": f"Bearer {value}"}
            case "token" if value == "microsoft":
                return {"Authorization": f"Bearer {self._microsoft['usr_alan']}"}
            case "token":
                return {"Authorization": f"Bearer {_flawed(value)}"}
        return {"Authorization": f"Bearer {self._tokens[kind]}"}


def _client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


def _flawed(flaw: str) -> str:
    return mint(
        TokenKind.KAILENTY,
        workspace="acme",
        tenant_id="aaaaaaaa-0000-4000-8000-000000000000",
        user_id="usr_alan",
        object_id="aaaaaaaa-0000-4000-8000-000000000006",
        email="alan@acme.example",
        name="Alan Price",
        token_id="walk",
        now=NOW,
        lifetime=timedelta(hours=1),
        flaw=Flaw(flaw),
    )


def _told(answer: httpx.Response, ids: set[str | None]) -> Any:
    """An answer, its request id replaced by what is to be known of it."""
    given = answer.headers.get("x-request-id")
    in_body = re.search(r'"requestId":"([^"]*)"', answer.text)
    named = in_body[1] if in_body else given
    about = (bool(given), str(given).startswith("req_"), given == named, given in ids)
    ids.add(given)
    text = answer.text.replace(named or "no id", "id")
    return answer.status_code, answer.headers.get("content-type"), answer.headers.get("allow"), about, text
