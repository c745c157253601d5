"""`python -m tests.mock_server.cutting`: an app that ends connections as its paths say, on a port that it prints."""

from starlette.types import Receive, Scope, Send

from mock_server.exchange import EXTENSION, Connection
from mock_server.serving import serve


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """`/abort`, `/close`: at once, or after a part of the answer: `/abort/half`; anything else is answered."""
    connection: Connection = scope["extensions"][EXTENSION]
    _, ending, *half = scope["path"].split("/")
    end = {"abort": connection.abort, "close": connection.close}.get(ending)
    if end is None or half:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"ab" if half else b"abcd", "more_body": bool(half)})
    if end is not None:
        end()


if __name__ == "__main__":
    serve(app, "127.0.0.1", 0, lambda port: print(port, flush=True))
