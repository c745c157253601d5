"""Users: the directory of a workspace, and the labels of each account."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from mock_server.domain import labels as label_domain
from mock_server.domain.call import Call, require
from mock_server.domain.lists import Link, ListQuery, Rows, payload
from mock_server.meanings import NotFound
from mock_server.store.tables import labels, user_labels, users
from openapi import load_app_api

_COLUMNS = (users.c.id, users.c.name, users.c.email, users.c.role, users.c.status)

_LIST = ListQuery(
    load_app_api().operations["listUsers"],
    Rows(
        users,
        _COLUMNS,
        {
            "/name": users.c.name,
            "/email": users.c.email,
            "/role": users.c.role,
            "/status": users.c.status,
            "/labels/*/id": Link(user_labels.c.user_id, user_labels.c.label_id),
        },
    ),
)

_GET = sa.select(*_COLUMNS).where(users.c.workspace == sa.bindparam("workspace"), users.c.id == sa.bindparam("id"))
_LABELS = (
    sa.select(user_labels.c.user_id, *label_domain.COLUMNS)
    .join(labels, sa.and_(labels.c.workspace == user_labels.c.workspace, labels.c.id == user_labels.c.label_id))
    .where(
        user_labels.c.workspace == sa.bindparam("workspace"),
        user_labels.c.user_id.in_(sa.bindparam("ids", expanding=True)),
    )
    .order_by(user_labels.c.user_id, user_labels.c.position)
)
_ASSIGN = user_labels.insert()
_CLEAR = user_labels.delete().where(
    user_labels.c.workspace == sa.bindparam("at"), user_labels.c.user_id == sa.bindparam("user")
)


def _views(call: Call, rows: list[Any]) -> list[dict[str, Any]]:
    assigned: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ids = [row.id for row in rows]
    for user_id, *label in call.tx.all(_LABELS, {"workspace": call.workspace, "ids": ids}):
        assigned[user_id].append(label_domain.view(label))
    return [
        {
            "id": row.id,
            "name": row.name,
            "email": row.email,
            "role": row.role,
            "status": row.status,
            "labels": assigned[row.id],
        }
        for row in rows
    ]


def list_users(call: Call) -> dict[str, Any]:
    """The users of the workspace with their labels (ROLE-03, USR-01)."""
    page = _LIST.page(call)
    return payload(call, _views(call, page.rows), page.total)


def replace_user_labels(call: Call) -> dict[str, Any]:
    """Give a user exactly these labels (USR-02). Raises NotFound for the user (USR-04) or a label (USR-03)."""
    user_id = call.input.path["id"]
    row = call.tx.first(_GET, {"workspace": call.workspace, "id": user_id})
    if row is None:
        raise NotFound(f"There is no user {user_id}", rule="USR-04")
    label_ids = call.input.body["labelIds"]
    require(call, "label", label_ids, rule="USR-03")
    call.tx.write(_CLEAR, {"at": call.workspace, "user": user_id})
    assigned = (
        {"workspace": call.workspace, "user_id": user_id, "label_id": label_id, "position": position}
        for position, label_id in enumerate(label_ids)
    )
    call.tx.write(_ASSIGN, *assigned)
    return _views(call, [row])[0]
