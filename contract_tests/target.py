"""The server under test: where it is, who may be asked as whom, and what is there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import orjson

from contract_tests.checks.universal import Universal
from contract_tests.outcomes import Broken, Finding, NotVerified, SetUpFailed, brief
from contract_tests.preflight import probe
from contract_tests.redaction import placeholder
from contract_tests.settings import CALLERS, Settings
from contract_tests.transport import BASE, Transport, is_page
from fixtures import load_world
from openapi import Operation, load_app_api

# What a regular user in the built-in worlds is called; roles that a mock's personas fill.
# How many of a test's requests a finding shows at most, the latest: a walk through a long list is told whole.
_MOST_STEPS = 40

PERSONAS = {
    "admin": "usr_ada",
    "manager": "usr_marta",
    "user": "usr_alan",
    "other_user": "usr_edith",
    "rival": "usr_gx_ada",
}


class Answer:
    """An answer that has passed the universal checks."""

    def __init__(self, caller: "Caller", operation: Operation | None, response: httpx.Response, body: Any) -> None:
        self.caller = caller
        self.operation = operation
        self.response = response
        self.body = body

    @property
    def status(self) -> int:
        """The status."""
        return self.response.status_code

    @property
    def data(self) -> Any:
        """The data of a success. Raises Broken (ERR-01) where it is a refusal that nobody expected."""
        if not self.response.is_success:
            raise self.broken("ENV-06", "success", f"{self.status}: {self.body['message']}")
        return self.body["data"]

    def broken(self, rule: str, expected: str, actual: Any) -> Broken:
        """A finding about this answer."""
        return self.caller.target.broken(rule, self.operation, expected, actual)

    def must_be(self, status: int, rule: str, why: str = "") -> "Answer":
        """Itself, if it has this status. Raises Broken."""
        if self.status != status:
            said = self.body.get("message", "") if isinstance(self.body, dict) else ""
            raise self.broken(rule, f"{status}{why and f' ({why})'}", f"{self.status} {said}")
        return self


class Caller:
    """Somebody with a credential (or none) at one workspace's host."""

    def __init__(self, target: "Target", name: str, url: str, secret: tuple[str, str] | None) -> None:
        self.target = target
        self.name = name
        self.url = url
        self.secret = secret

    def call(
        self,
        operation_id: str,
        *path: str,
        query: dict[str, Any] | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Call an operation: `path` fills its template in order, `body` is sent as JSON, `content` as it is."""
        operation = self.target.document.operations[operation_id]
        filled = operation.path
        for value in path:
            before, _, rest = filled.partition("{")
            filled = f"{before}{quote(value, safe='')}{rest.partition('}')[2]}"
        return self.send(operation, operation.method, filled, query=query, body=body, headers=headers, content=content)

    def send(
        self,
        operation: Operation | None,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Send any request below the API's base path."""
        given = dict(headers or {})
        if body is not None:
            content = orjson.dumps(body)
        if content is not None:
            given.setdefault("Content-Type", "application/json")
        told = {key: ",".join(value) if isinstance(value, list) else value for key, value in (query or {}).items()}
        url = f"{self.url}{BASE}{path}" + (f"?{urlencode(told, safe=':,')}" if told else "")
        response = self.target.transport.send(
            operation,
            method,
            url,
            secret=self.secret,
            placeholder=placeholder(self.name),
            headers=given,
            content=content,
        )
        self.target.doubt(self, response)
        try:
            checked = self.target.universal.check(operation, response)
        except Broken as error:
            raise self.target.with_steps(error) from None
        return Answer(self, operation, response, checked)

    def whole(self, operation_id: str, *path: str, **query: Any) -> list[dict[str, Any]]:
        """Every row of a list, in pages of 100."""
        rows: list[dict[str, Any]] = []
        while True:
            page = {"page": len(rows) // 100, "pageSize": 100}
            data = self.call(operation_id, *path, query={**query, **page}).data
            rows += data["items"]
            if len(rows) >= data["total"] or not data["items"]:
                return rows


class Target:
    """A workspace under test, with its callers. A caller without a credential is asked for in vain: NotVerified."""

    def __init__(self, settings: Settings, transport: Transport, url: str, rival_url: str) -> None:
        self.settings = settings
        self.transport = transport
        self.url = url
        self.document = load_app_api()
        self.universal = Universal(self.document)
        self._callers: dict[str, Caller] = {}
        for name in CALLERS:
            if line := settings.credentials.get(name):
                header, _, value = line.partition(":")
                at = rival_url if name == "rival" else url
                self._callers[name] = Caller(self, name, at, (header.strip(), value.strip()))

    def doubt(self, caller: Caller, response: httpx.Response) -> None:
        """Ask once more where an answer may mean that a credential has expired, or that a login page is in between.

        Raises SetUpFailed if it does: what follows would be told of the server. A mock has neither.
        """
        strange = response.status_code == 401 or response.is_redirect or is_page(response)
        if strange and not self.settings.is_mock and self._callers.get(caller.name) is caller:
            steps = list(self.transport.steps)
            probe(self.transport, caller.name, caller.url, caller.secret)
            self.transport.steps[:] = steps

    def caller(self, name: str) -> Caller:
        """A caller by name. Raises NotVerified."""
        if name not in self._callers:
            raise NotVerified(f"no credential of {name.replace('_', ' ')} was given")
        return self._callers[name]

    def with_header(self, header: str, value: str, *, url: str | None = None) -> Caller:
        """Somebody with a credential that is probably none."""
        return Caller(self, "flawed", url or self.url, (header, value))

    def elsewhere(self, caller: Caller) -> Caller:
        """A caller of another workspace, at this one's host."""
        return Caller(self, caller.name, self.url, caller.secret)

    def header_of(self, name: str) -> str:
        """The header that a caller's credential is in."""
        secret = self.caller(name).secret
        return secret[0] if secret else ""

    def credentials_of(self, rule: str) -> list[tuple[str, str]]:
        """Credentials of the kind that a rule is about, as header and value. Raises NotVerified."""
        found: list[tuple[str, str]] = []
        for name in self.callers:
            if name == "rival":
                continue
            header, value = self.caller(name).secret or ("", "")
            key = value if header.lower() == "x-api-key" else ""
            if rule == "AUTH-02" and key:
                found.append((header, key))
            elif rule == "AUTH-03" and key:
                found.append(("Authorization", f"Bearer {key}"))
            elif rule == "AUTH-04" and not key:
                found.append((header, value))
        if self.settings.is_mock:
            people = [self._persona(PERSONAS[name]) for name in ("admin", "manager", "user")]
            found += {
                "AUTH-02": [("X-API-Key", people[0]["apiKey"])],
                "AUTH-03": [("Authorization", f"Bearer {people[0]['apiKey']}")],
                "AUTH-05": [("Authorization", f"Bearer {person['microsoftToken']}") for person in people],
            }.get(rule, [])
        if not found:
            raise NotVerified("no credential of this kind was given")
        return found

    def flawed_token(self, kind: str, flaw: str) -> str:
        """A token with a flaw, where the target's issuer can be asked for one: of the mock. Raises NotVerified."""
        if not self.settings.is_mock:
            raise NotVerified("only the mock's issuers mint flawed tokens")
        command = [sys.executable, "-m", "mock_server", "token", PERSONAS["user"], "--kind", kind, "--flaw", flaw]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def tokens_of_inactive(self) -> list[str]:
        """Tokens of users who are pending or disabled."""
        people = self._personas() if self.settings.is_mock else []
        return [one["token"] for one in people if one["status"] != "active"]

    @property
    def workspace(self) -> str:
        """The workspace's name, where the mock tells it. Raises NotVerified."""
        return str(next(one for one in self._personas() if one["userId"] == PERSONAS["admin"])["workspace"])

    def keys_of(self, **creator: str) -> list[str]:
        """Unrevoked API keys of the mock's workspace, whose creators are like this now. Raises NotVerified."""
        world = load_world(self.workspace)
        like = {user.id for user in world.users if all(getattr(user, name) == is_ for name, is_ in creator.items())}
        return [key.secret for key in world.api_keys if key.created_by_user_id in like and key.revoked_at is None]

    def _persona(self, user_id: str) -> dict[str, Any]:
        return next(one for one in self._personas() if one["userId"] == user_id)

    def _personas(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.control("GET", "/personas")["items"]
        return items

    @property
    def nobody(self) -> Caller:
        """Somebody without a credential."""
        return Caller(self, "nobody", self.url, None)

    @property
    def callers(self) -> tuple[str, ...]:
        """Who has a credential."""
        return tuple(self._callers)

    def broken(self, rule: str, operation: Operation | None, expected: str, actual: Any) -> Broken:
        """A finding with the requests of the present test."""
        name = operation.operation_id if operation else None
        return Broken(Finding(rule, name, expected, brief(actual), self.last_steps))

    def with_steps(self, error: Broken) -> Broken:
        """The finding of a universal check, with the requests of the present test."""
        found = error.finding
        return Broken(Finding(found.rule, found.operation, found.expected, found.actual, self.last_steps))

    @property
    def last_steps(self) -> tuple[Any, ...]:
        """The latest requests of the present test."""
        return tuple(self.transport.steps[-_MOST_STEPS:])

    def mark(self, text: str) -> str:
        """A text that says which run wrote it."""
        return f"{text} [{self.settings.run_id}]"

    def need_writes(self) -> None:
        """Raises NotVerified unless the run may write."""
        if not self.transport.may_write(self.url):
            raise NotVerified("writing needs --allow-writes and the host among write-hosts")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """What only a mock offers: its control API. Raises NotVerified elsewhere."""
        if not self.settings.is_mock:
            raise NotVerified("only the mock can play the dashboard, the candidate and time")
        response = self.ask_control(method, path, body)
        if response.is_error:
            raise SetUpFailed(f"the mock's control API refused {path}: {response.text}")
        return response.json()["data"]

    def reset(self) -> None:
        """Begin anew with a mock: rows and request ids are as at its start. Raises NotVerified elsewhere."""
        self.control("POST", "/reset")
        self.transport.wrote = False
        self.universal.forget()

    def ask_control(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """The control API's answer, whatever it is."""
        return self.transport.control(method, f"{self.url}/_mock{path}", body)


@contextmanager
def opened(settings: Settings, *, share: int = 1) -> Iterator[Target]:
    """The target of a run: a mock of its own, or the workspace at a URL."""
    with ExitStack() as stack:
        if settings.is_mock:
            people = stack.enter_context(own_mock(settings))
            tokens = {who: f"Authorization: Bearer {people[user]['token']}" for who, user in PERSONAS.items()}
            settings = replace(settings, credentials=tokens)
            url, rival_url = (f"http://{people[PERSONAS[who]]['host']}" for who in ("admin", "rival"))
        else:
            url = settings.target.rstrip("/").removesuffix(BASE)
            rival_url = settings.rival_url or url
        transport = stack.enter_context(closing(Transport(settings, share=share)))
        yield Target(settings, transport, url, rival_url)


@contextmanager
def own_mock(settings: Settings) -> Iterator[dict[str, dict[str, Any]]]:
    """A mock in a process of its own; gives its personas by user id."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--no-access-log", "--no-banner"]
    # Where this process is killed, the mock ends with the pipe that they share.
    command += ["--until-stdin-closes"]
    if settings.defect:
        command += ["--defect", settings.defect]
    # A shell's own options for `serve`, such as a rate limit, are not for this mock.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KAILENTY_MOCK_SERVE_")}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    with process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            url = line.split(" at ")[-1].strip().removesuffix(BASE)
            if not url.startswith("http"):
                raise SetUpFailed("the mock did not start")
            answer = httpx.get(f"{url}/_mock/personas", timeout=30, trust_env=False, verify=False)
            people = answer.json()["data"]["items"]
            yield {persona["userId"]: persona for persona in people}
        finally:
            process.terminate()
