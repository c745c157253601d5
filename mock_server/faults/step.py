"""The step of a request's way where faults are applied: its caller is known, nothing of it is read yet."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.exchange import Exchange
from mock_server.faults.fault import Fault
from mock_server.faults.header import NAME, requested
from mock_server.faults.kinds import KINDS, Strike
from mock_server.faults.past import past
from mock_server.meanings import Invalid, NotFound
from mock_server.state import State

APPLIED = "X-Mock-Fault-Applied"

_HEADER = NAME.lower().encode()


class FaultsStep:
    """Applies the faults of a request's workspace, and the one that the request itself asks for."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange.of(scope)
        own = [value for name, value in scope["headers"] if name == _HEADER]
        if not own and not exchange.workspace.faults:
            await self._app(scope, receive, send)
            return
        operation = exchange.operation
        if operation is None:
            raise RuntimeError("the request has not been routed")
        role = exchange.principal.role if exchange.principal else None
        faults = exchange.workspace.faults.striking(operation, role)
        if fault := requested(own, exchange):
            try:
                fault.past = await past(self._state, exchange.workspace, fault.given)
            except NotFound as error:
                # To the operation, it is a bad header and no missing row.
                raise Invalid(f"{NAME}/snapshot names none: {error.message}", rule="CONTROL") from None
            faults = chain([fault], faults)
        await self._apply(faults, scope, receive, send)

    async def _apply(self, faults: Iterator[Fault], scope: Scope, receive: Receive, send: Send) -> None:
        """Apply each in turn, until one of them answers."""
        fault = next(faults, None)
        if fault is None:
            await self._app(scope, receive, send)
            return
        exchange = Exchange.of(scope)
        name = f"{fault.kind} {fault.id}"
        exchange.fault = name if exchange.fault is None else f"{exchange.fault}, {name}"
        exchange.headers[APPLIED] = exchange.fault
        carry_on = partial(self._apply, faults, scope, receive, send)
        await KINDS[fault.kind](Strike(fault, exchange, send, carry_on))
