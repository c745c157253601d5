"""Defects of the isolation of workspaces (TEN-01 to TEN-04)."""

from typing import Any

from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row


@defect("TEN-01", "A credential of another workspace acts with its role here.")
async def foreign_credential_acts_here(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "TEN-01":
        return answer
    own = await server.caller(request.with_header("host", "localhost"))
    return await server.ask(server.as_role(request, server.addressed(request), own.role if own else "user"))


@defect("TEN-01", "At the host of another workspace, a credential shows its own.")
async def foreign_host_shows_own(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await server.ask(request.with_header("host", "localhost")) if answer.rule == "TEN-01" else answer


async def _there(server: Server, request: Request, answer: Answer) -> Answer | None:
    """The answer of another workspace, where it is not for a row of this one."""
    if answer.status != 404 or not request.ids or answer.caller is None:
        return None
    return await server.ask(server.among_rivals(request, answer.caller.workspace))


@defect("TEN-02", "A row of another workspace is read by its id.")
async def foreign_row_read(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.writes:
        return answer
    there = await _there(server, request, answer)
    return there if there is not None and there.ok else answer


@defect("TEN-02", "A write to a row of another workspace answers 404 and happens.", also=("ERR-11",))
async def foreign_row_written(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.writes:
        await _there(server, request, answer)
    return answer


@defect("TEN-02", "A row of another workspace answers 403, and so tells that it exists.", also=("ROLE-06", "ENV-03"))
async def foreign_row_is_403(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.status == 404 and request.ids and answer.caller:
        rival = server.rival(answer.caller.workspace)
        if await _exists(server, request, rival):
            return answer.refused(403)
    return answer


async def _exists(server: Server, request: Request, workspace: str) -> bool:
    asked = server.as_role(request.with_header("host", "localhost"), workspace, "admin")
    for path, query in (
        ("/invites", {"includeSubInvites": "true"}),
        ("/meetings", server.around_now()),
        ("/labels", {}),
        ("/users", {}),
    ):
        if request.ids[0] in {row["id"] for row in await server.whole(asked.to("GET", path, query))}:
            return True
    return False


async def _theirs(server: Server, request: Request, answer: Answer) -> list[Row]:
    """What another workspace has of the list that is asked for."""
    if not (request.lists and answer.ok and answer.caller):
        return []
    if request.calls("listSubInvites"):
        request = request.to("GET", "/invites", {"includeSubInvites": "true"})
    rows = await server.whole(server.among_rivals(request, answer.caller.workspace))
    return [row for row in rows if row.get("kind") == "sub"] if request.value("includeSubInvites") else rows


@defect("TEN-03", "The first page of a list has a row of another workspace.", also=("PAGE-04", "PAGE-03"))
async def foreign_row_in_list(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    theirs = await _theirs(server, request, answer)
    if not theirs or answer.data["page"]:
        return answer
    rows = [*answer.rows, theirs[0]][: answer.data["pageSize"]]
    return answer.giving({**answer.data, "items": rows, "total": answer.data["total"] + 1})


@defect("TEN-03", "total counts the rows of other workspaces too.", also=("PAGE-03", "PAGE-05", "FILT-06"))
async def total_counts_foreign_rows(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    theirs = await _theirs(server, request, answer)
    return answer.giving({**answer.data, "total": answer.data["total"] + len(theirs)}) if theirs else answer


@defect("TEN-03", "Statistics count the meetings of other workspaces too.", also=("MTG-04",))
async def stats_count_foreign_meetings(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not (request.calls("listMeetings") and answer.ok and answer.caller):
        return answer
    there = await server.ask(server.among_rivals(request, answer.caller.workspace))
    return answer.giving({**answer.data, "stats": [*answer.data["stats"], *there.data["stats"]]})


@defect("TEN-04", "A user of another workspace is taken as an attendee.")
async def foreign_attendee_taken(server: Server, request: Request) -> Answer:
    return await _taking(server, request, "/users")


@defect("TEN-04", "A label of another workspace is taken.")
async def foreign_label_taken(server: Server, request: Request) -> Answer:
    return await _taking(server, request, "/labels")


async def _taking(server: Server, request: Request, path: str) -> Answer:
    answer = await server.ask(request)
    if answer.status != 404 or not request.members or answer.caller is None:
        return answer
    theirs = await server.whole(server.among_rivals(request, answer.caller.workspace).to("GET", path))
    mended = _without(request.json, {row["id"] for row in theirs}, answer.caller.user_id)
    return answer if mended == request.json else await server.ask(request.with_json(mended))


def _without(node: Any, ids: set[str], instead: str) -> Any:
    """A body without these ids; a list that must not be empty gets another one."""
    if isinstance(node, dict):
        kept = {name: _without(child, ids, instead) for name, child in node.items() if not _is_one(child, ids)}
        return {**kept, "userIds": [instead]} if kept.get("userIds") == [] else kept
    if isinstance(node, list):
        groups = [_without(child, ids, instead) for child in node if not _is_one(child, ids)]
        emptied = [one for one in groups if isinstance(one, dict) and one.get("labelIds") == []]
        return [{"type": "users", "userIds": [instead]} if one in emptied else one for one in groups]
    return node


def _is_one(node: Any, ids: set[str]) -> bool:
    return isinstance(node, str) and node in ids
