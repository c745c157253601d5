"""The dashboard's Settings → API Keys."""

from typing import Any

import sqlalchemy as sa

from mock_server.meanings import Conflict, NotFound
from mock_server.store import Transaction
from mock_server.store.identifiers import next_digest
from mock_server.store.tables import api_keys, users

_HERE = api_keys.c.workspace == sa.bindparam("workspace")
_LIST = sa.select(api_keys).where(_HERE).order_by(api_keys.c.position)
_GET = sa.select(api_keys).where(_HERE, api_keys.c.id == sa.bindparam("id"))
_COUNT = sa.select(sa.func.count()).select_from(api_keys).where(_HERE)
_CREATOR = sa.select(users.c.role, users.c.status).where(
    users.c.workspace == sa.bindparam("workspace"), users.c.id == sa.bindparam("id")
)
_INSERT = api_keys.insert()
_REVOKE = (
    api_keys.update()
    .where(api_keys.c.workspace == sa.bindparam("at"), api_keys.c.id == sa.bindparam("key"))
    .values(revoked_at=sa.bindparam("now"))
)


def _view(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "createdByUserId": row.created_by_user_id,
        "createdAt": row.created_at,
        "revokedAt": row.revoked_at,
    }


def list_keys(tx: Transaction, workspace: str) -> dict[str, Any]:
    """Every key in the order they were created, without secrets."""
    return {"items": [_view(row) for row in tx.all(_LIST, {"workspace": workspace})]}


def create_key(tx: Transaction, workspace: str, *, name: str, created_by: str, now: str) -> dict[str, Any]:
    """A new key with its secret. Raises NotFound, or Conflict for a creator who is no active admin (AUTH-12)."""
    creator = tx.first(_CREATOR, {"workspace": workspace, "id": created_by})
    if creator is None:
        raise NotFound(f"There is no user {created_by} in {workspace}", rule="AUTH-12")
    if (creator.role, creator.status) != ("admin", "active"):
        raise Conflict(
            f"Only active admins create API keys; {created_by} is {creator.role}, {creator.status}", rule="AUTH-12"
        )
    row = {
        "workspace": workspace,
        "id": f"key_{next_digest(tx, workspace)}",
        "name": name,
        "secret": f"kly_{workspace}_{next_digest(tx, workspace)}",
        "created_by_user_id": created_by,
        "created_at": now,
        "revoked_at": None,
        "position": tx.first(_COUNT, {"workspace": workspace})[0],
    }
    tx.write(_INSERT, row)
    made = tx.first(_GET, {"workspace": workspace, "id": row["id"]})
    return {**_view(made), "apiKey": made.secret}


def revoke_key(tx: Transaction, workspace: str, key_id: str, *, now: str) -> dict[str, Any]:
    """Reject a key from now on (AUTH-08). Raises NotFound."""
    named = {"workspace": workspace, "id": key_id}
    row = tx.first(_GET, named)
    if row is None:
        raise NotFound(f"There is no API key {key_id} in {workspace}", rule="CONTROL")
    if row.revoked_at is None:
        tx.write(_REVOKE, {"at": workspace, "key": key_id, "now": now})
    return _view(tx.first(_GET, named))
