"""The flat middlewares between Connexion's routing and our dispatch, each knowing one thing.

routing (`connexion31`) → `Authentication` → `Limits` → `Roles` → `FaultsStep` → `Validation`
→ `Dispatch`; the control API has neither limits nor faults
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.answers import Answer
from mock_server.exchange import Exchange, respond, success
from mock_server.framework import RoutedAPI, RoutedMiddleware
from mock_server.meanings import Forbidden, TooManyRequests
from mock_server.principal import Principal
from mock_server.validation import RequestReader
from openapi import Document, Operation, load_rules

Handler = Callable[[Exchange], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class StepOptions:
    """What the steps need beside the document.

    `authenticate` finds who calls, by all of a request's credentials together, or raises. `max_body` is in bytes.
    """

    authenticate: Callable[[Exchange], Awaitable[Principal | None]]
    max_body: int


class _Step:
    """One operation in one middleware."""

    def __init__(self, next_app: ASGIApp, document: Document, operation: Operation, options: StepOptions) -> None:
        self.next_app = next_app
        self.document = document
        self.operation = operation
        self.prepare(options)

    def prepare(self, options: StepOptions) -> None:
        """Compile what the requests will need."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError


class _StepAPI(RoutedAPI):  # type: ignore[misc]  # connexion has no types
    step: ClassVar[type[_Step]]

    def __init__(self, *args: Any, document: Document, step_options: StepOptions, **options: Any) -> None:
        super().__init__(*args, **options)
        self._document = document
        self._options = step_options
        self.add_paths()

    def make_operation(self, operation: Any) -> _Step:
        ours = self._document.operations[operation.operation_id]
        return self.step(self.next_app, self._document, ours, self._options)


class _AuthenticationStep(_Step):
    def prepare(self, options: StepOptions) -> None:
        self._authenticate = options.authenticate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.operation.secured:
            exchange = Exchange.of(scope)
            exchange.principal = await self._authenticate(exchange)
        await self.next_app(scope, receive, send)


class _RolesStep(_Step):
    def prepare(self, options: StepOptions) -> None:
        rules = load_rules().values()
        bound = (
            rule.id for rule in rules if rule.id.startswith("ROLE-") and self.operation.operation_id in rule.operations
        )
        self._rule = next(bound, "ROLE-04")
        self._whom = " and ".join(f"{role}s" for role in self.operation.roles)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange.of(scope)
        principal = exchange.principal
        roles = self.operation.roles
        if principal is not None and principal.role not in roles:
            message = f"This is for {self._whom}; your role is {principal.role}"
            exchange.refuse(Forbidden(message, rule=self._rule, passes=roles))
        await self.next_app(scope, receive, send)


class _ValidationStep(_Step):
    def prepare(self, options: StepOptions) -> None:
        self._reader = RequestReader(self.document, self.operation, max_body=options.max_body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange.of(scope)
        exchange.body = await self._reader.receive(scope, receive)
        exchange.input = self._reader.read(scope, exchange.body, exchange.now, exchange.refuse)
        await self.next_app(scope, receive, send)


class _AuthenticationAPI(_StepAPI):
    step = _AuthenticationStep


class _RolesAPI(_StepAPI):
    step = _RolesStep


class _ValidationAPI(_StepAPI):
    step = _ValidationStep


class Authentication(RoutedMiddleware):  # type: ignore[misc]  # connexion has no types
    """Finds the caller of what the document secures.

    Connexion's own step looks at one scheme after the other, and would not see that two credentials were sent.
    """

    api_cls = _AuthenticationAPI


class Limits:
    """Counts each request of a known caller where its workspace has a rate limit (RATE-01)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange.of(scope)
        meter, caller = exchange.workspace.meter, exchange.principal
        if meter is not None and caller is not None:
            usage = meter.take(caller.credential, exchange.now)
            exchange.headers |= {
                "RateLimit-Limit": str(meter.limit.requests),
                "RateLimit-Remaining": str(usage.remaining),
                "RateLimit-Reset": str(usage.reset_seconds),
            }
            if not usage.allowed:
                raise TooManyRequests(usage.reset_seconds)
        await self._app(scope, receive, send)


class Roles(RoutedMiddleware):  # type: ignore[misc]  # connexion has no types
    """Refuses callers whose role may not call the operation (ROLE-01 to ROLE-03)."""

    api_cls = _RolesAPI


class Validation(RoutedMiddleware):  # type: ignore[misc]  # connexion has no types
    """Reads and checks what the request says."""

    api_cls = _ValidationAPI


class Dispatch:
    """The end of the way: the operation's handler, and its data in the envelope, unless it sends itself."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange.of(scope)
        operation = exchange.operation
        if operation is None:
            raise RuntimeError("the request has not been routed")
        data = await self._handlers[operation.operation_id](exchange)
        if isinstance(data, Answer):
            await data.send(exchange, receive, send)
            return
        body = success(data) if operation.enveloped else orjson.dumps(data)
        await respond(send, exchange, operation.status, body)
