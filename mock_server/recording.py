"""An exchange that has ended, as the journal keeps it: quickly, for this is paid by every request."""

from marshal import dumps
from time import perf_counter

from mock_server.exchange import Exchange
from mock_server.journal import KEPT, VERSION, Headers, Packed, may_have_changed


def packed(exchange: Exchange, headers: Headers, body: bytes) -> Packed:
    """The entry of an exchange that was answered with these headers and this body."""
    scope, received, caller = exchange.scope, exchange.body, exchange.principal
    method, status, operation = scope["method"], int(exchange.status), exchange.operation
    return (
        method != "GET" and may_have_changed(method, status, scope["path"], operation),
        exchange.now,
        operation,
        exchange.refused,
        exchange.would_refuse,
        dumps(
            (
                exchange.request_id,
                exchange.workspace.name,
                exchange.served,
                method,
                scope.get("raw_path") or scope["path"].encode(),
                scope["query_string"],
                scope["headers"],
                received if received is None or len(received) <= KEPT else received[:KEPT],
                0 if received is None else len(received),
                status,
                headers,
                body if len(body) <= KEPT else body[:KEPT],
                len(body),
                None if caller is None else (caller.workspace, caller.user_id, caller.role, caller.credential),
                exchange.fault,
                exchange.started,
                perf_counter(),
            ),
            VERSION,
        ),
    )
