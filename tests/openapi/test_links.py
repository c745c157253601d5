"""Links: each leads from a member of the answer to a parameter of an operation, and fills all the target needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from openapi import Operation
from tests.openapi.documents import DOCUMENTS, document_of, nodes, raw_operation, schemas_at


@dataclass(frozen=True, slots=True)
class Link:
    """One link, and the answer that it stands in."""

    name: str
    operation: Operation
    status: str
    target: str
    parameters: Mapping[str, str]


LINKS = [
    Link(name, operation, status, link["operationId"], link["parameters"])
    for document in DOCUMENTS.values()
    for operation in document.operations.values()
    for status, pointer in operation.responses.items()
    for name, link in document.at(pointer).get("links", {}).items()
]

each_link = pytest.mark.parametrize("link", LINKS, ids=lambda link: link.name)


def test_every_link_is_reached_from_an_operation() -> None:
    written = sum(len(node["links"]) for d in DOCUMENTS.values() for _, node in nodes(d) if "links" in node)
    assert written == len(LINKS) > 0


@each_link
def test_link_fills_the_parameters_of_its_target(link: Link) -> None:
    target = document_of(link.operation).operations[link.target]
    assert set(link.parameters) <= {parameter.name for parameter in target.parameters}
    assert {parameter.name for parameter in target.parameters if parameter.required} <= set(link.parameters)


@each_link
def test_link_takes_its_values_from_what_is_there(link: Link) -> None:
    document = document_of(link.operation)
    answer = document.at(link.operation.responses[link.status])["content"]["application/json"]["schema"]
    for expression in link.parameters.values():
        if in_body := re.fullmatch(r"\$response\.body#(/.+)", expression):
            assert schemas_at(document, answer, in_body[1]), expression
        else:
            in_path = re.fullmatch(r"\$request\.path\.(\w+)", expression)
            assert in_path, expression
            assert in_path[1] in {parameter.name for parameter in link.operation.parameters_in("path")}


def test_every_created_row_links_to_what_can_be_done_with_it() -> None:
    for document in DOCUMENTS.values():
        for operation in document.operations.values():
            if operation.operation_id.startswith("create"):
                assert raw_operation(operation)["responses"]["201"]["links"], operation.operation_id
