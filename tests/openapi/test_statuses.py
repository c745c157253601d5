"""Every operation lists its success and exactly the failures that it can have."""

from collections.abc import Iterator, Mapping
from typing import Any

from openapi import Document, Operation, load_app_api
from openapi.extensions import ROLES, reference
from tests.openapi.documents import document_of, each_operation, media_of, raw_operation

# What an operation cannot be seen to need from its parameters, body and roles, with the reason.
FOR_OTHER_REASONS = {
    "createInvite": {"409"},  # a publicLinkValue that is taken
    "updateInvite": {"409"},  # a sub-invite, or no longer active
    "createSubInvite": {"409"},  # no active mother
    "createMeeting": {"403"},  # a regular user names another host
    "updateMeeting": {"403", "409"},  # the same, and a meeting that has ended
    "updateMeetingAttendees": {"409"},  # a meeting that has ended
    "createLabel": {"409"},  # a name that is taken
    "deleteLabel": {"409"},  # in use
    "createApiKey": {"409"},  # its creator is no active admin
    "createWorld": {"409"},  # a name that is taken
    "importBundle": {"409"},  # the same
    "deleteWorld": {"409"},  # a world that the server was started with
    "resetWorld": {"409"},  # how it began is not known
    "bookInvite": {"409"},  # no active direct or sub-invite
    "addFault": {"409"},  # too many
    "verifyRequests": {"409"},  # a journal that is off
    "listPersonas": {"404"},  # a workspace in the query that does not exist
}


def names_rows(document: Document, schema: Any, seen: frozenset[int] = frozenset()) -> bool:
    """Tell whether a value of a schema can name rows by their ids."""
    schema = document.resolve(schema)
    if id(schema) in seen:
        return False
    children = [schema.get("items"), *schema.get("properties", {}).values(), *schema.get("oneOf", ())]
    return reference(schema) is not None or any(
        names_rows(document, child, seen | {id(schema)}) for child in children if isinstance(child, Mapping)
    )


def expected(document: Document, operation: Operation) -> Iterator[str]:
    yield from (str(operation.status), "400", "500")
    if document is load_app_api():
        yield "429"  # the control API has no rate limit
    elif operation.secured:
        yield from ("403", "404")  # a foreign origin or host; a control API that is off
    if operation.secured:
        yield "401"
    if operation.roles != ROLES:
        yield "403"
    if operation.parameters_in("path"):
        yield "404"
    if operation.body is not None:
        yield from ("413", "415")
        if names_rows(document, document.at(operation.body)):
            yield "404"
    yield from FOR_OTHER_REASONS.get(operation.operation_id, ())


@each_operation
def test_operation_lists_its_statuses(operation: Operation) -> None:
    document = document_of(operation)
    assert sorted(operation.responses) == sorted(set(expected(document, operation)))


@each_operation
def test_success_is_200_or_of_a_create_201(operation: Operation) -> None:
    successes = [status for status in operation.responses if status.startswith("2")]
    assert successes == [str(operation.status)]
    creates = operation.operation_id.startswith(("create", "add", "book", "import"))
    assert operation.status == (201 if creates else 200)


@each_operation
def test_success_has_the_envelope_unless_it_says_otherwise(operation: Operation) -> None:
    document = document_of(operation)
    schema = document.resolve(schema_of(document, operation, str(operation.status)))
    if operation.enveloped:
        assert schema["required"] == ["success", "data"]
        assert schema["properties"]["success"] == {"type": "boolean", "const": True}
    else:
        assert "success" not in schema.get("properties", {})


@each_operation
def test_failures_have_the_error_envelope(operation: Operation) -> None:
    document = document_of(operation)
    for status in operation.responses:
        if not status.startswith("2"):
            assert schema_of(document, operation, status) == {"$ref": "#/components/schemas/Error"}


@each_operation
def test_every_response_carries_its_headers(operation: Operation) -> None:
    document = document_of(operation)
    for status, pointer in operation.responses.items():
        headers = document.at(pointer)["headers"]
        assert document.resolve(headers["X-Request-Id"])["required"] is True
        assert ("WWW-Authenticate" in headers) == (status == "401")
        assert ("Retry-After" in headers) == (status == "429")
        if document is load_app_api() and operation.secured and status != "401":
            for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"):
                assert document.resolve(headers[name])["required"] is False, "a workspace may have no limit"


@each_operation
def test_bodies_are_json_required_and_closed(operation: Operation) -> None:
    document = document_of(operation)
    node = raw_operation(operation)
    if operation.body is None:
        assert "requestBody" not in node
        return
    assert node["requestBody"]["required"] is True
    assert list(node["requestBody"]["content"]) == ["application/json"]
    schema = document.at(operation.body)
    for alternative in schema.get("oneOf", [schema]):
        assert document.resolve(alternative)["additionalProperties"] is False


def schema_of(document: Document, operation: Operation, status: str) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = media_of(document, operation.responses[status])["schema"]
    return schema
