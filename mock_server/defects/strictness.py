"""Defects of strictness, and of the order of checks (STR-01 to STR-06, ERR-08, ERR-09, ERR-11, ERR-12)."""

import json
from datetime import UTC, datetime
from typing import Any

from mock_server.clock import text
from mock_server.defects.common import lenient
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row


@defect("STR-01", "Unknown query parameters are ignored.")
async def unknown_parameter_ignored(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "STR-01" or request.operation is None:
        return answer
    known = {one.name for one in request.operation.parameters_in("query")}
    return await server.ask(request.with_query({name: None for name, _ in request.query if name not in known}))


@defect("STR-02", "Of a repeated query parameter, the last counts.")
async def last_parameter_counts(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await server.ask(request.with_pairs(dict(request.query).items())) if answer.rule == "STR-02" else answer


@defect("STR-03", "Unknown members of a body are ignored.")
async def unknown_member_ignored(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "STR-03":
        return answer
    for name in request.members:
        rest = {key: value for key, value in request.members.items() if key != name}
        again = await server.ask(request.with_json(rest))
        if again.rule != "STR-03":
            return again
    return answer


@defect("STR-04", "A member that a body names twice counts the last time.")
async def duplicate_member_taken(server: Server, request: Request) -> Answer:
    return await _reread(server, request, "strict")


@defect("STR-04", "A body that is not in UTF-8 is read with replacement characters.")
async def broken_utf8_taken(server: Server, request: Request) -> Answer:
    return await _reread(server, request, "replace")


async def _reread(server: Server, request: Request, errors: str) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "STR-04":
        return answer
    try:
        read = json.loads(request.body.decode(errors=errors))
        return await server.ask(request.with_json(read))
    except (ValueError, TypeError, RecursionError):
        return answer


@defect("STR-05", "Texts that are too long are cut.")
async def long_texts_cut(server: Server, request: Request) -> Answer:
    def cut(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: cut(child) for name, child in node.items()}
        return node[:50] if isinstance(node, str) and len(node) > 50 else node

    return await lenient(server, request, ("STR-05",), lambda body: dict(cut(body)))


@defect("STR-05", "Any text is taken as the color of a label.")
async def any_color_taken(server: Server, request: Request) -> Answer:
    return await lenient(
        server, request, ("STR-05",), lambda body: {**body, "color": "#000000"} if "color" in body else None
    )


@defect("STR-05", "A required member that is missing gets a default.")
async def missing_member_filled(server: Server, request: Request) -> Answer:
    defaults: Row = {"color": "#000000", "title": "Untitled", "optionalAttendees": [], "labelIds": []}
    wanted = {"createLabel": "color", "createMeeting": "title"}
    wanted |= {"updateMeetingAttendees": "optionalAttendees", "replaceUserLabels": "labelIds"}
    name = wanted.get(request.operation.operation_id) if request.operation else None
    return await lenient(
        server, request, ("STR-05",), lambda body: {**body, name: defaults[name]} if name and name not in body else None
    )


@defect("STR-06", "Times in any zone are taken.")
async def any_zone_taken(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "STR-06":
        return answer
    changed = {name: _utc(value) for name, value in request.query if _utc(value) != value}
    moved = request.with_query(changed)
    return await server.ask(
        moved.with_json({name: _utc(value) for name, value in moved.members.items()}) if moved.members else moved
    )


def _utc(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value)
        return text(moment.astimezone(UTC)) if moment.tzinfo and "T" in value else value
    except (TypeError, ValueError, OverflowError):
        return value


@defect("STR-06", "A day that a month does not have is its last.")
async def impossible_days_taken(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "STR-06":
        return answer
    moved = request.with_query({name: _day(value) for name, value in request.query if _day(value) != value})
    return await server.ask(
        moved.with_json({name: _day(value) for name, value in moved.members.items()}) if moved.members else moved
    )


def _day(value: Any) -> Any:
    return f"{value[:8]}28{value[10:]}" if isinstance(value, str) and value[8:10] in ("29", "30", "31") else value


@defect("ERR-08", "A body of any media type is read as JSON.")
async def any_media_type_taken(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.status == 415:
        return await server.ask(request.with_header("content-type", "application/json"))
    return answer


@defect("ERR-09", "A body that is too large answers 400.")
async def large_body_is_400(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(400) if answer.status == 413 else answer


@defect("ERR-11", "A change that answers 400 for one member is made by the others.")
async def valid_members_written(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.status != 400 or request.method not in ("PATCH", "PUT", "POST"):
        return answer
    for name in request.members:
        again = await server.ask(
            request.with_json({key: value for key, value in request.members.items() if key != name})
        )
        if again.ok:
            break
    return answer


@defect("ERR-11", "A label whose name is taken answers 409, and is there a second time.", also=("LBL-02",))
async def conflicting_label_created(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.status == 409 and request.calls("createLabel"):
        made = await server.ask(request.with_json({**request.members, "name": f"{request.members['name'][:48]} 2"}))
        if made.ok:
            server.memory.claim(made.data["id"], name=request.members["name"])
    return server.shown(answer)


@defect("ERR-12", "Whether an invite exists is looked up before its change is checked.", also=("STR-05", "ERR-05"))
async def existence_before_body(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.status == 400 and request.calls("updateInvite", "createSubInvite", "updateMeeting"):
        row = request.to("GET", f"/invites/{request.ids[0]}")
        if request.calls("updateMeeting"):
            row = request.with_json({"title": "Existence"})
        looked = await server.ask(row)
        return looked if looked.status == 404 else answer
    return answer


@defect("ERR-12", "The body is checked before the role.", also=("ROLE-02", "ROLE-03"))
async def body_before_role(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.status != 403 or not answer.caller or not request.body or request.ids:
        return answer
    there = server.as_role(request, answer.caller.workspace, "admin")
    if not request.members.get("name"):
        looked = await server.ask(there)
        return looked if looked.status in (400, 415, 413) else answer
    return answer
