"""The order of a list."""

import pytest

from openapi.extensions import SortKey
from tests.mock_server.validation.asking import ask, told

RANGE = "from=2030-01-01T00:00:00Z&to=2030-02-01T00:00:00Z"


def test_sort_ranks_several_keys() -> None:
    order = ask("listInvites", query="sort=status:asc,createdAt:desc").order
    assert order == (SortKey("status", False), SortKey("createdAt", True))


def test_a_field_inside_another_is_sorted_by_its_name() -> None:
    assert ask("listSubInvites", query="sort=meetingDurationMinutes:asc").order == (
        SortKey("meetingDurationMinutes", False),
    )


@pytest.mark.parametrize(
    ("query", "descending"),
    [("sortBy=title", False), ("sortBy=title&sortDir=asc", False), ("sortDir=desc&sortBy=title", True)],
)
def test_the_legacy_pair_orders_by_one_key(query: str, descending: bool) -> None:
    assert ask("listMeetings", query=f"{RANGE}&{query}").order == (SortKey("title", descending),)


@pytest.mark.parametrize(
    ("operation", "query", "key"),
    [
        ("listInvites", "", SortKey("createdAt", True)),
        ("listSubInvites", "", SortKey("createdAt", True)),
        ("listMeetings", RANGE, SortKey("startAt", False)),
        ("listLabels", "", SortKey("name", False)),
        ("listUsers", "", SortKey("name", False)),
    ],
)
def test_without_sort_the_order_is_the_documents(operation: str, query: str, key: SortKey) -> None:
    assert ask(operation, query=query).order == (key,)


@pytest.mark.parametrize("operation", ["getInvite", "listPersonas", "deleteLabel"])
def test_what_is_no_list_has_no_order(operation: str) -> None:
    assert ask(operation).order == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sort=titel:asc", "sort names the unknown field titel; did you mean title?"),
        ("sort=Title:asc", "sort names the unknown field Title; did you mean title?"),
        ("sort=q:asc", "sort names the unknown field q; known are startAt, endAt, createdAt, updatedAt, title"),
        ("sort=:asc", 'sort names the unknown field ""; known are startAt, endAt, createdAt, updatedAt, title'),
        ("sort=title", "sort names title without a direction, expected title:asc or title:desc"),
        ("sort=title:", "sort names title without a direction, expected title:asc or title:desc"),
        ("sort=title:up", 'sort gives title the direction "up", expected asc or desc'),
        ("sort=title:ASC", 'sort gives title the direction "ASC", expected asc or desc'),
        ("sort=title:asc:desc", 'sort gives title the direction "asc:desc", expected asc or desc'),
        ("sort=title:asc,title:asc", "sort names title more than once"),
        ("sort=title:asc,title:desc", "sort names title more than once"),
        ("sort=title:asc,", "sort has an empty segment; join values by single commas"),
        ("sort=", "sort has no value"),
        (
            "sortBy=titel",
            'sortBy is "titel", expected "startAt", "endAt", "createdAt", "updatedAt" or "title"; '
            'did you mean "title"?',
        ),
        ("sortBy=title&sortDir=up", 'sortDir is "up", expected "asc" or "desc"'),
    ],
)
def test_a_sort_that_makes_no_sense_is_refused(text: str, message: str) -> None:
    assert told("listMeetings", query=f"{RANGE}&{text}") == ("SORT-07", message)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("sort=title:asc&sortBy=title", "sort and sortBy cannot be given together"),
        ("sortDir=asc&sort=title:asc", "sort and sortDir cannot be given together"),
        ("sortDir=asc", "sortDir needs sortBy"),
    ],
)
def test_the_two_ways_to_sort_do_not_mix(query: str, message: str) -> None:
    assert told("listInvites", query=query) == ("SORT-08", message)
