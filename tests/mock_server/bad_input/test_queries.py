"""Queries that are refused."""

import pytest

from tests.mock_server.bad_input.sending import JSON, LABEL, refuses
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Wire, request

# What follows `?`, the rule that refuses, and what is told.
QUERIES: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "repeated": (b"page=1&page=2", "STR-02", ("page is given more than once",)),
    "repeated-alike": (b"page=1&page=1", "STR-02", ("page is given more than once",)),
    "repeated-in-escapes": (b"page=1&p%61ge=1", "STR-02", ("page is given more than once",)),
    "repeated-filter": (b"labelIds=a&labelIds=b", "STR-02", ("labelIds is given more than once",)),
    "empty": (b"page=", "ERR-05", ("page has no value",)),
    "bare": (b"pageSize", "ERR-05", ("pageSize has no value",)),
    "empty-filter": (b"recruiterUserIds=", "FILT-05", ("recruiterUserIds has no value",)),
    "empty-sort": (b"sort=", "SORT-07", ("sort has no value",)),
    "empty-flag": (b"includeSubInvites=", "ERR-05", ('includeSubInvites is ""', "true or false")),
    "empty-name": (b"=1", "STR-01", ('"" is unknown',)),
    "exponent": (b"page=1e3", "PAGE-07", ('page is "1e3"', "0 to 1000000", "plain decimal")),
    "fraction": (b"page=1.0", "PAGE-07", ('page is "1.0"',)),
    "plus-is-a-space": (b"page=+1", "PAGE-07", ('page is " 1"',)),
    "plus": (b"page=%2B1", "PAGE-07", ('page is "+1"',)),
    "minus-zero": (b"page=-0", "PAGE-07", ('page is "-0"',)),
    "leading-zero": (b"page=01", "PAGE-07", ('page is "01"',)),
    "hexadecimal": (b"page=0x1", "PAGE-07", ('page is "0x1"',)),
    "underscore": (b"page=1_0", "PAGE-07", ('page is "1_0"',)),
    "blank-after": (b"page=1%20", "PAGE-07", ('page is "1 "',)),
    "line-break-after": (b"page=1%0A", "PAGE-07", (r'page is "1\n"',)),
    "null-after": (b"page=1%00", "PAGE-07", (r'page is "1\u0000"',)),
    "other-digits": ("page=٣".encode(), "PAGE-07", ('page is "٣"', "plain decimal")),
    "other-digits-encoded": (b"page=%D9%A3", "PAGE-07", ('page is "٣"', "plain decimal")),
    "superscript": (b"page=%C2%B2", "PAGE-07", ('page is "²"',)),
    "beyond-64-bits": (b"page=18446744073709551616", "PAGE-07", ("page is 18446744073709551616", "0 to 1000000")),
    "5000-digits": (b"page=" + b"9" * 5000, "PAGE-07", ("page is 999", "0 to 1000000")),
    "negative": (b"page=-1", "PAGE-06", ("page is -1", "0 to 1000000")),
    "page-size-0": (b"pageSize=0", "PAGE-06", ("pageSize is 0", "1 to 100")),
    "page-size-101": (b"pageSize=101", "PAGE-06", ("pageSize is 101", "1 to 100")),
    "null-text": (b"page=null", "PAGE-07", ('page is "null"',)),
    "flag-in-capitals": (b"includeSubInvites=TRUE", "ERR-05", ('includeSubInvites is "TRUE"', "true or false")),
    "flag-1": (b"includeSubInvites=1", "ERR-05", ('includeSubInvites is "1"', "true or false")),
    "unknown": (b"x=1", "STR-01", ("parameter x is unknown", "known are")),
    "nearly-known": (b"pagesize=1", "STR-01", ("pagesize is unknown", "did you mean pageSize?")),
    "brackets": (b"labelIds[]=a", "STR-01", ('"labelIds[]" is unknown', "did you mean labelIds?")),
    "semicolon": (b"page=1;pageSize=2", "PAGE-07", ('page is "1;pageSize=2"',)),
    "second-question-mark": (b"page=1?pageSize=2", "PAGE-07", ('page is "1?pageSize=2"',)),
    "stray-percent": (b"page=%", "ERR-05", ("% without two hexadecimal digits", "%25")),
    "half-an-escape": (b"page=%2", "ERR-05", ("% without two hexadecimal digits",)),
    "no-hexadecimal": (b"labelIds=100%zz", "ERR-05", ("% without two hexadecimal digits",)),
    "stray-percent-in-a-name": (b"100%=1", "ERR-05", ("% without two hexadecimal digits",)),
    "invalid-utf-8": (b"labelIds=%ff", "ERR-05", ("not UTF-8",)),
    "invalid-utf-8-in-a-name": (b"%ff=1", "ERR-05", ("not UTF-8",)),
    "overlong-utf-8": (b"labelIds=%c0%af", "ERR-05", ("not UTF-8",)),
    "encoded-surrogate": (b"labelIds=%ed%a0%80", "ERR-05", ("not UTF-8",)),
    "null-in-an-id": (b"labelIds=lbl%00", "ERR-05", (r'labelIds/0 is "lbl\u0000"',)),
    "non-ascii-id": (b"labelIds=lbl_a,lbl_%C3%A9", "ERR-05", ('labelIds/1 is "lbl_é"',)),
    "empty-segment": (b"labelIds=a,,b", "FILT-05", ("labelIds has an empty segment",)),
    "comma-alone": (b"labelIds=,", "FILT-05", ("labelIds has an empty segment",)),
    "id-twice": (b"labelIds=a,a", "FILT-05", ('labelIds has "a" more than once',)),
    "101-ids": (b"labelIds=" + b",".join(b"l%d" % n for n in range(101)), "ERR-05", ("labelIds has 101 items", "100")),
    "id-with-a-line-break": (b"labelIds=a%0d%0aX-Evil:%201", "ERR-05", (r'labelIds/0 is "a\r\nX-Evil: 1"',)),
    "name-with-a-line-break": (b"a%0d%0aX-Evil:%201=1", "STR-01", (r'"a\r\nX-Evil: 1" is unknown',)),
    "60-kb-of-an-id": (b"labelIds=" + b"a" * 60_000, "ERR-05", ("labelIds/0 has 60000 characters", "1 to 64")),
    "60-kb-of-a-name": (b"a" * 60_000 + b"=1", "STR-01", ("aaa", "is unknown")),
    "60-kb-of-ids": (b"labelIds=" + b"a," * 30_000, "FILT-05", ("labelIds has an empty segment",)),
    "60-kb-of-parameters": (b"&".join(b"a%d=1" % n for n in range(8000)), "STR-01", ("a0 is unknown",)),
    "sort-injection": (b"sort=title;drop%20table:asc", "SORT-07", ('unknown field "title;drop table"', "known are")),
    "sort-twice": (b"sort=title:asc,title:desc", "SORT-07", ("sort names title more than once",)),
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_query_that_is_refused(unchanged: Mock, case: str) -> None:
    """STR-01, STR-02, ERR-05, PAGE-06, PAGE-07, FILT-05, SORT-07."""
    query, rule, told = QUERIES[case]
    refuses(unchanged, request("GET", f"{API}/invites?".encode() + query, ADA), 400, rule, *told)


def test_a_query_where_none_belongs(unchanged: Mock) -> None:
    """STR-01: of a write too, and of what needs no credential."""
    refuses(unchanged, request("POST", f"{API}/labels?dryRun=1", ADA, JSON, body=LABEL), 400, "STR-01", "dryRun")
    refuses(unchanged, request("DELETE", f"{API}/labels/lbl_unused?force=true", ADA), 400, "STR-01", "force")
    refuses(unchanged, request("GET", f"{API}/openapi.json?format=yaml"), 400, "STR-01", "format")


def test_a_query_of_nothing_is_none(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        for query in ("?", "?&", "?&&page=0&"):
            assert wire.ask(request("GET", f"{API}/invites{query}", ADA)).status == 200
