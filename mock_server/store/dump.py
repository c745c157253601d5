"""Tables into the document of a world: the way back of `worlds.insert`."""

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import orjson
import sqlalchemy as sa

from fixtures import ApiKey, Label, User, World, plain_invite, plain_row, to_document
from mock_server.store import tables
from mock_server.store.documents import Document
from mock_server.store.transaction import Transaction
from mock_server.store.worlds import read


@dataclass(frozen=True, slots=True)
class Dump:
    """The rows of a workspace; those that may be many are read of their tables, and are made a document elsewhere."""

    people: World
    invites: list[Any]
    meetings: list[Any]

    def document(self) -> Document:
        """The document of a world. Its times are absolute, so it may be inserted at any start."""
        return {
            **to_document(self.people),
            "invites": [_invite(row) for row in sorted(self.invites, key=attrgetter("created_at", "id"))],
            "meetings": [
                plain_row(orjson.loads(row.document)) for row in sorted(self.meetings, key=attrgetter("start_at", "id"))
            ],
        }


def dump(tx: Transaction, workspace: str, snapshot: str | None = None) -> Dump:
    """Every row of a workspace as it is, or as it was saved under a name."""
    return Dump(
        people(tx, workspace, snapshot),
        read(tx, tables.invites, workspace, snapshot),
        read(tx, tables.meetings, workspace, snapshot),
    )


def people(tx: Transaction, workspace: str, snapshot: str | None = None) -> World:
    """A workspace but for its invites and meetings."""

    def rows(table: sa.Table, *order: str, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        found = sorted(read(tx, table, workspace, snapshot), key=attrgetter(*order))
        return [{name: value for name, value in row._asdict().items() if name not in without} for row in found]

    (itself,) = read(tx, tables.workspaces, workspace, snapshot)
    label_ids: dict[str, list[str]] = defaultdict(list)
    for row in rows(tables.user_labels, "position"):
        label_ids[row["user_id"]].append(row["label_id"])
    return World(
        workspace=workspace,
        tenant_id=itself.tenant_id,
        seed=itself.seed,
        sequence=itself.sequence,
        users=tuple(User(**row, label_ids=tuple(label_ids[row["id"]])) for row in rows(tables.users, "id")),
        labels=tuple(Label(**row) for row in rows(tables.labels, "created_at", "id", without=("folded_name",))),
        api_keys=tuple(ApiKey(**row) for row in rows(tables.api_keys, "position", without=("position",))),
    )


def _invite(row: Any) -> Document:
    plain = plain_invite(orjson.loads(row.document), own_vote_deadline=bool(row.own_vote_deadline))
    del plain["allowMultipleBookings"]
    return plain
