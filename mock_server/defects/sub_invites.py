"""Defects of sub-invites (SUB-01 to SUB-06)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from mock_server.clock import text
from mock_server.defects.common import each, relist
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row


@defect("SUB-01", "A sub-invite has no description, whatever its mother has.", also=("SUB-02",))
async def sub_without_description(server: Server, request: Request) -> Answer:
    def bare(row: Row) -> Row:
        return {**row, "meeting": {**row["meeting"], "description": None}} if row.get("kind") == "sub" else row

    return await each(server, request, bare)


@defect("SUB-01", "A sub-invite's deadline is a day before its mother's.", also=("SUB-02", "SUB-03"))
async def sub_with_an_earlier_deadline(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("createSubInvite") and "voteDeadlineAt" not in request.members:
        earlier = datetime.fromisoformat(answer.data["voteDeadlineAt"]) - timedelta(days=1)
        server.memory.claim(answer.data["id"], voteDeadlineAt=text(earlier))
    return server.shown(answer)


@defect("SUB-02", "Sub-invites keep what their mother was when they were issued.", also=("SUB-01", "SUB-03"))
async def subs_do_not_follow(server: Server, request: Request) -> Answer:
    kept = ("requiredAttendees", "meeting", "voteDeadlineAt")
    return await _subs_fixed(server, request, lambda sub: {name: sub[name] for name in kept})


@defect("SUB-02", "Sub-invites do not follow a change of their mother's attendees.", also=("SUB-01",))
async def subs_keep_attendees(server: Server, request: Request) -> Answer:
    return await _subs_fixed(server, request, lambda sub: {"requiredAttendees": sub["requiredAttendees"]})


@defect("SUB-03", "A change of the mother's deadline overwrites that of every sub-invite.", also=("SUB-02",))
async def own_deadline_overwritten(server: Server, request: Request) -> Answer:
    given = request.members.get("voteDeadlineAt")
    return await _subs_fixed(server, request, lambda _: {"voteDeadlineAt": given} if given else {})


async def _subs_fixed(server: Server, request: Request, claim: Callable[[Row], Row]) -> Answer:
    """When a mother is changed, show these members of its sub-invites from then on."""
    subs: list[Row] = []
    if request.calls("updateInvite"):
        subs = await server.whole(request.to("GET", f"/invites/{request.ids[0]}/sub-invites"))
    answer = await server.ask(request)
    if answer.ok:
        for sub in subs:
            server.memory.claim(sub["id"], **claim(sub))
    return server.shown(answer)


async def _issue_anyway(server: Server, request: Request, *kinds: str) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "SUB-04" or answer.status != 409:
        return answer
    mother = (await server.ask(request.to("GET", f"/invites/{request.ids[0]}"))).data
    if mother["kind"] not in kinds:
        return answer
    body = {
        "requiredAttendees": mother["requiredAttendees"],
        "meeting": mother["meeting"],
        "voteDeadlineAt": "2099-01-01T00:00:00.000Z",
        "candidates": [request.members["candidate"]],
    }
    made = await server.ask(request.to("POST", "/invites", body=body))
    if made.ok:
        server.memory.claim(made.data["id"], kind="sub", motherInviteId=mother["id"])
    return server.shown(made)


@defect("SUB-04", "A sub-invite is issued from a direct invite.")
async def sub_of_a_direct_invite(server: Server, request: Request) -> Answer:
    return await _issue_anyway(server, request, "direct")


@defect("SUB-04", "A sub-invite is issued from a mother that has expired.")
async def sub_of_an_expired_mother(server: Server, request: Request) -> Answer:
    return await _issue_anyway(server, request, "mother")


@defect("SUB-05", "The sub-invites of a mother are those of all mothers that the caller sees.", also=("SUB-06",))
async def subs_of_every_mother(server: Server, request: Request) -> Answer:
    if not request.calls("listSubInvites"):
        return await server.ask(request)
    every = await server.whole(request.to("GET", "/invites", {"includeSubInvites": "true"}))
    return await relist(server, request, lambda _: [row for row in every if row["kind"] == "sub"])


@defect("SUB-05", "Booked sub-invites are not listed.")
async def booked_subs_not_listed(server: Server, request: Request) -> Answer:
    if not request.calls("listSubInvites"):
        return await server.ask(request)
    return await relist(server, request, lambda rows: [row for row in rows if row["status"] != "booked"])


@defect("SUB-05", "The latest sub-invite of a mother is not listed.")
async def latest_sub_not_listed(server: Server, request: Request) -> Answer:
    if not request.calls("listSubInvites"):
        return await server.ask(request)
    rows = await server.whole(request)
    latest = max((row["createdAt"] for row in rows), default="")
    return await relist(server, request, lambda rows: [row for row in rows if row["createdAt"] != latest])


@defect("SUB-06", "Listing the sub-invites of an invite that is no mother answers 404.", also=("ENV-06",))
async def subs_of_no_mother_is_404(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("listSubInvites"):
        invite = await server.ask(request.to("GET", f"/invites/{request.ids[0]}"))
        return answer if invite.data["kind"] == "mother" else answer.refused(404)
    return answer
