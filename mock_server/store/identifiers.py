"""Generated ids: opaque, and decided by the workspace's seed and how many it has generated before."""

from hashlib import blake2b

import sqlalchemy as sa

from mock_server.meanings import Unauthorized
from mock_server.store.tables import workspaces
from mock_server.store.transaction import Transaction

_NEXT = (
    sa.update(workspaces)
    .where(workspaces.c.name == sa.bindparam("workspace"))
    .values(sequence=workspaces.c.sequence + 1)
    .returning(workspaces.c.seed, workspaces.c.sequence)
)


def digest(seed: int, number: int) -> str:
    """Sixteen characters that differ for every number."""
    return blake2b(f"{seed}:{number}".encode(), digest_size=8).hexdigest()


def next_digest(tx: Transaction, workspace: str) -> str:
    """The workspace's next sixteen characters; a transaction that is undone gives them back.

    Raises Unauthorized for a workspace that has been deleted since its request was let in (TEN-01).
    """
    made = tx.first(_NEXT, {"workspace": workspace})
    if made is None:
        raise Unauthorized(f"The workspace {workspace} has been deleted meanwhile", rule="TEN-01")
    return digest(made.seed, made.sequence)
