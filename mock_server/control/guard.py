"""Who may use the control API: whoever is on this machine and no web page, or whoever has its token."""

import hmac
from ipaddress import ip_address

from mock_server.access.hosts import Hosts
from mock_server.exchange import Exchange
from mock_server.meanings import Forbidden, NotFound, Unauthorized
from mock_server.settings import Settings
from mock_server.state import State


class Guard:
    """Refuses foreign origins and hosts, so that no web page reaches the mock through its reader's browser."""

    def __init__(self, settings: Settings, hosts: Hosts, state: State) -> None:
        self._token = None if settings.control_token is None else settings.control_token.encode()
        self._open = settings.on_loopback
        self._hosts = hosts
        self._state = state

    async def __call__(self, exchange: Exchange) -> None:
        """A request about a world enters it. Raises Unauthorized, Forbidden or, where the API is off, NotFound."""
        self._check(exchange)
        world = self._state.workspaces.get(exchange.scope.get("path_params", {}).get("workspace"))
        if world is not None:
            exchange.enter(world)

    def _check(self, exchange: Exchange) -> None:
        headers = {name: value.decode("latin-1") for name, value in exchange.scope["headers"]}
        if self._token is not None:
            scheme, _, given = headers.get(b"authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("latin-1"), self._token):
                raise Unauthorized("Send the control token: Authorization: Bearer <token>", rule="CONTROL")
            return
        if not self._open:
            raise NotFound("The control API is off here: start the mock with --control-token", rule="CONTROL")
        if not self._is_here(exchange.host):
            raise Forbidden(f"The control API does not answer for the host {exchange.host[:80]}", rule="CONTROL")
        origin = headers.get(b"origin")
        if origin is not None and origin != exchange.base_url:
            raise Forbidden(f"The control API does not answer to pages of {origin[:80]}", rule="CONTROL")

    def _is_here(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.lower() == "localhost" or self._hosts.workspace(host) is not None:
            return True
        try:
            return ip_address(name.strip("[]")).is_loopback
        except ValueError:
            return False
