"""The whole stack in one function.

A request goes: CORS → boundary (id, errors, access log) → Connexion: route → authenticate → rate limit → role → faults
→ validate → dispatch → domain function in one transaction → envelope.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.exc import IntegrityError
from starlette.types import ASGIApp, Receive, Scope, Send

from fixtures import World, load_world
from mock_server import domain
from mock_server.access.authenticate import Authenticator
from mock_server.access.hosts import Hosts
from mock_server.boundary import Boundary
from mock_server.clock import text
from mock_server.connexion31 import Connexion31, Routing31
from mock_server.console import console
from mock_server.console import serves as is_of_the_console
from mock_server.control.guard import Guard
from mock_server.control.operations import handlers as control_handlers
from mock_server.control.personas import personas
from mock_server.cors import ALWAYS, Cors
from mock_server.documents import document_handler
from mock_server.domain import Call
from mock_server.errors import EXPLAINING_HEADERS
from mock_server.exchange import Exchange
from mock_server.explorer import PATH as EXPLORER_PATH
from mock_server.explorer import explorer
from mock_server.faults.step import APPLIED, FaultsStep
from mock_server.framework import Resolver
from mock_server.meanings import Conflict, Refusal
from mock_server.selfcheck import breach
from mock_server.settings import Settings
from mock_server.stack import Authentication, Dispatch, Handler, Limits, Roles, StepOptions, Validation
from mock_server.state import State
from mock_server.workspace import Workspace
from mock_server.worlds.making import delete
from openapi import Document, load_app_api, load_mock_control

CONTROL_PATH = "/_mock"

# What a page of any origin may read of an answer.
_EXPOSED = (*load_app_api().raw["components"]["headers"], "Allow", APPLIED, *EXPLAINING_HEADERS)

# Of each role and status of a workspace; a generated world may have thousands of users.
SHOWN_IN_EXPLORER = 5


class App:
    """The mock as one ASGI application; `state` is what it serves."""

    def __init__(self, settings: Settings, worlds: Sequence[World] | None = None) -> None:
        self.settings = settings
        self.state = State(settings, worlds or [load_world(name) for name in settings.worlds])
        hosts = Hosts(settings.host_suffixes)
        check = breach if settings.validate_responses else None
        api = _connexion(
            [Routing31, Authentication, Limits, Roles, partial(FaultsStep, state=self.state), Validation],
            load_app_api(),
            _domain_handlers(self.state),
            StepOptions(Authenticator(self.state, hosts), settings.max_body),
        )
        guard = Guard(settings, hosts, self.state)
        control = _connexion(
            # Who steers the mock meets none of what it plays.
            [Routing31, Authentication, Roles, Validation],
            load_mock_control(),
            control_handlers(self.state, settings.host_suffixes[0]),
            StepOptions(guard, settings.max_body),
        )
        # Any page may call the App API, as it may in production; none the control API.
        self._api: ASGIApp = Cors(
            Boundary(
                api,
                server=self.state.server,
                addressed=partial(_addressed, self.state, hosts),
                soft=settings.soft,
                check=check,
                always=ALWAYS,
            ),
            allow_origins=["*"],
            allow_methods=["*"],
            allow_headers=["*"],
            allow_private_network=True,  # Chromium asks where a public page calls a mock on this machine
            expose_headers=_EXPOSED,
        )
        self._control: ASGIApp = Boundary(control, server=self.state.server, journaled=_changes_something, check=check)
        self._explorer: ASGIApp = Boundary(
            explorer(_to_act_as(self.state, guard, hosts, settings.host_suffixes[0])),
            server=self.state.server,
            journaled=_never,
        )
        self._console: ASGIApp = Boundary(console(), server=self.state.server, journaled=_never)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for workspace in self.state.expired():
            await delete(self.state, workspace)
        path = scope["path"]
        if is_of_the_console(path):
            await self._console(scope, receive, send)
        elif _is_below(path, CONTROL_PATH):
            await self._control(scope, receive, send)
        elif _is_below(path, EXPLORER_PATH):
            await self._explorer(scope, receive, send)
        else:
            await self._api(scope, receive, send)


def _is_below(path: str, base: str) -> bool:
    return path == base or path.startswith(f"{base}/")


def _addressed(state: State, hosts: Hosts, host: str) -> Workspace | None:
    """The workspace that a host names, if there is one."""
    name = hosts.workspace(host)
    return None if name is None else state.workspaces.get(name)


def _never(_: Exchange) -> bool:
    """Pages are no requests that one looks for."""
    return False


def _changes_something(exchange: Exchange) -> bool:
    """Whether a request to the control API may have changed a world. Reading the journal must not fill it."""
    operation = exchange.operation
    about_journal = operation is not None and operation.path.startswith("/requests")
    return exchange.scope["method"] not in ("GET", "HEAD") and not about_journal


def _connexion(
    steps: Sequence[Callable[[ASGIApp], ASGIApp]],
    document: Document,
    handlers: Mapping[str, Handler],
    options: StepOptions,
) -> ASGIApp:
    stack = Connexion31(Dispatch(handlers), middlewares=list(steps))
    stack.add_document(document, resolver=Resolver(handlers.__getitem__), step_options=options)
    app: ASGIApp = stack
    return app


def _domain_handlers(state: State) -> dict[str, Handler]:
    handlers = {name: _in_transaction(state, function) for name, function in domain.HANDLERS.items()}
    return {"getOpenApiDocument": document_handler(load_app_api()), **handlers}


def _in_transaction(state: State, function: Callable[[Call], Any]) -> Handler:
    """A domain function as a handler: one request, one transaction."""

    async def handle(exchange: Exchange) -> Any:
        operation, principal, given = exchange.operation, exchange.principal, exchange.input
        if operation is None or principal is None or given is None:
            raise RuntimeError("the request has not been routed, authenticated and read")
        now = text(exchange.now)
        store = exchange.past or state.store
        try:
            return await store.run(lambda tx: function(Call(tx, operation, principal, now, given, exchange.refuse)))
        except IntegrityError:
            # Another request took a unique value between our look and our write.
            raise Conflict("The same was created at the same moment, try again", rule="ERR-11") from None

    return handle


def _to_act_as(
    state: State, guard: Guard, hosts: Hosts, suffix: str
) -> Callable[[Scope], Awaitable[list[dict[str, Any]]]]:
    """Whom a reader of the explorer may act as: nobody, unless they may use the control API."""

    async def find(scope: Scope) -> list[dict[str, Any]]:
        exchange = Exchange.of(scope)
        name = hosts.workspace(exchange.host)
        try:
            await guard(exchange)
        except Refusal:
            return []
        at = state.of_start if name is None else [state.workspaces[name]] if name in state.workspaces else []
        return await state.store.run(
            lambda tx: [
                one
                for workspace in at
                for one in personas(tx, workspace, suffix=suffix, port=exchange.port, shown=SHOWN_IN_EXPLORER)
            ]
        )

    return find
