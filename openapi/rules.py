"""The numbered rules: the behaviour that a schema cannot say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from openapi.document import Document, Operation, load_app_api, read_yaml


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of `rules.yaml`; `operations` are operationIds, groups already resolved."""

    id: str
    text: str
    source: str
    documented: bool
    severity: str
    operations: tuple[str, ...]
    observable: str


def _group(document: Document, name: str) -> tuple[str, ...]:
    belongs: dict[str, Callable[[Operation], bool]] = {
        "all": lambda _: True,
        "secured": lambda operation: operation.secured,
        "lists": lambda operation: operation.listing is not None,
        "filtered": lambda operation: bool(operation.filters),
        "bodies": lambda operation: operation.body is not None,
    }
    return tuple(key for key, operation in document.operations.items() if belongs[name](operation))


def _rule(document: Document, node: Mapping[str, Any]) -> Rule:
    bound = node["operations"]
    operations = _group(document, bound) if isinstance(bound, str) else tuple(bound)
    if unknown := set(operations) - set(document.operations):
        raise ValueError(f"rule {node['id']} names unknown operations: {sorted(unknown)}")
    return Rule(
        id=node["id"],
        text=node["text"],
        source=node["source"],
        documented=node["provenance"] == "documented",
        severity=node["severity"],
        operations=operations,
        observable=node["observable"],
    )


@cache
def load_rules() -> Mapping[str, Rule]:
    """All rules by id, in the order of the file."""
    document = load_app_api()
    rules = (_rule(document, node) for node in read_yaml("rules.yaml")["rules"])
    return MappingProxyType({rule.id: rule for rule in rules})
