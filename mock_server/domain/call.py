"""What a domain function is given, and the questions that several of them ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mock_server.meanings import NotFound, Refuse, strictly
from mock_server.principal import Principal
from mock_server.store import Transaction, tables
from mock_server.store.identifiers import next_digest
from mock_server.validation import Input
from openapi import Operation

# The roles that see rows which are not their own.
SEE_ALL = ("manager", "admin")


@dataclass(frozen=True, slots=True)
class Call:
    """One checked request by a known caller, inside its transaction. `now` is a contract time.

    `refuse` raises a refusal, unless soft mode lets it through.
    """

    tx: Transaction
    operation: Operation
    principal: Principal
    now: str
    input: Input
    refuse: Refuse = strictly

    @property
    def workspace(self) -> str:
        """The caller's workspace."""
        return self.principal.workspace

    def new_id(self, prefix: str) -> str:
        """The workspace's next id."""
        return f"{prefix}_{next_digest(self.tx, self.workspace)}"


def _present(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table.c.id).where(
        table.c.workspace == sa.bindparam("workspace"), table.c.id.in_(sa.bindparam("ids", expanding=True))
    )


_PRESENT = {"user": _present(tables.users), "label": _present(tables.labels)}


def require(call: Call, kind: str, ids: Iterable[str], *, rule: str) -> None:
    """Check that each named user or label exists in the workspace.

    Raises NotFound that names the first missing one, in the order given (INV-07, MTG-11, USR-03, TEN-04).
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return
    present = {row.id for row in call.tx.all(_PRESENT[kind], {"workspace": call.workspace, "ids": wanted})}
    if missing := next((one for one in wanted if one not in present), None):
        raise NotFound(f"There is no {kind} {missing}", rule=rule)
