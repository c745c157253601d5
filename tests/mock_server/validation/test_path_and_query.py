"""Path and query parameters."""

import pytest

from tests.mock_server.validation.asking import ask, told

MOMENT = "expected a moment, RFC 3339 in UTC (`Z` or `+00:00`), in the years 2000 to 2099"


def test_path_values_are_given_by_name() -> None:
    assert ask("getInvite", path={"inviteId": "inv_one"}).path == {"inviteId": "inv_one"}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a b", 'inviteId is "a b", expected the id of an invite, for example'),
        ("a,b", 'inviteId is "a,b", expected the id of an invite, for example'),
        ("a\x00\x7f", 'inviteId is "a\\u0000\\u007f", expected the id of an invite, for example'),
        ("x" * 65, "inviteId has 65 characters, expected 1 to 64"),
        ("a\ud800", "inviteId is not UTF-8"),
        ("", "inviteId has no value"),
    ],
)
def test_ids_in_the_path_are_checked(value: str, message: str) -> None:
    rule, told_message = told("getInvite", path={"inviteId": value})
    assert rule == "ERR-05"
    assert told_message.startswith(message)


def test_formats_in_the_path_are_checked() -> None:
    refusal = told("getMicrosoftDiscovery", path={"tenantId": "acme"})
    assert refusal == ("ERR-05", 'tenantId is "acme", expected a UUID')


def test_defaults_are_filled_in_and_what_is_not_given_is_absent() -> None:
    assert ask("listInvites").query == {"page": 0, "pageSize": 20, "includeSubInvites": False}
    assert ask("getInvite").query == {}


def test_values_are_parsed() -> None:
    query = "page=3&pageSize=100&includeSubInvites=true&recruiterUserIds=usr_a,usr_b&labelIds=lbl_a"
    assert ask("listInvites", query=query).query == {
        "page": 3,
        "pageSize": 100,
        "includeSubInvites": True,
        "recruiterUserIds": ["usr_a", "usr_b"],
        "labelIds": ["lbl_a"],
    }


def test_a_call_does_not_change_the_defaults_of_the_next() -> None:
    ask("listInvites").query["page"] = 7
    assert ask("listInvites").query["page"] == 0


def test_names_and_values_are_percent_decoded() -> None:
    query = "%70age=%32&&labelIds=%6Cbl_a%2Clbl+b".replace("+", "%2B") + "&"
    assert ask("listInvites", query=query).query["labelIds"] == ["lbl_a", "lbl+b"]
    assert ask("listInvites", query=query).query["page"] == 2


@pytest.mark.parametrize("query", ["page=%", "page=%1", "page=%zz", "page=%+1", "%=1"])
def test_stray_percent_signs_are_refused(query: str) -> None:
    message = "The query has a % without two hexadecimal digits; write a % as %25"
    assert told("listInvites", query=query) == ("ERR-05", message)


@pytest.mark.parametrize("query", [b"page=%ff", b"page=\xff", b"%c3=1", b"labelIds=%ed%a0%80"])
def test_a_query_that_is_not_utf_8_is_refused(query: bytes) -> None:
    assert told("listInvites", query=query) == ("ERR-05", "The query is not UTF-8")


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    assert told("listInvites", query="pagesize=3") == (
        "STR-01",
        "The query parameter pagesize is unknown; did you mean pageSize?",
    )


def test_an_unknown_parameter_like_no_other_is_refused_with_all() -> None:
    assert told("listLabels", query="x=3") == (
        "STR-01",
        "The query parameter x is unknown; known are page, pageSize, sort, sortBy, sortDir",
    )
    assert told("getInvite", query="x=3") == ("STR-01", "The query parameter x is unknown; none is known")


def test_an_unknown_parameter_is_shown_escaped_and_cut() -> None:
    assert '"a\\nb"' in told("getInvite", query="a%0Ab=1")[1]
    assert '""' in told("getInvite", query="=1")[1]
    assert len(told("getInvite", query="x" * 5000)[1]) < 150


def test_a_repeated_parameter_is_refused() -> None:
    expected = ("STR-02", "The parameter page is given more than once")
    assert told("listInvites", query="page=1&page=1") == expected
    assert told("listInvites", query="page=1&p%61ge=2") == expected


