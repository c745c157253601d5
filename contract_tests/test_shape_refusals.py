"""Refusals one by one: paths, methods, media types, sizes, and which of several comes first."""

import orjson
import pytest

from contract_tests.making import making, most_able
from contract_tests.plugin import verifies
from contract_tests.seeded import UNKNOWN
from contract_tests.shape.order import drafts, flaws, pairs
from contract_tests.target import Target
from contract_tests.transport import is_write
from openapi import Operation, load_app_api

OPERATIONS = list(load_app_api().operations.values())
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
LARGE = 20_000_000

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.operation_id)
each_body = pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.body is not None], ids=lambda one: one.operation_id
)


def path_of(operation: Operation) -> str:
    """The operation's path, with ids that name nothing."""
    before, _, rest = operation.path.partition("{")
    return f"{before}{UNKNOWN}{rest.partition('}')[2]}" if rest else before


@each_operation
@verifies("ERR-06")
def test_an_unknown_path_is_not_found(target: Target, operation: Operation) -> None:
    for caller in (target.nobody, most_able(target, operation)):
        for path in (f"{path_of(operation)}/nowhere/at/all", f"/nowhere{path_of(operation)}"):
            if is_write(operation):
                target.need_writes()
            caller.send(None, operation.method, path).must_be(404, "ERR-06", f"nothing is at {path}")


@each_operation
@verifies("ERR-07")
def test_an_unknown_method_names_the_known_ones(target: Target, operation: Operation) -> None:
    target.need_writes()
    known = {one.method for one in OPERATIONS if one.path == operation.path}
    for method in METHODS:
        if method in known:
            continue
        for caller in (target.nobody, most_able(target, operation)):
            answer = caller.send(None, method, path_of(operation)).must_be(405, "ERR-07", f"{method} is not there")
            allowed = {one.strip() for one in answer.response.headers.get("allow", "").split(",")}
            if not known <= allowed or method in allowed:
                raise answer.broken("ERR-07", f"Allow to list {', '.join(sorted(known))}", sorted(allowed))


@each_body
@verifies("ERR-08")
def test_another_media_type_is_refused(target: Target, operation: Operation) -> None:
    caller = most_able(target, operation)
    for media in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = caller.send(
            operation, operation.method, path_of(operation), content=b"{}", headers={"Content-Type": media}
        )
        answer.must_be(415, "ERR-08", f"the body is declared as {media}")


@verifies("ERR-09", "ERR-12")
def test_a_large_body_is_refused(target: Target) -> None:
    operation = target.document.operations["createMeeting"]
    caller = most_able(target, operation)
    content = orjson.dumps({"title": target.mark("x" * LARGE)})
    try:
        answer = caller.send(operation, "POST", operation.path, content=content)
        answer.must_be(413, "ERR-09", f"the body has {LARGE // 1_000_000} MB")
        media = {"Content-Type": "text/plain"}
        answer = caller.send(operation, "POST", operation.path, content=content, headers=media)
        answer.must_be(413, "ERR-12", "the body is too large and of another media type")
    finally:
        # The chain of requests is kept with findings; nobody reads 20 MB there.
        target.transport.steps[:] = [step for step in target.transport.steps if len(step.body or "") < LARGE]


@each_operation
@verifies("ERR-12", "ERR-01", "ERR-02")
def test_the_first_check_answers(target: Target, operation: Operation) -> None:
    with making(target) as made:
        draft = drafts(target, operation, made)
        for first, second in pairs(list(flaws(target, draft, made))):
            target.transport.steps.clear()
            why = f"{first.name} is told before {second.name}"
            second.put(first.put(draft)).send().must_be(first.status, "ERR-12", why)


@verifies("DOC-01", "ENV-02")
def test_the_document_is_served(target: Target) -> None:
    answer = target.nobody.call("getOpenApiDocument").must_be(200, "DOC-01", "without a credential")
    body = answer.body
    if not isinstance(body, dict) or "success" in body or "data" in body:
        raise answer.broken("DOC-01", "a document without the envelope", list(body))
    if not str(body.get("openapi", "")).startswith("3.1.") or not body.get("paths"):
        raise answer.broken("DOC-01", "an OpenAPI 3.1 document with paths", body.get("openapi"))


@verifies("DOC-02")
def test_the_explorer_is_served(target: Target) -> None:
    page, media = _page(target, "/api/docs")
    if page != 200 or media != "text/html":
        operation = target.document.operations["getOpenApiDocument"]
        raise target.broken("DOC-02", operation, "a page of HTML at /api/docs", f"{page} {media}")


def _page(target: Target, path: str) -> tuple[int, str]:
    """A page that is no part of the API: its status and media type, after at most two redirects on the same host."""
    for _ in range(3):
        response = target.transport.send(
            None, "GET", f"{target.url}{path}", secret=None, placeholder="", headers={}, content=None
        )
        location = response.headers.get("location", "")
        if not (response.is_redirect and location.startswith("/")):
            break
        path = location
    return response.status_code, response.headers.get("content-type", "").partition(";")[0].strip()
