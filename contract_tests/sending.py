"""Sends generated requests, on rows that they may name, and watches what the refused ones change."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from contract_tests.making import making
from contract_tests.outcomes import NotVerified
from contract_tests.seeded import Rows
from contract_tests.shape import Request, flaw
from contract_tests.shape.watch import Watch
from contract_tests.target import Answer, Caller, Target
from contract_tests.transport import is_write
from openapi import Operation


def send(caller: Caller, operation: Operation, request: Request) -> Answer:
    """Send a generated request."""
    path = operation.path
    for name, value in request.path:
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = f"?{urlencode(request.query, safe=':,')}" if request.query else ""
    content = request.content if operation.body is not None else None
    return caller.send(operation, operation.method, f"{path}{query}", content=content)


def sent(caller: Caller, operation: Operation, request: Request) -> Answer | None:
    """Send a request that must be refused; None where a real workspace is not to see it, for it carries no mark."""
    try:
        return send(caller, operation, request)
    except NotVerified as error:
        if str(error).startswith("on a real workspace"):
            return None
        raise


@contextmanager
def rows_for(target: Target, operation: Operation, caller: Caller) -> Iterator[Rows]:
    """Rows that the caller's requests may name; made by the run where they are written to."""
    if not is_write(operation):
        yield Rows(target, operation, caller, None)
        return
    with making(target) as made:
        try:
            yield Rows(target, operation, caller, made)
        finally:
            if target.settings.is_mock:
                target.reset()


def all_refused(target: Target, operation: Operation, caller: Caller, given: Iterable[Request]) -> None:
    """Requests with a flaw are refused for it, and change nothing. Raises NotVerified where none may be sent."""
    with rows_for(target, operation, caller) as rows:
        filled = [(rows.fill(one), found) for one in given if (found := flaw(target.document, operation, one))]
        watch = Watch(target, operation, caller)
        before = watch.rows()
        answers = 0
        for request, found in filled:
            target.transport.steps.clear()
            answer = sent(caller, operation, request)
            answers += answer is not None
            if answer is not None and answer.status not in found.statuses:
                listed = " or ".join(str(one) for one in sorted(found.statuses))
                raise answer.broken(found.rule, f"{listed}, because {found.why}", answer.status)
        if not answers:
            raise NotVerified("a real workspace may see none of these requests")
        if watch.rows() != before:
            watch.culprit([request for request, _ in filled], lambda one: sent(caller, operation, one))
            raise target.broken("ERR-11", operation, "nothing to change by requests that were refused", "it changed")
