"""The contract of the kailenty App API: its OpenAPI document, the mock's control document, and the rules."""

from openapi.document import Document, Operation, Parameter, load_app_api, load_mock_control
from openapi.rules import Rule, load_rules

__all__ = [
    "Document",
    "Operation",
    "Parameter",
    "Rule",
    "load_app_api",
    "load_mock_control",
    "load_rules",
]
