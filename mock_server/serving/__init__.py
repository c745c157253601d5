"""HTTP/1.1 around the app: `server` listens and stops, a `connection` is one client's, `reading` finds its requests, a
`turn` answers one.
"""

from mock_server.serving.server import CannotListen, serve

__all__ = ["CannotListen", "serve"]
