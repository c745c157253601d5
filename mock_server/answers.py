"""What a handler may answer with that is no JSON value."""

from abc import ABC, abstractmethod

from starlette.types import Receive, Send

from mock_server.exchange import Exchange


class Answer(ABC):
    """An answer that sends itself."""

    @abstractmethod
    async def send(self, exchange: Exchange, receive: Receive, send: Send) -> None:
        """Send it, with its request id; leave its status on the exchange."""
