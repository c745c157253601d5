"""Everybody who can call, with credentials ready to paste."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from mock_server.access.tokens import TokenKind, mint
from mock_server.store import Transaction
from mock_server.store.tables import api_keys, users, workspaces
from mock_server.workspace import Workspace

LIFETIME = timedelta(days=30)

_USERS = (
    sa.select(users, workspaces.c.tenant_id)
    .join(workspaces, workspaces.c.name == users.c.workspace)
    .order_by(users.c.workspace, users.c.role, users.c.status, users.c.id)
)
_KEYS = sa.select(api_keys).where(api_keys.c.revoked_at.is_(None)).order_by(api_keys.c.position.desc())


def personas(
    tx: Transaction,
    running: Mapping[str, Workspace],
    *,
    suffix: str,
    port: int | None,
    workspace: str | None = None,
    shown: int | None = None,
) -> list[dict[str, Any]]:
    """The users of every running workspace, or of one, as the control document's `Persona`.

    `shown` limits how many there are of each workspace, role and status.
    """
    # The first key wins: later rows of the descending order overwrite.
    keys = {(row.workspace, row.created_by_user_id): row.secret for row in tx.all(_KEYS, {})}
    rows = [row for row in tx.all(_USERS, {}) if workspace in (None, row.workspace)]
    now = {name: one.clock.now() for name, one in running.items()}
    if shown is not None:
        groups = groupby(rows, key=lambda row: (row.workspace, row.role, row.status))
        rows = [row for _, group in groups for row in islice(group, shown)]
    return [
        {
            "workspace": row.workspace,
            "host": f"{row.workspace}.{suffix}" + (f":{port}" if port else ""),
            "userId": row.id,
            "name": row.name,
            "role": row.role,
            "status": row.status,
            "apiKey": keys.get((row.workspace, row.id)) if row.role == "admin" else None,
            "token": token(TokenKind.KAILENTY, row, now[row.workspace]),
            "microsoftToken": token(TokenKind.MICROSOFT, row, now[row.workspace]),
        }
        for row in rows
    ]


def token(kind: TokenKind, row: Any, now: datetime) -> str:
    """A token of a user's row (joined with its workspace's tenant)."""
    return mint(
        kind,
        workspace=row.workspace,
        tenant_id=row.tenant_id,
        user_id=row.id,
        object_id=row.object_id,
        email=row.email,
        name=row.name,
        token_id=f"persona-{row.id}",
        now=now,
        lifetime=LIFETIME,
    )
