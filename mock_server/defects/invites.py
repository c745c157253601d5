"""Defects of invites (INV-01 to INV-16)."""

from mock_server.defects.common import each, lenient
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row

_CANDIDATE = {"name": "Nobody", "email": "nobody@candidates.example"}


async def _created(server: Server, request: Request, operation: str, **claims: object) -> Answer:
    """Carry out a create and show these members of the row from then on."""
    answer = await server.ask(request)
    if answer.ok and request.calls(operation):
        server.memory.claim(answer.data["id"], **claims)
    return server.shown(answer)


@defect("INV-01", "An invite with allowMultipleBookings is direct all the same.", also=("ENV-03",))
async def mother_is_direct(server: Server, request: Request) -> Answer:
    asked = {"kind": "direct"} if request.members.get("allowMultipleBookings") else {}
    return await _created(server, request, "createInvite", **asked)


@defect("INV-02", "The recruiter of a created invite is an admin.")
async def recruiter_is_an_admin(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("createInvite") and answer.caller:
        admins = [one.id for one in server.people(answer.caller.workspace, "admin")]
        other = next(one for one in admins if one != answer.caller.user_id)
        server.memory.claim(answer.data["id"], recruiterUserId=other)
    return server.shown(answer)


@defect("INV-03", "A created invite is answered with its location, and stored without.", also=("INV-11",))
async def location_not_stored(server: Server, request: Request) -> Answer:
    meeting = request.members.get("meeting")
    if not request.calls("createInvite") or not isinstance(meeting, dict) or not meeting.get("location"):
        return await server.ask(request)
    answer = await server.ask(request)
    if answer.ok:
        await server.ask(request.to("PATCH", f"/invites/{answer.data['id']}", body={"meeting": {"location": None}}))
    return answer


@defect("INV-03", "A created invite does not show in lists.")
async def created_invite_not_listed(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("createInvite"):
        server.memory.hidden.add(answer.data["id"])
    return server.shown(answer) if request.calls("listInvites") else answer


@defect("INV-04", "A direct invite needs no candidates.")
async def direct_without_candidates(server: Server, request: Request) -> Answer:
    return await lenient(
        server,
        request,
        ("INV-04", "STR-05"),
        lambda body: (
            {**body, "candidates": [_CANDIDATE]}
            if not body.get("candidates") and not body.get("allowMultipleBookings") and request.calls("createInvite")
            else None
        ),
        lambda _: {"candidates": []},
    )


@defect("INV-04", "A mother takes candidates.")
async def mother_with_candidates(server: Server, request: Request) -> Answer:
    return await lenient(
        server,
        request,
        ("INV-04", "STR-05"),
        lambda body: {**body, "candidates": []} if body.get("allowMultipleBookings") else None,
        lambda body: {"candidates": body["candidates"]},
    )


@defect("INV-05", "A publicLinkValue may belong to several invites.")
async def link_taken_twice(server: Server, request: Request) -> Answer:
    return await lenient(
        server,
        request,
        ("INV-05",),
        lambda body: {**body, "publicLinkValue": f"{body['publicLinkValue'][:190]}-2"},
        lambda body: {"publicLinkValue": body["publicLinkValue"]},
    )


@defect("INV-06", "A deadline may have passed.")
async def past_deadline_taken(server: Server, request: Request) -> Answer:
    return await lenient(
        server,
        request,
        ("INV-06",),
        lambda body: {**body, "voteDeadlineAt": "2099-01-01T00:00:00.000Z"},
        lambda body: {"voteDeadlineAt": body["voteDeadlineAt"]},
    )


@defect("INV-06", "A deadline that has passed gets another message.")
async def deadline_message_differs(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule == "INV-06":
        return answer.refused(400, "The deadline lies in the past")
    return answer


@defect("INV-07", "Required attendees need not exist.")
async def unknown_attendees_taken(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "INV-07" or answer.caller is None:
        return answer
    known = {"requiredAttendees": [{"type": "users", "userIds": [answer.caller.user_id]}]}
    claimed = {"requiredAttendees": request.members["requiredAttendees"]}
    return await lenient(server, request, ("INV-07",), lambda body: {**body, **known}, lambda _: claimed)


@defect("INV-07", "A required attendee that does not exist is not named.")
async def unknown_attendee_not_named(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(404, "An attendee does not exist") if answer.rule == "INV-07" else answer


@defect("INV-08", "Lists of invites have sub-invites, asked for or not.", also=("SORT-05",))
async def subs_among_roots(server: Server, request: Request) -> Answer:
    if request.calls("listInvites"):
        request = request.with_query({"includeSubInvites": "true"})
    return await server.ask(request)


@defect("INV-08", "includeSubInvites is ignored.")
async def subs_never_listed(server: Server, request: Request) -> Answer:
    if request.calls("listInvites"):
        request = request.with_query({"includeSubInvites": None})
    return await server.ask(request)


@defect("INV-09", "A booked invite is shown as active.")
async def booked_shown_as_active(server: Server, request: Request) -> Answer:
    return await each(
        server, request, lambda row: {**row, "status": "active"} if row.get("status") == "booked" else row
    )


@defect("INV-09", "An invite stays active after its deadline.", also=("SUB-04",))
async def expired_shown_as_active(server: Server, request: Request) -> Answer:
    return await each(
        server, request, lambda row: {**row, "status": "active"} if row.get("status") == "expired" else row
    )


@defect("INV-10", "A booked invite shows no booking.")
async def booking_not_shown(server: Server, request: Request) -> Answer:
    return await each(server, request, lambda row: {**row, "booking": None} if "booking" in row else row)


@defect("INV-10", "A booked invite shows its meeting as it was when it was first shown.")
async def booking_as_it_was(server: Server, request: Request) -> Answer:
    seen = server.memory.notes

    def first(row: Row) -> Row:
        booking = row.get("booking")
        return {**row, "booking": seen.setdefault(booking["id"], booking)} if booking else row

    return await each(server, request, first)


@defect("INV-11", "A change of meeting resets the description and location that it does not name.")
async def patch_resets_the_meeting(server: Server, request: Request) -> Answer:
    if request.calls("updateInvite") and isinstance(meeting := request.members.get("meeting"), dict):
        filled = {"description": None, "location": None, **meeting}
        if meeting:
            request = request.with_json({**request.members, "meeting": filled})
    return await server.ask(request)


@defect("INV-11", "A change of the deadline is answered, and not made.", also=("SUB-02",))
async def deadline_not_changed(server: Server, request: Request) -> Answer:
    if not request.calls("updateInvite"):
        return await server.ask(request)
    before = await server.ask(request.to("GET", f"/invites/{request.ids[0]}"))
    answer = await server.ask(request)
    if answer.ok and before.ok and "voteDeadlineAt" in request.members:
        back = {"voteDeadlineAt": before.data["voteDeadlineAt"]}
        await server.ask(request.to("PATCH", f"/invites/{request.ids[0]}", body=back))
    return answer


async def _edit_anyway(server: Server, request: Request, *rules: str) -> Answer:
    """Edit what cannot be edited."""
    answer = await server.ask(request)
    if answer.rule in rules and answer.status == 409:
        row = (await server.ask(request.to("GET", f"/invites/{request.ids[0]}"))).data
        changed = {name: value for name, value in request.members.items() if name != "meeting"}
        meeting = {**row["meeting"], **request.members.get("meeting", {})}
        server.memory.claim(request.ids[0], meeting=meeting, **changed)
        answer = answer.granted(200, row)
    return server.shown(answer)


@defect("INV-12", "A sub-invite can be edited.")
async def sub_invite_edited(server: Server, request: Request) -> Answer:
    return await _edit_anyway(server, request, "INV-12")


@defect("INV-13", "A booked or expired invite can be edited.")
async def inactive_invite_edited(server: Server, request: Request) -> Answer:
    return await _edit_anyway(server, request, "INV-13")


@defect("INV-14", "A mother takes candidates, and a direct invite a link, when they are edited.")
async def any_kind_takes_all(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "INV-14":
        return answer
    left = {name: value for name, value in request.members.items() if name not in ("candidates", "publicLinkValue")}
    path = f"/invites/{request.ids[0]}"
    return await server.ask(request.with_json(left) if left else request.to("GET", path))


@defect("INV-15", "An empty change of an invite answers the invite.")
async def empty_change_taken(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.calls("updateInvite") and answer.status == 400 and request.json == {}:
        return await server.ask(request.to("GET", f"/invites/{request.ids[0]}"))
    return answer


@defect("INV-15", "An empty change of a meeting answers the meeting.")
async def empty_edit_taken(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.calls("updateMeeting") and answer.status == 400 and request.json == {}:
        rows = await server.whole(request.to("GET", "/meetings", server.around_now()))
        row = next((one for one in rows if one["id"] == request.ids[0]), None)
        return answer.granted(200, row) if row else answer.refused(404)
    return answer


@defect("INV-16", "A mother is booked once one of its sub-invites is.", also=("INV-09", "ENV-03"))
async def mother_booked_by_a_sub(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    rows = []
    for row in answer.rows:
        if row.get("kind") == "mother":
            subs = await server.whole(request.to("GET", f"/invites/{row['id']}/sub-invites"))
            row = {**row, "status": "booked"} if any(sub["status"] == "booked" for sub in subs) else row
        rows.append(row)
    return answer.showing(rows) if rows else answer
