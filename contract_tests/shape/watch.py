"""Whether refused requests changed anything: the list that they could change, before and after (ERR-11)."""

from collections.abc import Callable, Sequence
from typing import Any

from contract_tests.making import ahead
from contract_tests.shape.generated import Request
from contract_tests.target import Caller, Target
from openapi import Operation

_LISTS = {
    "createInvite": "listInvites",
    "updateInvite": "listInvites",
    "createSubInvite": "listInvites",
    "createMeeting": "listMeetings",
    "updateMeeting": "listMeetings",
    "updateMeetingAttendees": "listMeetings",
    "createLabel": "listLabels",
    "deleteLabel": "listLabels",
    "replaceUserLabels": "listUsers",
}

# Years that generated times are in most often, by the document's examples and bounds; narrowed ones are in 2096.
_YEARS = ("2000", "2096", "2099")


class Watch:
    """The rows that an operation's requests could change, read as whoever sees most."""

    def __init__(self, target: Target, operation: Operation, caller: Caller) -> None:
        self._target = target
        self._list = _LISTS.get(operation.operation_id)
        readers = [name for name in ("admin", "manager") if name in target.callers]
        if self._list and readers and readers[0] in target.document.operations[self._list].roles:
            caller = target.caller(readers[0])
        self._reader = caller

    def rows(self) -> dict[str, Any]:
        """The rows by id; on a workspace that others use too, only those that carry the run's mark.

        Where processes share it, the others of this run change marked rows too: then only this process's own.
        """
        if self._list is None or self._reader.name not in self._target.document.operations[self._list].roles:
            return {}
        found = {row["id"]: row for query in self._queries() for row in self._reader.whole(self._list, **query)}
        if self._target.settings.is_mock:
            return found
        if self._target.transport.shared:
            own = self._target.transport.writes.own
            return {key: row for key, row in found.items() if key in own}
        mark = self._target.mark("").strip()
        return {key: row for key, row in found.items() if mark in str(row)}

    def _queries(self) -> list[dict[str, str]]:
        match self._list:
            case "listInvites":
                return [{"includeSubInvites": "true"}]
            case "listMeetings":
                years = sorted({*_YEARS, ahead(6)[:4]})
                return [{"from": f"{year}-01-01T00:00:00Z", "to": f"{year}-12-31T23:59:59Z"} for year in years]
        return [{}]

    def culprit(self, refused: Sequence[Request], send: Callable[[Request], object]) -> Request | None:
        """The first of refused requests that changes something when it is sent once more."""
        before = self.rows()
        for request in refused:
            self._target.transport.steps.clear()
            send(request)
            if self.rows() != before:
                return request
        return None
