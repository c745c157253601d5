"""Pages, order and filters, over HTTP: each list against the whole list, sorted and filtered here."""

from itertools import product
from typing import Any

import pytest

from openapi import Operation, load_app_api
from tests.mock_server.running import Mock, ok, refused

LISTS = [operation for operation in load_app_api().operations.values() if operation.listing]
YEAR = {"from_": "2030-01-01T00:00:00.000Z", "to": "2030-12-31T00:00:00.000Z"}

each_list = pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.operation_id)


def path(operation: Operation) -> str:
    return operation.path.replace("{inviteId}", "inv_mother")


def needed(operation: Operation) -> dict[str, str]:
    return dict(YEAR) if operation.period else {}


def value(item: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/"):
        item = item[step]
    return item


def values(item: Any, pointer: str) -> list[Any]:
    """The values at a pointer, `*` standing for every index."""
    found = [item]
    for step in pointer.strip("/").split("/"):
        if step == "*":
            found = [child for node in found for child in node]
        else:
            found = [node[step] for node in found if step in node]
    return found


def in_order(items: list[Any], fields: dict[str, str], keys: list[tuple[str, str]]) -> list[Any]:
    ordered = sorted(items, key=lambda item: item["id"])
    for field, direction in reversed(keys):
        # reverse keeps ties as they were
        ordered.sort(key=lambda item: value(item, fields[field]), reverse=direction == "desc")
    return ordered


@each_list
@pytest.mark.parametrize("size", [1, 3, 100])
def test_pages_join_to_the_whole_list(mock: Mock, operation: Operation, size: int) -> None:
    """PAGE-01 to PAGE-05."""
    ada, where = mock.as_("usr_ada"), needed(operation)
    whole = ada.whole(path(operation), **where)
    joined: list[Any] = []
    for number in range(len(whole) // size + 2):
        data = ok(ada.get(path(operation), page=number, pageSize=size, **where))
        assert (data["total"], data["page"], data["pageSize"]) == (len(whole), number, size)
        assert len(data["items"]) == max(0, min(size, len(whole) - number * size))
        joined += data["items"]
    assert joined == whole
    first = ok(ada.get(path(operation), **where))
    assert (first["page"], first["pageSize"], first["items"]) == (0, 20, whole[:20])


@each_list
def test_each_field_sorts_in_each_direction(mock: Mock, operation: Operation) -> None:
    """SORT-01, SORT-03, SORT-06."""
    ada, where = mock.as_("usr_ada"), needed(operation)
    whole = ada.whole(path(operation), **where)
    assert operation.sort_parameter is not None
    fields = dict(operation.sort_parameter.sort_fields or {})
    for field, direction in product(fields, ("asc", "desc")):
        expected = in_order(whole, fields, [(field, direction)])
        assert ada.whole(path(operation), sort=f"{field}:{direction}", **where) == expected
        assert ada.whole(path(operation), sortBy=field, sortDir=direction, **where) == expected
        assert direction == "desc" or ada.whole(path(operation), sortBy=field, **where) == expected


@each_list
def test_later_keys_order_what_ties(mock: Mock, operation: Operation) -> None:
    """SORT-02, and over pages as in one."""
    ada, where = mock.as_("usr_ada"), needed(operation)
    whole = ada.whole(path(operation), **where)
    assert operation.sort_parameter is not None
    fields = dict(operation.sort_parameter.sort_fields or {})
    for first, second in product(fields, fields):
        if first == second:
            continue
        keys = [(first, "desc"), (second, "asc")]
        sort = ",".join(f"{field}:{direction}" for field, direction in keys)
        expected = in_order(whole, fields, keys)
        paged = [
            item
            for number in range(len(whole) // 4 + 1)
            for item in ok(ada.get(path(operation), sort=sort, page=number, pageSize=4, **where))["items"]
        ]
        assert paged == expected


@each_list
def test_the_default_order_is_the_documents(mock: Mock, operation: Operation) -> None:
    """SORT-05."""
    assert operation.listing is not None
    ada, where = mock.as_("usr_ada"), needed(operation)
    order = ",".join(f"{key.field}:{'desc' if key.descending else 'asc'}" for key in operation.listing.order)
    assert ada.whole(path(operation), **where) == ada.whole(path(operation), sort=order, **where)


FILTERS = [(operation, parameter) for operation in LISTS for parameter in operation.filters]


@pytest.mark.parametrize("user", ["usr_ada", "usr_marta", "usr_alan", "usr_edith"])
@pytest.mark.parametrize(("operation", "parameter"), FILTERS, ids=[f"{o.operation_id}-{p.name}" for o, p in FILTERS])
def test_a_filter_keeps_exactly_what_names_its_ids(mock: Mock, operation: Any, parameter: Any, user: str) -> None:
    """FILT-01, FILT-02, FILT-04, FILT-06."""
    caller, where = mock.as_(user), needed(operation)
    if operation.roles != ("user", "manager", "admin") and user != "usr_ada":
        return
    whole = caller.whole(path(operation), **where)
    found = {one for item in whole for target in parameter.filter_targets for one in values(item, target)}
    asked = sorted(found)
    for ids in ([asked[0]], asked[:2], asked, [asked[-1], "nobody"], ["nobody"]) if asked else (["nobody"],):
        expected = [
            item
            for item in whole
            if set(ids) & {one for target in parameter.filter_targets for one in values(item, target)}
        ]
        assert caller.whole(path(operation), **where, **{parameter.name: ",".join(ids)}) == expected
        data = ok(caller.get(path(operation), **where, **{parameter.name: ",".join(ids)}, pageSize=1))
        assert data["total"] == len(expected)


def test_different_filters_must_all_hold(mock: Mock) -> None:
    """FILT-03."""
    ada = mock.as_("usr_ada")
    both = ada.whole("/meetings", **YEAR, recruiterUserIds="usr_alan", attendeeUserIds="usr_zoe")
    alone = ada.whole("/meetings", **YEAR, recruiterUserIds="usr_alan")
    assert both == [one for one in alone if "usr_zoe" in one["requiredAttendees"] + one["optionalAttendees"]]


@pytest.mark.parametrize("user", ["usr_alan", "usr_edith", "usr_zoe"])
def test_a_regular_user_lists_their_own_alone(mock: Mock, user: str) -> None:
    """OWN-01, OWN-02: exactly what an admin sees of theirs."""
    ada, caller = mock.as_("usr_ada"), mock.as_(user)
    assert caller.whole("/invites", includeSubInvites="true") == [
        one for one in ada.whole("/invites", includeSubInvites="true") if one["recruiterUserId"] == user
    ]
    assert caller.whole("/meetings", **YEAR) == [
        one for one in ada.whole("/meetings", **YEAR) if user in (one["recruiterUserId"], one["hostUserId"])
    ]


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("page=-1", "PAGE-06"),
        ("pageSize=0", "PAGE-06"),
        ("pageSize=101", "PAGE-06"),
        ("page=1000001", "PAGE-07"),
        ("page=1e3", "PAGE-07"),
        ("page=%D9%A3", "PAGE-07"),
        ("page=01", "PAGE-07"),
        ("page=1.0", "PAGE-07"),
        ("page=", None),
        ("page=1&page=1", "STR-02"),
        ("pagesize=1", "STR-01"),
        ("sort=name:asc", "SORT-07"),
        ("sort=title", "SORT-07"),
        ("sort=title:up", "SORT-07"),
        ("sort=title:asc,title:desc", "SORT-07"),
        ("sort=title:asc,", "SORT-07"),
        ("sort=", "SORT-07"),
        ("sort=title:asc&sortBy=title", "SORT-08"),
        ("sort=title:asc&sortDir=asc", "SORT-08"),
        ("sortDir=asc", "SORT-08"),
        ("sortBy=name", "SORT-07"),
        ("labelIds=", "FILT-05"),
        ("labelIds=a,,b", "FILT-05"),
        ("labelIds=a,a", "FILT-05"),
        ("includeSubInvites=True", None),
    ],
)
def test_what_a_list_refuses(mock: Mock, query: str, rule: str | None) -> None:
    """PAGE-06, PAGE-07, SORT-07, SORT-08, FILT-05, STR-01, STR-02; also before the invite is looked for (ERR-12)."""
    ada = mock.as_("usr_ada")
    refused(ada.send("GET", f"/invites?{query}"), 400, rule)
    if not query.startswith(("labelIds", "includeSub")):
        refused(ada.send("GET", f"/invites/inv_nowhere/sub-invites?{query}"), 400, rule)


def test_the_nearest_name_is_told(mock: Mock) -> None:
    ada = mock.as_("usr_ada")
    assert "pageSize" in refused(ada.send("GET", "/invites?pagesize=1"), 400)
    assert "createdAt" in refused(ada.send("GET", "/invites?sort=createAt:asc"), 400)
