"""An exchange that has ended, as the journal's entry: references alone, for this is paid by every request."""

from time import perf_counter

from mock_server.exchange import Exchange
from mock_server.journal import KEPT, Entry, Headers


def entry(exchange: Exchange, headers: Headers, body: bytes) -> Entry:
    """The entry of an exchange that was answered with these headers and this body."""
    scope, received = exchange.scope, exchange.body
    return Entry(
        request_id=exchange.request_id,
        workspace=exchange.workspace.name,
        at=exchange.now,
        served=exchange.served,
        method=scope["method"],
        target=scope.get("raw_path") or scope["path"].encode(),
        path=scope["path"],
        query=scope["query_string"],
        headers=scope["headers"],
        body=received if received is None else received[:KEPT],
        size=len(received or b""),
        status=exchange.status,
        answer_headers=headers,
        answer_body=body[:KEPT],
        answer_size=len(body),
        operation=exchange.operation,
        principal=exchange.principal,
        refused=exchange.refused,
        would_refuse=exchange.would_refuse,
        fault=exchange.fault,
        duration=perf_counter() - exchange.started,
    )
