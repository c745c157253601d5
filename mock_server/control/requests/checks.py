"""What was checked of a request, in order, and how each check ended."""

from typing import Any

from mock_server.journal import Entry, Step
from openapi import load_rules

# What an answer without a refusal has behind it for certain: a server that failed, or a fault, says no more.
_BEFORE_FAILURE = frozenset({Step.ROUTE, Step.CREDENTIAL, Step.WORKSPACE, Step.RATE_LIMIT, Step.ROLE})


def checks(entry: Entry, *, control: bool) -> list[dict[str, Any]]:
    """The steps as the control document's `Check`."""
    stopped = False
    told = []
    for step in Step:
        if not stopped and entry.refused is not None and entry.refused.step is step:
            stopped = True
            told.append(_check(step, "refused", _refusal(entry)))
        elif stopped or (_failed(entry) and step not in _BEFORE_FAILURE):
            told.append(_check(step, "skipped", None))
        elif idle := _idle(entry, step, control=control):
            told.append(_check(step, "skipped", idle))
        else:
            told.append(_check(step, "passed", _found(entry, step)))
    return told


def _check(step: Step, outcome: str, detail: str | None) -> dict[str, Any]:
    return {"step": step.value, "outcome": outcome, "detail": detail}


def _failed(entry: Entry) -> bool:
    return entry.refused is None and not 200 <= entry.status < 400


def _refusal(entry: Entry) -> str:
    refused = entry.refused
    if refused is None:
        raise RuntimeError("the request was not refused")
    return refused.message + (f" (recognised: {refused.credential})" if refused.credential else "")


def _idle(entry: Entry, step: Step, *, control: bool) -> str | None:
    """Why a step has nothing to look at."""
    operation = entry.operation
    if operation is None:
        return None
    match step:
        case Step.CREDENTIAL if not operation.secured:
            return "It needs no credential"
        case Step.WORKSPACE if not entry.workspace:
            return "It belongs to no workspace"
        case Step.RATE_LIMIT if _left(entry) is None:
            return "There is none"
        case Step.ROLE if control or not operation.secured:
            return "It asks for no role"
        case Step.EXISTENCE if not operation.parameters_in("path") and operation.body is None:
            return "It names no row"
        case Step.CONTENT_ROLE if not _may_ask_for_more(operation.operation_id):
            return "No role may ask for more than another"
        case Step.STATE if operation.method == "GET":
            return "Reading depends on no state"
        case Step.FIT if operation.method != "PATCH":
            return "It changes no stored row"
    return None


def _may_ask_for_more(operation_id: str) -> bool:
    rule = load_rules()["ROLE-05"]
    return operation_id in rule.operations


def _found(entry: Entry, step: Step) -> str | None:
    """What a step that passed has found; what soft mode passed over instead."""
    passed_over = [str(one) for one in entry.would_refuse if one.step is step]
    if passed_over:
        return f"Soft mode let through: {'; '.join(passed_over)}"
    operation, caller = entry.operation, entry.principal
    match step:
        case Step.ROUTE if operation is not None:
            return f"{operation.operation_id}: {operation.method} {operation.path}"
        case Step.CREDENTIAL:
            return caller.credential if caller else "This machine, or the control token"
        case Step.WORKSPACE:
            return entry.workspace
        case Step.RATE_LIMIT:
            return f"{_left(entry)} requests are left"
        case Step.ROLE if operation is not None and caller is not None:
            return f"{caller.role}, of {', '.join(operation.roles)}"
    return None


def _left(entry: Entry) -> str | None:
    """How many requests of the rate limit were left, None where there was none."""
    return next((value.decode() for name, value in entry.answer_headers if name == b"ratelimit-remaining"), None)
