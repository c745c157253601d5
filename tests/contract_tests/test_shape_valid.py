"""Generated requests: the same for the same seed; and judged by the document alone."""

import json

import pytest

from contract_tests.shape import Request, flaw, requests
from openapi import load_app_api

DOCUMENT = load_app_api()

LABEL = {"name": "Data", "color": "#0F766E"}
PERIOD = (("from", "2099-01-01T00:00:00Z"), ("to", "2099-02-01T00:00:00Z"))
MEETING = {"title": "Demo", "startAt": "2099-01-01T09:00:00Z", "endAt": "2099-01-01T10:00:00Z"}


def body(value: object) -> Request:
    """A request with a JSON body."""
    return Request((), (), json.dumps(value).encode())


def query(*pairs: tuple[str, str]) -> Request:
    """A request with a query."""
    return Request((), pairs, None)


VALID = {
    "a label": ("createLabel", body(LABEL)),
    "a label without a description": ("createLabel", body({**LABEL, "description": None})),
    "a period": ("listMeetings", query(*PERIOD)),
    "every kind of parameter": (
        "listInvites",
        query(("page", "0"), ("sort", "title:asc,createdAt:desc"), ("labelIds", "a,b"), ("includeSubInvites", "true")),
    ),
    "an id": ("getInvite", Request((("inviteId", "inv_mother"),), (), None)),
}

FLAWED = {
    "no body": ("createLabel", Request((), (), None), "STR-05", {400, 415}),
    "no JSON": ("createLabel", Request((), (), b"{"), "STR-04", {400}),
    "no UTF-8": ("createLabel", Request((), (), b'{"name":"\xff"}'), "STR-04", {400}),
    "NaN": ("createLabel", Request((), (), b'{"name":NaN}'), "STR-04", {400}),
    "an unknown member": ("createLabel", body({**LABEL, "x": 1}), "STR-03", {400}),
    "a member too few": ("createLabel", body({"name": "Data"}), "STR-05", {400}),
    "no real day": ("createMeeting", body({**MEETING, "endAt": "2099-02-30T00:00:00Z"}), "STR-06", {400}),
    "another zone": ("createMeeting", body({**MEETING, "endAt": "2099-02-01T00:00:00+02:00"}), "STR-06", {400}),
    "an unknown parameter": ("listLabels", query(("x", "1")), "STR-01", {400}),
    "a parameter twice": ("listLabels", query(("page", "1"), ("page", "1")), "STR-02", {400}),
    "a required parameter missing": ("listMeetings", query(PERIOD[0]), "MTG-01", {400}),
    "a number with a zero before it": ("listLabels", query(("page", "01")), "ERR-05", {400}),
    "a number in other digits": ("listLabels", query(("page", "\u0663")), "ERR-05", {400}),
    "a Python boolean": ("listInvites", query(("includeSubInvites", "True")), "ERR-05", {400}),
    "an empty segment": ("listInvites", query(("labelIds", "a,,b")), "FILT-05", {400}),
    "a field that does not sort": ("listLabels", query(("sort", "color:asc")), "SORT-07", {400}),
    "an id that is too long": ("getInvite", Request((("inviteId", "i" * 65),), (), None), "ERR-05", {400, 404}),
}


@pytest.mark.parametrize(("name", "request_"), VALID.values(), ids=VALID.keys())
def test_what_the_document_allows_has_no_flaw(name: str, request_: Request) -> None:
    assert flaw(DOCUMENT, DOCUMENT.operations[name], request_) is None


@pytest.mark.parametrize(("name", "request_", "rule", "statuses"), FLAWED.values(), ids=FLAWED.keys())
def test_a_flaw_has_its_rule(name: str, request_: Request, rule: str, statuses: set[int]) -> None:
    found = flaw(DOCUMENT, DOCUMENT.operations[name], request_)
    assert found is not None
    assert (found.rule, found.statuses) == (rule, statuses)


def test_the_same_seed_makes_the_same_requests() -> None:
    first = requests("createLabel", 5, 4)
    requests.cache_clear()
    assert requests("createLabel", 5, 4) == first
    assert requests("createLabel", 6, 4) != first


@pytest.mark.parametrize("name", ["listLabels", "createLabel", "replaceUserLabels"])
def test_requests_are_valid_and_invalid(name: str) -> None:
    made = requests(name, 1, 5)
    assert len(made) == len(set(made)) > 10
    assert {flaw(DOCUMENT, DOCUMENT.operations[name], one) is None for one in made} == {True, False}
