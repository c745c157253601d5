"""Loading: references, bundling, and what an operation knows about itself."""

import dataclasses

import pytest

from openapi import Document, load_app_api, load_mock_control
from openapi.document import read_yaml

APP = load_app_api()


def test_documents_are_loaded_once() -> None:
    assert load_app_api() is load_app_api()
    assert load_mock_control() is load_mock_control()


def test_base_path_is_that_of_the_server() -> None:
    assert APP.base_path == "/api/v1/app"
    assert load_mock_control().base_path == "/_mock"


def test_resolve_lets_members_beside_a_reference_win() -> None:
    reference = "#/components/schemas/UserId"
    assert APP.resolve({"$ref": reference}) is APP.at(reference)
    beside = APP.resolve({"$ref": reference, "readOnly": True, "maxLength": 8})
    assert beside == {**APP.at(reference), "readOnly": True, "maxLength": 8}


def test_resolve_follows_chains_and_leaves_the_rest_alone() -> None:
    document = Document(
        {"servers": [{"url": "/"}], "paths": {}, "a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": [1, 2]}
    )
    assert document.resolve({"$ref": "#/a"}) == [1, 2]
    assert document.resolve(7) == 7


def test_at_reads_escaped_tokens_and_indices() -> None:
    assert APP.at("#/paths/~1invites~1{inviteId}/parameters/0") == {"$ref": "#/components/parameters/InviteId"}
    assert APP.at("#/tags/0/name") == "Invites"
    with pytest.raises(KeyError):
        APP.at("#/components/schemas/Teapot")


def test_validators_assert_formats() -> None:
    validator = APP.validator("#/components/schemas/RequestTime")
    assert validator.is_valid("2096-02-29T00:00:00Z")
    assert not validator.is_valid("2097-02-29T00:00:00Z")


def test_control_document_is_bundled_whole() -> None:
    raw = load_mock_control().raw
    assert "app-api.yaml" not in str(raw["paths"]) + str(raw["components"])
    for kind, name in (("schemas", "Meeting"), ("responses", "NotFound"), ("headers", "Retry-After")):
        if name in raw["components"][kind]:
            assert raw["components"][kind][name] == APP.raw["components"][kind][name]
    assert raw["components"]["schemas"]["Meeting"]["properties"]["title"] == {"$ref": "#/components/schemas/Title"}


def test_control_document_takes_only_what_it_needs() -> None:
    assert "InviteCreate" not in load_mock_control().raw["components"]["schemas"]


def test_control_document_keeps_its_own_components() -> None:
    own = read_yaml("mock-control.yaml")["components"]["schemas"]
    assert set(own) <= set(load_mock_control().raw["components"]["schemas"])


def test_operation_of_a_list() -> None:
    operation = APP.operations["listMeetings"]
    assert (operation.method, operation.path, operation.status) == ("GET", "/meetings", 200)
    assert operation.own == ("recruiterUserId", "hostUserId")
    assert operation.period is not None
    assert operation.period.max_hours == 366 * 24
    assert operation.times == {"from", "to"}
    assert operation.future == frozenset()
    assert operation.body is None
    assert [parameter.name for parameter in operation.filters] == ["recruiterUserIds", "attendeeUserIds", "labelIds"]


def test_operation_with_alternative_bodies_knows_the_times_of_all() -> None:
    operation = APP.operations["createInvite"]
    assert operation.body == "#/components/schemas/InviteCreate"
    assert operation.times == operation.future == {"voteDeadlineAt"}


def test_operation_with_a_body_has_its_period_and_participants() -> None:
    operation = APP.operations["createMeeting"]
    assert operation.period is not None
    assert operation.participants is not None
    assert operation.future == {"startAt", "endAt"}


def test_operation_with_narrowed_roles() -> None:
    assert APP.operations["listLabels"].roles == ("manager", "admin")
    assert APP.operations["getInvite"].roles == ("user", "manager", "admin")


def test_only_the_document_needs_no_credential() -> None:
    assert [name for name, operation in APP.operations.items() if not operation.secured] == ["getOpenApiDocument"]


def test_parameters_of_the_path_come_before_those_of_the_operation() -> None:
    names = [parameter.name for parameter in APP.operations["listSubInvites"].parameters]
    assert names == ["inviteId", "page", "pageSize", "sort", "sortBy", "sortDir"]


def test_operations_and_their_map_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        APP.operations["getInvite"].status = 204  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        APP.operations["getInvite"] = APP.operations["listInvites"]  # type: ignore[index]
