"""Lists: what the extensions say of sorting, filtering and paging agrees with the schemas beside them."""

from typing import Any

import pytest

from openapi import Operation, Parameter, load_app_api
from tests.openapi.documents import schemas_at

DOCUMENT = load_app_api()
LISTS = [operation for operation in DOCUMENT.operations.values() if operation.listing is not None]
LIST_PARAMETERS = {"page", "pageSize", "sort", "sortBy", "sortDir"}

each_list = pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.operation_id)


def named(operation: Operation, name: str) -> Parameter:
    [parameter] = [parameter for parameter in operation.parameters if parameter.name == name]
    return parameter


def item_schema(operation: Operation) -> dict[str, Any]:
    assert operation.listing is not None
    answer = DOCUMENT.at(operation.responses["200"])["content"]["application/json"]["schema"]
    [items] = schemas_at(DOCUMENT, answer, operation.listing.items)
    schema: dict[str, Any] = DOCUMENT.resolve(items["items"])
    return schema


def test_there_are_lists() -> None:
    names = [operation.operation_id for operation in LISTS]
    assert names == ["listInvites", "listSubInvites", "listMeetings", "listLabels", "listUsers"]


@each_list
def test_sort_names_each_field_in_each_direction(operation: Operation) -> None:
    sort = named(operation, "sort")
    assert sort.sort_fields
    assert sort is operation.sort_parameter
    keys = [f"{field}:{direction}" for field in sort.sort_fields for direction in ("asc", "desc")]
    assert sort.schema["items"]["enum"] == keys
    assert named(operation, "sortBy").schema["enum"] == list(sort.sort_fields)
    assert named(operation, "sortDir").schema["enum"] == ["asc", "desc"]


@each_list
def test_sort_takes_every_field_once(operation: Operation) -> None:
    sort = named(operation, "sort")
    assert sort.sort_fields is not None
    assert (sort.schema["minItems"], sort.schema["maxItems"]) == (1, len(sort.sort_fields))
    assert sort.schema["uniqueItems"] is True


@each_list
def test_sort_fields_are_scalars_of_an_item(operation: Operation) -> None:
    sort = named(operation, "sort")
    assert sort.sort_fields is not None
    for pointer in sort.sort_fields.values():
        [schema] = schemas_at(DOCUMENT, item_schema(operation), pointer)
        assert schema["type"] in ("string", "integer"), pointer


@each_list
def test_default_order_is_of_sortable_fields(operation: Operation) -> None:
    assert operation.listing is not None
    sort = named(operation, "sort")
    assert sort.sort_fields is not None
    assert [key.field for key in operation.listing.order if key.field not in sort.sort_fields] == []
    assert operation.listing.order


@each_list
def test_page_and_page_size_have_the_documented_bounds(operation: Operation) -> None:
    page, size = named(operation, "page").schema, named(operation, "pageSize").schema
    assert (page["minimum"], page["default"]) == (0, 0)
    assert (size["minimum"], size["maximum"], size["default"]) == (1, 100, 20)


@each_list
def test_payload_counts_all(operation: Operation) -> None:
    assert operation.listing is not None
    answer = DOCUMENT.at(operation.responses["200"])["content"]["application/json"]["schema"]
    [total] = schemas_at(DOCUMENT, answer, operation.listing.total)
    assert total["type"] == "integer"
    [payload] = schemas_at(DOCUMENT, answer, "/data")
    assert {"items", "total", "page", "pageSize"} <= set(payload["required"])


@each_list
def test_arrays_in_the_query_are_separated_by_commas(operation: Operation) -> None:
    node = DOCUMENT.raw["paths"][operation.path]["get"]
    for parameter in map(DOCUMENT.resolve, node["parameters"]):
        if DOCUMENT.resolve(parameter["schema"]).get("type") == "array":
            assert (parameter["style"], parameter["explode"]) == ("form", False)


@each_list
def test_filters_look_at_ids_of_their_own_kind(operation: Operation) -> None:
    for parameter in operation.filters:
        wanted = DOCUMENT.resolve(parameter.schema["items"])["x-kailenty-ref"]
        for target in parameter.filter_targets or ():
            found = schemas_at(DOCUMENT, item_schema(operation), target)
            assert [schema["x-kailenty-ref"] for schema in found] == [wanted], target


@each_list
def test_every_array_is_sort_or_a_filter(operation: Operation) -> None:
    """A comma-separated parameter that no rule knows could not be checked."""
    arrays = {p.name for p in operation.parameters_in("query") if p.schema.get("type") == "array"}
    assert arrays == {"sort"} | {parameter.name for parameter in operation.filters}


def test_other_operations_take_no_list_parameters() -> None:
    for operation in DOCUMENT.operations.values():
        if operation.listing is None:
            assert not LIST_PARAMETERS & {parameter.name for parameter in operation.parameters}
            assert operation.sort_parameter is None
            assert operation.filters == ()
