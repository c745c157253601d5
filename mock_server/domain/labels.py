"""Labels: the attendee groups of a workspace."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from mock_server.domain.call import Call
from mock_server.domain.lists import ListQuery, Rows, payload
from mock_server.meanings import Conflict, NotFound
from mock_server.store.tables import invite_labels, labels, meeting_labels, user_labels
from openapi import load_app_api

COLUMNS = (labels.c.id, labels.c.name, labels.c.color, labels.c.description, labels.c.created_at)

_LIST = ListQuery(
    load_app_api().operations["listLabels"],
    Rows(labels, COLUMNS, {"/name": labels.c.name, "/createdAt": labels.c.created_at}),
)

_HERE = labels.c.workspace == sa.bindparam("workspace")
_GET = sa.select(labels.c.id).where(_HERE, labels.c.id == sa.bindparam("id"))
_NAMESAKE = sa.select(labels.c.name).where(_HERE, labels.c.folded_name == sa.bindparam("folded_name"))
_INSERT = labels.insert()
_DELETE = labels.delete().where(_HERE, labels.c.id == sa.bindparam("id"))


def _used(table: sa.Table) -> sa.Select[Any]:
    used = (table.c.workspace == sa.bindparam("workspace"), table.c.label_id == sa.bindparam("id"))
    return sa.select(sa.literal(1)).select_from(table).where(*used).limit(1)


_USES = (
    ("assigned to users", "LBL-03", _used(user_labels)),
    ("named by invites", "LBL-04", _used(invite_labels)),
    ("on meetings", "LBL-05", _used(meeting_labels)),
)


def view(row: Sequence[Any]) -> dict[str, Any]:
    """A label as the contract shows it, from a row of `COLUMNS`."""
    label_id, name, color, description, created_at = row
    return {"id": label_id, "name": name, "color": color, "description": description, "createdAt": created_at}


def list_labels(call: Call) -> dict[str, Any]:
    """All labels of the workspace (ROLE-01)."""
    page = _LIST.page(call)
    return payload(call, [view(row) for row in page.rows], page.total)


def create_label(call: Call) -> dict[str, Any]:
    """Create a label. Raises Conflict for a name that is taken, ignoring case (LBL-02)."""
    body = call.input.body
    folded = body["name"].casefold()
    if namesake := call.tx.first(_NAMESAKE, {"workspace": call.workspace, "folded_name": folded}):
        raise Conflict(f"A label is named {namesake.name} already", rule="LBL-02")
    row = {
        "id": call.new_id("lbl"),
        "name": body["name"],
        "color": body["color"],
        "description": body.get("description"),
        "created_at": call.now,
    }
    call.tx.write(_INSERT, {**row, "workspace": call.workspace, "folded_name": folded})
    return view(list(row.values()))


def delete_label(call: Call) -> dict[str, Any]:
    """Delete a label that nothing uses. Raises NotFound (LBL-07) or Conflict (LBL-03, LBL-04, LBL-05)."""
    label_id = call.input.path["id"]
    named = {"workspace": call.workspace, "id": label_id}
    if call.tx.first(_GET, named) is None:
        raise NotFound(f"There is no label {label_id}", rule="LBL-07")
    for use, rule, statement in _USES:
        if call.tx.first(statement, named):
            raise Conflict(f"The label {label_id} is in use: it is {use}", rule=rule)
    call.tx.write(_DELETE, named)
    return {"id": label_id}
