"""Requests of any shape, valid and invalid, of every caller: the answers that the document describes, and no others."""

from collections.abc import Callable, Iterator

import pytest

from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.seeded import UNKNOWN
from contract_tests.sending import all_refused, rows_for, send, sent
from contract_tests.shape import Request, flaw, requests
from contract_tests.target import Caller, Target
from contract_tests.transport import is_write
from openapi import Operation, load_app_api, load_rules

CALLERS = ("admin", "manager", "user")
OPERATIONS = load_app_api().operations.values()

OF_ANSWERS = ("ENV-01", "ENV-02", "ENV-03", "ENV-04", "ENV-05", "ENV-06", "ERR-03", "ERR-04", "ERR-10")
OF_REFUSALS = (
    *("ENV-02", "ENV-03", "ERR-01", "ERR-02", "ERR-03", "ERR-04", "ERR-05", "ERR-10", "ERR-11"),
    *("STR-01", "STR-02", "STR-03", "STR-04", "STR-05", "STR-06"),
)
OF_ROLES = ("AUTH-01", "ROLE-01", "ROLE-02", "ROLE-03", "ERR-12", "ERR-01", "ERR-02", "ERR-10")


def share(target: Target, operation: Operation, who: str) -> list[Request]:
    """The requests of one caller: all of them for the first who may, every third for others."""
    every = requests(operation.operation_id, target.settings.seed, target.settings.examples)
    first = next((name for name in CALLERS if name in operation.roles and name in target.callers), who)
    return list(every if who == first else every[:: 3 if who in operation.roles else 8])


def caller_of(target: Target, who: str) -> Caller:
    """A caller by name, also nobody. Raises NotVerified."""
    return target.nobody if who == "nobody" else target.caller(who)


def valid(target: Target, operation: Operation, who: str) -> None:
    """Valid data with known ids succeeds, and comes to what the document describes."""
    caller = caller_of(target, who)
    with rows_for(target, operation, caller) as rows:
        given = [one for one in share(target, operation, who) if flaw(target.document, operation, one) is None]
        if not given:
            raise NotVerified("no valid request was generated")
        succeeded = False
        for request in given:
            filled = rows.fill(request)
            target.transport.steps.clear()
            answer = send(caller, operation, filled)
            expected = rows.outcomes(filled)
            if answer.status not in expected:
                said = answer.body.get("message", "") if isinstance(answer.body, dict) else ""
                listed = " or ".join(str(one) for one in sorted(expected))
                raise answer.broken("ENV-06", f"{listed} for a valid request", f"{answer.status} {said}")
            succeeded = succeeded or answer.response.is_success
        if not succeeded:
            raise NotVerified("nothing was there that a valid request could succeed with")


def invalid(target: Target, operation: Operation, who: str) -> None:
    """Invalid data is refused for what is wrong with it, and changes nothing."""
    caller = caller_of(target, who)
    given = [one for one in share(target, operation, who) if flaw(target.document, operation, one)]
    if not given:
        raise NotVerified("the operation takes nothing that could be invalid")
    all_refused(target, operation, caller, given)


def refused(target: Target, operation: Operation, who: str) -> None:
    """Who may not call an operation is told so, whatever they send."""
    caller = caller_of(target, who)
    if is_write(operation):
        target.need_writes()
    status = 401 if who == "nobody" else 403
    # One of these rules binds the operation: the first that its roles are told by.
    roles = (rule for rule in OF_ROLES[1:4] if operation.operation_id in load_rules()[rule].operations)
    rule = "AUTH-01" if who == "nobody" else next(roles, "ROLE-06")
    answers = 0
    for request in share(target, operation, who):
        target.transport.steps.clear()
        path = tuple((name, UNKNOWN) for name, _ in request.path)
        answer = sent(caller, operation, Request(path, request.query, request.content))
        answers += answer is not None
        if answer is not None:
            answer.must_be(status, rule, f"as {who}")
    if not answers:
        raise NotVerified("a real workspace may see none of these requests")


CHECKS = {"valid": (valid, OF_ANSWERS), "invalid": (invalid, OF_REFUSALS), "refused": (refused, OF_ROLES)}


def _params() -> Iterator[object]:
    """Each operation for each caller, with those rules that bind it.

    Those of one operation stand together: its requests are generated once in each process that has one of them.
    """
    for operation in OPERATIONS:
        name = operation.operation_id
        for who in (*CALLERS, "nobody"):
            may = who in operation.roles or (who == "nobody" and not operation.secured)
            for kind in ("valid", "invalid") if may else ("refused",):
                if kind == "invalid" and not (operation.parameters or operation.body):
                    continue
                check, rules = CHECKS[kind]
                bound = [rule for rule in rules if name in load_rules()[rule].operations]
                yield pytest.param(operation, who, check, marks=verifies(*bound), id=f"{name}-{who}-{kind}")


@pytest.mark.parametrize(("operation", "who", "check"), list(_params()))
def test_shape(target: Target, operation: Operation, who: str, check: Callable[[Target, Operation, str], None]) -> None:
    check(target, operation, who)
