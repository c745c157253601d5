"""Defects of the envelope and of errors (ENV-01 to ENV-06, ERR-01 to ERR-07, ERR-10)."""

import re
from typing import Any

from mock_server.defects.common import each
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import BASE, Answer, Request, Row

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")


def _deep(node: Any, change: Any) -> Any:
    """A value with every text in it changed."""
    if isinstance(node, dict):
        return {name: _deep(child, change) for name, child in node.items()}
    if isinstance(node, list):
        return [_deep(child, change) for child in node]
    return change(node) if isinstance(node, str) else node


def _is_api(request: Request) -> bool:
    return request.path.startswith(BASE) and not request.calls("getOpenApiDocument")


@defect("ENV-01", "A single row is answered without the envelope.")
async def envelope_missing(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.saying(answer.data) if answer.rows and "items" not in answer.data else answer


@defect("ENV-02", "Lists are declared as text/plain.")
async def lists_as_text(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.with_header("content-type", "text/plain") if request.lists else answer


@defect("ENV-03", "meetingDurationMinutes is a text.")
async def number_as_text(server: Server, request: Request) -> Answer:
    def change(row: Row) -> Row:
        meeting = row.get("meeting")
        if not isinstance(meeting, dict):
            return row
        return {**row, "meeting": {**meeting, "meetingDurationMinutes": str(meeting["meetingDurationMinutes"])}}

    return await each(server, request, change)


@defect("ENV-03", "A label that is created answers 202.", also=("ENV-06",))
async def undescribed_status(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.having(202) if answer.status == 201 and request.calls("createLabel") else answer


@defect("ENV-04", "Members that are null are left out.", also=("ENV-03",))
async def null_members_left_out(server: Server, request: Request) -> Answer:
    return await each(server, request, lambda row: {name: value for name, value in row.items() if value is not None})


@defect("ENV-05", "Times have no milliseconds.", also=("ENV-03",))
async def times_without_milliseconds(server: Server, request: Request) -> Answer:
    return await _times(server, request, lambda text: f"{text[:19]}Z")


@defect("ENV-05", "Times are told with an offset instead of Z.", also=("ENV-03",))
async def times_with_an_offset(server: Server, request: Request) -> Answer:
    return await _times(server, request, lambda text: f"{text[:-1]}+00:00")


async def _times(server: Server, request: Request, write: Any) -> Answer:
    def change(row: Row) -> Row:
        changed: Row = _deep(row, lambda text: write(text) if _TIME.fullmatch(text) else text)
        return changed

    return await each(server, request, change) if _is_api(request) else await server.ask(request)


@defect("ENV-06", "A delete answers 204 without a body.", also=("ENV-02", "ENV-03", "LBL-06"))
async def delete_answers_204(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.having(204) if answer.ok and request.method == "DELETE" else answer


@defect("ENV-06", "A create answers 200.", also=("ENV-03",))
async def create_answers_200(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.having(200) if answer.status == 201 else answer


@defect("ERR-01", "What does not exist answers 200, with success: false.", also=("ENV-01",))
async def refusal_answers_200(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.having(200) if answer.status == 404 and _is_api(request) else answer


@defect("ERR-01", "A conflict says success: true.")
async def conflict_is_a_success(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.saying({**answer.json, "success": True}) if answer.status == 409 else answer


@defect("ERR-02", "An error has a member more: details.")
async def error_with_details(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    refused = answer.status >= 400 and isinstance(answer.json, dict)
    return answer.saying({**answer.json, "details": []}) if refused else answer


@defect("ERR-02", "A 401 has an empty message.")
async def message_empty(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.saying({**answer.json, "message": ""}) if answer.status == 401 else answer


async def _identified(server: Server, request: Request, request_id: Any) -> Answer:
    answer = await server.ask(request)
    given = request_id(answer.header("x-request-id"))
    if answer.status >= 400 and isinstance(answer.json, dict):
        answer = answer.saying({**answer.json, "requestId": given})
    return answer.with_header("x-request-id", given)


@defect("ERR-03", "Every answer has the same request id.")
async def constant_request_ids(server: Server, request: Request) -> Answer:
    return await _identified(server, request, lambda _: "req_000000000000000000000001")


@defect("ERR-03", "A request id does not begin with req_.", also=("ENV-03",))
async def request_id_without_prefix(server: Server, request: Request) -> Answer:
    return await _identified(server, request, lambda given: str(given).removeprefix("req_"))


@defect("ERR-04", "requestId is another one than X-Request-Id.")
async def two_request_ids(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.status >= 400 and isinstance(answer.json, dict):
        return answer.saying({**answer.json, "requestId": f"{answer.json['requestId']}f"})
    return answer


@defect("ERR-04", "A success has no X-Request-Id.")
async def request_id_missing(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.with_header("x-request-id", None) if answer.ok else answer


@defect("ERR-05", "A 400 has the title Bad Request.")
async def title_of_the_status(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.saying({**answer.json, "error": "Bad Request"}) if answer.status == 400 else answer


@defect("ERR-05", "A body that breaks its schema answers 422.", also=("ENV-03", "STR-03", "STR-05", "STR-04"))
async def schema_breach_is_422(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(422, answer.json["message"]) if answer.status == 400 and request.body else answer


@defect("ERR-06", "A path that does not exist answers with a page of HTML.", also=("ENV-02",))
async def unknown_path_in_html(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "ERR-06":
        return answer
    page = answer.with_header("content-type", "text/html")
    return Answer(404, page.headers, b"<!doctype html><title>Not found</title>")


@defect("ERR-06", "A path that does not exist answers 200 with no data.")
async def unknown_path_answers_200(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.granted(200, None) if answer.rule == "ERR-06" else answer


@defect("ERR-07", "A 405 has no Allow.")
async def allow_missing(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.with_header("allow", None) if answer.status == 405 else answer


@defect("ERR-07", "Allow lists one method, where a path has several.")
async def allow_incomplete(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    allowed = (answer.header("allow") or "").partition(",")[0]
    return answer.with_header("allow", allowed) if answer.status == 405 else answer


@defect("ERR-07", "A method that a path does not have answers 404.")
async def unknown_method_is_404(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(404) if answer.status == 405 and _is_api(request) else answer


@defect("ERR-10", "A body that is no JSON answers 500.")
async def fails_on_broken_json(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(500) if answer.rule == "STR-04" else answer


@defect("ERR-10", "A very long text answers 500.")
async def fails_on_long_texts(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    long = any(isinstance(value, str) and len(value) > 200 for value in request.members.values())
    return answer.refused(500) if answer.status == 400 and long else answer
