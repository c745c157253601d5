"""Our own answers held against the contract (ENV-03)."""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import orjson

from mock_server.exchange import Exchange
from openapi import Document


def breach(exchange: Exchange, status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What an answer breaks of its operation's responses, and where; None where it keeps them.

    Answers to paths and methods that the document does not have are not described there, and pass.
    """
    document, operation = exchange.document, exchange.operation
    if document is None or operation is None:
        return None
    at = operation.responses.get(str(status))
    if at is None:
        return f"{operation.operation_id} does not answer {status}"
    given = {name.lower(): value for name, value in headers.items()}
    for name, node in document.at(at).get("headers", {}).items():
        if flaw := _header(document, name, node, f"{at}/headers/{name}", given.get(name.lower())):
            return f"{operation.operation_id} {status}: {flaw}"
    schema = f"{at}/content/application~1json/schema"
    if error := next(document.validator(_target(document, schema)).iter_errors(orjson.loads(body)), None):
        return f"{operation.operation_id} {status}: {_place(error)}: {error.message}"
    return None


def _header(document: Document, name: str, node: Mapping[str, Any], at: str, value: str | None) -> str | None:
    header = document.resolve(node)
    if value is None:
        return f"the header {name} is missing" if header.get("required") else None
    at = node.get("$ref", at)
    given: Any = int(value) if header["schema"].get("type") == "integer" and value.isdecimal() else value
    valid = document.validator(_target(document, f"{at}/schema")).is_valid(given)
    return None if valid else f"the header {name} is {value}"


def _target(document: Document, pointer: str) -> str:
    """Where the schema at a pointer really stands."""
    node = document.at(pointer)
    return str(node["$ref"]) if set(node) == {"$ref"} else pointer


def _place(error: jsonschema_rs.ValidationError) -> str:
    return "/" + "/".join(str(step) for step in error.instance_path)
