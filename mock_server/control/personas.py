"""Everybody who can call, with credentials ready to paste."""

from collections.abc import Collection
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from mock_server.access.tokens import TokenKind, mint
from mock_server.store import Transaction
from mock_server.store.tables import api_keys, users
from mock_server.workspace import Workspace

LIFETIME = timedelta(days=30)

_USERS = (
    sa.select(users)
    .where(users.c.workspace == sa.bindparam("workspace"))
    .order_by(users.c.role, users.c.status, users.c.id)
)
_KEYS = (
    sa.select(api_keys.c.created_by_user_id, api_keys.c.secret)
    .where(api_keys.c.workspace == sa.bindparam("workspace"), api_keys.c.revoked_at.is_(None))
    .order_by(api_keys.c.position.desc())
)


def personas(
    tx: Transaction,
    workspace: Workspace,
    *,
    suffix: str,
    port: int | None,
    shown: int | None = None,
    statuses: Collection[str] = ("active", "pending", "disabled"),
) -> list[dict[str, Any]]:
    """The users of a workspace that have one of these statuses, as the control document's `Persona`.

    `shown` limits how many there are of each role and status.
    """
    here = {"workspace": workspace.name}
    # The first key wins: later rows of the descending order overwrite.
    keys = {row.created_by_user_id: row.secret for row in tx.all(_KEYS, here)}
    groups = groupby(tx.all(_USERS, here), key=lambda row: (row.role, row.status))
    return [
        {
            "workspace": workspace.name,
            "host": host_of(workspace.name, suffix, port),
            "userId": row.id,
            "name": row.name,
            "role": row.role,
            "status": row.status,
            "apiKey": keys.get(row.id) if row.role == "admin" else None,
            "token": token(TokenKind.KAILENTY, workspace, row),
            "microsoftToken": token(TokenKind.MICROSOFT, workspace, row),
        }
        for (_, status), group in groups
        if status in statuses
        for row in islice(group, shown)
    ]


def host_of(workspace: str, suffix: str, port: int | None) -> str:
    """Where a workspace is on this server."""
    return f"{workspace}.{suffix}" + (f":{port}" if port else "")


def token(kind: TokenKind, workspace: Workspace, row: Any) -> str:
    """A token of a user's row, issued now."""
    return mint(
        kind,
        workspace=workspace.name,
        tenant_id=workspace.tenant_id,
        user_id=row.id,
        object_id=row.object_id,
        email=row.email,
        name=row.name,
        token_id=f"persona-{row.id}",
        now=workspace.clock.now(),
        lifetime=LIFETIME,
    )
