"""Schemathesis hooks, named in schemathesis.toml: valid cases are narrowed, all others sent as they are."""

from typing import Any

import schemathesis
from schemathesis import Case, GenerationMode, HookContext

from contract_tests.narrowing import narrow
from openapi import load_app_api

_OPERATIONS = {(one.method, one.path): one for one in load_app_api().operations.values()}


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Narrow a case of valid data, in every phase."""
    operation = _OPERATIONS.get((case.method, case.operation.path))
    if operation is None or case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    query = dict(case.query or {})
    narrow(operation, query, case.body)
    if query != (case.query or {}):
        case.query = query
