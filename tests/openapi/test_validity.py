"""Both documents are OpenAPI 3.1: by the specification's own schema, and where that schema does not look."""

import re
from collections import Counter

from openapi_spec_validator import OpenAPIV31SpecValidator

from openapi import Document, Operation
from openapi.document import METHODS
from tests.openapi.documents import DOCUMENTS, document_of, each_document, each_operation, nodes, raw_operation


@each_document
def test_document_is_valid_openapi_3_1(document: Document) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document.raw["openapi"])
    assert [error.message for error in OpenAPIV31SpecValidator(document.raw).iter_errors()] == []


@each_document
def test_every_schema_compiles(document: Document) -> None:
    for pointer, node in nodes(document):
        if "schema" in node:
            document.validator(f"{pointer}/schema")


@each_document
def test_every_reference_leads_somewhere_inside(document: Document) -> None:
    references = {str(node["$ref"]) for _, node in nodes(document) if "$ref" in node}
    assert references
    for reference in references:
        assert reference.startswith("#/components/")
        assert document.at(reference) is not None


@each_document
def test_every_component_is_used(document: Document) -> None:
    text = repr(document.raw)
    unused = [
        f"#/components/{kind}/{name}"
        for kind, entries in document.raw["components"].items()
        if kind != "securitySchemes"
        for name in entries
        if f"'#/components/{kind}/{name}'" not in text
    ]
    assert unused == []


@each_document
def test_nothing_is_left_of_openapi_3_0(document: Document) -> None:
    """3.1 takes `null` as a type, bounds as numbers, and `examples` of a schema as a list."""
    for pointer, node in nodes(document):
        assert "nullable" not in node, pointer
        assert not isinstance(node.get("exclusiveMinimum"), bool), pointer
        assert not isinstance(node.get("exclusiveMaximum"), bool), pointer


@each_document
def test_operation_ids_are_unique(document: Document) -> None:
    ids = [
        item[method]["operationId"] for item in document.raw["paths"].values() for method in METHODS if method in item
    ]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert set(ids) == set(document.operations)


@each_operation
def test_path_parameters_are_those_of_the_template(operation: Operation) -> None:
    in_template = re.findall(r"{(\w+)}", operation.path)
    assert sorted(parameter.name for parameter in operation.parameters_in("path")) == sorted(in_template)
    assert all(parameter.required for parameter in operation.parameters_in("path"))


@each_operation
def test_parameters_are_unique(operation: Operation) -> None:
    places = Counter((parameter.location, parameter.name) for parameter in operation.parameters)
    assert set(places.values()) <= {1}


@each_operation
def test_operation_reads_well(operation: Operation) -> None:
    """A summary without a full stop, a description with one, one tag that the document declares."""
    document = document_of(operation)
    node = raw_operation(operation)
    assert node["summary"]
    assert not node["summary"].endswith(".")
    assert node["description"].strip().endswith((".", ")"))
    assert len(node["tags"]) == 1
    assert node["tags"][0] in [tag["name"] for tag in document.raw["tags"]]


def test_documents_share_no_operation_id() -> None:
    """A journal or a report names operations of both by their id alone."""
    app_api, mock_control = DOCUMENTS.values()
    assert not set(app_api.operations) & set(mock_control.operations)
