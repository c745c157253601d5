"""The only place that knows Schemathesis: it makes requests here and sends none.

`iter_coverage_cases` is public there, but undocumented. The labels valid and invalid are not taken from there either:
`shape.valid` judges what would really be sent.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.core import NOT_SET

from openapi import load_app_api

_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

_CONFIG = {
    # Constants of an application's source would make the requests to a mock and to a workspace differ.
    "analysis": {"constants": {"enabled": False}},
    "generation": {"with-security-parameters": False},
    # Methods that a path does not have are tried by a check of its own.
    "phases": {"coverage": {"unexpected-methods": []}},
}


@dataclass(frozen=True)
class Request:
    """A request without its credential. Path values are as they are before they are quoted; `content` is the body."""

    path: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    content: bytes | None

    @property
    def body(self) -> Any:
        """The body as data; None where there is none or it is not JSON."""
        try:
            return None if self.content is None else json.loads(self.content)
        except ValueError:
            return None


@cache
def requests(operation_id: str, seed: int, examples: int) -> tuple[Request, ...]:
    """Different requests for an operation, the same ones for the same seed: fuzzed, and a sample of the coverage.

    `examples` of each kind, valid and invalid, are fuzzed; six times as many come from the examples and boundaries.
    """
    operation = _schema(seed).find_operation_by_id(operation_id)
    # Before the coverage: only with its first strategy does Schemathesis allow Hypothesis the room for long strings,
    # which otherwise take minutes to find.
    fuzzed = [case for mode in _MODES for case in _fuzzing(operation, mode, seed, examples)]
    coverage = list(_unique(_coverage(operation)))
    chosen = Random(f"{seed} {operation_id}").sample(coverage, min(len(coverage), 6 * examples))
    # The document's own example is the first that the coverage has.
    return tuple(dict.fromkeys([*coverage[:1], *chosen, *_unique(fuzzed)]))


def _unique(cases: list[Case[Any]]) -> Iterator[Request]:
    yield from dict.fromkeys(request for case in cases if (request := _request(case)) is not None)


def _coverage(operation: Any) -> list[Case[Any]]:
    config = operation.schema.config.generation_for(operation=operation, phase="coverage")
    cases = operation.schema.iter_coverage_cases(operation, generation_modes=list(_MODES), generation_config=config)
    # A declared media type has a check of its own.
    return [case for case in cases if "Content-Type" not in case.headers]


def _fuzzing(operation: Any, mode: GenerationMode, seed: int, examples: int) -> list[Case[Any]]:
    found: list[Case[Any]] = []
    strategy: SearchStrategy[Case[Any]] = operation.as_strategy(generation_mode=mode)

    def take(case: Case[Any]) -> None:
        found.append(case)

    run = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )(hypothesis.given(strategy)(take))
    try:
        hypothesis.seed(seed)(run)()
    except hypothesis.errors.Unsatisfiable:
        return []  # an operation that takes nothing has no invalid data
    return found


def _request(case: Case[Any]) -> Request | None:
    """What a case would send; None for what cannot be sent to that operation at all."""
    path = {name: unquote(str(value)) for name, value in case.path_parameters.items()}
    if any(value in ("", ".", "..") or "/" in value for value in path.values()):
        return None
    given = case.as_transport_kwargs(base_url="http://localhost").get("params") or {}
    query = parse_qsl(given, keep_blank_values=True) if isinstance(given, str) else _pairs(given)
    try:
        content = None if case.body is NOT_SET else _bytes(case.body)
        "".join(text for pair in (*path.items(), *query) for text in pair).encode()
    except (UnicodeEncodeError, TypeError, ValueError):
        return None
    return Request(tuple(path.items()), tuple(query), content)


def _pairs(query: dict[str, Any]) -> list[tuple[str, str]]:
    listed = ((name, value if isinstance(value, list) else [value]) for name, value in query.items())
    return [(str(name), str(one)) for name, values in listed for one in values if one is not None]


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


@cache
def _schema(seed: int) -> Any:
    raw = deepcopy(load_app_api().raw)
    # Long strings of the true pattern take a minute to find; these are some of them.
    raw["components"]["schemas"]["PublicLinkValue"]["pattern"] = "^[a-z0-9]+$"
    return schemathesis.openapi.from_dict(raw, config=schemathesis.Config.from_dict({"seed": seed, **_CONFIG}))
