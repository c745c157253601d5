"""The extensions: each one known to their reader, each where it belongs, and none that names what is not there."""

import inspect
import re
from collections.abc import Iterator

import pytest

from openapi import Document, Operation, extensions, load_app_api, load_mock_control
from openapi.extensions import Period, SortKey
from tests.openapi.documents import (
    document_of,
    each_document,
    each_operation,
    media_of,
    nodes,
    raw_operation,
    schemas_at,
)

SOURCE = re.compile(r"D-(0[1-9]|1\d|2[0-8])|assumed")


def named(document: Document, name: str) -> Iterator[tuple[str, object]]:
    return ((pointer, node[name]) for pointer, node in nodes(document) if name in node)


@each_document
def test_every_extension_is_known_to_the_reader(document: Document) -> None:
    reader = inspect.getsource(extensions)
    used = {key for _, node in nodes(document) for key in node if key.startswith("x-")}
    assert used
    assert {name for name in used if f'"{name}"' not in reader} == set()


def test_the_reader_knows_no_extension_that_is_not_used() -> None:
    known = set(re.findall(r'"(x-[a-z-]+)"', inspect.getsource(extensions)))
    documents = (load_app_api(), load_mock_control())
    used = {key for document in documents for _, node in nodes(document) for key in node if key.startswith("x-")}
    assert known == used


@each_document
def test_sources_are_documented_facts_or_assumed(document: Document) -> None:
    assert [(pointer, source) for pointer, source in named(document, "x-kailenty-source") if not valid(source)] == []


def valid(source: object) -> bool:
    return isinstance(source, str) and SOURCE.fullmatch(source) is not None


def test_every_operation_query_parameter_and_object_tells_its_source() -> None:
    """The mock's own document needs none: all of it is ours."""
    document = load_app_api()
    tells = [raw_operation(operation) for operation in document.operations.values()]
    for _, node in nodes(document):
        is_object = node.get("type") == "object" and "required" in node and "description" in node
        if is_object or node.get("in") == "query":
            tells.append(node)
    assert len(tells) > 50
    assert [node for node in tells if extensions.source(node) is None] == []


@each_document
def test_references_name_kinds_of_rows(document: Document) -> None:
    assert {kind for _, kind in named(document, "x-kailenty-ref")} <= {"user", "label", "invite", "meeting"}


@each_document
def test_only_times_must_lie_in_the_future(document: Document) -> None:
    for pointer, value in named(document, "x-kailenty-future"):
        assert value is True
        assert document.resolve(document.at(pointer))["format"] == "date-time", pointer


@each_operation
def test_owners_are_users_named_by_a_row(operation: Operation) -> None:
    document = document_of(operation)
    answer = media_of(document, operation.responses[str(operation.status)])["schema"]
    row = f"{operation.listing.items}/*" if operation.listing else "/data"
    for owner in operation.own:
        if operation.operation_id != "checkAvailability":  # answers about a meeting, without it
            [schema] = schemas_at(document, answer, f"{row}/{owner}")
            assert extensions.reference(schema) == "user"


@each_operation
def test_periods_are_of_two_times(operation: Operation) -> None:
    if operation.period is not None:
        assert {operation.period.start, operation.period.end} <= operation.times
        assert operation.period.start != operation.period.end


@each_operation
def test_participants_are_users_and_guests_of_a_meeting(operation: Operation) -> None:
    document = document_of(operation)
    if operation.participants is not None:
        members = document.resolve({"$ref": "#/components/schemas/Meeting"})["properties"]
        assert operation.participants.maximum == 20
        assert set(operation.participants.users) <= set(members)
        assert operation.participants.guests in members


def test_an_unknown_role_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown roles: \\['owner'\\]"):
        extensions.roles({"x-kailenty-roles": ["admin", "owner"]})


def test_roles_come_least_first() -> None:
    assert extensions.roles({"x-kailenty-roles": ["admin", "manager"]}) == ("manager", "admin")
    assert extensions.roles({}) == ("user", "manager", "admin")


def test_what_is_absent_is_none_or_the_default() -> None:
    assert extensions.source({}) is None
    assert extensions.own({}) == ()
    assert extensions.enveloped({}) is True
    assert extensions.listing({}) is None
    assert extensions.sort_fields({}) is None
    assert extensions.filter_targets({}) is None
    assert extensions.reference({}) is None
    assert extensions.in_future({}) is False
    assert extensions.period({}) is None
    assert extensions.participants({}) is None


def test_periods_are_in_hours() -> None:
    def period(**distance: int) -> Period | None:
        return extensions.period({"x-kailenty-period": {"start": "a", "end": "b", **distance}})

    assert period(maxHours=24) == Period("a", "b", 24)
    assert period(maxDays=366) == Period("a", "b", 8784)
    assert period() == Period("a", "b", None)


def test_an_order_is_read_key_by_key() -> None:
    assert extensions.parse_order("title:asc,createdAt:desc") == (SortKey("title", False), SortKey("createdAt", True))


def test_a_listing_without_its_members_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="order"):
        extensions.listing({"x-kailenty-list": {"items": "/data/items", "total": "/data/total"}})
