"""What stale reads read of."""

from collections.abc import Mapping
from typing import Any

from mock_server.faults.reading import STALE
from mock_server.state import State
from mock_server.store import Store
from mock_server.workspace import Workspace
from mock_server.worlds.snapshots import apart


async def past(state: State, workspace: Workspace, given: Mapping[str, Any]) -> Store | None:
    """The workspace as a fault lets it be read: as it was saved, else as it is now. None of what reads nothing stale.

    Raises NotFound for a snapshot that there is not.
    """
    if given["kind"] != STALE:
        return None
    return await apart(state, workspace, given.get("snapshot"))
