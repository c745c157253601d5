"""Examples are what people copy: each one is there, is valid, and shows no member that its schema does not name."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from openapi import Document, Operation
from tests.openapi.documents import DOCUMENTS, document_of, each_document, each_operation, escape, media_of, nodes


def examples_of(document: Document, node: Mapping[str, Any]) -> dict[str, Any]:
    """Give the examples of a media type, parameter or header by name."""
    several = {name: document.resolve(example)["value"] for name, example in node.get("examples", {}).items()}
    return {"example": node["example"]} | several if "example" in node else several


def with_examples(document: Document) -> Iterator[tuple[str, str, Any]]:
    """Give every example with the pointer to its schema: of media types, parameters, headers, schemas; and defaults."""
    for pointer, node in nodes(document):
        if "schema" in node:
            for name, value in examples_of(document, node).items():
                yield f"{pointer}:{name}", f"{pointer}/schema", value
        elif isinstance(listed := node.get("examples"), list):
            for index, value in enumerate(listed):
                yield f"{pointer}:{index}", pointer, value
        if "default" in node and "type" in node:
            yield f"{pointer}:default", pointer, node["default"]


def undeclared(document: Document, schema: Any, value: Any, at: str = "") -> Iterator[str]:
    """Give the members of a value that its schema does not name."""
    schema = document.resolve(schema)
    parts = [document.resolve(part) for key in ("oneOf", "anyOf", "allOf") for part in schema.get(key, ())]
    declared = {name: child for part in (schema, *parts) for name, child in part.get("properties", {}).items()}
    if isinstance(value, Mapping):
        for name, member in value.items():
            if name in declared:
                yield from undeclared(document, declared[name], member, f"{at}/{escape(name)}")
            elif declared:
                yield f"{at}/{escape(name)}"
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from undeclared(document, schema["items"], item, f"{at}/{index}")


EXAMPLES = [
    pytest.param(document, schema, value, id=f"{name}{pointer}")
    for name, document in DOCUMENTS.items()
    for pointer, schema, value in with_examples(document)
]


@pytest.mark.parametrize(("document", "schema", "value"), EXAMPLES)
def test_example_is_valid(document: Document, schema: str, value: Any) -> None:
    assert [error.message for error in document.validator(schema).iter_errors(value)] == []


@pytest.mark.parametrize(("document", "schema", "value"), EXAMPLES)
def test_example_has_declared_members_only(document: Document, schema: str, value: Any) -> None:
    assert list(undeclared(document, document.at(schema), value)) == []


@each_operation
def test_every_response_has_an_example(operation: Operation) -> None:
    document = document_of(operation)
    without = [
        status
        for status, pointer in operation.responses.items()
        if not examples_of(document, media_of(document, pointer))
    ]
    assert without == []


@each_operation
def test_every_request_body_has_an_example(operation: Operation) -> None:
    document = document_of(operation)
    if operation.body is not None:
        node = document.raw["paths"][operation.path][operation.method.lower()]["requestBody"]
        assert examples_of(document, node["content"]["application/json"])


@each_operation
def test_every_required_parameter_has_an_example(operation: Operation) -> None:
    document = document_of(operation)
    for parameter in operation.parameters:
        if parameter.required:
            item = document.raw["paths"][operation.path]
            listed = [*item.get("parameters", ()), *item[operation.method.lower()].get("parameters", ())]
            [node] = [p for p in map(document.resolve, listed) if p["name"] == parameter.name]
            assert examples_of(document, node), parameter.name


@each_document
def test_error_examples_name_no_secret(document: Document) -> None:
    for _, _, value in with_examples(document):
        if isinstance(value, Mapping) and value.get("success") is False:
            assert "kly_" not in str(value)
            assert "eyJ" not in str(value)


def test_the_checks_see_a_bad_example() -> None:
    document = DOCUMENTS["app-api"]
    label = "#/components/schemas/Label"
    assert not document.validator(label).is_valid({"id": "lbl_x", "name": "", "color": "red"})
    assert list(undeclared(document, {"$ref": label}, {"id": "lbl_x", "colour": "#000000"})) == ["/colour"]
    page: Any = {"items": [{"booking": {"labels": []}}]}
    assert list(undeclared(document, {"$ref": "#/components/schemas/InviteList"}, page)) == ["/items/0/booking/labels"]
