"""Each check of shape, order and drift on a server that breaks its rule, and on one that keeps it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from contract_tests import test_drift, test_rules_requests, test_shape, test_shape_refusals
from contract_tests.drift import compare
from contract_tests.outcomes import Broken
from contract_tests.target import Target
from openapi import Operation, load_app_api
from tests.contract_tests.proxy import Asked, Fault, Proxy, Told, proxied

Forward = Callable[[Asked], Told]
Check = Callable[[Target, Operation], None]


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with proxied() as running:
        yield running


@pytest.fixture(autouse=True)
def healthy_again(proxy: Proxy) -> Iterator[None]:
    yield
    proxy.fault = Fault()
    proxy.target.transport.steps.clear()


def edited(told: Told, edit: Callable[[Any], Any]) -> Told:
    """An answer with its JSON edited."""
    try:
        body = json.loads(told.body)
    except ValueError:
        return told
    return replace(told, body=json.dumps(edit(body)).encode())


def refusal(status: int, title: str, told: Told) -> Told:
    """A refusal in place of an answer."""
    given = {"success": False, "error": title, "message": "No.", "requestId": told.headers["x-request-id"]}
    return replace(told, status=status, body=json.dumps(given).encode())


def of_api(back: Callable[[Asked, Told], Told]) -> Fault:
    """A fault of the API's answers; what steers the mock stays healthy."""
    return Fault(back=lambda asked, told, _: told if asked.path.startswith("/_mock") else back(asked, told))


def one_member_more(asked: Asked, told: Told) -> Told:
    return edited(told, lambda body: body if body["success"] else {**body, "hint": "x"})


def one_method_less(asked: Asked, told: Told) -> Told:
    allow = told.headers.get("allow", "").rpartition(",")[0]
    return replace(told, headers={**told.headers, "allow": allow}) if told.status == 405 else told


def constant_request_id(asked: Asked, told: Told) -> Told:
    headers = {**told.headers, "x-request-id": "req_always"}
    edit: Callable[[Any], Any] = lambda body: body if body["success"] else {**body, "requestId": "req_always"}  # noqa: E731
    return edited(replace(told, headers=headers), edit)


def no_nulls(asked: Asked, told: Told) -> Told:
    return replace(told, body=told.body.replace(b'"description":null,', b""))


def seconds_only(asked: Asked, told: Told) -> Told:
    return replace(told, body=told.body.replace(b'.000Z"', b'Z"'))


def failing_at_long_texts(asked: Asked, told: Told) -> Told:
    return refusal(500, "Internal server error", told) if len(asked.body) > 150 else told


def created_is_200(asked: Asked, told: Told) -> Told:
    return replace(told, status=200) if told.status == 201 and b"data" in told.body else told


def parameters_before_credentials(asked: Asked, told: Told) -> Told:
    return refusal(400, "Validation failed", told) if told.status == 401 and "unexpected" in asked.path else told


def one_parameter_less(asked: Asked, told: Told) -> Told:
    def edit(body: Any) -> Any:
        body["paths"]["/users"]["get"]["parameters"].pop()
        return body

    return edited(told, edit) if asked.path.endswith("/openapi.json") else told


def happening_anyway(asked: Asked, told: Told, forward: Forward) -> Told:
    if asked.method == "POST" and asked.path.endswith("/labels") and told.status == 400:
        headers = {**asked.headers, "Content-Type": "application/json"}
        forward(replace(asked, headers=headers, body=b'{"name": "Sneaked in", "color": "#000000"}'))
    return told


def lenient(asked: Asked) -> Asked:
    """Reads JSON as most servers do: the last of two members of a name wins."""
    try:
        return replace(asked, body=json.dumps(json.loads(asked.body)).encode())
    except ValueError:
        return asked


def any_media_type(asked: Asked) -> Asked:
    kept = {name: value for name, value in asked.headers.items() if name.lower() != "content-type"}
    return replace(asked, headers={**kept, "Content-Type": "application/json"} if asked.body else kept)


def forgiving(asked: Asked) -> Asked:
    """Leaves out members that no label has."""
    try:
        body = {
            name: value for name, value in json.loads(asked.body).items() if name in ("name", "color", "description")
        }
    except (ValueError, AttributeError):
        return asked
    return replace(asked, body=json.dumps(body).encode()) if asked.path.endswith("/labels") else asked


def valid(target: Target, operation: Operation) -> None:
    test_shape.valid(target, operation, "admin")


def invalid(target: Target, operation: Operation) -> None:
    test_shape.invalid(target, operation, "admin")


def drift(target: Target, operation: Operation) -> None:
    answer = target.nobody.call("getOpenApiDocument")
    test_drift.judged(target, operation, compare(load_app_api().raw, answer.body))


CASES: dict[str, tuple[Fault, str, Check, str]] = {
    "an error has one member more": (of_api(one_member_more), "ERR-02", invalid, "createLabel"),
    "a constant request id": (of_api(constant_request_id), "ERR-03", invalid, "listUsers"),
    "a failure of the server": (of_api(failing_at_long_texts), "ERR-10", invalid, "createLabel"),
    "a refused write happens": (Fault(back=happening_anyway), "ERR-11", invalid, "createLabel"),
    "unknown members are accepted": (Fault(there=forgiving), "STR-03", invalid, "createLabel"),
    "null is left out": (of_api(no_nulls), "ENV-04", valid, "listLabels"),
    "times without milliseconds": (of_api(seconds_only), "ENV-05", valid, "listLabels"),
    "created is 200": (of_api(created_is_200), "ENV-06", valid, "createLabel"),
    "Allow lacks a method": (
        of_api(one_method_less),
        "ERR-07",
        test_shape_refusals.test_an_unknown_method_names_the_known_ones,
        "listLabels",
    ),
    "any media type will do": (
        Fault(there=any_media_type),
        "ERR-08",
        test_shape_refusals.test_another_media_type_is_refused,
        "updateMeeting",
    ),
    "the last of two members wins": (
        Fault(there=lenient),
        "STR-04",
        test_rules_requests.test_malformed_bodies_are_refused,
        "createMeeting",
    ),
    "parameters are checked before credentials": (
        of_api(parameters_before_credentials),
        "ERR-12",
        test_shape_refusals.test_the_first_check_answers,
        "getInvite",
    ),
    "the document lacks a parameter": (of_api(one_parameter_less), "ENV-03", drift, "listUsers"),
}


@pytest.mark.parametrize(("fault", "rule", "check", "name"), CASES.values(), ids=CASES.keys())
def test_a_fault_is_told_by_its_rule(proxy: Proxy, fault: Fault, rule: str, check: Check, name: str) -> None:
    operation = proxy.target.document.operations[name]
    check(proxy.target, operation)
    proxy.fault = fault
    proxy.target.transport.steps.clear()
    with pytest.raises(Broken) as broken:
        check(proxy.target, operation)
    assert broken.value.finding.rule == rule, broken.value.finding
    assert broken.value.finding.operation in (name, None)
