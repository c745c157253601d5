"""The laws of lists: pages, order and filters against the whole list, sorted and filtered here."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st

from contract_tests.data import LISTS, Listed, listed
from contract_tests.explore import explore
from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.target import Target
from openapi import Operation

CALLERS = ("admin", "manager", "user")
SIZES = st.sampled_from([1, 2, 3, 5, 7, 20, 100])

each_list = pytest.mark.parametrize(
    ("operation", "who"),
    [(operation, who) for operation in LISTS for who in CALLERS if who in operation.roles],
    ids=lambda value: getattr(value, "operation_id", value),
)


@pytest.fixture
def rows(target: Target, operation: Operation, who: str) -> Iterator[Listed]:
    """A list in full, as one caller sees it; if it changed meanwhile, nothing was verified."""
    found = listed(target, operation, who)
    yield found
    if not target.settings.is_mock and found.again() != found.items:
        raise NotVerified("the list changed while it was looked at")


@each_list
@verifies("PAGE-01", "PAGE-02", "PAGE-03", "PAGE-04")
def test_pages_join_to_the_whole(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    def check(size: int) -> None:
        joined: list[Any] = []
        for number in range(len(rows.items) // size + 1):
            answer = rows.page(page=number, pageSize=size)
            data = answer.data
            if data["total"] != len(rows.items):
                raise answer.broken("PAGE-03", f"total to be {len(rows.items)} on every page", data["total"])
            if (data["page"], data["pageSize"]) != (number, size):
                raise answer.broken("PAGE-01", f"page {number} of size {size}", (data["page"], data["pageSize"]))
            due = min(size, len(rows.items) - number * size)
            if len(data["items"]) != due:
                raise answer.broken("PAGE-04", f"{due} items on page {number} of size {size}", len(data["items"]))
            joined += data["items"]
        if ids(joined) != ids(rows.items):
            raise rows.broken("PAGE-02", f"the pages of size {size} to join to {ids(rows.items)}", ids(joined))

    explore(target, SIZES, check, examples=5)


@each_list
@verifies("PAGE-01", "SORT-05")
def test_the_defaults(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    answer = rows.page()
    data = answer.data
    if (data["page"], data["pageSize"]) != (0, 20):
        raise answer.broken("PAGE-01", "page 0 and pageSize 20", (data["page"], data["pageSize"]))
    order = [(key.field, "desc" if key.descending else "asc") for key in rows.order]
    expected = rows.sorted(order)[:20]
    if ids(data["items"]) != ids(expected):
        raise answer.broken("SORT-05", f"the default order {order}: {ids(expected)}", ids(data["items"]))


@each_list
@verifies("PAGE-05")
def test_past_the_end_is_empty(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    for number in (len(rows.items) + 1, 1_000_000):
        answer = rows.page(page=number, pageSize=1)
        if answer.data["items"] or answer.data["total"] != len(rows.items):
            raise answer.broken("PAGE-05", f"no items and total {len(rows.items)} past the end", answer.body)


@each_list
@verifies("PAGE-06", "PAGE-07")
def test_bounds_are_kept(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    for query in ({"page": -1}, {"pageSize": 0}, {"pageSize": 101}, {"pageSize": -5}):
        rows.page(**query).must_be(400, "PAGE-06", str(query))
    for text in ("1000001", "1e3", "\u0663", "01", "1.0", "+1", ""):
        rows.page(page=text).must_be(400, "PAGE-07", f"page={text}")


@each_list
@verifies("SORT-01", "SORT-02", "SORT-03", "SORT-04")
def test_order(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    def check(case: tuple[list[tuple[str, str]], int]) -> None:
        keys, size = case
        expected = rows.sorted(keys)
        sort = ",".join(f"{field}:{direction}" for field, direction in keys)
        got: list[Any] = []
        for number in range(len(expected) // size + 1):
            got += rows.page(sort=sort, page=number, pageSize=size).data["items"]
        if ids(got) != ids(expected):
            rule = "SORT-03" if in_order(rows, got, keys) else "SORT-01" if len(keys) == 1 else "SORT-02"
            raise rows.broken(rule, f"sort={sort} to give {ids(expected)}", ids(got))

    fields = st.sampled_from(sorted(rows.fields))
    keys = st.lists(
        st.tuples(fields, st.sampled_from(["asc", "desc"])), min_size=1, max_size=3, unique_by=lambda k: k[0]
    )
    explore(target, st.tuples(keys, st.sampled_from([100, 4])), check)


@each_list
@verifies("SORT-06")
def test_the_legacy_pair_is_sort(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    def check(key: tuple[str, str | None]) -> None:
        field, direction = key
        legacy = {"sortBy": field, **({"sortDir": direction} if direction else {})}
        new = ids(rows.page(sort=f"{field}:{direction or 'asc'}").data["items"])
        old = ids(rows.page(**legacy).data["items"])
        if old != new:
            raise rows.broken("SORT-06", f"{legacy} to order like sort: {new}", old)

    explore(target, st.tuples(st.sampled_from(sorted(rows.fields)), st.sampled_from(["asc", "desc", None])), check)


@each_list
@verifies("SORT-07", "SORT-08")
def test_wrong_orders_are_refused(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    field = min(rows.fields)
    for sort in ("nothing:asc", f"{field}:up", field, f"{field}:asc,{field}:desc", f"{field}:asc,", ",", ""):
        rows.page(sort=sort).must_be(400, "SORT-07", f"sort={sort}")
    for query in (
        {"sort": f"{field}:asc", "sortBy": field},
        {"sort": f"{field}:asc", "sortDir": "asc"},
        {"sortDir": "asc"},
    ):
        rows.page(**query).must_be(400, "SORT-08", str(query))


each_filter = pytest.mark.parametrize(
    ("operation", "who"),
    [(operation, who) for operation in LISTS for who in CALLERS if who in operation.roles and operation.filters],
    ids=lambda value: getattr(value, "operation_id", value),
)


@each_filter
@verifies("FILT-01", "FILT-02", "FILT-03", "FILT-04", "FILT-06")
def test_filters_keep_what_names_their_ids(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    known = {parameter.name: rows.named(parameter) for parameter in operation.filters}

    def check(case: tuple[dict[str, list[str]], bool]) -> None:
        chosen, backwards = case
        expected = rows.filtered(chosen)
        query: dict[str, Any] = dict(chosen)
        if backwards:
            field = min(rows.fields)
            query["sort"] = f"{field}:desc"
            expected = rows.sorted([(field, "desc")], expected)
        answer = rows.page(pageSize=100, **query)
        got = ids(answer.data["items"])
        if got != ids(expected)[:100]:
            rule = "FILT-03" if len(chosen) > 1 else "FILT-02" if len(next(iter(chosen.values()))) > 1 else "FILT-01"
            rule = "FILT-04" if any("unknown" in value for value in chosen.values()) and len(chosen) == 1 else rule
            raise answer.broken(rule, f"{chosen} to keep {ids(expected)}", got)
        small = rows.page(pageSize=1, **query)
        if small.data["total"] != len(expected):
            raise small.broken("FILT-06", f"total {len(expected)} for {chosen}", small.data["total"])

    choice = st.fixed_dictionaries(
        {},
        optional={
            name: st.lists(st.sampled_from([*found, "unknown"]), min_size=1, max_size=3, unique=True)
            for name, found in known.items()
        },
    ).filter(bool)
    explore(target, st.tuples(choice, st.booleans()), check, examples=2 * target.settings.examples)


@each_filter
@verifies("FILT-05")
def test_wrong_filters_are_refused(target: Target, operation: Operation, who: str, rows: Listed) -> None:
    for parameter in operation.filters:
        for value in ("", ",", "a,,b", "a,", "a,a"):
            rows.page(**{parameter.name: value}).must_be(400, "FILT-05", f"{parameter.name}={value}")


@each_list
@verifies("STR-01", "STR-02")
def test_unknown_and_repeated_parameters_are_refused(
    target: Target, operation: Operation, who: str, rows: Listed
) -> None:
    rows.page(unknown="1").must_be(400, "STR-01", "an unknown parameter")
    rows.send("page=0&page=0").must_be(400, "STR-02", "a repeated parameter")


def ids(items: list[Any]) -> list[str]:
    """The ids of rows, in order."""
    return [item["id"] for item in items]


def in_order(rows: Listed, items: list[Any], keys: list[tuple[str, str]]) -> bool:
    """Whether rows are ordered by the keys, however their ties are."""
    ordered = {row["id"]: place for place, row in enumerate(rows.sorted(keys))}
    values = [tuple(rows.value(item, field) for field, _ in keys) for item in items]
    return all(
        first == second or ordered[one["id"]] < ordered[other["id"]]
        for (first, one), (second, other) in pairwise(zip(values, items, strict=True))
    )
