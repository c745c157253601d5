"""The document that a workspace publishes against ours: whether a client of ours can work with it."""

import pytest

from contract_tests.drift import Difference, compare
from contract_tests.outcomes import Broken
from contract_tests.plugin import NOTES, verifies
from contract_tests.target import Answer, Target
from openapi import Operation, load_app_api

OPERATIONS = list(load_app_api().operations.values())


@pytest.fixture(scope="module")
def published(opened_target: Target) -> tuple[Answer | None, list[Difference]]:
    """The published document's differences; the answer is None where there is no document to compare."""
    try:
        answer = opened_target.nobody.call("getOpenApiDocument")
    except Broken:
        return None, []
    if not isinstance(answer.body, dict) or "paths" not in answer.body:
        return None, []
    return answer, compare(load_app_api().raw, answer.body)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.operation_id)
@verifies("ENV-03", "DOC-01")
def test_clients_keep_working(
    target: Target,
    operation: Operation,
    published: tuple[Answer | None, list[Difference]],
    request: pytest.FixtureRequest,
) -> None:
    answer, found = published
    if answer is None:
        raise target.broken("DOC-01", operation, "an OpenAPI document to compare", "none")
    mine = [one for one in found if one.operation == operation.operation_id]
    request.node.stash[NOTES] = [str(one) for one in mine if not one.breaking]
    judged(target, operation, mine)


def judged(target: Target, operation: Operation, found: list[Difference]) -> None:
    """Raises Broken where a difference of the operation breaks clients."""
    mine = [one for one in found if one.operation == operation.operation_id]
    if breaking := [one for one in mine if one.breaking]:
        told = "; ".join(f"{one.place}: {one.sentence}" for one in breaking)
        raise target.broken("ENV-03", operation, "a document without breaking differences", told)
