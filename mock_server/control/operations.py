"""Every operation of the control document, a module a topic."""

from collections.abc import Mapping

from mock_server.control import bundles, contents, faults, issuers, people, server, snapshots, worlds
from mock_server.control.requests import handlers as requests
from mock_server.stack import Handler
from mock_server.state import State


def handlers(state: State, suffix: str) -> Mapping[str, Handler]:
    """Every operation of the control document. `suffix` is the domain that workspaces are shown under."""
    return {
        **server.handlers(state, suffix),
        **worlds.handlers(state, suffix),
        **contents.handlers(state),
        **snapshots.handlers(state, suffix),
        **bundles.handlers(state, suffix),
        **people.handlers(state),
        **faults.handlers(state),
        **requests.handlers(state),
        **issuers.handlers(state),
    }
