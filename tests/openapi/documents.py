"""What the tests of the documents share: both documents, each of their operations, and a walk over their nodes."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from openapi import Document, Operation, load_app_api, load_mock_control

DOCUMENTS = {"app-api": load_app_api(), "mock-control": load_mock_control()}

each_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)

each_operation = pytest.mark.parametrize(
    "operation",
    [operation for document in DOCUMENTS.values() for operation in document.operations.values()],
    ids=lambda operation: operation.operation_id,
)


def document_of(operation: Operation) -> Document:
    """Give the document that an operation is in."""
    [document] = [document for document in DOCUMENTS.values() if operation.operation_id in document.operations]
    return document


def nodes(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every object of a document with its pointer, but nothing inside an example: that is data."""
    return _nodes(document.raw, "#")


def _nodes(node: Any, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, Mapping):
        yield pointer, node
        for key, child in node.items():
            if key not in ("example", "examples"):
                yield from _nodes(child, f"{pointer}/{escape(key)}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _nodes(child, f"{pointer}/{index}")


def raw_operation(operation: Operation) -> Mapping[str, Any]:
    """Give an operation as it stands in its document."""
    node: Mapping[str, Any] = document_of(operation).raw["paths"][operation.path][operation.method.lower()]
    return node


def escape(token: str) -> str:
    """Escape one token of a JSON pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def schemas_at(document: Document, schema: Any, pointer: str) -> list[Mapping[str, Any]]:
    """Give the schemas of what a JSON pointer, `*` or a number for any index, can lead to in a value of a schema.

    Alternatives are followed together; where only some of them have the member, those are given.
    """
    found = [document.resolve(schema)]
    for token in pointer.strip("/").split("/"):
        found = [
            document.resolve(child)
            for node in found
            for alternative in _alternatives(document, node)
            if (child := _child(alternative, token)) is not None
        ]
    return found


def _alternatives(document: Document, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    for keyword in ("oneOf", "anyOf", "allOf"):
        for alternative in schema.get(keyword, ()):
            yield from _alternatives(document, document.resolve(alternative))


def _child(schema: Mapping[str, Any], token: str) -> Any:
    if token == "*" or token.isdecimal():
        return schema.get("items")
    return schema.get("properties", {}).get(token)


def media_of(document: Document, response: str) -> Mapping[str, Any]:
    """The one media type of the response at a pointer: JSON, or what a stream is made of."""
    [media] = document.at(response)["content"].values()
    node: Mapping[str, Any] = media
    return node
