"""An exchange that has ended, as the journal's entry: references alone, for this is paid by every request."""

from time import perf_counter

from mock_server.exchange import Exchange
from mock_server.journal import KEPT, Entry, Headers, packed


def entry(exchange: Exchange, number: int, headers: Headers, body: bytes) -> Entry:
    """The entry of an exchange that was answered with these headers and this body."""
    scope, received, path = exchange.scope, exchange.body, exchange.scope["path"]
    # By position, which is faster than by name: in the order of `Entry`.
    return Entry(
        number,
        exchange.request_id,
        exchange.workspace.name,
        exchange.now,
        exchange.served,
        scope["method"],
        scope.get("raw_path") or path.encode(),
        path,
        scope["query_string"],
        packed(scope["headers"]),
        received if received is None else received[:KEPT],
        0 if received is None else len(received),
        exchange.status,
        packed(headers),
        body[:KEPT],
        len(body),
        exchange.operation,
        exchange.principal,
        exchange.refused,
        exchange.would_refuse,
        exchange.fault,
        perf_counter() - exchange.started,
    )