@pytest.mark.parametrize(
    ("query", "rule", "message"),
    [
        ("page=-1", "PAGE-06", "page is -1, expected an integer from 0 to 1000000"),
        ("pageSize=0", "PAGE-06", "pageSize is 0, expected an integer from 1 to 100"),
        ("pageSize=101", "PAGE-06", "pageSize is 101, expected an integer from 1 to 100"),
        ("page=1000001", "PAGE-07", "page is 1000001, expected an integer from 0 to 1000000"),
        ("page=", "ERR-05", "page has no value"),
        ("page", "ERR-05", "page has no value"),
    ],
)
def test_numbers_beyond_their_bounds_are_refused(query: str, rule: str, message: str) -> None:
    assert told("listInvites", query=query) == (rule, message)


@pytest.mark.parametrize(
    "text", ["1e3", "٣", "%D9%A3", "%2B1", "+1", "01", "1.0", "1_0", "0x1", "-0", "00", " 1", "1%0A", "NaN", "1,2"]
)
def test_only_the_canonical_form_of_a_number_is_taken(text: str) -> None:
    rule, message = told("listInvites", query=f"page={text}")
    assert rule == "PAGE-07"
    assert message.endswith("expected an integer from 0 to 1000000 in plain decimal digits")


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_number_of_ten_thousand_digits_is_beyond_the_bounds(sign: str) -> None:
    _, message = told("listInvites", query=f"page={sign}{'9' * 10_000}")
    assert message.endswith("…, expected an integer from 0 to 1000000")
    assert len(message) < 140


@pytest.mark.parametrize("text", ["TRUE", "1", "yes", "", "true,false"])
def test_booleans_are_true_or_false(text: str) -> None:
    expected = f'includeSubInvites is "{text}", expected true or false'
    assert told("listInvites", query=f"includeSubInvites={text}") == ("ERR-05", expected)


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("", "FILT-05", "labelIds has no value"),
        (",", "FILT-05", "labelIds has an empty segment; join values by single commas"),
        ("a,,b", "FILT-05", "labelIds has an empty segment; join values by single commas"),
        ("a,", "FILT-05", "labelIds has an empty segment; join values by single commas"),
        ("a,b,a", "FILT-05", 'labelIds has "a" more than once'),
        ("a,b+c", "ERR-05", 'labelIds/1 is "b c", expected the id of a label, for example lbl_engineering'),
        (",".join(map(str, range(101))), "ERR-05", "labelIds has 101 items, expected 1 to 100"),
    ],
)
def test_filters_are_checked(text: str, rule: str, message: str) -> None:
    assert told("listInvites", query=f"labelIds={text}") == (rule, message)


def test_times_are_put_into_canonical_form() -> None:
    query = ask("listMeetings", query="from=2030-01-01T00:00:00Z&to=2030-01-02T00:00:00.1239%2B00:00").query
    assert (query["from"], query["to"]) == ("2030-01-01T00:00:00.000Z", "2030-01-02T00:00:00.123Z")


def test_a_required_parameter_is_missing() -> None:
    assert told("listMeetings") == ("MTG-01", "from is missing")
    assert told("listMeetings", query="from=2030-01-01T00:00:00Z") == ("MTG-01", "to is missing")


@pytest.mark.parametrize(
    "text", ["yesterday", "2030-01-01", "1999-12-31T00:00:00Z", "2030-01-01T00:00:00%2B01:00", "2030-01-01t00:00:00z"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    rule, message = told("listMeetings", query=f"from={text}&to=2030-02-01T00:00:00Z")
    assert rule == "STR-06"
    assert message.startswith("from is ")
    assert MOMENT in message


def test_a_time_that_the_calendar_lacks_is_refused() -> None:
    expected = 'from is "2030-02-30T00:00:00Z", expected a time that the calendar has'
    assert told("listMeetings", query="from=2030-02-30T00:00:00Z&to=2030-03-01T00:00:00Z") == ("STR-06", expected)


def test_a_plus_that_became_a_space_is_explained() -> None:
    _, message = told("listMeetings", query="from=2030-01-01T00:00:00+00:00&to=2030-01-02T00:00:00Z")
    assert message.endswith("; a + in a query is a space, write it as %2B")


def test_a_query_outside_lists_is_checked_too() -> None:
    assert ask("listPersonas", query="workspace=acme").query == {"workspace": "acme"}
    rule, message = told("listPersonas", query="workspace=Acme")
    assert rule == "ERR-05"
    assert message == 'workspace is "Acme", expected the name of a workspace, as in its host'
