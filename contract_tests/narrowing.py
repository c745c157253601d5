"""Makes data that its schema allows into data that the contract allows: what no schema can say.

Read from the document's extensions: times ahead (`x-kailenty-future`), times in order (`x-kailenty-period`), and how
many people take part (`x-kailenty-participants`). Beside them, two rules on what may be given together.
"""

from datetime import datetime, timedelta
from typing import Any

from openapi import Operation

# A leap year far ahead, so that every day of a year can be moved there.
_AHEAD = "2096"
_LENGTH = timedelta(minutes=30)

Members = dict[str, Any]


def narrow(operation: Operation, query: Members, body: Any) -> None:
    """Change a valid request's query and JSON body in place."""
    _one_way_to_sort(query)
    _in_order(operation, query)
    if isinstance(body, dict):
        _ahead(operation, body)
        _in_order(operation, body)
        _few_people(operation, body)
        _fit_any_kind(operation, body)


def _one_way_to_sort(query: Members) -> None:
    """`sort` excludes `sortBy` and `sortDir`, `sortDir` needs `sortBy` (SORT-08), a field sorts once (SORT-07)."""
    if "sort" in query:
        query.pop("sortBy", None)
        query.pop("sortDir", None)
        listed = isinstance(query["sort"], list)
        keys = query["sort"] if listed else str(query["sort"]).split(",")
        once = list({str(key).partition(":")[0]: key for key in reversed(keys)}.values())[::-1]
        query["sort"] = once if listed else ",".join(once)
    elif "sortBy" not in query:
        query.pop("sortDir", None)


def _ahead(operation: Operation, body: Members) -> None:
    """Times that must be in the future are (INV-06, MTG-08)."""
    for name in operation.future & body.keys():
        body[name] = _AHEAD + str(body[name])[4:]


def _in_order(operation: Operation, members: Members) -> None:
    """Two times are in order and near each other; one alone could miss the stored other (MTG-03, MTG-08, AVL-06)."""
    period = operation.period
    if period is None or not {period.start, period.end} & members.keys():
        return
    start = members.get(period.start) or members[period.end]
    end = datetime.fromisoformat(str(start)) + _LENGTH
    members[period.start] = start
    members[period.end] = end.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _few_people(operation: Operation, body: Members) -> None:
    """At most so many people take part, nobody both required and optional (MTG-09, MTG-10).

    A third of them at most in each list, so that stored lists leave room too.
    """
    limit = operation.participants
    if limit is None:
        return
    share = limit.maximum // 4
    taken: set[str] = set()
    for name in (*limit.users, limit.guests):
        if isinstance(body.get(name), list):
            body[name] = [one for one in body[name] if str(one) not in taken][:share]
            taken |= {str(one) for one in body[name]}


def _fit_any_kind(operation: Operation, body: Members) -> None:
    """What only one kind of invite takes is left out of a change: the kind is what the stored row has (INV-14)."""
    if operation.operation_id == "updateInvite":
        body.pop("candidates", None)
        body.pop("publicLinkValue", None)
        if not body:
            body["meeting"] = {"title": "Changed"}
